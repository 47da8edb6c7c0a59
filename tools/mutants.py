"""Test the tests of softmaxlab: change the package in small ways, and see a test fail each time.

    python -m tools.mutants                  # exit 1 below 96 % or on an unexplained survivor
    python -m tools.mutants learn.solvers    # the mutants of one module alone
    python -m tools.mutants --jobs 1         # one process, instead of one for each core

mutmut makes the changes (the *mutants*) and runs, for each, the tests that reach the changed
function. The mutants that no test notices, the survivors, are explained in
``tests/softmaxlab/survivors.toml``; an explanation without its survivor is an error too. A mutant
that takes far too long counts as killed, unless it is explained: then the machine was busy.

The work is done in a copy, ``_build/mutants``, which keeps the verdicts. A run that was stopped
goes on where it was. After a change of the package or its tests, the survivors and the mutants of
the functions that changed are judged anew; after ``make clean``, all are.

This needs the environment of ``requirements/mutants.txt``.
"""

import argparse
import ast
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from contextlib import chdir
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "code" / "softmaxlab" / "src" / "softmaxlab"
TESTS = ROOT / "tests" / "softmaxlab"
SURVIVORS = TESTS / "survivors.toml"
WORK = ROOT / "_build" / "mutants"
RESULTS = WORK / "mutants"
WANTED = 0.96  # the share of all mutants that must be killed

# They need the benchmarks, the book, and `distributed` for a module that is not changed.
LEFT_OUT = ("test_accuracy.py", "test_chapter.py", "test_reading.py", "test_workers.py")

Found = dict[str, tuple[int, dict[str, str]]]  # of a module: all mutants, survivors in words

# The doctests are left out: a mutated module holds every docstring once for each mutant. So are the
# tests of the line at which a warning points, for mutmut puts a frame of its own in between, and
# the test of what an import loads, for a mutated module loads mutmut, and the test in threads, for
# mutmut forks, and a fork has none of the threads that were started before.
WITHOUT = "not points_at_the_call and not importing_loads_numpy_alone and not on_the_threads"
OPTIONS = ["--hypothesis-profile=mutants", "-p", "no:cacheprovider", "-k", WITHOUT]

SETTINGS = f"""\
[tool.mutmut]
source_paths = ["softmaxlab"]
do_not_mutate = ["softmaxlab/large.py", "softmaxlab/fast/*"]
also_copy = ["conftest.py"]
pytest_add_cli_args = {json.dumps(OPTIONS)}
pytest_add_cli_args_test_selection = ["tests"]
timeout_multiplier = 5.0
timeout_constant = 5.0
use_git_change_detection = false
use_setproctitle = false

[tool.pytest.ini_options]
addopts = ["--import-mode=importlib", "-m", "not long"]
markers = ["slow", "long"]
filterwarnings = ["error"]
"""

# Few examples and no shrinking, for speed. No health checks: they would fail without any mutant,
# since the tests run several times in one process, and a mutant that is only slow is not killed.
# A thousand answers to exercises come by every function, but are no tests of what they call.
# mutmut hands the tests over in no order, and a mutant of the core is reached by thousands.
PROFILE = """\
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, settings
from mutmut.state import state

settings.register_profile(
    "mutants",
    deadline=None,
    max_examples=20,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item):
    if item.path.parent.name == "exercises":
        state()._stats = {name for name in state()._stats if ".exercises." in name}


def pytest_collection_modifyitems(items):
    # Every test function gets its turn before one takes long, with its short cases first.
    took, spent, turn = state().duration_by_test, Counter(), {}
    for item in sorted(items, key=lambda item: took.get(item.nodeid, 0)):
        spent[item.function] += took.get(item.nodeid, 0)
        turn[item] = spent[item.function]
    items.sort(key=turn.__getitem__)
"""

# Prints which functions run when the package is imported.
AT_IMPORT = """\
import importlib, json, pkgutil
import softmaxlab
for module in pkgutil.walk_packages(softmaxlab.__path__, "softmaxlab."):
    if module.name not in ("softmaxlab.fast", "softmaxlab.large"):  # they need Numba, and workers
        importlib.import_module(module.name)
from mutmut.state import state
print(json.dumps(sorted(state()._stats)))
"""

