r"""The dialect of checked formulas, as a table: what is read, what it means, what is refused.

The documentation is written from this table, and the tests check every row of it: each example is
a true formula that is accepted, each refusal is refused.
"""

from __future__ import annotations

from typing import NamedTuple

from checkedmath.inequalities.wording import WORDING
from checkedmath.meaning import limits
from checkedmath.notation import LARGEST_SIZE
from checkedmath.reading.lexer import LONGEST_TEXT, MOST_TOKENS
from checkedmath.reading.parser import DEEPEST

#: What the letters of the examples stand for.
LETTERS = r"""
K: 2 3 — the number of classes
N: 2 3 — the number of samples
i, j, k: 1..K — classes
n: 1..N — samples
x, y, s: real — numbers
\hat{y}, y', \theta, x_{\mathrm{max}}: real — more numbers
t, T: positive — positive numbers
z, v: real K — vectors
p, q: simplex K — distributions
W: real K K — a square matrix
X: real N K — a matrix
Q: simplex K N — for each class a distribution of samples
o: ones K — the vector of ones
E: identity K — the identity matrix
"""
#: Names that the examples use, as a page would define them.
DEFINITIONS = (
    r"a_i := \frac{e^{z_i}}{\sum_k e^{z_k}}",
    r"L := \log \sum_k e^{z_k}",
    r"\sigma(s) := \frac{1}{1 + e^{-s}}",
    r"H(p, q) := -\sum_k p_k \log q_k",
    r"D_{\mathrm{KL}}(p \parallel q) := \sum_k p_k \log \frac{p_k}{q_k}",
    r"P(n \mid k) := Q_{kn}",
)


#: Formulas that the examples cite, by their labels.
FACTS = {"eq:tangent": r"\log t \le t - 1"}


class Construct(NamedTuple):
    """Something that is read: an example that is true, and what is meant by it."""

    example: str
    meaning: str


class Refusal(NamedTuple):
    """Something that is refused, and why; the message to the author says what to write."""

    text: str
    why: str


