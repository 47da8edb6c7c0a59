r"""The tree of a formula.

Every node is a ``Node(kind, args)``. Arguments are nodes, tuples of nodes, or plain strings.

============  ==========================================  =============================
kind          args                                        example
============  ==========================================  =============================
num           digits                                      ``2``
name          word, subscripts                            ``a_i``, ``D_{\mathrm{KL}}``
add           terms                                       ``a + b``
neg           term                                        ``-a``
mul           factors, with the strings ``/`` ``\odot``   ``a b``, ``a / b``
div           numerator, denominator                      ``\frac{a}{b}``
pow           base, exponent                              ``x^2``
transpose     matrix                                      ``A^\top``
sqrt abs norm argument                                    ``\lVert w \rVert``
fn            function, arguments                         ``\log x``, ``\max(a, b)``
paren         arguments, subscripts                       ``(a + b)``, ``(p, q)``
big           operator, letter, exception, low, high, x   ``\sum_{j \ne i} x_j``
expect        letter, distribution, x                     ``\mathbb{E}_{k \sim p}[x_k]``
argmax        letter, x                                   ``\operatorname*{argmax}_k x_k``
diff          variables, x                                ``\frac{\partial C}{\partial z_i}``
grad hess     variable, x                                 ``\nabla_{\mathbf{z}} C``
lim           variable, target, x                         ``\lim_{T \to 0^+} x``
iverson       left, relation, right                       ``\mathbb{1}[a = b]``
cases         (value, letter, relation, letter) rows      ``\begin{cases} ... \end{cases}``
============  ==========================================  =============================
"""

from typing import NamedTuple


class Node(NamedTuple):
    """One node of the tree."""

    kind: str
    args: tuple


def children(node):
    """Yield the nodes directly below a node, those in nested tuples too."""
    for arg in node.args if isinstance(node, Node) else node:
        if isinstance(arg, Node):
            yield arg
        elif isinstance(arg, tuple):
            yield from children(arg)


def names_in(node):
    """Return the words of all names in a tree."""
    found = {node.args[0]} if node.kind == "name" else set()
    for child in children(node):
        found |= names_in(child)
    return found