# Several processes of several threads would fight for the cores.
ONE_THREAD = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def main() -> None:
    """Make the mutants, run the tests on them, and print the score."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", help="only these, as in `learn.solvers`")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes at a time")
    options = parser.parse_args()
    prepare()
    run(options.jobs, options.modules)
    explained = explanations(options.modules)
    retry(survivors(options.modules, explained), explained)
    found = survivors(options.modules, explained)
    sys.exit(report(found, explained, whole=not options.modules))


def prepare() -> None:
    """Bring the copy up to date, and forget the verdicts that no longer hold."""
    remove_half_written()
    package = {
        f"softmaxlab/{path.relative_to(PACKAGE).as_posix()}": copied(path)
        for path in [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.txt")]
    }
    tests = {
        f"tests/{path.relative_to(TESTS).as_posix()}": path.read_text("utf-8")
        for path in [*TESTS.rglob("*.py"), *TESTS.rglob("*.json")]
        if path.name not in LEFT_OUT
    }
    if update({"pyproject.toml": SETTINGS, "conftest.py": PROFILE}, "*.toml"):
        shutil.rmtree(RESULTS, ignore_errors=True)
    if update(package, "softmaxlab/**/*") | update(tests, "tests/**/*"):
        forget_survivors()


def remove_half_written() -> None:
    """Remove the modules that a stopped run has left without readable verdicts."""
    for module in (RESULTS / "softmaxlab").rglob("*.py"):
        verdicts = module.with_name(f"{module.name}.meta")
        try:
            json.loads(verdicts.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            module.unlink()
            verdicts.unlink(missing_ok=True)


def update(wanted: dict[str, str], pattern: str) -> bool:
    """Write the files of the copy that differ from what is wanted; return whether any did."""
    files = (path for path in WORK.glob(pattern) if path.is_file() and path.suffix != ".pyc")
    there = {path.relative_to(WORK).as_posix() for path in files}
    for name in there - wanted.keys():
        (WORK / name).unlink()
    new = {name for name, text in wanted.items() if not same(WORK / name, text)}
    for name in new:  # only these: mutmut goes by the times of the files
        (WORK / name).parent.mkdir(parents=True, exist_ok=True)
        (WORK / name).write_text(wanted[name], "utf-8")
    return bool(new or there - wanted.keys())


def same(path: Path, text: str) -> bool:
    """Return whether a file is there and holds this text."""
    return path.exists() and path.read_text("utf-8") == text


def copied(path: Path) -> str:
    """Return what the copy holds of a file of the package."""
    text = path.read_text("utf-8")
    return unrolled(text) if path.suffix == ".py" else text


def unrolled(source: str) -> str:
    """Return a module with each ``@exercise.law(...)`` called below its function, which has a name.

    mutmut changes no function that has a decorator.
    """
    lines = source.splitlines()
    functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    laws = [node for node in functions if ".law(" in "".join(map(ast.unparse, node.decorator_list))]
    for number, law in reversed(list(enumerate(laws, 1))):
        (decorator,) = law.decorator_list
        name = f"{ast.unparse(decorator).partition('.')[0]}_law_{number}"
        call = lines[decorator.lineno - 1 : decorator.end_lineno]
        body = lines[law.lineno - 1 : law.end_lineno]
        body[0] = body[0].replace(f"def {law.name}(", f"def {name}(")
        call[0] = call[0].removeprefix("@")
        call[-1] += f"({name})"
        lines[decorator.lineno - 1 : law.end_lineno] = [*body, "", "", *call]
    return "\n".join(lines) + "\n"


def forget_survivors() -> None:
    """Keep only the mutants that were killed, and find out anew which tests reach what."""
    for path in RESULTS.rglob("*.meta"):
        meta = json.loads(path.read_text())
        codes = meta["exit_code_by_key"]
        meta["exit_code_by_key"] = {
            key: code if dead(code) else None for key, code in codes.items()
        }
        path.write_text(json.dumps(meta))
    (RESULTS / "mutmut-stats.json").unlink(missing_ok=True)
    shutil.rmtree(RESULTS / "tests", ignore_errors=True)


def run(jobs: int, modules: list[str]) -> None:
    """Let mutmut make and judge the mutants that have no verdict, all or those of some modules."""
    command = [str(Path(sys.executable).with_name("mutmut")), "run", "--max-children", str(jobs)]
    command += [f"softmaxlab.{module}.*" for module in modules]
    if subprocess.run(command, cwd=WORK, env=ONE_THREAD).returncode:
        sys.exit("mutmut stopped before the end; the same command goes on from there")


def status(code: int | None) -> str:
    """Return mutmut's word for what the tests returned."""
    from mutmut.stats import status_by_exit_code  # only the environment of the mutants has it

    return status_by_exit_code[code]


