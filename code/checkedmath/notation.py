"""What the letters of a formula stand for, as the {where} boxes of a book say it."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from checkedmath.errors import FormulaError
from checkedmath.nodes import Node, names_in

DOMAINS = ("real", "positive", "unit", "simplex")
RESERVED = {"e", r"\pi"}
LARGEST_SIZE = 9
NAME = re.compile(r"\\?[A-Za-z]+'?(?:_\\[A-Za-z]+\{[A-Za-z]+\})?|\\(?:bar|hat|tilde)\{[A-Za-z]\}")


class Declaration(NamedTuple):
    """One line of a {where} box."""

    names: tuple
    meaning: tuple
    comment: str


class Definition(NamedTuple):
    """What a name means: a formula, with the ranges that its index letters had when it was made."""

    parameters: tuple
    letters: tuple
    body: Node
    ranges: dict
    depends: frozenset


@dataclass
class Notation:
    r"""The letters that a book has introduced so far.

    Attributes
    ----------
    sizes : dict of str to tuple of int
        Class counts and the like, with the sizes at which formulas are checked.
    indices : dict of str to str
        Index letters, with the size they run up to.
    symbols : dict of str to tuple
        Letters with a domain: ``(domain, size, ...)``.
    definitions : dict
        Names that ``:=`` has defined; functions are listed by name and number of arguments.

    Examples
    --------
    >>> letters = Notation()
    >>> letters.declare("K: 2 3 — the number of classes\nz: real K — the logits")
    >>> letters.symbols["z"]
    ('real', 'K')
    """

    sizes: dict = field(default_factory=dict)
    indices: dict = field(default_factory=dict)
    symbols: dict = field(default_factory=dict)
    definitions: dict = field(default_factory=dict)

    def copy(self):
        """Return a notation that can be changed without changing this one."""
        return Notation(
            dict(self.sizes), dict(self.indices), dict(self.symbols), dict(self.definitions)
        )

    @property
    def functions(self):
        """The names that are functions."""
        return {key[0] for key in self.definitions if isinstance(key, tuple)}

    @staticmethod
    def read_declarations(text):
        """Return the lines of a {where} box as ``(names, meaning, comment)``."""
        return [
            Declaration(", ".join(d.names), " ".join(d.meaning), d.comment) for d in _lines(text)
        ]

    def declare(self, text):
        """Take in a {where} box.

        Saying the same of a letter again changes nothing. Saying something else starts it afresh,
        and what was defined by means of it is forgotten.
        """
        for declaration in _lines(text):
            for name in declaration.names:
                self._declare(name, declaration.meaning)

    def _declare(self, name, meaning):
        if name in RESERVED:
            raise FormulaError(f"{name} is a constant and cannot be declared")
        kind = meaning[0]
        if kind in DOMAINS:
            self._symbol(name, meaning)
        elif kind.startswith("1.."):
            self._known_size(kind[3:], name)
            self.symbols.pop(name, None)
            self.indices[name] = kind[3:]
        elif all(word.isdigit() and 1 <= int(word) <= LARGEST_SIZE for word in meaning):
            self.sizes[name] = tuple(map(int, meaning))
        else:
            raise FormulaError(
                f"{name}: {' '.join(meaning)}: write a domain ({', '.join(DOMAINS)}) and sizes,"
                f" or 1..K for an index, or sizes from 1 to {LARGEST_SIZE}"
            )

    def _symbol(self, name, meaning):
        for size in meaning[1:]:
            self._known_size(size, name)
        if len(meaning) > 3:
            raise FormulaError(f"{name}: at most two indices")
        if meaning[0] == "simplex" and len(meaning) == 1:
            raise FormulaError(f"{name}: a simplex needs a size, as in `simplex K`")
        if self.symbols.get(name) == meaning:
            return
        self.indices.pop(name, None)
        self.definitions.pop(name, None)
        self.symbols[name] = meaning
        for key, definition in list(self.definitions.items()):
            if name in definition.depends:
                del self.definitions[key]

    def _known_size(self, size, name):
        if size not in self.sizes:
            raise FormulaError(f"{name}: the size {size} has not been declared")

    def define(self, left, right):
        """Take in ``left := right``."""
        if left.kind == "name":
            key, parameters, letters = left.args[0], (), left.args[1]
        elif left.kind == "mul" and [part.kind for part in left.args] == ["name", "paren"]:
            (word, _), (arguments, letters) = left.args[0].args, left.args[1].args
            if any(a.kind != "name" or a.args[1] for a in arguments):
                raise FormulaError("the arguments of a definition are plain letters")
            parameters = tuple(a.args[0] for a in arguments)
            key = word, len(parameters)
        else:
            raise FormulaError(
                "a definition reads  L := …,  a_i := …,  f(x, y) := …  or  f(x)_i := …"
            )
        for letter in letters:
            if letter not in self.indices:
                raise FormulaError(
                    f"{letter!r} is no index letter, so it cannot be defined for all"
                )
        self._refuse_taken(key)
        ranges = dict(self.indices)
        depends = self._depends(right) - set(parameters)
        self.definitions[key] = Definition(parameters, letters, right, ranges, depends)

    def _refuse_taken(self, key):
        word = key if isinstance(key, str) else key[0]
        if word in RESERVED or word in self.sizes or word in self.indices:
            raise FormulaError(f"{word} already stands for something else")

    def _depends(self, node):
        """Return all names that a formula rests on, through definitions too."""
        found = names_in(node)
        for name in list(found):
            for key, definition in self.definitions.items():
                if key == name or (isinstance(key, tuple) and key[0] == name):
                    found |= definition.depends
        return frozenset(found)


def _lines(text):
    for line in text.splitlines():
        if not line.strip():
            continue
        head, colon, rest = line.partition(":")
        meaning, _, comment = rest.partition("—")
        names = tuple(name.strip() for name in head.split(","))
        if not colon or not meaning.split() or not all(NAME.fullmatch(name) for name in names):
            raise FormulaError(f"cannot read {line.strip()!r}: write `z: real K — the logits`")
        yield Declaration(names, tuple(meaning.split()), comment.strip())
