r"""What each rule does, in words, and one statement that it proves.

Kept apart from the rules, because a page that names them needs no more.
"""

from __future__ import annotations

from typing import NamedTuple


class Rule(NamedTuple):
    """What a reader is told of a rule."""

    meaning: str
    example: str


#: By the names of the rules, in the order in which they are tried.
WORDING = {
    "largest entry": Rule(
        "each entry is the largest one less something that is not negative; for one it is zero",
        r"\sum_k p_k z_k \le \max_k z_k",
    ),
    "limit": Rule(
        "the limit of a finite sum, a product or a continuous function comes from those of its"
        " parts; an exponential of what falls without bound tends to zero",
        r"\lim_{T \to 0^+} T \log(1 + e^{s / T}) = \max(s, 0)",
    ),
    "cases": Rule(
        "which of two numbers is larger decides what an extreme, an absolute value or an indicator"
        " is; in each case the larger one is the other and something more",
        r"\lvert x + y \rvert \le \lvert x \rvert + \lvert y \rvert",
    ),
    "signs": Rule(
        "sums and products of what is positive, exponentials, even powers; what is below a fraction"
        " bar is not zero",
        r"0 < \sigma(s) < 1",
    ),
    "one letter": Rule(
        "the sign of the derivative between its zeros, down to polynomials whose zeros are counted;"
        " numbers are enclosed, never rounded",
        r"\log t \le t - 1",
    ),
    "square": Rule(
        "a square is completed: `a y^2 + b y + c` with positive `a` and `4 a c - b^2`",
        r"x^2 + x y + y^2 \ge 0",
    ),
    "domain": Rule(
        "a size is two or more; what is between zero and one, as an entry of a distribution is,"
        " is one over more than one, and what is not strict holds at the ends too",
        r"p_i q_i \le 1",
    ),
    "root": Rule(
        "both sides are squared, if neither is negative",
        r"\sqrt{t T} \le \frac{t + T}{2}",
    ),
    "entry": Rule("a sum of what is not negative is at least each of its terms", r"z_i < L"),
    "term by term": Rule(
        "sums over one index are one sum, with what is left shared out over its terms, evenly or by"
        " a distribution; each term has the sign",
        r"\sum_k p_k^2 \le 1",
    ),
    "logarithm": Rule(
        "the exponential is put on both sides; a positive factor of all logarithms is divided by",
        r"T \log(1 + e^{s / T}) > s",
    ),
    "substitution": Rule(
        "a letter is a multiple of another one, or so much more, if that one then drops out",
        r"t \log \frac{t}{T} \ge t - T",
    ),
    "Cauchy-Schwarz": Rule(
        "a product of two sums of what is not negative is at least the square of the sum of the"
        " roots of the products of their terms",
        r"(\sum_k p_k z_k)^2 \le \sum_k p_k z_k^2",
    ),
    "convexity": Rule(
        "Jensen's inequality for the logarithm, with positive weights over their sum",
        r"H(p, q) \ge H(p, p)",
    ),
}
