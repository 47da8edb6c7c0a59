"""Check every step of a displayed formula. What the reader sees is what is checked."""

import itertools
import random
import re
import time
from dataclasses import asdict, dataclass

import mpmath
import sympy as sp

from checkedmath import general
from checkedmath.decide import exact_zero, holds, last_entries, number, random_point
from checkedmath.errors import FormulaError, WrongStep
from checkedmath.evaluate import Evaluator
from checkedmath.parser import RELATIONS, Parser
from checkedmath.rows import rows
from checkedmath.scope import ScopeError, scope

METHODS = ("definition", "every K", "exact", "numeric", "sampled")
TRIES = {"exact": 2, "numeric": 4, "sampled": 60}
STARTS = re.compile(r":=|=|\\geq?(?![a-z])|\\leq?(?![a-z])|<|>")
NONSENSE = (
    TypeError,
    ValueError,
    IndexError,
    AttributeError,
    NotImplementedError,
    sp.matrices.exceptions.MatrixError,
)


@dataclass
class Step:
    r"""One step of a derivation.

    Attributes
    ----------
    relation : str
        ``:=``, ``=``, ``\le``, ``\ge``, ``<`` or ``>``.
    reason : str
        What the page gives as the reason.
    condition : str
        The side condition, such as ``i \ne j``.
    left, right : str
        The two sides, as LaTeX.
    method : str
        How it was checked: one of ``METHODS``.
    seconds : float
        How long that took.
    """

    relation: str
    reason: str
    condition: str
    left: str
    right: str
    method: str
    seconds: float = 0.0


class Derivation:
    r"""A displayed formula with every step checked.

    Parameters
    ----------
    latex : str
        The formula, without the surrounding dollars.
    notation : Notation
        What the letters stand for. A formula with ``:=`` adds its definition.
    label : str
        The name of the formula in messages. It also seeds the random points.

    Raises
    ------
    FormulaError
        If the formula cannot be read, or makes no sense with these letters.
    WrongStep
        At the first false step, with a counter-example.

    Examples
    --------
    >>> from checkedmath import Notation
    >>> letters = Notation()
    >>> letters.declare("x: positive")
    >>> [step.method for step in Derivation(r"\log x^2 = 2 \log x", letters).steps]
    ['exact']
    """

    def __init__(self, latex, notation, label="formula"):
        self.latex, self.notation, self.label = latex.strip(), notation, label
        self.steps = []
        start = time.perf_counter()
        self._random = random.Random(label)
        try:
            for chain in _chains(self.latex):
                self.steps += self._check(chain)
        except FormulaError as error:
            if str(error).startswith(f"{label}: "):
                raise
            raise FormulaError(f"{label}: {error}") from error
        self.seconds = time.perf_counter() - start

    def __repr__(self):
        methods = ", ".join(dict.fromkeys(step.method for step in self.steps))
        return f"<Derivation {self.label}: {len(self.steps)} steps, {methods}>"

    def _repr_latex_(self):
        return f"$$\n{self.latex}\n$$"

    def record(self):
        """Return what was found, as plain data."""
        return {
            "label": self.label,
            "latex": self.latex,
            "steps": [asdict(step) for step in self.steps],
            "seconds": self.seconds,
        }

    @classmethod
    def from_record(cls, record, notation):
        """Restore a derivation without checking it again; definitions are added to the notation."""
        self = cls.__new__(cls)
        self.latex, self.label, self.notation = record["latex"], record["label"], notation
        self.steps = [Step(**step) for step in record["steps"]]
        self.seconds = record["seconds"]
        if any(step.relation == ":=" for step in self.steps):
            for chain in _chains(self.latex):
                sides, relations, _, _ = _read(chain, notation.functions)
                if relations == [":="]:
                    notation.define(sides[0].node, sides[1].node)
        return self

    # -- one chain of relations

    def _check(self, chain):
        sides, relations, reasons, condition = _read(chain, self.notation.functions)
        if not relations:
            raise FormulaError("it states nothing: there is no relation in it")
        labels = zip(relations, reasons, sides, sides[1:], strict=False)
        steps = [
            Step(relation, reason, str(condition or ""), left.text, right.text, "")
            for relation, reason, left, right in labels
        ]
        if ":=" in relations:
            self._define(sides, relations)
            steps[0].method = "definition"
            return steps
        letters = self._free_letters(sides, steps)
        self._compare_everywhere([side.node for side in sides], steps, letters, condition)
        self._generalise([side.node for side in sides], steps, letters, condition)
        return steps

    def _define(self, sides, relations):
        if len(relations) > 1:
            raise FormulaError("a definition with := stands alone")
        left, right = sides[0].node, sides[1].node
        free = self._scope(right, 1, "").free
        before = self.notation.copy()
        self.notation.define(left, right)
        key = next(k for k, v in self.notation.definitions.items() if v.body is right)
        bound = {
            *self.notation.definitions[key].letters,
            *self.notation.definitions[key].parameters,
        }
        if free - bound:
            self.notation.definitions = before.definitions
            raise FormulaError(f"the index {min(free - bound)!r} is free on the right side only")

    def _scope(self, node, step, reason):
        try:
            return scope(node, self.notation)
        except ScopeError as error:
            raise WrongStep(self.label, step, reason, str(error)) from None

    def _free_letters(self, sides, steps):
        """Return the index letters for which the chain claims to hold."""
        reasons = ["", *(step.reason for step in steps)]
        scopes = [self._scope(s.node, k, reasons[k]) for k, s in enumerate(sides)]
        outside = scopes[0].free
        for k, (free, summed) in enumerate(scopes):
            said = ""
            if free - outside:
                said = (
                    f"the index {min(free - outside)!r} is free here, but not in what the chain"
                    " starts from (is a sum missing?)"
                )
            elif summed & outside:
                said = (
                    f"the index {min(summed & outside)!r} is summed here, but free in what the"
                    " chain starts from (is there a sum too many?)"
                )
            if said:
                raise WrongStep(self.label, k, reasons[k], said)
        return sorted(outside)

    def _compare_everywhere(self, nodes, steps, letters, condition):
        """Compare neighbouring sides at every size and for every value of the free letters."""
        tried, done = [set() for _ in steps], []
        names, choices = list(self.notation.sizes), self.notation.sizes.values()
        for values in itertools.product(*choices):
            sizes = dict(zip(names, values, strict=True))
            if any(all(sizes[name] == n for name, n in old.items()) for old in done):
                continue  # it differs only in a size that the formula does not use
            evaluator = Evaluator(self.notation, sizes)
            with _sense():
                self._compare_at(evaluator, nodes, steps, letters, condition, tried)
            done.append({name: sizes[name] for name in evaluator.sizes.used})
        for step, methods in zip(steps, tried, strict=True):
            if not methods:
                raise FormulaError(f"its condition {condition} never holds")
            step.method = max(methods, key=METHODS.index)

    def _compare_at(self, evaluator, nodes, steps, letters, condition, tried):
        for indices in itertools.product(*[evaluator.range(letter) for letter in letters]):
            env = dict(zip(letters, indices, strict=True))
            if condition and not condition.holds(env):
                continue
            values = [evaluator(node, env) for node in nodes]
            for k, step in enumerate(steps):
                start = time.perf_counter()
                tried[k].add(self._compare(k, step, values[k], values[k + 1], evaluator, env))
                step.seconds += time.perf_counter() - start

    def _compare(self, k, step, left, right, evaluator, env):
        """Compare two values, entry by entry -> the weakest method that was needed."""
        shapes = [getattr(value, "shape", ()) for value in (left, right)]
        if shapes[0] != shapes[1]:
            said = f"the shapes of the two sides differ: {shapes[0]} and {shapes[1]}"
            raise WrongStep(self.label, k + 1, step.reason, said)
        pairs = zip(left, right, strict=True) if shapes[0] else [(left, right)]
        methods = [
            self._decide(k, step, sp.sympify(a), sp.sympify(b), evaluator, env) for a, b in pairs
        ]
        return max(methods, key=METHODS.index)

    def _decide(self, k, step, left, right, evaluator, env):
        method = "numeric" if step.relation == "=" else "sampled"
        if evaluator.limit:
            method = "sampled"
        elif step.relation == "=" and _equal(left, right, evaluator):
            method = "exact"
        for _ in range(TRIES[method]):
            # An exact step is tried too: log x^2 = 2 log x is good algebra for positive x only.
            point = random_point(evaluator, self._random)
            if not holds(step.relation, number(left, point), number(right, point)):
                raise self._refutation(k, step, left, right, evaluator, env, point)
        return method

    def _refutation(self, k, step, left, right, evaluator, env, point):
        """Return the error, with numbers that can be checked by hand if there are any."""
        for _ in range(60):
            short = random_point(evaluator, self._random, coarse=True)
            if not holds(step.relation, number(left, short), number(right, short)):
                point = short
                break
        met = left.free_symbols | right.free_symbols
        example = {name: evaluator.sizes[name] for name in sorted(evaluator.sizes.used)}
        example |= env
        for (name, indices), symbol in evaluator.atoms.items():
            if symbol in met:
                example[name + "".join(f"_{i}" for i in indices)] = point[symbol]
        return WrongStep(
            self.label,
            k + 1,
            step.reason,
            relation=step.relation,
            counterexample={name: str(value) for name, value in example.items()},
            left=mpmath.nstr(number(left, point), 10),
            right=mpmath.nstr(number(right, point), 10),
        )

    def _generalise(self, nodes, steps, letters, condition):
        """Note the steps that hold for every number of classes."""
        if condition is not None:
            return
        for k, step in enumerate(steps):
            start = time.perf_counter()
            if step.method == "exact" and general.proves(
                nodes[k], nodes[k + 1], letters, self.notation
            ):
                step.method = "every K"
            step.seconds += time.perf_counter() - start


