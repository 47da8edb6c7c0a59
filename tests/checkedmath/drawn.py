r"""What a browser draws, from MathJax's MathML back to LaTeX, and MathJax as a book ships it.

It knows MathML and nothing of the reader that it is compared with. What is not on its lists is no
part of a formula that was read: an error, a colour, something hidden, a distance that goes back.
"""

import re
import shutil
import unicodedata
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

from checkedmath.derivation import read_chains
from checkedmath.errors import CheckError

SCRIPT = "tex-chtml.js"
FONTS = "output/chtml/fonts/woff-v2"
#: Converts LaTeX as the book's pages do, both ways: what is drawn, and its MathML.
CONVERT = """formulas => formulas.map(latex => {
  let drawn;
  try { drawn = MathJax.tex2chtml(latex, {display: true}); }
  catch (fault) { return {mathml: '<math><merror/></math>', errors: [latex + ': ' + fault]}; }
  const errors = [...drawn.querySelectorAll('mjx-merror, [data-mjx-error]')];
  return {mathml: MathJax.tex2mml(latex, {display: true}), errors: errors.map(e => e.outerHTML)};
})"""
#: The displayed formulas of an open page, by the label of each.
DISPLAYED = """() => MathJax.startup.promise.then(() => [...MathJax.startup.document.math]
  .filter(item => item.display && item.typesetRoot.closest('[id^="equation-"]'))
  .map(item => ({label: item.typesetRoot.closest('[id^="equation-"]').id,
                 mathml: MathJax.startup.toMML(item.root),
                 errors: [...item.typesetRoot.querySelectorAll('mjx-merror, [data-mjx-error]')]
                   .map(e => e.outerHTML)})))"""

LETTERS = (
    "alpha beta gamma delta zeta eta theta kappa lambda mu nu xi pi rho sigma tau chi psi omega"
)
GREEK = {
    unicodedata.lookup(f"GREEK SMALL LETTER {name.upper().replace('LAMBDA', 'LAMDA')}"): name
    for name in LETTERS.split()
} | {
    unicodedata.lookup(f"GREEK CAPITAL LETTER {name.upper().replace('LAMBDA', 'LAMDA')}"): name
    for name in ["Phi", "Psi", "Omega", "Sigma", "Lambda", "Theta", "Delta", "Gamma"]
}  # fmt: skip
SIGNS = {
    "−": "-", "⋅": r"\cdot", "×": r"\times", "⊙": r"\odot", "≤": r"\le", "≥": r"\ge", "≠": r"\ne",
    "∈": r"\in", "∼": r"\sim", "→": r"\to", "∞": r"\infty", "∂": r"\partial", "∇": r"\nabla",
    "⊤": r"\top", "⊺": r"\intercal", "∥": r"\parallel", "∣": r"\mid", "∑": r"\sum", "∏": r"\prod",
    "∗": "*", "⋆": r"\star", "ϵ": r"\epsilon", "ε": r"\varepsilon", "ϕ": r"\phi", "φ": r"\varphi",
    "ℓ": r"\ell", "{": r"\{", "}": r"\}", "⩽": r"\leqslant", "⩾": r"\geqslant",
    "\u2061": "",
} | {letter: "\\" + name for letter, name in GREEK.items()}  # fmt: skip
PRIMES = {"′": "'", "″": "''", "‴": "'''"}
ACCENTS = {"^": r"\hat", "¯": r"\bar", "~": r"\tilde", "→": r"\vec"}
FACES = {
    "bold": r"\mathbf", "script": r"\mathcal", "double-struck": r"\mathbb",
    "-tex-calligraphic": r"\mathcal",
}  # fmt: skip
OPERATORS = ["exp", "log", "ln", "tanh", "sin", "cos", "max", "min", "det", "lim"]
SPACES = {"1em": r" \quad ", "2em": r" \qquad "}
#: Attributes that change how something is drawn, and how a formula may use them.
ALLOWED = {
    "mathvariant", "stretchy", "fence", "minsize", "maxsize", "symmetric", "movablelimits",
    "displaystyle", "scriptlevel", "columnalign", "columnspacing", "rowspacing", "width", "accent",
    "display", "lspace", "rspace", "form", "separator", "xmlns",
}  # fmt: skip


class NotDrawnError(AssertionError):
    """Something in MathML that no formula of the dialect holds."""


def bundle(folder):
    """Copy what a book ships of MathJax into a folder: the script and its fonts."""
    source = Path(find_spec("sphinx-mathjax-offline").origin).parent / "static" / "mathjax"
    shutil.copytree(source / FONTS, folder / FONTS)
    shutil.copy(source / SCRIPT, folder / SCRIPT)
    return folder / SCRIPT


def as_latex(mathml):
    r"""Return the LaTeX of what is drawn.

    >>> as_latex("<math><msup><mi>x</mi><mn>1</mn></msup><mn>0</mn></math>")
    'x^{1} 0'
    """
    text = _write(ElementTree.fromstring(mathml))
    return " ".join(text.split())


def difference(mathml, latex, notation):
    """Return what is drawn otherwise than read, or an empty text if it is the same."""
    try:
        drawn = as_latex(mathml)
        same = _readings(drawn, notation) == _readings(latex, notation)
    except (NotDrawnError, CheckError) as error:
        return f"{latex}: {error}"
    return "" if same else f"{latex} is drawn as {drawn}"


