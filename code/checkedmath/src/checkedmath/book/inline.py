r"""What inline mathematics may hold: commands that name and draw, and change nothing else.

The list is closed. What is not on it may be loaded from another place when it is first used, and
leave all formulas of a page undrawn until it comes; or it changes what other formulas look like, or
links, hides and moves things.
"""

from __future__ import annotations

import re

from checkedmath.reading.lexer import GREEK

COMMAND = re.compile(r"\\(?P<name>[A-Za-z]+|.)\*?(?:\{(?P<environment>[A-Za-z]+\*?)\})?", re.S)
ENVIRONMENTS = {"cases", "pmatrix", "bmatrix", "matrix", "vmatrix", "Vmatrix", "smallmatrix"}
NAMES = r"""
Pi Upsilon Xi varpi varrho varsigma vartheta
, ; : quad qquad { } | % $ & # _ \
begin end text operatorname mathrm mathbf mathit mathcal mathbb mathsf mathtt mathfrak mathscr
hat bar tilde vec dot ddot widehat widetilde overline underline overbrace underbrace
frac tfrac dfrac binom sqrt left right middle
big bigl bigr Big Bigl Bigr bigg biggl biggr Bigg Biggl Biggr
lvert rvert lVert rVert vert Vert langle rangle lfloor rfloor lceil rceil lbrace rbrace
sum prod int iint oint lim limsup liminf max min sup inf limits nolimits
exp log ln lg sin cos tan cot sinh cosh tanh arcsin arccos arctan det dim ker arg deg gcd Pr
infty partial nabla forall exists emptyset varnothing hbar Re Im aleph prime top bot angle intercal
approx equiv sim simeq cong propto ne neq le leq leqslant ge geq geqslant ll gg lt gt in notin ni
subset subseteq supset supseteq mid nmid parallel perp vdash models prec succ preceq succeq asymp
to rightarrow Rightarrow leftarrow Leftarrow leftrightarrow Leftrightarrow longrightarrow mapsto
uparrow downarrow iff implies impliedby because therefore
pm mp cdot times div ast star circ bullet oplus otimes odot cup cap setminus wedge vee land lor neg
lnot dots ldots cdots vdots ddots dotsc dotsb colon
"""
KNOWN = frozenset([*NAMES.split(), " ", *(name[1:] for name in GREEK)])


def foreign_command(latex: str) -> str:
    r"""Return the first command of inline mathematics that is not on the list, if there is one.

    >>> foreign_command(r"\sum_k p_k \approx 1"), foreign_command(r"\color{red} x")
    ('', '\\color')
    """
    for found in COMMAND.finditer(latex):
        name, environment = found["name"], found["environment"]
        if name not in KNOWN:
            return "\\" + name
        if name in ("begin", "end") and environment not in ENVIRONMENTS:
            return found[0]
    return ""