def dead(code: int | None) -> bool:
    """Return whether what the tests returned means that they noticed the mutant."""
    return status(code) in ("killed", "timeout")


def survivors(modules: list[str], explained: Counter[str]) -> Found:
    """Return for each module the number of its mutants and its survivors, by name with words."""
    found = {}
    with chdir(WORK):
        for path in sorted(Path("mutants/softmaxlab").rglob("*.meta")):
            source = path.relative_to("mutants").with_suffix("")
            codes = json.loads(path.read_text())["exit_code_by_key"]
            if not is_of(f"{'.'.join(source.with_suffix('').parts[1:])}.", modules):
                continue
            doubtful = [key for key, code in codes.items() if status(code) != "killed"]
            words = {key: described(key, source) for key in doubtful}
            alive = {k: w for k, w in words.items() if w in explained or not dead(codes[k])}
            found[source.with_suffix("").as_posix()] = len(codes), alive
    return found


def described(key: str, source: Path) -> str:
    """Return a mutant as ``module.function: line -> line``, which other edits do not change."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    module, _, name = key.rpartition("__mutmut_")[0].rpartition(".")
    name = name.removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")
    diff = get_diff_for_mutant(key, path=source).splitlines()[3:]
    old, new = (
        " ".join(line[1:].strip() for line in diff if line.startswith(sign)) for sign in "-+"
    )
    return f"{module.removeprefix('softmaxlab.')}.{name}: {old} -> {new}"


def retry(found: Found, explained: Counter[str]) -> None:
    """Judge again, in new processes, the survivors in functions that run at import.

    mutmut imports the package once, before it chooses a mutant.
    """
    early = set(json.loads(python("-c", AT_IMPORT, mutant="stats").stdout))
    for module, (_, alive) in found.items():
        path = RESULTS / f"{module}.py.meta"
        meta = json.loads(path.read_text())
        for key, words in alive.items():
            if key.rpartition("__mutmut_")[0] in early and words not in explained:
                failed = python("-m", "pytest", "-x", *OPTIONS, "tests", mutant=key).returncode
                meta["exit_code_by_key"][key] = int(failed != 0)
                path.write_text(json.dumps(meta))
                print(f"once more: {words}: {'killed' if failed else 'survived'}", flush=True)


def python(*arguments: str, mutant: str) -> subprocess.CompletedProcess[str]:
    """Run Python on the changed package, with one mutant alive from the start."""
    env = ONE_THREAD | {"MUTANT_UNDER_TEST": mutant, "PYTHONPATH": "."}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=RESULTS, env=env, capture_output=True, text=True)


def explanations(modules: list[str]) -> Counter[str]:
    """Return the survivors that are explained, each as often as it is listed."""
    groups = tomllib.loads(SURVIVORS.read_text(encoding="utf-8"))["survivors"]
    all_ = Counter(mutant for group in groups for mutant in group["mutants"] if group["because"])
    return Counter({words: n for words, n in all_.items() if is_of(words, modules)})


def is_of(words: str, modules: list[str]) -> bool:
    """Tell whether a mutant, or all of a module, was asked for."""
    return not modules or any(words.startswith(f"{module}.") for module in modules)


def report(found: Found, explained: Counter[str], whole: bool) -> str | None:
    """Print the score of each module and of all; return what is wrong, or None.

    The share that must be killed is asked of the whole package, not of single modules.
    """
    for module, (total, survived) in found.items():
        if total:
            print(f"{module:45} {total - len(survived):5} of {total:5} killed")
    total = sum(total for total, _ in found.values())
    alive = Counter(words for _, mutants in found.values() for words in mutants.values())
    score = 1 - alive.total() / total
    killed = f"{total - alive.total():5} of {total:5} killed"
    print(f"{'all':45} {killed}: {score:.2%}, and {WANTED:.0%} of the whole package are wanted")
    wrong = [f"survives without explanation: {mutant}" for mutant in (alive - explained).elements()]
    wrong += [f"explained, but does not survive: {one}" for one in (explained - alive).elements()]
    if whole and score < WANTED:
        wrong.append(f"the score, {score:.2%}, is below {WANTED:.0%}")
    return "\n".join(wrong) or None


if __name__ == "__main__":
    main()