CONSTRUCTS = {
    "Relations": (
        Construct(r"x^2 + 1 > 0", r"`=`, `\le`, `\ge`, `<`, `>`; a chain of them is read in steps"),
        Construct(
            r"m := \frac{x + y}{2}",
            "a definition; from here on the left means the right. It has no condition, and on one"
            " page a name has one definition",
        ),
        Construct(r"u_i := 2 z_i", "defines a vector, by its entries"),
        Construct(
            r"f(x, y) := x^2 y",
            "defines a function; its arguments are plain letters, and do not stand in what other"
            " names in it are defined to be",
        ),
        Construct(r"g(v)_i := 2 v_i", "defines a function whose value is a vector"),
        Construct(
            r"a_i a_j = a_j a_i && \text{multiplication commutes}",
            "a reason for the reader: words, and expressions between dollars that claim nothing",
        ),
        Construct(
            r"e^x - 1 \ge x && \text{by \eqref{eq:tangent}}",
            "a citation of a formula that stands before: the step is that one with letters put in",
        ),
        Construct(
            r"\frac{\partial a_j}{\partial z_i} = -a_i a_j \quad (i \ne j)",
            "a condition on indices or sizes, for the whole formula",
        ),
        Construct(r"a_1 + a_2 = 1 \quad (K = 2)", "the same for a size"),
        Construct(
            r"\frac{\partial}{\partial x} \lvert x \rvert = 1 \quad (x > 0)",
            "the same for a number: a letter, or an entry, beside another one, or `-1.5` or"
            r" `\frac{3}{2}`",
        ),
        Construct(
            r"\begin{aligned} (x + y)^2 &= x^2 + 2 x y + y^2 \\ &\ge 2 x y \end{aligned}",
            "several rows; `split` is read too",
        ),
    ),
    "Numbers and names": (
        Construct(r"0.5 x = \frac{1}{2} x", "a decimal is the exact fraction"),
        Construct(r"e^{\log t} = t", r"`e` and `\pi` are the constants"),
        Construct(
            r"\hat{y} \, \theta - x_{\mathrm{max}} y' = -y' x_{\mathrm{max}} + \theta \hat{y}",
            "accents, Greek letters, upright words below a letter and primes make new names",
        ),
        Construct(r"\mathcal{L} := L", "script letters, and upright names, are names"),
        Construct(r"z_i + W_{ij} = W_{ij} + z_i", "entries; two indices stand in braces"),
        Construct(r"z_1 \le \max_k z_k", "the first entry; indices begin at one"),
        Construct(
            r"\mathbf{z} = z", "a letter without its index is the vector or matrix; so in bold"
        ),
    ),
    "Arithmetic": (
        Construct(r"2 x \cdot 3 = 6 x", r"products by standing side by side, `\cdot`, `\times`"),
        Construct(r"\frac{x}{t} = x / t", r"quotients; also `\tfrac`, `\dfrac`"),
        Construct(r"(x^2)^3 = x^6", "powers"),
        Construct(r"\sqrt{t} = t^{1/2}", "the square root; others are powers"),
        Construct(r"\lvert x \rvert = \max(x, -x)", r"the absolute value; also `\left| x \right|`"),
        Construct(r"\left[ x + y \right]^2 \ge 0", "brackets, and parentheses of any size"),
    ),
    "Functions": (
        Construct(r"\log e^x = x", r"the natural logarithm; also `\ln`"),
        Construct(r"\log_2 8 = 3", "a logarithm to another base"),
        Construct(r"\exp(x) = e^x", r"`\exp`, `\tanh`, `\sin`, `\cos`"),
        Construct(r"\max(x, y) \ge \min(x, y)", r"of numbers; also `\max\{x, y\}`"),
        Construct(
            r"\sigma(-s) = 1 - \sigma(s)",
            "a function that has been defined; no argument may depend on what the function itself"
            " varies, by a slope or a limit",
        ),
        Construct(r"\sigma'(s) = \sigma(s) (1 - \sigma(s))", "its derivative"),
        Construct(r"H(p, q) \ge H(p, p)", "a function of vectors"),
        Construct(
            r"D_{\mathrm{KL}}(p \,\|\, q) \ge 0",
            r"the signs between arguments belong to the function: `,` or `\mid` or `\parallel`",
        ),
        Construct(r"\sum_n P(n \mid k) = 1", "a conditional probability is a function of indices"),
    ),
    "Sums and the like": (
        Construct(
            r"\sum_k p_k = 1",
            "over all values of an index; it takes all that follows, up to the next plus or minus",
        ),
        Construct(
            r"\sum_{j \ne i} p_j = 1 - p_i",
            r"but one; also `<`, `>`, `\le`, `\ge`; over pairs it is `\sum_i \sum_{j \ne i}`",
        ),
        Construct(r"\sum_{n=1}^{3} n = 6", "from a number to another"),
        Construct(r"\sum_{i, j} p_i q_j = 1", "over two indices"),
        Construct(r"\log \prod_k a_k = \sum_k \log a_k", "products"),
        Construct(r"\max_k z_k \le L", "the largest value; so the smallest"),
        Construct(
            r"\operatorname*{argmax}_k a_k = \operatorname*{argmax}_k z_k",
            "the set of the classes with the largest value: ones among zeros; so `argmin`",
        ),
        Construct(r"\mathbb{E}_{k \sim p}[z_k] = \sum_k p_k z_k", "an expectation"),
        Construct(
            r"\operatorname{Var}_{k \sim p}[z_k] = \mathbb{E}_{k \sim p}[z_k^2]"
            r" - (\mathbb{E}_{k \sim p}[z_k])^2",
            "a variance",
        ),
    ),
    "Distinctions": (
        Construct(r"\sum_j \delta_{ij} z_j = z_i", "one if the indices are equal, else zero"),
        Construct(r"\mathbb{1}[x > 0] + \mathbb{1}[x \le 0] = 1", "one if true, else zero"),
        Construct(
            r"\mathbb{1}[i \in \operatorname*{argmax}_k z_k] = \mathbb{1}[z_i = \max_k z_k]",
            "one if an index is in the set",
        ),
        Construct(
            r"\delta_{ij} = \begin{cases} 1 & i = j \\ 0 & \text{otherwise} \end{cases}",
            "cases: relations of indices or numbers, of which one holds, or more with one value;"
            " the last may be otherwise",
        ),
    ),
    "Vectors and matrices": (
        Construct(r"(\mathbf{W} \mathbf{z})_i = \sum_j W_{ij} z_j", "a product, and its entry"),
        Construct(
            r"\mathbf{v}^\top \mathbf{z} = \sum_k v_k z_k",
            r"a transpose; also `^{\mathrm{T}}`; a row times a vector is a number",
        ),
        Construct(r"\mathbf{p} \odot \mathbf{q} = \mathbf{q} \odot \mathbf{p}", "entry by entry"),
        Construct(r"\lVert \mathbf{z} \rVert^2 = \mathbf{z}^\top \mathbf{z}", "the Euclidean norm"),
        Construct(
            r"\lVert z \rVert_\infty \le \lVert z \rVert_1", r"the other norms: `_1`, `_\infty`"
        ),
        Construct(
            r"\operatorname{diag}(\mathbf{z}) \mathbf{o} = \mathbf{z}",
            r"`\operatorname{diag}` of a vector; `\operatorname{tr}`, `\det` of a square matrix",
        ),
        Construct(
            r"\begin{pmatrix} 0 & 1 \\ 1 & 0 \end{pmatrix}^\top"
            r" = \begin{pmatrix} 0 & 1 \\ 1 & 0 \end{pmatrix}",
            "a matrix that is written out; also `bmatrix`",
        ),
        Construct(r"\mathbf{W} \mathbf{E} = \mathbf{W}", "constants: `ones`, `zeros`, `identity`"),
        Construct(r"\log \mathbf{a} = \mathbf{z} - L \mathbf{o}", "functions act on every entry"),
    ),
    "Derivatives and limits": (
        Construct(r"\frac{\partial L}{\partial z_i} = a_i", "by an entry"),
        Construct(r"\frac{\partial}{\partial x} (x^3) = 3 x^2", "of what follows: one factor"),
        Construct(
            r"\frac{\partial^2 L}{\partial z_i \partial z_j} = a_i (\delta_{ij} - a_j)",
            "twice, and by two different letters",
        ),
        Construct(
            r"\frac{\partial \mathbf{a}}{\partial \mathbf{z}}"
            r" = \operatorname{diag}(\mathbf{a}) - \mathbf{a} \mathbf{a}^\top",
            "by a vector: the matrix of all, one row for each entry above",
        ),
        Construct(r"\nabla_{\mathbf{z}} L = \mathbf{a}", "a gradient, in the shape of its letter"),
        Construct(
            r"\nabla^2_{\mathbf{z}} L = \frac{\partial \mathbf{a}}{\partial \mathbf{z}}",
            "a Hessian",
        ),
        Construct(
            r"\lim_{T \to \infty} \frac{e^{z_i / T}}{\sum_k e^{z_k / T}} = \frac{1}{K}",
            r"a limit to `\infty`, `-\infty`, a number, or from a side: `0^+`;"
            " always within the domain of its letter",
        ),
    ),
}

