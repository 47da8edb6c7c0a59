"""What numbers show of a claim at a point, and the counter-example that a reader is given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from enum import Enum
from random import Random
from typing import NamedTuple, NoReturn

import flint
import sympy as sp
from flint import arb, fmpq

from checkedmath.deciding.balls import (
    BITS,
    MANY_BITS,
    MOST_BITS,
    NoNumber,
    Number,
    Point,
    Program,
    as_text,
    fraction,
    is_number,
    program,
    value,
)
from checkedmath.deciding.sampling import draw_short
from checkedmath.meaning.evaluator import Evaluator
from checkedmath.meaning.piecewise import Corner
from checkedmath.reading.relations import RELATIONS, side

#: With how many bits a claim is judged until they tell; at points far out, where much cancels.
USUAL, FAR = (BITS, MANY_BITS), (BITS, MANY_BITS, MOST_BITS)
STRICT = ("<", ">", r"\ne")
#: Sides of which no digit tells them apart count as equal if their difference is below this.
ALIKE = fmpq(1, 10**40)
#: With how many digits a number of a point is shown, and what says that there are more.
SHORT, GOING_ON, LONGEST_NAME = (1, 3, 6, 12, 20), "…", 16
#: How long a fraction is that is shown as it is, and the exponent of ten of what is one.
LONGEST_SHOWN, LONGEST_EXPONENT = 8, 4
#: A number with a power of ten, which is written out if it is not too large or small.
WITH_EXPONENT = re.compile(
    r"(?P<mantissa>-?\d+(?:\.\d+)?)e(?P<exponent>[+-]?\d+)(?P<more>…?)(?P<rest>(?: more| less)?)"
)
LEAST_EXPONENT, MOST_EXPONENT = -4, 11
#: How often a point is sought that is easier on the reader.
SHORT_TRIES = 60


class Counterexample(Exception):  # noqa: N818
    """A claim that fails at a point, and which entry of a vector or a matrix it is about."""

    def __init__(self, left: str, right: str, point: Mapping[sp.Symbol, object]) -> None:
        super().__init__()
        self.left, self.right, self.point = left, right, point
        self.entry = ""


class Undecided(Counterexample):
    """A strict claim whose sides no digit tells apart at a point."""


class Parted(Counterexample):
    """A limit that is another from another side, with both of them."""


class Unsettled(Counterexample):
    """A limit that is none at a point: why, in the place of its left side."""


class Claim(NamedTuple):
    """That two numbers stand in a relation, wherever their letters are in their domains.

    Attributes
    ----------
    relation : str
        One of `COMPARISONS`.
    left, right : sympy.Expr
        The two numbers.
    given : tuple of Claim
        What has to hold as well where this is claimed.
    """

    relation: str
    left: sp.Expr
    right: sp.Expr
    given: tuple[Claim, ...] = ()

    @property
    def program(self) -> Program:
        """How both sides are computed, and left minus right with what is plain left out."""
        return program(self.left, self.right, self.left - self.right)

    @property
    def letters(self) -> set[sp.Symbol]:
        """The letters that occur, found in what may be very long if written out."""
        return {part for part in parts_of([self.left, self.right]) if part.is_Symbol}

    @property
    def both_ways(self) -> tuple[tuple[str, sp.Expr, sp.Expr], ...]:
        """The relation and its two sides, as they are and turned round."""
        symmetric = side(self.relation) == 0
        turned = self.relation if symmetric else RELATIONS[self.relation].opposite
        return (self.relation, self.left, self.right), (turned, self.right, self.left)

    @property
    def never_holds(self) -> bool:
        """Whether left minus right is plainly a number for which it does not hold."""
        gap = self.left - self.right
        return gap.is_Rational and judged(self.relation, fraction(gap)) is Finding.FAILS

    def with_put_in(self, meant: Mapping[sp.Expr, sp.Expr]) -> Claim:
        """Return the claim with expressions in the place of letters, or of larger parts."""
        given = tuple(each.with_put_in(meant) for each in self.given)
        return Claim(self.relation, put_in(self.left, meant), put_in(self.right, meant), given)


def put_in(x: sp.Expr, meant: Mapping[sp.Expr, sp.Expr]) -> sp.Expr:
    """Return an expression with others in the place of parts; a slope at a corner stays none."""
    missing = {
        part: Corner(sp.Integer(0), sp.Integer(0))
        for part in x.atoms(sp.sign)
        if part.args[0].xreplace(meant) == 0
    }
    return x.xreplace({**meant, **missing})


class Finding(Enum):
    """What numbers show of a claim at a point."""

    HOLDS = 1
    FAILS = 2
    CANNOT_TELL = 3
    #: Only one side is a number.
    APART = 4
    #: Neither side is one.
    NOWHERE = 5


def judge(claim: Claim, point: Point, precisions: Iterable[int] = USUAL) -> Finding:
    """Judge a claim at a point, with more and more bits until they tell."""
    found = Finding.CANNOT_TELL
    if any(judge(each, point) is not Finding.HOLDS for each in claim.given):
        return found
    for bits in precisions:
        found = judge_with(claim, point, bits)
        if found is not Finding.CANNOT_TELL:
            break
    return found


def judge_with(claim: Claim, point: Point, bits: int) -> Finding:
    """Judge a claim at a point with so many bits."""
    left, right, gap = claim.program.run(point, bits)
    if isinstance(left, NoNumber) and isinstance(right, NoNumber):
        return Finding.NOWHERE
    if isinstance(left, NoNumber) or isinstance(right, NoNumber):
        return Finding.APART if is_number(left) or is_number(right) else Finding.CANNOT_TELL
    return judged(claim.relation, gap if is_number(gap) else left - right)


def judged(relation: str, gap: Number) -> Finding:
    """Judge a relation by left minus right."""
    if not is_number(gap):
        return Finding.CANNOT_TELL
    between = RELATIONS[relation].between
    if gap < 0 or gap > 0 or gap == 0:
        return Finding.HOLDS if between(int(gap > 0) - int(gap < 0), 0) else Finding.FAILS
    if abs(gap) < ALIKE:  # as good as zero, which is for a strict claim not good enough
        return Finding.HOLDS if between(0, 0) else Finding.CANNOT_TELL
    return Finding.CANNOT_TELL


def refuse_at(
    claim: Claim,
    point: Point,
    evaluator: Evaluator,
    random: Random,
    precisions: tuple[int, ...] = USUAL,
) -> bool:
    """Refute a claim if it fails at a point -> whether the point tells that it holds there."""
    evaluator.budget.spend_numbers(claim.program.size)
    found = judge(claim, point, precisions)
    if found not in (Finding.HOLDS, Finding.CANNOT_TELL):
        refute(claim, point, evaluator, random)
    return found is Finding.HOLDS


def refute(claim: Claim, point: Point, evaluator: Evaluator, random: Random) -> NoReturn:
    """Raise a Counterexample, if possible at a point that is easier on the reader."""
    for attempt in range(SHORT_TRIES):
        short = draw_short(evaluator, random, fine=attempt > SHORT_TRIES // 2)
        if not evaluator.tiny and judge(claim, short) is Finding.FAILS:
            point = short
            break
    raise counterexample(claim, told_apart(claim, point), point)


def told_apart(claim: Claim, point: Point) -> tuple[Number, Number]:
    """Return both sides of a claim at a point, with as many bits as tell them apart."""
    left, right = both(claim, point, MANY_BITS)
    if is_number(left) and is_number(right) and not (left < right or left > right):
        left, right = both(claim, point, MOST_BITS)
    return left, right


def counterexample(
    claim: Claim,
    sides: tuple[Number, Number],
    point: Mapping[sp.Symbol, object],
    kind: type[Counterexample] = Counterexample,
) -> Counterexample:
    """Return the counter-example at a point, with the letters that occur.

    Where its long numbers are shown with few digits, both sides are those of the numbers shown.
    """
    texts = shortened(claim, point)
    if texts:
        sides = told_apart(claim, with_numbers(point, texts))
    long = {s: first_digits(x) for s, x in point.items() if goes_on(x)}
    return kind(*as_texts(*sides), shown_at(claim, {**point, **long, **texts}))


def goes_on(x: object) -> bool:
    """Tell whether a number has no last digit, and no short name as ``log(3)/2`` either."""
    if isinstance(x, sp.Expr):
        return not x.is_Rational and len(str(x)) > LONGEST_NAME
    return isinstance(x, arb)


def first_digits(x: arb | sp.Expr) -> str:
    """Return the digits that are shown of a number without a last one."""
    return as_text(x if isinstance(x, arb) else value(x, {})) + GOING_ON


def shortened(claim: Claim, point: Mapping[sp.Symbol, object]) -> dict[sp.Symbol, str]:
    """Return the long numbers of a point with few digits, if the claim fails there, or none."""
    occurring = {s: x for s, x in point.items() if s in claim.letters}
    free = {s: x for s, x in occurring.items() if is_long(x) and is_free(s, x)}
    plain = all(isinstance(x, (arb, fmpq, sp.Rational)) for x in point.values())
    if free and plain and claim.letters <= point.keys():
        for digits in SHORT:
            texts = {s: as_text(x, digits) for s, x in free.items()}
            if judge(claim, with_numbers(point, texts)) is Finding.FAILS:
                return texts
    return {}


def with_numbers(point: Mapping[sp.Symbol, object], texts: Mapping[sp.Symbol, str]) -> Point:
    """Return a point with the numbers that some texts show."""
    return {**point, **{s: exactly(text) for s, text in texts.items()}}


def is_free(letter: sp.Symbol, x: object) -> bool:
    """Tell whether a number may be rounded, as one of a distribution or a probability may not."""
    return not letter.is_positive or bool(x > 1)  # type: ignore[operator]


def is_long(x: object) -> bool:
    """Tell whether a number has more digits than a reader wants to see."""
    is_fraction = isinstance(x, (fmpq, sp.Rational))
    return isinstance(x, arb) or (is_fraction and len(str(x)) > LONGEST_SHOWN)


def exactly(text: str) -> Number:
    """Return the number that a text shows; as a narrow ball, if it has very many digits."""
    exponent = text.partition("e")[2]
    if len(exponent) > LONGEST_EXPONENT:
        with flint.ctx.workprec(MANY_BITS):
            return arb(text)
    return fraction(sp.Rational(text))


def shown_at(claim: Claim, point: Mapping[sp.Symbol, object]) -> dict[sp.Symbol, object]:
    """Return the letters that occur and their numbers, balls as texts."""
    occurring = set(parts_of([claim.left, claim.right]))
    return {s: as_text(x) if isinstance(x, arb) else x for s, x in point.items() if s in occurring}


def as_texts(left: Number, right: Number) -> tuple[str, str]:
    """Return two values as texts that differ if the values do."""
    left, right = (fmpq(0) if is_number(x) and not (x > 0 or x < 0) else x for x in (left, right))
    for digits in (12, 40, 60):
        texts = as_text(left, digits), as_text(right, digits)
        if texts[0] != texts[1]:
            return texts
    with flint.ctx.workprec(MOST_BITS):
        gap = right - left if is_number(left) and is_number(right) else fmpq(0)
    if gap > 0 or gap < 0:
        return as_text(left), f"{as_text(abs(gap), 3)} {'more' if gap > 0 else 'less'}"
    return as_text(left), as_text(right)


def readable(text: str) -> str:
    r"""Return a number as a reader writes it.

    >>> readable("-1.23e+2"), readable("1.5e-40"), readable("1e-80 more"), readable("2.7e+90…")
    ('-123', '1.5 \\cdot 10^{-40}', '10^{-80} more', '2.7… \\cdot 10^{90}')
    """
    found = WITH_EXPONENT.fullmatch(text)
    if not found:
        return text
    mantissa, power, more, rest = found.groups()
    exponent = int(power)
    if not more and LEAST_EXPONENT <= exponent <= MOST_EXPONENT:
        return f"{Decimal(f'{mantissa}e{exponent}'):f}{rest}"
    factor = {"1": "", "-1": "-"}.get(mantissa + more, rf"{mantissa}{more} \cdot ")
    return f"{factor}10^{{{exponent}}}{rest}"


def both(claim: Claim, point: Point, bits: int = BITS) -> tuple[Number, Number]:
    """Return both sides of a claim at a point."""
    left, right, _ = claim.program.run(point, bits)
    return left, right


def parts_of(expressions: Iterable[sp.Expr]) -> Iterator[sp.Expr]:
    """Yield all parts of some expressions, each of them once."""
    seen: set[sp.Expr] = set()
    waiting = list(expressions)
    while waiting:
        x = waiting.pop()
        if x not in seen:
            seen.add(x)
            waiting += x.args
            yield x