def _readings(latex, notation):
    """Return the trees, relations, reasons and conditions of a formula."""
    return [
        (
            [side.node for side in chain.sides],
            chain.relations,
            [_bare(reason) for reason in chain.reasons],
            [_bare(condition) for condition in chain.conditions],
        )
        for chain in read_chains(latex, notation)
    ]


def _bare(text):
    """Return a text without spaces and braces, which say nothing here."""
    return re.sub(r"[{}\s]", "", str(text))


def _write(node):
    tag = node.tag.rpartition("}")[2]
    for name in node.attrib:
        if not name.startswith("data-mjx-") and name not in ALLOWED:
            raise NotDrawnError(f"{tag} with {name}={node.get(name)!r}")
    if tag not in WRITERS:
        raise NotDrawnError(f"a {tag}: {''.join(node.itertext())}")
    return WRITERS[tag](node)


def _row(node):
    if node.tag.endswith("mrow") and not node.attrib and any(_is_text(child) for child in node):
        return rf"\text{{{''.join(map(_said, node))}}}"
    return _cases(node) or " ".join(map(_write, node))


def _is_text(node):
    return node.tag.endswith("mtext")


def _said(node):
    """Write a part of a text: words, or an expression."""
    return _text(node) if _is_text(node) else f"${_write(node)}$"


def _text(node):
    return (node.text or "").replace("\u00a0", " ")


def _cases(node):
    """Write a table between brackets, as cases or as a matrix."""
    if len(node) != 3 or not node[1].tag.endswith("mtable"):
        return ""
    opening, closing = (node[n].text or "" for n in (0, 2))
    kind = {("{", ""): "cases", ("(", ")"): "pmatrix", ("[", "]"): "bmatrix"}[opening, closing]
    return rf"\begin{{{kind}}} {_table(node[1])} \end{{{kind}}}"


def _table(node):
    rows = [" & ".join(_write(cell) for cell in row) for row in node]
    return r" \\ ".join(rows)


def _aligned(node):
    if node.get("displaystyle") != "true":
        raise NotDrawnError("a table without brackets")
    (row, *more) = node
    if not more and len(row) == 1 and [each.tag for each in row[0]] == [node.tag]:
        return _write(row[0])  # Sphinx puts one around the other
    return rf"\begin{{aligned}} {_table(node)} \end{{aligned}}"


def _identifier(node):
    text, variant = node.text or "", node.get("mathvariant")
    if not text or text == "∅":
        return ""
    if variant in FACES:
        return f"{FACES[variant]}{{{SIGNS.get(text, text)}}}"
    if text in SIGNS:
        return SIGNS[text]
    upright = node.get("data-mjx-auto-op") == "false"
    if text in OPERATORS and not upright:
        return "\\" + text
    if len(text) > 1 and not upright:
        return rf"\operatorname{{{text}}}"
    return rf"\mathrm{{{text}}}" if upright or variant == "normal" else _plain(text)


def _plain(text):
    if not text.isascii():
        raise NotDrawnError(f"the sign {text!r}")
    return text


def _operator(node):
    text, place = node.text or "", node.get("data-mjx-texclass")
    if text in ("|", "‖", "∥") and place in ("OPEN", "CLOSE"):
        return rf"\{'l' if place == 'OPEN' else 'r'}{'v' if text == '|' else 'V'}ert"
    if text == "‖":
        return r"\|"
    if text in PRIMES:
        return PRIMES[text]
    if text in OPERATORS:
        return "\\" + text
    return SIGNS[text] if text in SIGNS else _plain(text)


def _number(node):
    face = FACES.get(node.get("mathvariant"))
    return f"{face}{{{node.text}}}" if face else _plain(node.text)


def _scripts(node):
    base, *scripts = node
    tag = node.tag.rpartition("}")[2]
    if tag == "mover" and (scripts[0].text or "") in ACCENTS:
        return f"{ACCENTS[scripts[0].text]}{{{_write(base)}}}"
    names = {"msub": "_", "munder": "_", "msup": "^", "mover": "^"}.get(tag, "_^")
    written = dict(zip(names, map(_write, scripts), strict=True))
    above = written.get("^", "")
    primes = above[: len(above) - len(above.lstrip("'"))]
    above = above.lstrip("' ")
    text = _write(base) + primes
    text += f"_{{{written['_']}}}" if "_" in written else ""
    return text + (f"^{{{above}}}" if above else "")


def _fraction(node):
    return rf"\frac{{{_write(node[0])}}}{{{_write(node[1])}}}"


def _root(node):
    return rf"\sqrt{{{' '.join(map(_write, node))}}}"


def _words(node):
    return rf"\text{{{_text(node)}}}"


def _space(node):
    width = node.get("width", "0em")
    if width.startswith("-"):
        raise NotDrawnError(f"a distance of {width}")
    return SPACES.get(width, " ")


WRITERS = {
    "math": _row, "mrow": _row, "mstyle": _row, "mtd": _row, "mtable": _aligned,
    "mi": _identifier, "mo": _operator, "mn": _number, "mfrac": _fraction, "msqrt": _root,
    "msub": _scripts, "msup": _scripts, "msubsup": _scripts, "munder": _scripts,
    "mover": _scripts, "munderover": _scripts, "mtext": _words, "mspace": _space,
}  # fmt: skip