REFUSALS = (
    Refusal(r"\log x y = 1", "does the logarithm end before y?"),
    Refusal(r"\log(x)^2 = 1", "the square of the logarithm, or of x?"),
    Refusal(r"\log^2 x = 1", "the same"),
    Refusal(r"x / 2 y = 1", "is y above or below?"),
    Refusal(r"\prod_k p_k t = 1", "does the product end before t, which has no k?"),
    Refusal(r"\max_k z_k x = 1", "the same; of a sum it does not matter"),
    Refusal(r"\log \sum_k p_k t = 1", "does the logarithm end before t?"),
    Refusal(r"x(y) = 1", "a number before a single name in parentheses looks like a function"),
    Refusal(r"\nabla_z L L = z", "what is the gradient of? Put it in parentheses"),
    Refusal(r"z_ij = 1", "one index or two?"),
    Refusal(r"x 2 = 1", "a number behind a letter looks like an index"),
    Refusal(r"x^{(2)} = 1", "a power, or an upper index?"),
    Refusal(r"z^2 \ge 0", "a vector has no square"),
    Refusal(r"\frac{d L}{d x} = 1", r"d may be a number: write `\partial`"),
    Refusal(r"|x| \ge 0", "does a bar open or close?"),
    Refusal(r"{x + y} t = 1", "braces that the reader does not see"),
    Refusal(r"x = y, \quad s = t", "two formulas in a row"),
    Refusal(r"x \approx y", "it is not said how near"),
    Refusal(r"x + \dots + y = 1", "dots: it is not said what they stand for"),
    Refusal(r"\int x = 1", "integrals are not read"),
    Refusal(r"x + y", "nothing is claimed"),
    Refusal(r"A = 1", "a letter that nobody has introduced"),
    Refusal(r"z_n = 1", "an index of samples where one of classes belongs"),
    Refusal(r"z_i = \sum_i z_i", "a letter that is free and summed"),
    Refusal(r"\sum_i z_i \sum_i v_i = 1", "a letter that is summed twice, one inside the other"),
    Refusal(r"\sum_k 1 = K", "a sum whose letter does not occur: write the number of terms"),
    Refusal(r"L = z_i", "a free index that the left side does not have"),
    Refusal(r"D_{\mathrm{KL}}(p, q) \ge 0", "a function called with other signs than defined"),
    Refusal(r"\frac{x}{0} = 1", "a division by zero"),
    Refusal(
        r"x \frac{\partial}{\partial x} \lvert x \rvert = \lvert x \rvert",
        r"there is no slope at zero: add `\quad (x \ne 0)`",
    ),
    Refusal(
        r"\frac{\partial}{\partial x} (\lim_{T \to \infty} \frac{x}{1 + T x^2}) = 0",
        "the derivative of a limit, which may bend or jump",
    ),
    Refusal(
        r"\lim_{T \to 0^+} \frac{e^{-x^2 / T}}{T} = 0",
        r"there is no limit at x = 0: add `\quad (x \ne 0)`",
    ),
    Refusal(r"\sum_{j \ne i} p_i p_j \le 1", "over j, for each i? or over pairs?"),
    Refusal(r"\lim_{x \to 0} x + x^2 = 0", "does the limit end before the plus?"),
    Refusal(r"9^{9^{9^9}} > 0", "a number too large to be computed"),
    Refusal("2^10 = 1024", "TeX raises the 1 alone: write `2^{10}`"),
    Refusal(r"t^x_i = 1", "the same with a letter and its index"),
    Refusal(r"\left( x ) = x", r"`\left` and `\right` go together: TeX draws an error"),
    Refusal(r"\mathrm{log}(x) = 1", "a name that is drawn as an operator"),
    Refusal(r"x = x \quad \text{as $y = y$}", "a reason that claims something"),
    Refusal(r"x = x \quad \text{as y = y}", "the same"),
    Refusal(r"x^2 \ge 0 \quad \text{not}", "words that deny the step; others are not read"),
    Refusal(
        r"x^2 \ge 2 x - 1 && \text{by \eqref{eq:tangent}}",
        "the step is not what is cited, with letters put in",
    ),
    Refusal("x = ٥", "a digit that only some read as 5"),
    Refusal(r"x \! \! = x", "a distance that lays one sign on another"),
)


