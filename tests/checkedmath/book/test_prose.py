"""Prose is told from code, markup and names, in one pass."""

import pytest
from checkedmath.book.prose import (
    holds_displayed_math,
    is_typed_expression,
    markup_as_prose,
    stray_display,
    typed_numbers,
)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1,5.5 and 2,3", ["1,5.5"]),
        ("a1,5.5", ["5.5"]),
        ("1,2e5", ["1,2e5"]),
        ("1,000 %", ["1,000 %"]),
        ("1.2.3, 4.5", ["4.5"]),
        ("7 0.5 8", ["0.5"]),
        ("−3 and −3.5", ["−3.5"]),
        ("12 × 10^3", ["12 × 10^3"]),
    ],
)
def test_typed_numbers(text, numbers):
    assert typed_numbers(text) == numbers


@pytest.mark.parametrize(
    ("html", "prose"),
    [
        ("a<!-- b -->c", "a c"),
        ("a<!-- b", "a<!-- b"),
        ("a<!-- <b> -->c<CODE x>d</code>e", "a c e"),
        ("<style>a<style>b</style>c", " c"),
        ("<code>a<!-- b -->c", "a c"),
        ("<script>a</script>b", " b"),
        ('<script type="math/tex">a</script>b', "ab"),
        ("<img alt=\"a\" title='b'> c < d", " c < d ; \"a\" ; 'b'"),
        ("<!--><!-- a -->b", " b"),
    ],
)
def test_markup(html, prose):
    assert markup_as_prose(html) == prose


def test_an_unclosed_comment_hides_no_formula():
    assert holds_displayed_math("<!-- <code>$$</code> \\[")


@pytest.mark.parametrize(
    ("text", "display"),
    [
        (r"\[1\] and \[2\]", ""),
        (r"\[1\] and \[x = 2\]", r"\["),
        (r"\[1 \[2\]", r"\["),
        (r"\[x = 1", ""),
        (r"\] \[", ""),
        (r"\begin{dmath}", r"\begin{"),
    ],
)
def test_stray_display(text, display):
    assert stray_display(text) == display


@pytest.mark.parametrize("text", ["(" * 5000, "-" * 5000, "1" * 5000, "\x00", "x ="])
def test_what_is_no_expression_is_left_to_the_kernel(text):
    assert not is_typed_expression(text)
