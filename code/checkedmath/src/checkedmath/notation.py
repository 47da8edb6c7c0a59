"""What the letters of a formula stand for, as the {where} boxes of a book say it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from checkedmath.errors import FormulaError
from checkedmath.reading.binding import key_at, letters_at
from checkedmath.reading.display import Condition
from checkedmath.reading.parser import MATRIX_FUNCTIONS, read_name
from checkedmath.reading.tree import Node, walk

DOMAINS = ("real", "positive", "unit", "simplex")
CONSTANTS = ("ones", "zeros", "identity")
RESERVED = {"e", r"\pi", r"\delta_{ij}"}
LONGEST_LINE = 200
SMALLEST_SIZE, LARGEST_SIZE = 2, 9
HOW_TO = (
    "write a domain ("
    + ", ".join(DOMAINS)
    + ") and sizes, or 1..K for an index, or sizes, as 2 3 or only 2 3"
)


#: Two numbers and a relation of them.
Given = tuple[Node, str, Node]
#: How definitions are listed: functions by name and number of arguments, all else by name.
Key = str | tuple[str, int]


class Declaration(NamedTuple):
    """One line of a {where} box: names as written, their meaning, and what a reader is told."""

    names: tuple[str, ...]
    meaning: tuple[str, ...]
    comment: str

    @property
    def row(self) -> list[str]:
        """Names, meaning and comment as texts.

        Returns
        -------
        list of str
            Three of them, as a {where} box shows them.
        """
        return [", ".join(self.names), " ".join(self.meaning), self.comment]


class _Head(NamedTuple):
    """The left side of a definition."""

    word: str
    parameters: tuple[str, ...]
    letters: tuple[str, ...]
    separators: tuple[str, ...]


class Definition(NamedTuple):
    """What a name means: a formula, with the ranges that its index letters had when it was made.

    It depends on all names in it, through other definitions too; it rests on those of them that
    were defined when it was made. It sees no index letters of the formula in which the name occurs,
    unless it stands for a letter of a fact.
    """

    parameters: tuple[str, ...]
    letters: tuple[str, ...]
    body: Node
    ranges: dict[str, str]
    separators: tuple[str, ...]
    depends: frozenset[Key]
    rests: frozenset[Key]
    sees: tuple[str, ...] = ()

    def uses(self) -> set[str]:
        """Return the letters that stand in it.

        Returns
        -------
        set of str
            Below or under something, or alone; and the plain names.
        """
        nodes = list(walk(self.body))
        names = {node.args[0] for node in nodes if node.kind == "name"}
        return {*self.letters, *names, *(letter for node in nodes for letter in letters_at(node))}


class Fact(NamedTuple):
    r"""What a step, or a chain from its first side to its last, has shown; and for which letters.

    Attributes
    ----------
    relation : str
        ``=``, ``\le``, ...
    left, right : Node
        Its sides.
    conditions, given
        Where it holds: conditions on indices and sizes, and relations of numbers.
    method, sizes : str
        As those of a `Step`: how, and at which sizes.
    notation : Notation
        What its letters stood for.
    """

    relation: str
    left: Node
    right: Node
    conditions: tuple[Condition, ...]
    given: tuple[Given, ...]
    method: str
    sizes: str
    notation: Notation


@dataclass
class Notation:
    r"""The letters that a book has introduced so far.

    Attributes
    ----------
    sizes : dict
        Class counts and the like, each with a tuple of the sizes at which formulas are checked.
    indices : dict
        Index letters, each with the size it runs up to.
    symbols : dict
        Letters, each with its domain: ``(domain, size, ...)``.
    definitions : dict
        Names that ``:=`` has defined, each with its `Definition`; functions are listed by name and
        number of arguments.
    only : set of str
        Sizes of which no other values are meant than those named.
    facts : dict
        What has been shown, by the labels of formulas: what a reason may cite.
    ended : dict
        Names that have no meaning any more, each with the letter whose new meaning has ended it.
    page : str
        The page that is read, if there are several.
    here : set
        What has been defined on it, as `definitions` lists it.

    Examples
    --------
    >>> letters = Notation()
    >>> letters.declare("K: 2 3 4 — the number of classes")
    >>> letters.declare("z: real K — the logits")
    >>> letters.symbols["z"]
    ('real', 'K')
    """

    sizes: dict[str, tuple[int, ...]] = field(default_factory=dict)
    indices: dict[str, str] = field(default_factory=dict)
    symbols: dict[str, tuple[str, ...]] = field(default_factory=dict)
    definitions: dict[Key, Definition] = field(default_factory=dict)
    only: set[str] = field(default_factory=set)
    facts: dict[str, tuple[Fact, ...]] = field(default_factory=dict)
    ended: dict[str, str] = field(default_factory=dict)
    page: str = ""
    here: set[Key] = field(default_factory=set)

    def copy(self) -> Notation:
        """Return a notation that can be changed without changing this one.

        Returns
        -------
        Notation
            One that knows the same letters.
        """
        return Notation(
            dict(self.sizes),
            dict(self.indices),
            dict(self.symbols),
            dict(self.definitions),
            set(self.only),
            dict(self.facts),
            dict(self.ended),
            self.page,
            set(self.here),
        )

    @property
    def functions(self) -> set[str]:
        """The names that are functions.

        Returns
        -------
        set of str
            What stands before the parenthesis in ``f(x) := ...``.
        """
        return {key[0] for key in self.definitions if isinstance(key, tuple)}

    def open_page(self, name: str) -> None:
        """Go on to a page: there a name may be defined otherwise than on those before.

        Parameters
        ----------
        name : str
            How the page is called.
        """
        if name != self.page:
            self.page = name
            self.here.clear()

    # -- declarations

    def declare(self, text: str) -> None:
        """Take in a {where} box.

        A letter that is declared is free again: its definition is forgotten, and so are those that
        rest on that definition. If it is now another kind of number, all that depend on it go.

        Parameters
        ----------
        text : str
            Lines as ``z, v: real K — vectors``: names, a colon, what they stand for, and after a
            long dash what a reader is told.

        Raises
        ------
        FormulaError
            If a line has another form, a size is not declared, or a name is reserved.
        """
        for declaration in read_declarations(text):
            self.take_in(declaration)

    def take_in(self, declaration: Declaration) -> None:
        """Take in one line of a {where} box.

        Parameters
        ----------
        declaration : Declaration
            As `read_declarations` yields it.

        Raises
        ------
        FormulaError
            If a size is not declared, or a name is reserved.
        """
        for name in declaration.names:
            self._declare(read_name(name), declaration.meaning)

    def _declare(self, name: str, meaning: tuple[str, ...]) -> None:
        if name in RESERVED:
            raise FormulaError(f"{name} is a constant and cannot be declared")
        if name in (word.removeprefix("1..") for word in meaning):
            raise FormulaError(f"{name} cannot be declared by means of itself: rename the size")
        self.ended.pop(name, None)
        kind = meaning[0]
        if kind in DOMAINS + CONSTANTS:
            self._declare_symbol(name, meaning)
        elif kind.startswith("1.."):
            self._declare_index(name, meaning)
        else:
            self._declare_size(name, meaning)

    def _declare_size(self, name: str, meaning: tuple[str, ...]) -> None:
        said, meaning = meaning, meaning[meaning[0] == "only" :]
        if not meaning or not all(word.isdecimal() for word in meaning):
            raise FormulaError(f"{name}: {' '.join(said)}: {HOW_TO}")
        sizes = tuple(map(int, meaning))
        if not all(SMALLEST_SIZE <= size <= LARGEST_SIZE for size in sizes):
            raise FormulaError(f"{name}: sizes go from {SMALLEST_SIZE} to {LARGEST_SIZE}")
        self._forget(name, keep=self.sizes)
        self.sizes[name] = sizes
        self.only.discard(name)
        if said != meaning:
            self.only.add(name)

    def _declare_index(self, name: str, meaning: tuple[str, ...]) -> None:
        size = meaning[0][3:]
        if len(meaning) > 1:
            raise FormulaError(f"{name}: {' '.join(meaning)}: {HOW_TO}")
        self._known_size(size, name)
        self._forget(name, keep=self.indices)
        self.indices[name] = size

    def _declare_symbol(self, name: str, meaning: tuple[str, ...]) -> None:
        for size in meaning[1:]:
            self._known_size(size, name)
        if len(meaning) > 3:
            raise FormulaError(f"{name}: at most two indices")
        if meaning[0] == "identity":
            meaning = (*meaning, *meaning[1:2])
        if meaning[0] in ("simplex", *CONSTANTS) and len(meaning) == 1:
            raise FormulaError(f"{name}: say the size, as in `{meaning[0]} K`")
        if self.symbols.get(name) == meaning:
            self._forget_definitions({name})
        else:
            self._forget(name, keep={})
        self.symbols[name] = meaning

    def _known_size(self, size: str, name: str) -> None:
        if size not in self.sizes:
            raise FormulaError(f"{name}: the size {size!r} has not been declared")

    def _forget(self, name: str, keep: Mapping[str, object]) -> None:
        """Drop what a name stood for, and all definitions that depend on it."""
        if name in self.sizes and keep is not self.sizes:
            self._forget_what_runs_up_to(name)
        known = name in keep
        tables: tuple[dict[str, Any], ...] = (self.sizes, self.indices, self.symbols)
        for table in tables:
            if table is not keep:
                table.pop(name, None)
        before = set(self.definitions)
        self._forget_definitions({name})
        for key, definition in list(self.definitions.items()):
            if not known and name in definition.depends:
                del self.definitions[key]
        self._end(before - self.definitions.keys() - {name}, name)

    def _forget_what_runs_up_to(self, size: str) -> None:
        """Drop the index letters and arrays of a size, and the definitions that use them."""
        letters = [letter for letter, end in self.indices.items() if end == size]
        arrays = [word for word, domain in self.symbols.items() if size in domain[1:]]
        for name in (*letters, *arrays):
            self._forget(name, keep={})
        self._end({*letters, *arrays}, size)
        before = set(self.definitions)
        for key, definition in list(self.definitions.items()):
            if any(definition.ranges.get(letter) == size for letter in definition.uses()):
                self._forget_definitions({key})
        self._end(before - self.definitions.keys(), size)

    def _end(self, gone: Iterable[Key], by: str) -> None:
        """Note that some names have no meaning any more, because a letter has a new one."""
        for key in gone:
            self.ended.setdefault(_word(key), by)

    def _forget_definitions(self, gone: set[Key]) -> None:
        """Drop definitions, and those that rest on them."""
        for key, definition in list(self.definitions.items()):
            if key in gone or gone & definition.rests:
                del self.definitions[key]

    # -- definitions

    def define(self, left: Node, right: Node) -> Definition:
        """Take in ``left := right`` -> the definition.

        A new definition of a name ends those that rest on the old one.

        Parameters
        ----------
        left, right : Node
            The two sides of ``:=``.

        Returns
        -------
        Definition
            What has been taken in. Nothing is computed: whether the right side makes sense is
            found out by a `Derivation`.

        Raises
        ------
        FormulaError
            If the left side cannot be defined, or is defined by means of itself.
        """
        word, parameters, letters, separators = _head(left)
        key: Key = (word, len(parameters)) if parameters else word
        if word in RESERVED | MATRIX_FUNCTIONS or word in self.sizes or word in self.indices:
            raise FormulaError(f"{word} already stands for something else")
        self._check_letters(letters)
        self._check_parameters(word, parameters)
        depends = self._depends(right, parameters)
        if key in depends:
            raise FormulaError(f"{word} is defined by means of itself")
        rests = depends & self.definitions.keys()
        ranges = dict(self.indices)
        new = Definition(parameters, letters, right, ranges, separators, depends, frozenset(rests))
        self._refuse_second_meaning(key, new)
        old = self.definitions.get(key, new)
        if old[:3] != new[:3]:
            self._forget_definitions({key})
        _refuse_hidden_arguments({**self.definitions, key: new})
        self.definitions[key] = new
        self.here.add(key)
        self.ended.pop(word, None)
        return new

    def _refuse_second_meaning(self, key: Key, new: Definition) -> None:
        """Refuse a name that a page defines in two ways, or as number and function."""
        word, is_function = _word(key), isinstance(key, tuple)
        for other in [*self.definitions]:
            if _word(other) == word and isinstance(other, tuple) != is_function:
                if other in self.here:
                    raise FormulaError(f"{word} is a number and a function on this page")
                self._forget_definitions({other})
        old = self.definitions.get(key, new)
        if key in self.here and old[:3] != new[:3]:
            raise FormulaError(
                f"{word} has another definition on this page",
                remedy="give one of the two another name",
            )

    def _check_parameters(self, word: str, parameters: tuple[str, ...]) -> None:
        """Refuse a function that is the slope of another, and arguments with a fixed meaning."""
        function = word.rstrip("'")
        if parameters and word != function:
            raise FormulaError(f"{word} is the slope of {function}: rename it")
        for kind, taken in (("size", self.sizes.keys()), ("function", {word, *self.functions})):
            for parameter in taken & {*parameters}:
                raise FormulaError(f"{parameter} is a {kind} and cannot be an argument: rename one")

    def _check_letters(self, letters: tuple[str, ...]) -> None:
        for letter in letters:
            if letter not in self.indices:
                raise FormulaError(f"{letter} is no index letter, so it cannot stand on the left")
        if len(set(letters)) < len(letters) or len(letters) > 2:
            raise FormulaError("on the left of a definition stand at most two different indices")

    def _depends(self, body: Node, parameters: tuple[str, ...]) -> frozenset[Key]:
        """Return the keys of all that a formula rests on, through definitions too."""
        direct = _names_in(body, {*parameters, *self.indices})
        through = [self.definitions[key].depends for key in direct if key in self.definitions]
        return frozenset(direct.union(*through))


def _word(key: Key) -> str:
    """Return the name itself of what definitions list."""
    return key if isinstance(key, str) else key[0]


def _refuse_hidden_arguments(definitions: Mapping[Key, Definition]) -> None:
    """Refuse a function whose argument stands in another definition that it uses.

    There the letter is not the argument but the letter of the page, and a reader cannot tell.
    """
    for key, function in definitions.items():
        for used in sorted(_stands_in(function), key=repr) if function.parameters else ():
            below = _all_below(used, definitions)
            for hidden in (each for each in function.parameters if each in below):
                word, through = _word(key), _word(used)
                raise FormulaError(
                    f"{hidden} is the argument of {word}, but stands in the definition of {through}"
                    f" as well, which {word} uses, and would not be the argument there",
                    remedy=f"write out what {through} is in the definition of {word},"
                    f" or make {through} a function of {hidden}",
                )


def _names_in(body: Node, without: set[str]) -> set[Key]:
    """Return the names that stand in a tree, as definitions list them, but for some."""
    return {key for key in map(key_at, walk(body)) if key is not None} - without


def _stands_in(definition: Definition) -> set[Key]:
    """Return the names that stand in a definition itself, but for its arguments and indices."""
    return _names_in(definition.body, {*definition.parameters, *definition.ranges})


def _all_below(key: Key, definitions: Mapping[Key, Definition]) -> set[Key]:
    """Return the names that stand in what a name is defined to be, through definitions too."""
    found: set[Key] = set()
    left = [key]
    while left:
        definition = definitions.get(left.pop())
        new = _stands_in(definition) - found if definition else set()
        found |= new
        left += new
    return found


def _head(left: Node) -> _Head:
    """Take the left side of a definition apart."""
    letters: tuple[str, ...] = ()
    if left.kind == "entry":
        left, letters = left.args
    if left.kind == "name":
        return _Head(left.args[0], (), left.args[1], ())
    if left.kind != "call":
        raise FormulaError("a definition reads  L := …,  a_i := …,  f(x, y) := …  or  f(x)_i := …")
    word, arguments, separators = left.args
    names = [each.args[0] for each in arguments if each.kind == "name" and not each.args[1]]
    if len(set(names)) < len(arguments):
        raise FormulaError("the arguments of a definition are different plain letters")
    return _Head(word, tuple(names), letters, separators)


def read_declarations(text: str) -> Iterator[Declaration]:
    """Yield the lines of a {where} box.

    Parameters
    ----------
    text : str
        The text of the box.

    Yields
    ------
    Declaration
        One for each line that is not empty.

    Raises
    ------
    FormulaError
        If a line has another form.

    Examples
    --------
    >>> [declaration.row for declaration in read_declarations("p, q: simplex K — distributions")]
    [['p, q', 'simplex K', 'distributions']]
    """
    seen: dict[str, str] = {}
    for line in text.splitlines():
        if not line.strip():
            continue
        head, colon, rest = line.partition(":")
        meaning, _, comment = rest.partition("—")
        names = tuple(name.strip() for name in head.split(","))
        readable = colon and meaning.split() and all(names) and len(head + meaning) < LONGEST_LINE
        if not readable:
            shown = line.strip()[:60]
            raise FormulaError(f"cannot read {shown!r}: write `z: real K — the logits`")
        for name in names:
            first = seen.get(letter := read_name(name))
            if first is not None:
                said = "" if first == name else f", first as {first}, which is the same letter"
                raise FormulaError(f"{name} is declared twice in one box{said}")
            seen[letter] = name
        yield Declaration(names, tuple(meaning.split()), comment.strip())