def as_markdown() -> str:
    """Return the tables as Markdown.

    Returns
    -------
    str
        The page `DIALECT.md`.
    """
    lines = [HEAD, *_letters()]
    for title, rows in CONSTRUCTS.items():
        lines += [f"\n## {title}\n", "| formula | meaning |", "|---|---|"]
        lines += [f"| {_code(row.example)} | {row.meaning} |" for row in rows]
    lines += [PROOFS, "| rule | what it says | for example |", "|---|---|---|"]
    lines += [
        f"| {name} | {rule.meaning} | {_code(rule.example)} |" for name, rule in WORDING.items()
    ]
    lines += [CITING, "## What is refused\n", "| formula | why |", "|---|---|"]
    lines += [f"| {_code(row.text)} | {row.why} |" for row in REFUSALS]
    lines += ["\n## What is too much\n", "| of | at most |", "|---|---|"]
    lines += [f"| {what} | {limit:,} |" for what, limit in LIMITS.items()]
    return "\n".join(lines) + "\n"


def _letters() -> list[str]:
    facts = [f"{latex} ({label})" for label, latex in FACTS.items()]
    letters, known = LETTERS.strip().splitlines(), [*DEFINITIONS, *facts]
    return ["```", *letters, "```", "", "and", "", "```", *known, "```"]


