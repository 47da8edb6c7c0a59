"""A derivation: a displayed formula whose every step has been checked."""

from __future__ import annotations

import contextlib
import itertools
import math
import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any, NamedTuple

from sympy.matrices.exceptions import MatrixError

from checkedmath.deciding.approaching import refuse_unsettled, require_close
from checkedmath.deciding.beyond import (
    BY_INDICES,
    MOST_SUGGESTED_WORK,
    Trial,
    near_trials,
    other_trials,
    some,
    try_beyond,
)
from checkedmath.deciding.boxes import search_boxes
from checkedmath.deciding.claims import decide, of_each
from checkedmath.deciding.judging import (
    Claim,
    Counterexample,
    Parted,
    Undecided,
    Unsettled,
    readable,
)
from checkedmath.deciding.requirements import (
    claim_of,
    is_missing,
    require,
    require_beyond,
    require_steps,
)
from checkedmath.deciding.unknown_sizes import Unknowns
from checkedmath.deciding.valleys import MOST_LETTERS
from checkedmath.errors import CheckError, FormulaError, TooMuch, WrongStep, in_words
from checkedmath.every_size import prover
from checkedmath.facts.citing import how_shown
from checkedmath.facts.keeping import facts_of
from checkedmath.inequalities.prover import Asked, proof
from checkedmath.meaning.arithmetic import scalar
from checkedmath.meaning.evaluator import Evaluator
from checkedmath.meaning.limits import MOST_CASES, VALUES, Budget
from checkedmath.meaning.names import Names, sizes_in
from checkedmath.notation import Definition, Fact, Notation
from checkedmath.reading.binding import (
    ScopeError,
    UnusedLetterError,
    check_letters,
    free_letters,
)
from checkedmath.reading.display import Condition, Row, rows
from checkedmath.reading.parser import Parser, Side, leading_relation
from checkedmath.reading.printer import read
from checkedmath.reading.reasons import cited, with_citations
from checkedmath.reading.setting import shown
from checkedmath.reading.tree import Node
from checkedmath.steps import Step, weakest

#: Where the points come from: the same for every chain, so that no verdict rests on names.
SEED = 14
#: What an author can do about sides that may be equal somewhere.
WEAKER = {">": r"write \ge if they may be equal, or ", "<": r"write \le if they may be equal, or "}
LEAVE_OUT = r"give a condition that leaves the place out, as `\quad (x > 0)`"
#: What an author can do about a condition on a size that no declared size meets.
DECLARE_MORE = "declare sizes at which it holds, as `K: 2 3 5`, or change the condition"
#: What an author can do about a limit that is none somewhere.
WHERE_IT_IS_ONE = (
    r"give a condition under which the limit exists, as `\quad (x > 0)`, or leave it out"
)
#: The same about what is no number, as the logarithm of a negative one.
IF_POSITIVE = (
    r": declare as positive what has a logarithm or a root, or give a condition, as `\quad (x > 0)`"
)
#: The share of the work at sizes that are not named where all steps are proved, though values may
#: still be no numbers there.
SHARE_OF_PROVED = 0.03
#: What is wrong with a sum that looks like one over pairs, and what an author can do.
PAIRS = "ambiguous: {} stands only where something goes over another letter and is restricted by it"
OVER_PAIRS = (
    r"for each {0} by itself write `\quad ({0} \ge 1)` behind it; for all pairs put a sum over {0}"
    " before it"
)
#: The methods that are proofs: for every size, and for those that are named.
PROOFS = ("every K", "exact")
#: The same about a definition that cites one.
NO_FACT = "take the citation out, or state the equation on a row of its own"
#: The same about a definition with a condition.
CASES = r"take the condition out, or write \begin{cases} ... \end{cases} on the right"
#: The values of the free index letters.
Env = dict[str, int]
#: What tries a claim, and raises a Counterexample if it fails.
Attempt = Callable[[Claim, Evaluator, random.Random], None]


class Chain(NamedTuple):
    """Sides, the relations between them, the reasons of these, and the conditions of all."""

    sides: list[Side]
    relations: list[str]
    reasons: list[str]
    conditions: tuple[Condition, ...]

    @property
    def condition(self) -> str:
        """The conditions as a text."""
        return ", ".join(map(str, self.conditions))


