r"""The tree of a formula.

Every node is a ``Node(kind, args)``. Arguments are nodes, tuples, plain strings or None.

============  ==========================================  =====================================
kind          args                                        example
============  ==========================================  =====================================
num           digits                                      ``2``
name          word, subscripts                            ``a_i``, ``D_{\mathrm{KL}}``
add           terms                                       ``a + b``
neg           term                                        ``-a``
mul           factors, with the strings ``/`` ``\odot``   ``a b``, ``a / b``
div           numerator, denominator                      ``\frac{a}{b}``
pow           base, exponent                              ``x^2``
transpose     matrix                                      ``A^\top``
entry         matrix, subscripts                          ``(A x)_i``
sqrt abs      argument                                    ``\sqrt{x}``, ``\lvert x \rvert``
norm          order (a digit), argument                   ``\lVert w \rVert_1``
fn            function, arguments                         ``\exp x``, ``\max(a, b)``
log           base or None, argument                      ``\log x``, ``\log_2 x``
paren         argument                                    ``(a + b)``
call          word, arguments, separators                 ``H(p, q)``, ``D(p \parallel q)``
prime         word, order, argument                       ``f'(x)``
big           operator, letter, relation, other, low,     ``\sum_{j \ne i} x_j``,
              high, body                                  ``\prod_{n=1}^{N} x_n``
expect        operator, letter, distribution, body        ``\mathbb{E}_{k \sim p}[x_k]``
argmax        operator, letter, body                      ``\operatorname*{argmax}_k x_k``
diff          variables, body                             ``\frac{\partial C}{\partial z_i}``
grad hess     variable, body                              ``\nabla_{\mathbf{z}} C``
lim           variable, target, body                      ``\lim_{T \to 0^+} x``
iverson       left, relation, right                       ``\mathbb{1}[a = b]``
cases         rows (value, left, relation, right)         ``\begin{cases} ... \end{cases}``
matrix        rows                                        ``\begin{pmatrix} ... \end{pmatrix}``
============  ==========================================  =====================================
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple


class Node(NamedTuple):
    """One node of the tree."""

    kind: str
    args: tuple[Any, ...]


def children(node: Node | tuple[Any, ...]) -> Iterator[Node]:
    """Yield the nodes directly below a node, those in nested tuples too."""
    for arg in node.args if isinstance(node, Node) else node:
        if isinstance(arg, Node):
            yield arg
        elif isinstance(arg, tuple):
            yield from children(arg)


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all nodes below it."""
    yield node
    for child in children(node):
        yield from walk(child)


def replace_below(args: tuple[Any, ...], change: Callable[[Node], Node]) -> tuple[Any, ...]:
    """Return the arguments of a node with every node in them changed."""
    return tuple(
        change(arg)
        if isinstance(arg, Node)
        else replace_below(arg, change)
        if isinstance(arg, tuple)
        else arg
        for arg in args
    )


def is_name(node: Node, word: str) -> bool:
    """Tell whether a node is a plain name."""
    return node == Node("name", (word, ()))