def _code(latex: str) -> str:
    """Set LaTeX as code in a cell of a table, where a bar needs a backslash of its own."""
    return "`" + latex.replace("|", r"\|") + "`"


HEAD = """\
# The dialect of checked formulas

`python -m checkedmath.dialect` writes this page, from the table that the tests check: every formula
is accepted, each of those under *What is refused* is refused, with a message that says what to
write instead. Nothing is guessed: what a reader could take two ways is refused.

`K: 2 3` names sizes at which formulas are checked and means every size from the least on: where a
step is not proved for all of them, some that are not named are tried too. `K: only 2 3` means these
two alone. A letter is `real`, `positive`, of the `unit` interval, ends included, or its rows are
distributions, `simplex`, corners included; at such ends nothing is claimed where a side is no
number, and 0 log 0 is none; nor is anything claimed anywhere where both sides are none. A slope is
what the rules of differentiation give of a number in which what is plainly equal has cancelled:
none where they divide by zero, and none where cases meet or two largest numbers are equal, unless
what steps there has a factor of zero, as in x|x|. It is not found by other means. By an entry of a
distribution it is taken as if the entries were free; equations hold where they add up to one.

Nothing may be divided by zero, and no logarithm or root be of what is negative, though it cancels,
is multiplied by zero, or has a slope that does not show it. Of a case this is asked where the case
applies, and of a limit close to its target. Such places are looked for at points,
in boxes, and between two places where what has to differ from zero has different signs. Where none
is found and it is not proved that there is none, a step is *searched*, whatever algebra says of its
sides.

An equation without a proof is *computed* only if it was seen to hold in both orders of all numbers
that it compares, and where they are equal; else it is *searched*. Where a step has no proof and at
most three numbers are free, all that they may be is cut into boxes, up to numbers of the size of
2^64, to find a small region in which it fails.

The letters are
"""
PROOFS = """
## How a step is proved

An equation is proved by algebra, with its sizes left as letters. An inequality, a limit and an
equation of what has cases are proved by the rules of this list and no others, for every size. Each
rule looks for its hypotheses itself, in the domains of the letters and in what is proved on the
way; words beside a step prove nothing, and what they say is not checked. The ledger names the rules
of each step.
"""
CITING = """
## How a formula is cited

A reason may cite one formula that stands earlier, on the same page or on one before: a step of it,
or what it says of its first and its last side. The step beside the reason has to be this with
letters put in, and is then as sure as that formula, never surer.

- For a letter stands an expression that is shown to be in the domain of the letter, with all its
  entries if it has any; for an index letter stands another; for a size one without other values.
- The conditions of the formula are shown, or are conditions of the step.
- Left minus right is that of the step, by algebra; or right minus left, if it is read backwards.
  The step may say less.

What stands for a letter is found by the form of the sides, with definitions put in where they
differ; entries with a number, as `z_1`, are not compared. Numbers are tried as for any step. A
citation that does not give its step is refused; so is that of a definition, or of what is not
earlier.
"""
#: What keeps a formula from taking for ever: the names are those of the modules.
LIMITS = {
    "characters": LONGEST_TEXT,
    "symbols": MOST_TOKENS,
    "parentheses inside one another": DEEPEST,
    "digits of a number": limits.LONGEST_NUMBER,
    "bits of a power of numbers": limits.MOST_BITS,
    "terms of one sum or product": limits.MOST_TERMS,
    "rows of a determinant with letters": limits.LARGEST_DETERMINANT,
    "rows of a determinant of numbers": limits.LARGEST_OF_NUMBERS,
    "values of parts of a formula": limits.VALUES,
    "operations with numbers": limits.NUMBERS,
    "products of terms in proofs, of which there are no more afterwards": limits.ALGEBRA,
    "parts of an expression to be differentiated": limits.MOST_NODES,
    "choices of values of free indices": limits.MOST_CASES,
    "a size": LARGEST_SIZE,
}


def main() -> None:
    """Print the tables."""
    print(as_markdown(), end="")


if __name__ == "__main__":
    main()