class _sense:  # noqa: N801 - reads as a word: with _sense(): ...
    """Turn what SymPy raises over nonsense into an error that speaks to an author."""

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        if kind is RecursionError:
            raise FormulaError("it is nested too deeply") from error
        if kind is not None and issubclass(kind, NONSENSE):
            raise FormulaError(f"it makes no sense: {error}") from error
        return False


def _equal(left, right, evaluator):
    difference = left - right
    if exact_zero(difference):
        return True
    last = last_entries(evaluator)
    return bool(last) and exact_zero(difference.xreplace(last))


def _chains(latex):
    """Return the rows of a formula, those that belong to one chain of relations together."""
    chains = []
    for row in rows(latex):
        if not STARTS.match(row.text):
            chains.append([])
        if not chains:
            raise FormulaError("the first line begins with a relation")
        chains[-1].append(row)
    if not chains:
        raise FormulaError("it is empty")
    return chains


def _read(chain, functions):
    """Return the sides, the relations, the reason of each relation, and the side condition."""
    sides, relations, reasons = [], [], []
    for row in chain:
        text = row.text
        match = STARTS.match(text)
        if match:
            relations.append({r"\geq": r"\ge", r"\leq": r"\le"}.get(match.group(), match.group()))
            text = text[match.end() :]
        more, between = Parser(text, functions).chain()
        sides += more
        relations += between
        reasons += [row.reason] * (len(relations) - len(reasons))
    conditions = [row.condition for row in chain if row.condition]
    assert all(relation in RELATIONS for relation in relations)
    return sides, relations, reasons, conditions[0] if conditions else None
