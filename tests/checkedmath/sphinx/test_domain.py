"""What is noted of a page goes with the page, and from one process to the other."""

import pytest
from checkedmath.sphinx import checked_formulas, note_shown, record_of
from checkedmath.sphinx.domain import domain_of
from sphinx.errors import ExtensionError

from tests.checkedmath.sphinx.small_builds import LETTERS, build, write_book

PAGES = {
    "one": f"# One\n\n{LETTERS}\n$$ x = x $$ (eq:x)\n",
    "two": "# Two\n\n```{ledger}\n```\n\n```{refuted}\n:label: wrong:x\n\nx = 2 x\n```\n",
}


@pytest.fixture
def app(tmp_path):
    return build(write_book(tmp_path, **PAGES))[0]


def test_what_pages_show(app):
    domain = domain_of(app.env)
    assert {page: set(shown) for page, shown in domain.shown.items()} == {
        "one": {"formulas"},
        "two": {"formulas", "ledger", "refuted"},
    }
    assert domain.outdated() == []
    domain.shown["two"]["ledger"] = "as it was"
    assert domain.outdated() == ["two"]
    note_shown(app.env, "two", "ledger")
    note_shown(app.env, "one", "notation")
    assert domain.outdated() == []
    domain.clear_doc("two")
    assert domain.shown.keys() == {"one"}


def test_what_another_process_read(app):
    domain = domain_of(app.env)
    theirs = {
        "shown": {"two": {"ledger": "b"}, "three": {"ledger": "c"}},
        "refused": {"three": ["three.md:1: a reason"], "four": ["not theirs to read"]},
        "ledgers": {"three": True, "four": True},
    }
    one, before = domain.shown["one"], domain.shown["two"]
    domain.merge_domaindata(["three"], theirs)
    assert domain.shown == {"one": one, "two": before, "three": {"ledger": "c"}}
    assert domain.refused == {"three": ["three.md:1: a reason"]}
    assert domain.ledger == "three"
    domain.clear_doc("three")
    assert domain.refused == {}
    assert domain.ledger == "two"


def test_the_ledger_is_where_it_is_shown_whatever_other_pages_show(app):
    domain = domain_of(app.env)
    note_shown(app.env, "a page of its own", "ledger")  # as one with a widget does
    domain.data["shown"] = dict(sorted(domain.shown.items()))
    assert next(iter(domain.shown)) == "a page of its own"
    assert domain.ledger == "two"
    domain.clear_doc("two")
    assert domain.ledger == ""


def test_the_book_is_no_part_of_what_is_kept(app):
    assert set(domain_of(app.env).data) == {"shown", "refused", "ledgers", "version"}


def test_the_book_is_there_once_the_builder_is(app):
    domain = domain_of(app.env)
    domain._book = None
    with pytest.raises(ExtensionError, match="ask for it later"):
        checked_formulas(app)


def test_formulas_for_other_extensions(app):
    (entry,) = checked_formulas(app)
    assert (entry.docname, entry.item.label, entry.item.latex) == ("one", "eq:x", "x = x")
    assert record_of(app, "eq:x") is entry.record


def test_the_style_comes_before_that_of_the_book(tmp_path):
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "own.css").write_text(":root { --checkedmath-gap: 2rem; }")
    write_book(tmp_path, **PAGES)
    build(tmp_path, html_static_path=["own"], html_css_files=["own.css"])
    page = (tmp_path / "_build/html/one.html").read_text()
    assert 0 < page.index("_static/checkedmath.css?v=") < page.index("_static/own.css?v=")
    style = (tmp_path / "_build/html/_static/checkedmath.css").read_text()
    assert ".checkedmath-where dl" in style


def test_where_a_book_is_built_leaves_no_trace(tmp_path):
    """The folder of the style is none of the settings by which Sphinx knows a build."""
    infos = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        build(write_book(tmp_path / name, **PAGES))
        infos.append((tmp_path / name / "_build/html/.buildinfo").read_text())
    assert infos[0] == infos[1]
    _, status, _ = build(tmp_path / "b")
    assert "0 added, 0 changed, 0 removed" in status
