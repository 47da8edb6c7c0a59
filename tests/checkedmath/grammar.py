r"""A grammar of random formulas in the letters of the tests.

Each formula comes with the function that it stands for, put together from Python's own operations
while the text is written; so it knows nothing of the reader that it is compared with.
"""

import operator
import random
from collections.abc import Callable
from typing import NamedTuple

import mpmath
from checkedmath.reading.binding import free_letters
from checkedmath.reading.parser import Parser

COUNT, DEPTH = 500, 4
SIZES = {"K": 3, "N": 2, "D": 2}
RANGES = {"i": "K", "j": "K", "k": "K", "l": "K", "n": "N"}
SUM, PRODUCT, CLOSED, FACTOR, ATOM = range(5)
SPACES = ("", " ", "  ", r"\, ", r"\; ")


class Piece(NamedTuple):
    """A text, what it means, and how tightly it holds together.

    A sum needs parentheses in a product; nothing may follow what is closed; only an atom takes a
    power.
    """

    text: str
    mean: Callable
    kind: int


class Grammar:
    """Makes random formulas, with the letters of the other tests."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, *options):
        return self.random.choice(options)

    def expression(self, depth, scope):
        """Make a sum, or less."""
        if depth == 0:
            return self.leaf(scope)
        return self.pick(
            self.sum, self.product, self.quotient, self.power, self.function, self.bracketed,
            self.big, self.big, self.call, self.distinction, self.expectation, self.slash,
            self.slope,
        )(depth - 1, scope)  # fmt: skip

    # -- leaves

    def leaf(self, scope):
        return self.pick(self.number, self.letter, self.entry, self.entry, self.size)(scope)

    def number(self, scope):
        digits = self.pick("2", "3", "0.5", "7", "1.25")
        return Piece(digits, lambda at: mpmath.mpf(digits), ATOM)

    def letter(self, scope):
        word = self.pick("s", "c", "t", "u")
        return Piece(word, lambda at: at[word, ()], ATOM)

    def size(self, scope):
        word = self.pick("K", "N")
        return Piece(word, lambda at: mpmath.mpf(SIZES[word]), ATOM)

    def entry(self, scope):
        fitting = [x for x in scope if RANGES[x] == "K"]
        if not fitting:
            return self.letter(scope)
        index = self.pick(*fitting)
        word = self.pick("z", "v", "p", "q", "softmax", "delta", "table")
        if word == "softmax":
            return Piece(f"a_{index}", lambda at: softmax(at)[at[index] - 1], ATOM)
        if word == "delta":
            other = self.pick(*fitting)
            return Piece(
                rf"\delta_{{{index}{other}}}", lambda at: mpmath.mpf(at[index] == at[other]), ATOM
            )
        if word == "table" and "n" in scope:
            return Piece(f"Z_{{n{index}}}", lambda at: at["Z", (at["n"], at[index])], ATOM)
        word = "z" if word == "table" else word
        return Piece(f"{word}_{index}", lambda at: at[word, (at[index],)], ATOM)

    # -- inner nodes

    def sum(self, depth, scope):
        terms = [self.within(depth, scope, PRODUCT) for _ in range(self.pick(2, 2, 3))]
        signs = [self.pick(1, -1) for _ in terms]
        text = "-" * (signs[0] < 0) + terms[0].text
        for sign, term in zip(signs[1:], terms[1:], strict=True):
            text += self.space() + "+-"[sign < 0] + self.space() + term.text
        return Piece(
            text,
            lambda at: sum(s * term.mean(at) for s, term in zip(signs, terms, strict=True)),
            SUM,
        )

    def product(self, depth, scope):
        factors = [self.within(depth, scope, FACTOR) for _ in range(self.pick(2, 3))]
        factors[-1] = self.within(depth, scope, CLOSED) if self.pick(0, 1) else factors[-1]
        text = factors[0].text
        for factor in factors[1:]:
            dot = factor.text[0].isdigit() or self.pick(0, 0, 1)
            text += (r" \cdot " if dot else " ") + factor.text
        kind = CLOSED if factors[-1].kind in (CLOSED, PRODUCT) else PRODUCT
        return Piece(text, lambda at: mpmath.fprod(x.mean(at) for x in factors), kind)

    def slash(self, depth, scope):
        above, below = self.within(depth, scope, FACTOR), self.leaf(scope)
        return Piece(
            f"{above.text} / ({below.text}^2 + 1)",
            lambda at: above.mean(at) / (below.mean(at) ** 2 + 1),
            CLOSED,
        )

    def quotient(self, depth, scope):
        above, below = self.expression(depth, scope), self.expression(depth, scope)
        return Piece(
            self.pick(r"\frac", r"\tfrac", r"\dfrac")
            + rf"{{{above.text}}}{{1 + ({below.text})^2}}",
            lambda at: above.mean(at) / (1 + below.mean(at) ** 2),
            FACTOR,
        )

    def power(self, depth, scope):
        if self.pick(0, 1):
            base, n = self.within(depth, scope, ATOM), self.pick(2, 3)
            return Piece(
                base.text + self.pick(f"^{n}", f"^{{{n}}}"), lambda at: base.mean(at) ** n, FACTOR
            )
        exponent = self.expression(depth, scope)
        return Piece(
            rf"e^{{-({exponent.text})^2}}", lambda at: mpmath.exp(-(exponent.mean(at) ** 2)), FACTOR
        )

    def function(self, depth, scope):
        inner = self.expression(depth, scope)
        x = inner.mean
        return self.pick(
            Piece(rf"\log(1 + ({inner.text})^2)", lambda at: mpmath.log(1 + x(at) ** 2), FACTOR),
            Piece(rf"\ln (1 + ({inner.text})^2)", lambda at: mpmath.log(1 + x(at) ** 2), FACTOR),
            Piece(rf"\tanh\left({inner.text}\right)", lambda at: mpmath.tanh(x(at)), FACTOR),
            Piece(rf"\exp(-({inner.text})^2)", lambda at: mpmath.exp(-(x(at) ** 2)), FACTOR),
            Piece(
                rf"\sqrt{{1 + ({inner.text})^2}}", lambda at: mpmath.sqrt(1 + x(at) ** 2), FACTOR
            ),
            Piece(rf"\lvert {inner.text} \rvert", lambda at: abs(x(at)), ATOM),
            Piece(rf"\max(s, {inner.text})", lambda at: max(at["s", ()], x(at)), FACTOR),
            Piece(rf"\min\{{{inner.text}, t\}}", lambda at: min(x(at), at["t", ()]), FACTOR),
            Piece(r"\log t", lambda at: mpmath.log(at["t", ()]), CLOSED),
            Piece(r"\log_2 t", lambda at: mpmath.log(at["t", ()]) / mpmath.log(2), CLOSED),
        )

    def bracketed(self, depth, scope):
        inner = self.expression(depth, scope)
        left, right = self.pick(
            ("(", ")"), (r"\left(", r"\right)"), ("[", "]"), (r"\big(", r"\big)")
        )
        return Piece(f"{left}{inner.text}{right}", inner.mean, ATOM)

    def big(self, depth, scope):
        unused = [x for x in ("i", "j", "k", "l", "n") if x not in scope]
        if not unused:
            return self.leaf(scope)
        letter = self.pick(*unused)
        body = self.within(depth, (*scope, letter), PRODUCT)
        if letter not in free(body.text):
            body = self.within(0, (letter,), PRODUCT) if letter != "n" else self.batch()
        if letter not in free(body.text):
            return self.leaf(scope)
        return self.over(letter, body, scope)

    def over(self, letter, body, scope):
        """Return a sum, product or extremum of a piece over the values of a letter in it."""
        restriction, allowed = self.restriction(letter, scope)
        name, combine = self.pick(
            (r"\sum", mpmath.fsum), (r"\sum", mpmath.fsum), (r"\prod", mpmath.fprod),
            (r"\max", max), (r"\min", min),
        )  # fmt: skip

        def mean(at):
            places = ({**at, letter: n} for n in range(1, SIZES[RANGES[letter]] + 1))
            return combine([body.mean(place) for place in places if allowed(place)])

        # Behind a sum it does not matter where it ends; the others say what they take.
        kind = PRODUCT if name == r"\sum" else FACTOR
        text = body.text if body.kind >= kind else f"({body.text})"
        return Piece(f"{name}_{restriction} {text}", mean, CLOSED)

    def batch(self):
        return Piece("Z_{n1}", lambda at: at["Z", (at["n"], 1)], ATOM)

    def restriction(self, letter, scope):
        others = [x for x in scope if RANGES[x] == RANGES[letter]]
        everything = lambda at: True  # noqa: E731
        if others and self.pick(0, 1):
            other = self.pick(*others)
            return rf"{{{letter} \ne {other}}}", lambda at: at[letter] != at[other]
        if self.pick(0, 0, 1):
            return f"{{{letter}=1}}^{{{RANGES[letter]}}}", everything
        return self.pick(letter, f"{{{letter}}}"), everything

    def call(self, depth, scope):
        inner = self.expression(depth, scope)
        if self.pick(0, 1):
            return Piece(
                rf"\sigma({inner.text})", lambda at: 1 / (1 + mpmath.exp(-inner.mean(at))), FACTOR
            )
        one, other = self.pick("p", "q"), self.pick("p", "q")
        return self.pick(
            Piece(f"H({one}, {other})", lambda at: cross_entropy(at, one, other), FACTOR),
            Piece(f"H({one})", lambda at: cross_entropy(at, one, one), FACTOR),
        )

    def distinction(self, depth, scope):
        fitting = [x for x in scope if RANGES[x] == "K"]
        if len(fitting) < 2:
            return self.function(depth, scope)
        i, j = self.random.sample(fitting, 2)
        if self.pick(0, 1):
            sign, holds = self.pick(("=", operator.eq), (r"\ne", operator.ne), ("<", operator.lt))
            return Piece(
                rf"\mathbb{{1}}[{i} {sign} {j}]", lambda at: mpmath.mpf(holds(at[i], at[j])), ATOM
            )
        one, other = self.expression(depth, scope), self.expression(depth, scope)
        otherwise = self.pick(rf"{i} \ne {j}", r"\text{otherwise}")
        return Piece(
            rf"\begin{{cases}} {one.text} & {i} = {j} \\ {other.text} & {otherwise} \end{{cases}}",
            lambda at: (one if at[i] == at[j] else other).mean(at),
            FACTOR,
        )

    def expectation(self, depth, scope):
        unused = [x for x in ("i", "j", "k", "l") if x not in scope]
        if not unused:
            return self.leaf(scope)
        letter, p = self.pick(*unused), self.pick("p", "q")
        body = self.expression(depth, (*scope, letter))
        if letter not in free(body.text):
            body = Piece(f"v_{letter}", lambda at: at["v", (at[letter],)], ATOM)
        return Piece(
            rf"\mathbb{{E}}_{{{letter} \sim {p}}}[{body.text}]",
            lambda at: mpmath.fsum(
                at[p, (n,)] * body.mean({**at, letter: n}) for n in range(1, SIZES["K"] + 1)
            ),
            FACTOR,
        )

    def slope(self, depth, scope):
        inner = self.expression(depth, scope)
        fitting = [x for x in scope if RANGES[x] == "K"]
        index = self.pick(*fitting) if fitting and self.pick(0, 1) else ""
        by = f"z_{index}" if index else "s"

        def mean(at):
            key = ("z", (at[index],)) if index else ("s", ())
            return mpmath.diff(lambda x: inner.mean({**at, key: x}), at[key])

        return self.pick(
            Piece(rf"\frac{{\partial}}{{\partial {by}}} ({inner.text})", mean, CLOSED),
            Piece(rf"\frac{{\partial ({inner.text})}}{{\partial {by}}}", mean, FACTOR),
        )

    # -- how pieces fit together

    def within(self, depth, scope, kind):
        """Make a piece that holds together at least so tightly, with parentheses if need be."""
        piece = self.expression(depth, scope)
        enough = piece.kind >= kind or (kind == PRODUCT and piece.kind == CLOSED)
        return piece if enough else Piece(f"({piece.text})", piece.mean, ATOM)

    def space(self):
        return self.pick(*SPACES)


def free(text):
    """Return the letters that are free in a text."""
    return free_letters(Parser(text, {"H", r"\sigma"}).chain()[0][0].node, set(RANGES))


def softmax(at):
    powers = [mpmath.exp(at["z", (n,)]) for n in range(1, SIZES["K"] + 1)]
    return [power / sum(powers) for power in powers]


def cross_entropy(at, p, q):
    return -mpmath.fsum(at[p, (n,)] * mpmath.log(at[q, (n,)]) for n in range(1, SIZES["K"] + 1))


def random_formulas():
    for seed in range(COUNT):
        grammar = Grammar(seed)
        scope = tuple(grammar.random.sample(("i", "j", "n"), grammar.pick(0, 1, 2)))
        yield grammar.expression(DEPTH, scope), scope
