"""The workflows take no more than they need, and what they call exists."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
CHECK = ROOT / ".github" / "workflows" / "check.yml"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TEMPLATES = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))


def jobs(path):
    """Return the jobs of a workflow by name."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]


def commands(path):
    """Return what the steps of a workflow run."""
    steps = [step for job in jobs(path).values() for step in job["steps"]]
    return [step["run"] for step in steps if "run" in step]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
class TestWorkflow:
    def test_it_may_only_read(self, path):
        assert yaml.safe_load(path.read_text(encoding="utf-8"))["permissions"] == {
            "contents": "read"
        }
        more = {name for name, job in jobs(path).items() if "permissions" in job}
        assert more == {"publish"}

    def test_publishing_is_off_until_a_variable_says_so(self, path):
        assert re.search(r"vars\.PUBLISH_\w+ == 'true'", jobs(path)["publish"]["if"])

    def test_every_job_ends(self, path):
        assert [name for name, job in jobs(path).items() if "timeout-minutes" not in job] == []

    def test_every_action_is_pinned_by_a_commit_and_says_its_version(self, path):
        used = re.findall(r"uses: (.*)", path.read_text(encoding="utf-8"))
        assert used
        pin = re.compile(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
        assert [action for action in used if not pin.fullmatch(action)] == []

    def test_every_command_exists(self, path):
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        matrix = jobs(path).get("weekly", {}).get("strategy", {}).get("matrix", {})
        wanted = {*re.findall(r"make ([a-z]+)", "\n".join(commands(path)))}
        wanted |= {*matrix.get("command", [])}
        assert {name for name in wanted if not re.search(rf"^{name}:", makefile, re.M)} == set()

    def test_only_the_browser_is_installed_as_root(self, path):
        assert {line for line in commands(path) if "sudo" in line} <= {"sudo .ci/browser"}


def test_every_supported_python_is_tried():
    matrix = jobs(ROOT / ".github" / "workflows" / "check.yml")["packages"]["strategy"]["matrix"]
    assert matrix["python"] == ["3.11", "3.12", "3.13", "3.14"]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_asks_for_something(path):
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert {"name", "description", "body"} <= set(form)
    assert len({field["id"] for field in form["body"]}) == len(form["body"]) >= 3


@pytest.mark.skipif(not shutil.which("git"), reason="no git on this machine")
@pytest.mark.parametrize("name", [".ci/run", "Makefile", "book/index.md", "tools/pairs.py"])
def test_lines_end_alike_on_every_system(name, tmp_path):
    shutil.copyfile(ROOT / ".gitattributes", tmp_path / ".gitattributes")
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    command = ["git", "-C", tmp_path, "check-attr", "eol", name]
    assert subprocess.check_output(command, text=True) == f"{name}: eol: lf\n"


@pytest.mark.skipif(not shutil.which("git"), reason="no git on this machine")
def test_the_readers_notebooks_come_to_a_branch(tmp_path):
    for name in ("notebooks/softmax.ipynb", "records/times.json"):
        (tmp_path / "book" / name).parent.mkdir(parents=True)
        (tmp_path / "book" / name).touch()
    remote = tmp_path / "remote"
    subprocess.run(["git", "init", "--quiet", "--bare", remote], check=True)
    (step,) = [step for step in jobs(CHECK)["publish"]["steps"] if "run" in step]
    environment = os.environ | {"REMOTE": str(remote)}
    for _ in range(2):  # each time anew, whatever was there
        subprocess.run(
            ["bash", "-euo", "pipefail", "-c", step["run"]],
            cwd=tmp_path,
            env=environment,
            check=True,
        )
        shutil.rmtree(tmp_path / "branch")
    listed = ["git", "-C", remote, "ls-tree", "-r", "--name-only", "notebooks"]
    names = subprocess.run(listed, capture_output=True, text=True, check=True).stdout.split()
    assert names == ["notebooks/softmax.ipynb", "records/times.json"]
