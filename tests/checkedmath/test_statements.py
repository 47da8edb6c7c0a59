"""False statements are refused; what is still accepted of them is listed, with how it came to be.

`accepted.json` names every false statement that is taken, and how: a mend takes lines away.
"""

import json

import pytest

from tests.checkedmath import judged

FALSE = {
    name: statement
    for file in (
        "false",
        "tried",
        "further",
        "ties",
        "structures",
        "regions",
        "captured",
        "nowhere",
    )
    for name, statement in judged.read(file).items()
}
TRUE = judged.read("true")
ACCEPTED = json.loads((judged.FOLDER / "accepted.json").read_text(encoding="utf-8"))
REFUSALS = ("refuted", "refused")


@pytest.mark.slow
@pytest.mark.parametrize("name", FALSE)
def test_a_false_statement_is_refused_unless_it_is_listed(name):
    found = judged.verdict(FALSE[name])
    assert found == ACCEPTED[name] if name in ACCEPTED else found in REFUSALS


@pytest.mark.slow
@pytest.mark.parametrize("name", TRUE)
def test_a_true_statement_is_accepted(name):
    assert judged.verdict(TRUE[name]) not in REFUSALS, judged.finding(TRUE[name])


def test_the_list_names_false_statements_only():
    assert ACCEPTED.keys() <= FALSE.keys()