class Derivation:
    r"""Read a displayed formula and check every step of it.

    Parameters
    ----------
    latex : str
        The formula, as it stands between the dollars.
    notation : Notation
        What its letters stand for. A formula with ``:=`` adds its definition to it.
    label : str, optional
        How the formula is called in messages.

    Raises
    ------
    FormulaError
        If it cannot be read, or makes no sense.
    WrongStep
        At the first step that is false.

    Examples
    --------
    >>> from checkedmath import Notation
    >>> letters = Notation()
    >>> letters.declare("x, y: real")
    >>> Derivation("(x + y)^2 = x^2 + 2 x y + y^2", letters).steps[0].method
    'exact'
    >>> Derivation("(x + y)^2 = x^2 + y^2", letters)
    Traceback (most recent call last):
    checkedmath.errors.WrongStep: formula, step 1: the page says left = right, but at ...
    """

    def __init__(self, latex: str, notation: Notation, label: str = "formula") -> None:
        self.latex, self.label = latex.strip(), label
        self.steps: list[Step] = []
        self.notation = notation
        facts: list[Fact] = []
        start = time.perf_counter()
        try:
            self.shown = shown(rows(self.latex))
            again = read_chains(self.shown, notation)
            for chain, printed in zip(read_chains(self.latex, notation), again, strict=True):
                if printed != chain:
                    raise FormulaError(f"it is printed as {self.shown}, which reads otherwise")
                check = ChainCheck(chain, notation, label)
                steps = check.run()
                self.steps += steps
                facts += check.facts(steps)
        except FormulaError as error:
            raise error.of(label) from None
        except RecursionError:
            raise FormulaError(f"{label}: nested too deeply") from None
        notation.facts[label] = tuple(facts)
        self.seconds = time.perf_counter() - start

    def record(self) -> dict[str, Any]:
        """Return all that is known of it; only `seconds` varies.

        Returns
        -------
        dict
            With ``label``, ``latex``, ``shown``, ``steps`` and ``seconds``, all of which JSON can
            hold. What is shown is the checker's own printing of what it has read.
        """
        steps = [asdict(step) | {"rules": list(step.rules)} for step in self.steps]
        return {
            "label": self.label,
            "latex": self.latex,
            "shown": self.shown,
            "steps": steps,
            "seconds": self.seconds,
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any], notation: Notation) -> Derivation:
        """Return a derivation that was checked before; its definitions go into the notation.

        Parameters
        ----------
        record : dict
            What `record` returned.
        notation : Notation
            What was declared and defined before it.

        Returns
        -------
        Derivation
            The same derivation. Nothing is checked again.
        """
        derivation = cls.__new__(cls)
        derivation.latex, derivation.label = record["latex"], record["label"]
        derivation.notation, derivation.seconds = notation, record["seconds"]
        derivation.shown = record["shown"]
        derivation.steps = [
            Step(**{**step, "rules": tuple(step["rules"])}) for step in record["steps"]
        ]
        notation.facts[derivation.label] = tuple(derivation.taken_in())
        return derivation

    def taken_in(self) -> Iterator[Fact]:
        """Take the definitions of what was checked before into the notation; yield its facts."""
        steps = iter(self.steps)
        for chain in read_chains(self.latex, self.notation):
            if chain.relations[0] == ":=":
                self.notation.define(chain.sides[0].node, chain.sides[1].node)
            check = ChainCheck(chain, self.notation, self.label)
            yield from check.facts(list(itertools.islice(steps, len(chain.relations))))

    def _repr_latex_(self) -> str:
        return f"$$\n{with_citations(self.shown, '({})'.format)}\n$$"


# -- reading


def read_chains(latex: str, notation: Notation) -> Iterator[Chain]:
    """Yield the chains of a displayed formula; a row that begins with no relation starts one."""
    group: list[Row] = []
    for row in rows(latex):
        if group and not leading_relation(row.text):
            yield read_chain(group, notation)
            group = []
        group.append(row)
    if not group:
        raise FormulaError("there is no formula")
    yield read_chain(group, notation)


def read_chain(group: list[Row], notation: Notation) -> Chain:
    """Read the rows of one chain."""
    if leading_relation(group[0].text):
        raise FormulaError("the first row begins with a relation", group[0].text, 0)
    sides: list[Side] = []
    relations: list[str] = []
    reasons: list[str] = []
    parsers = [Parser(row.text, functions_in(row.text, notation)) for row in group]
    for row, parser in zip(group, parsers, strict=True):
        read = parser.row()
        between = [read.first, *read.relations] if read.first else read.relations
        reasons += [row.reason] + [""] * (len(between) - 1) if between else []
        sides += read.sides
        relations += between
    conditions = tuple(dict.fromkeys(each for row in group for each in row.conditions))
    if not relations:
        raise FormulaError("it states nothing: there is no relation in it", group[0].text, 0)
    if ":=" in relations[1:]:
        raise FormulaError(r"a definition := stands at the beginning", group[0].text, 0)
    check_applied(parsers, conditions, notation)
    return Chain(sides, relations, reasons, conditions)


def check_applied(
    parsers: list[Parser], conditions: Iterable[Condition], notation: Notation
) -> None:
    """Refuse a number that is only seen to look like a function."""
    alone = {letter for condition in conditions for letter in condition.letters()}
    alone = alone.union(*(parser.alone for parser in parsers))
    for parser in parsers:
        for word, (at, indexed) in parser.applied.items():
            known = word in notation.sizes or word in notation.definitions
            is_number = known or indexed or len(notation.symbols.get(word, ())) == 1
            if is_number and word not in alone:
                parser.at = at
                parser.fail(
                    rf"ambiguous: {word} is a number and looks like a function:"
                    rf" write {word} \cdot (...)"
                )


def functions_in(text: str, notation: Notation) -> set[str]:
    """Return the names that are functions in a row: those known, and the one it defines."""
    head, defines, _ = text.partition(":=")
    name, parenthesis, _ = head.partition("(")
    if not (defines and parenthesis and name.strip()):
        return notation.functions
    return notation.functions | {Parser(name.replace(r"\left", "")).bare_name()[0]}


# -- checking


class ChainCheck:
    """Check one chain.

    Every side is computed at all sizes that occur in it and for all values of its free index
    letters. Sizes that do not occur are not varied.
    """

    def __init__(self, chain: Chain, notation: Notation, label: str) -> None:
        self.chain, self.notation, self.label = chain, notation, label
        self.random = random.Random(SEED)
        self.nodes = [side.node for side in chain.sides]
        self.conditions, self.given = self.parted_conditions()
        self.defines = chain.relations[0] == ":="
        self.methods: list[set[str]] = [set() for _ in chain.relations]
        #: Whether some value may be no number somewhere, as far as is proved.
        self.doubtful = False
        self.seconds = [0.0 for _ in chain.relations]
        self.rules: list[tuple[str, ...]] = [() for _ in chain.relations]
        self.shown_at = ["" for _ in chain.relations]
        self.budget = Budget()
        self.sizes: set[str] = set()
        self.most_indices = -1

    def run(self) -> list[Step]:
        """Return the steps."""
        if self.defines:
            if cited(self.chain.reasons[0]):
                raise FormulaError("a definition rests on no fact", remedy=NO_FACT)
            if self.chain.conditions:
                raise FormulaError("a definition holds everywhere", remedy=CASES)
            self.define()
        if not self.defines or len(self.nodes) > 2:
            self.letters = self.check_scope()
            self.sizes = self.occurring_sizes()
            self.check_everywhere()
            self.generalise()
            if self.sizes:
                self.check_beyond()
            self.look_into_boxes()
        return [self.step(n) for n in range(len(self.chain.relations))]

    def step(self, n: int) -> Step:
        """Return a step that has been checked."""
        chain = self.chain
        shown = self.methods[n] | ({"sampled"} if self.doubtful else set())
        method = "definition" if n < self.defines else weakest(shown)
        left, right = (side.text for side in chain.sides[n : n + 2])
        return Step(
            chain.relations[n], chain.reasons[n], chain.condition, left, right, method,
            self.seconds[n], self.shown_at[n] or self.said_sizes, self.rules[n],
            cited(chain.reasons[n]),
        )  # fmt: skip

    def facts(self, steps: list[Step]) -> list[Fact]:
        """Return what the chain has shown: its steps, and what its first and last side are."""
        conditions = tuple(self.conditions), tuple(self.given)
        return facts_of(self.nodes, steps, conditions, self.notation)

    @property
    def said_sizes(self) -> str:
        """The sizes that occur, with the values at which it is checked, as a text."""
        found = []
        for size in (size for size in self.notation.sizes if size in self.sizes):
            about = [each for each in self.chain.conditions if each.letters() == [size]]
            values = [
                str(value)
                for value in self.notation.sizes[size]
                if all(condition.holds({size: value}) for condition in about)
            ]
            found.append(f"{size} = {', '.join(values)}")
        return "; ".join(found)

    def wrong(self, step: int, **findings: Any) -> WrongStep:
        """Return the error for a wrong step, counted from one."""
        reason = self.chain.reasons[step - 1]
        return WrongStep(self.label, step, reason, **findings)

    def parted_conditions(self) -> tuple[list[Condition], list[tuple[Node, str, Node]]]:
        """Return the conditions on indices and sizes, and those on numbers as trees."""
        countable = self.notation.indices.keys() | self.notation.sizes.keys()
        on_indices = [
            each for each in self.chain.conditions if countable.issuperset(each.letters())
        ]
        on_numbers = [each for each in self.chain.conditions if each not in on_indices]
        return on_indices, [(read(x.left), x.relation, read(x.right)) for x in on_numbers]

    # -- definitions

    def define(self) -> None:
        """Take the definition into the notation, if its right side makes sense."""
        left, right = self.nodes[:2]
        trial = self.notation.copy()
        definition = trial.define(left, right)
        self.check_definition_letters(definition)
        names = Names(trial)
        for key in sorted(definition.depends, key=repr):
            names.check_key(key)
        if not definition.parameters:
            evaluator = Evaluator(trial, {size: values[0] for size, values in trial.sizes.items()})
            self.values_of([left], evaluator, dict.fromkeys(definition.letters, 1))
        self.notation.define(left, right)

    def check_definition_letters(self, definition: Definition) -> None:
        """Refuse a definition whose right side has other free letters than its left."""
        right = definition.body
        indices = set(self.notation.indices) - set(definition.parameters)
        try:
            check_letters(right, indices, {*definition.letters, *definition.parameters})
            stray = free_letters(right, indices) - set(definition.letters)
            if stray:
                raise ScopeError(f"the index {min(stray)!r} is free on the right, not on the left")
        except ScopeError as error:
            raise self.wrong(1, message=str(error)) from None

    # -- the discipline of letters

    def check_scope(self) -> list[str]:
        """Return the free letters of the chain; refuse a side with others."""
        indices = set(self.notation.indices)
        free = [free_letters(node, indices) for node in self.nodes]
        restricted = {x for each in self.chain.conditions for x in each.letters()}
        known = free[0] | (set().union(*free) & restricted)
        for n, node in enumerate(self.nodes):
            try:
                check_letters(node, indices, known | free[n])
            except UnusedLetterError as error:
                raise FormulaError(str(error)) from None
            except ScopeError as error:
                raise self.wrong(max(n, 1), message=str(error)) from None
            if free[n] - known:
                letter = self.in_order(free[n] - known)[0]
                message = (
                    f"the index {letter!r} is free here, and the side that the chain starts from"
                    f" has no {letter}. Is a sum over {letter} missing? If it holds for every"
                    f" {letter}, begin with this side"
                )
                raise self.wrong(max(n, 1), message=message)
        self.refuse_lone_partners(known, restricted)
        self.check_conditions(known)
        return self.in_order(known)

    def refuse_lone_partners(self, known: set[str], elsewhere: set[str]) -> None:
        """Refuse a sum over i, as it is read, that looks like one over pairs i and j."""
        indices = set(self.notation.indices)
        alone = known - elsewhere
        alone -= set().union(*[free_letters(x, indices, partners=False) for x in self.nodes])
        if alone:
            letter = self.in_order(alone)[0]
            raise FormulaError(PAIRS.format(letter), remedy=OVER_PAIRS.format(letter))

    def in_order(self, letters: set[str]) -> list[str]:
        """Return index letters as they were declared: their names decide nothing."""
        return [letter for letter in self.notation.indices if letter in letters]

    def check_conditions(self, free: set[str]) -> None:
        """Refuse a condition on indices that are not free."""
        for condition in self.conditions:
            for letter in condition.letters():
                if letter not in free and letter not in self.notation.sizes:
                    raise FormulaError(
                        f"the condition {condition} restricts {letter},"
                        " which is no free index of the formula and no size"
                    )
        indices = self.notation.indices.keys()
        for left, relation, right in self.given:
            letters = free_letters(left, indices) | free_letters(right, indices)
            if letters - free:
                raise FormulaError(
                    f"the condition with {relation} has the index {min(letters - free)},"
                    " which is not free in the formula"
                )

    # -- sizes and indices

    def occurring_sizes(self) -> set[str]:
        """Return the sizes in the sides and conditions; no others have to be varied."""
        return sizes_in(self.nodes, self.notation) | self.restricted_sizes()

    def restricted_sizes(self) -> set[str]:
        """Return the sizes that conditions are about."""
        letters = {letter for condition in self.conditions for letter in condition.letters()}
        return letters & self.notation.sizes.keys()

    def check_everywhere(self) -> None:
        """Check all steps at all sizes and index values."""
        self.refuse_many_letters()
        cases = 0
        for sizes in self.size_choices():
            evaluator = Evaluator(self.notation, sizes, self.budget)
            for env in self.index_choices(sizes):
                given = self.given_claims(evaluator, env)
                if not any(claim.never_holds for claim in given):
                    cases += 1
                    self.check_case(evaluator, env, given)
            counts = (len(found) for _, found in evaluator.atoms)
            self.most_indices = max(self.most_indices, max(counts, default=-1))
        if not cases:
            raise self.never_holds()

    def never_holds(self) -> FormulaError:
        """Return the error for conditions that hold at no size and index that are tried."""
        declared = [
            f"{size}: {' '.join(map(str, self.notation.sizes[size]))}"
            for size in sorted(self.restricted_sizes())
        ]
        where = f" at the sizes that are declared, {', '.join(declared)}" if declared else ""
        return FormulaError(
            f"its condition never holds{where}: {self.chain.condition}",
            remedy=DECLARE_MORE if declared else "",
        )

    def generalise(self) -> None:
        """Note the steps that are proved, for all sizes and not only for those that were tried."""
        for n in range(self.defines, len(self.methods)):
            start = time.perf_counter()
            if label := cited(self.chain.reasons[n]):
                self.cite(n, label)
            elif (rules := self.proof(n)) is not None:
                self.methods[n] = {"every K" if self.sizes else "exact"}
                self.rules[n] = tuple(rules)
            self.seconds[n] += time.perf_counter() - start

    def cite(self, n: int, label: str) -> None:
        """Let a step be as sure as the fact of which it is a case, and no surer."""
        sides = self.nodes[n], self.nodes[n + 1]
        step = Asked(
            self.chain.relations[n], sides, tuple(self.letters), self.conditions, self.given
        )
        method, sizes = how_shown(step, label, self.notation)
        if method == "exact":
            method, self.shown_at[n] = "exact" if sizes or not self.sizes else "every K", sizes
        self.methods[n] = {method}

    def proof(self, n: int) -> list[str] | None:
        """Return the rules that prove a step for all sizes: none if it is algebra alone."""
        relation, left, right = self.chain.relations[n], *self.nodes[n : n + 2]
        letters, notation, conditions = self.letters, self.notation, self.conditions
        by_algebra = relation == "=" and self.methods[n] == {"exact"}
        if by_algebra and not self.sizes:
            return []
        if by_algebra and prover.proves(left, right, letters, notation, conditions):
            return []
        return proof(relation, left, right, letters, notation, conditions, self.given)

    def check_beyond(self) -> None:
        """Try the steps that are not proved for every size at sizes that are not named.

        What has to hold for values to be numbers is tried there whatever is proved of the steps.
        """
        named = self.notation.sizes
        varied = {x: named[x] for x in named if x in self.sizes - self.notation.only}
        if not varied:
            return
        tried = BY_INDICES[self.most_indices]
        nodes = [*self.nodes, *(read(x.right) for x in self.conditions)]
        fixed = self.least_sizes()
        unknowns = Unknowns(nodes, self.notation, fixed, varied)
        near = near_trials(varied, fixed, tried, unknowns)
        others = other_trials(varied, fixed, tried, near)
        whole = VALUES
        if not self.unproved(PROOFS[:1]):
            whole = int(SHARE_OF_PROVED * VALUES)
            others = [trial for trial in others if max(trial.sizes.values()) <= MOST_LETTERS]
        self.try_within(MOST_SUGGESTED_WORK * whole, near)
        self.try_within(whole, others)

    def try_within(self, most: int, trials: list[Trial]) -> None:
        """Try the steps at sizes that are not named, until that has taken too many values."""
        for trial in trials:
            most -= self.try_sizes(*trial)
            if most < 0:
                break

    def try_sizes(self, sizes: dict[str, int], share: float) -> int:
        """Try the steps at sizes that are not named; return how many values this has taken."""
        budget = Budget(share)
        whole, evaluator = budget.values, Evaluator(self.notation, sizes, budget)
        with contextlib.suppress(TooMuch):
            for env in self.some_choices(sizes):
                self.try_beyond(evaluator, env)
        return whole - budget.values

    def try_beyond(self, evaluator: Evaluator, env: Env) -> None:
        """Try the steps, and what has to hold of values, at sizes that are not named."""
        given, sides = self.values_beyond(evaluator, env)
        if any(claim.never_holds for claim in given):
            return
        try:
            self.try_case(evaluator, env, try_beyond, PROOFS[:1])
            self.check_requirements(evaluator, env, sides, given, require_beyond)
        except TooMuch:
            raise
        except FormulaError as error:
            raise self.unless_only_named(error.message, error.remedy) from None

    def values_beyond(self, evaluator: Evaluator, env: Env) -> tuple[tuple[Claim, ...], list[Any]]:
        """Return the conditions and the sides at sizes that are not named, if they make sense."""
        try:
            return self.given_claims(evaluator, env), self.values_of(self.nodes, evaluator, env)
        except TooMuch:
            raise
        except FormulaError as error:
            sizes = [f"{x} = {n}" for x, n in evaluator.size.items() if x in self.sizes]
            message = f"at {', '.join(sizes)} {error.message}"
            raise self.unless_only_named(message) from None

    def unless_only_named(self, message: str, remedy: str = "") -> FormulaError:
        """Return an error whose remedy is also that no other sizes are meant than those named."""
        named = self.notation.sizes
        only = "`, `".join(
            f"{size}: only {' '.join(map(str, named[size]))}"
            for size in named
            if size in self.sizes - self.notation.only
        )
        only_named = f"write `{only}` if no other sizes are meant"
        return FormulaError(message, remedy=f"{remedy}, or {only_named}" if remedy else only_named)

    def look_into_boxes(self) -> None:
        """Look for small regions in which the steps fail that have no proof."""
        if not self.unproved(PROOFS):
            return
        budget = Budget()
        with contextlib.suppress(TooMuch):
            for sizes in self.size_choices():
                evaluator = Evaluator(self.notation, sizes, budget)
                for env in self.index_choices(sizes):
                    self.try_case(evaluator, env, search_boxes, PROOFS)

    def unproved(self, proofs: tuple[str, ...]) -> list[int]:
        """Return the steps that have none of some kinds of proof."""
        steps = range(self.defines, len(self.methods))
        return [n for n in steps if weakest(self.methods[n]) not in proofs]

    def try_case(
        self, evaluator: Evaluator, env: Env, attempt: Attempt, proofs: tuple[str, ...]
    ) -> None:
        """Try the steps that have none of some kinds of proof at given sizes and index values."""
        given = self.given_claims(evaluator, env)
        if any(claim.never_holds for claim in given):
            return
        for n in self.unproved(proofs):
            left, right = self.values_of(self.nodes[n : n + 2], evaluator, env)
            try:
                of_each(
                    self.chain.relations[n],
                    (left, right),
                    given,
                    lambda claim: attempt(claim, evaluator, self.random),
                )
            except Counterexample as found:
                raise self.refuted(n, found, evaluator, env) from None

    def least_sizes(self) -> dict[str, int]:
        """Return for each size the first of the values that are named."""
        return {size: values[0] for size, values in self.notation.sizes.items()}

    def refuse_many_letters(self) -> None:
        """Refuse a formula with more free indices than can be gone through one by one."""
        ranges = [self.notation.sizes[self.notation.indices[letter]] for letter in self.letters]
        if math.prod(max(sizes) for sizes in ranges) > MOST_CASES:
            raise FormulaError(f"too many free indices: {' '.join(self.letters)}")

    def size_choices(self) -> Iterator[dict[str, int]]:
        """Yield all choices of sizes; only those that occur are varied."""
        first = self.least_sizes()
        names = [size for size in first if size in self.sizes]
        for chosen in itertools.product(*[self.notation.sizes[size] for size in names]):
            yield first | dict(zip(names, chosen, strict=True))

    def index_choices(self, sizes: dict[str, int]) -> Iterator[Env]:
        """Yield all choices of values of the free letters."""
        ranges = [range(1, sizes[self.notation.indices[letter]] + 1) for letter in self.letters]
        for chosen in itertools.product(*ranges):
            env = dict(zip(self.letters, chosen, strict=True))
            if all(condition.holds(sizes | env) for condition in self.conditions):
                yield env

    def some_choices(self, sizes: dict[str, int]) -> list[Env]:
        """Return some choices of values of the free letters, of which there may be very many."""
        counts = {letter: sizes[self.notation.indices[letter]] for letter in self.letters}
        if math.prod(counts.values()) <= MOST_CASES:
            return some(list(self.index_choices(sizes)), self.random)
        drawn = (
            {letter: self.random.randint(1, count) for letter, count in counts.items()}
            for _ in range(MOST_CASES)
        )
        return some(
            [env for env in drawn if all(x.holds(sizes | env) for x in self.conditions)],
            self.random,
        )

    # -- one case

    def check_case(self, evaluator: Evaluator, env: Env, given: tuple[Claim, ...]) -> None:
        """Check all steps at given sizes and index values."""
        sides = self.values_of(self.nodes, evaluator, env)
        for n, relation in enumerate(self.chain.relations):
            if n < self.defines:
                continue
            start = time.perf_counter()
            try:
                method = decide(relation, sides[n], sides[n + 1], evaluator, self.random, given)
            except Counterexample as found:
                raise self.refuted(n, found, evaluator, env) from None
            self.methods[n].add(method)
            self.seconds[n] += time.perf_counter() - start
        self.check_limits(evaluator, env, given)
        self.check_requirements(evaluator, env, sides, given)

    def given_claims(self, evaluator: Evaluator, env: Env) -> tuple[Claim, ...]:
        """Return what the formula supposes of numbers, as its conditions say."""
        trees = [tree for left, _, right in self.given for tree in (left, right)]
        sides = [scalar(x, "a condition") for x in self.values_of(trees, evaluator, env)]
        relations = [relation for _, relation, _ in self.given]
        return tuple(map(Claim, relations, sides[::2], sides[1::2]))

    def check_limits(self, evaluator: Evaluator, env: Env, given: tuple[Claim, ...]) -> None:
        """Refuse limits that are none somewhere, though that cancels or is hidden."""
        while evaluator.limits:
            _, limit = evaluator.limits.popitem()
            try:
                refuse_unsettled(limit, given, evaluator, self.random)
            except Counterexample as found:
                raise self.refuted(0, found, evaluator, env) from None

    def check_requirements(
        self,
        evaluator: Evaluator,
        env: Env,
        sides: list[Any],
        given: tuple[Claim, ...],
        attempt: Callable[[Claim, Evaluator, random.Random], bool] = require,
    ) -> None:
        """Refuse values that are no numbers somewhere, though that cancels or is hidden."""
        require_steps(evaluator)
        evaluator.budget.use_reserve()
        while evaluator.requirements:
            wanted = next(iter(evaluator.requirements))  # what stands further in comes first
            otherwise = evaluator.requirements.pop(wanted)
            if wanted.relation == r"\ne" and all(is_missing(wanted.left, side) for side in sides):
                continue  # no side is a number there, and so nothing is claimed
            try:
                proved = attempt(claim_of(wanted, given), evaluator, self.random)
                self.doubtful |= not proved
            except Counterexample as found:
                at = in_words(self.numbers_at(found, evaluator, env))
                place = f"at {at} " if at else ""
                raise FormulaError(
                    f"{otherwise}, but {place}it is {readable(found.left)}"
                ) from None
        self.check_close(evaluator, env, given)

    def check_close(self, evaluator: Evaluator, env: Env, given: tuple[Claim, ...]) -> None:
        """Refuse values that are no numbers close to the target of a limit."""
        while evaluator.close:
            wanted, otherwise = evaluator.close.popitem()
            try:
                require_close(claim_of(wanted, given), evaluator, self.random)
            except Counterexample as found:
                at = in_words(self.numbers_at(found, evaluator, env))
                place = f" where {at}" if at else ""
                raise FormulaError(
                    f"{otherwise}, but close to the limit this fails{place}"
                ) from None

    def values_of(self, nodes: list[Node], evaluator: Evaluator, env: Env) -> list[Any]:
        """Return the values of some trees."""
        try:
            return [evaluator(node, env) for node in nodes]
        except OverflowError:  # as by a size far beyond what can be counted
            raise TooMuch("too large to be computed: use smaller sizes") from None
        except (ArithmeticError, MatrixError) as error:
            raise FormulaError(f"it makes no sense: {error}") from error

    def refuted(self, n: int, found: Counterexample, evaluator: Evaluator, env: Env) -> CheckError:
        """Return the error for a step with a counter-example, or one that cannot be told."""
        numbers = self.numbers_at(found, evaluator, env)
        at = in_words(numbers)
        relation = self.chain.relations[n]
        if isinstance(found, Undecided):
            return FormulaError(
                f"whether left {relation} right cannot be told: close to {at} no digit tells"
                " them apart",
                remedy=WEAKER.get(relation, "") + LEAVE_OUT,
            )
        place = f" at {at}" if at else ""
        if isinstance(found, Unsettled):
            return FormulaError(
                f"the limit does not settle{place}: {found.left}", remedy=WHERE_IT_IS_ONE
            )
        if isinstance(found, Parted):
            message = (
                f"the limit does not settle{place}: from one side it is {readable(found.left)},"
                f" from another {readable(found.right)}"
            )
            return self.wrong(n + 1, message=message)
        return self.failed(n, found, numbers, place)

    def failed(
        self, n: int, found: Counterexample, numbers: dict[str, str], place: str
    ) -> WrongStep:
        """Return the error for a step that fails at a place, or is no number there."""
        left, right = readable(found.left), readable(found.right)
        nowhere = f"{place} neither side is a number{IF_POSITIVE}".strip()
        return self.wrong(
            n + 1, relation=self.chain.relations[n], counterexample=numbers, left=left, right=right,
            message=nowhere if left == right == "undefined" else "", entry=found.entry,
        )  # fmt: skip

    def numbers_at(self, found: Counterexample, evaluator: Evaluator, env: Env) -> dict[str, str]:
        """Return the sizes, indices and letters at which something was refuted."""
        names = {symbol: key for key, symbol in evaluator.atoms.items()}
        numbers = {
            named(*names[symbol]): readable(str(number))
            for symbol, number in found.point.items()
            if symbol in names
        }
        met = self.sizes_met({names[symbol][0] for symbol in found.point if symbol in names})
        sizes = {size: str(evaluator.size[size]) for size in self.notation.sizes if size in met}
        return sizes | {letter: str(value) for letter, value in env.items()} | numbers

    def sizes_met(self, words: set[str]) -> set[str]:
        """Return the sizes that stand in the formula itself, or count some letters, if any do."""
        seen = sizes_in(self.nodes, replace(self.notation, definitions={}))
        seen.update(*(self.notation.symbols[word][1:] for word in words))
        seen.update(*(condition.letters() for condition in self.conditions))
        return (self.sizes & seen) or self.sizes


def named(word: str, found: tuple[int, ...]) -> str:
    """Return the name of an entry, as ``z_1``."""
    if not found:
        return word
    return f"{word}_{found[0]}" if len(found) == 1 else f"{word}_{{{found[0]} {found[1]}}}"
