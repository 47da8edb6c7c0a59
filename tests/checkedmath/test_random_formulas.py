r"""Random formulas: what is read is what was meant, and printing loses nothing."""

import itertools
import random

import mpmath
import pytest
import sympy as sp
from checkedmath import Derivation, FormulaError
from checkedmath.deciding.balls import as_text, value
from checkedmath.deciding.claims import is_proved
from checkedmath.deciding.judging import Claim, Finding, judge
from checkedmath.deciding.sampling import draw
from checkedmath.meaning.evaluator import Evaluator
from checkedmath.reading.binding import ScopeError, check_letters
from checkedmath.reading.printer import read, to_latex

from tests.checkedmath.grammar import COUNT, SIZES, random_formulas
from tests.checkedmath.mutate import Changes

pytestmark = pytest.mark.slow


def numbers(notation):
    """Return a random number for each letter, as a fraction and as mpmath has it."""
    rng, exact = random.Random(1), {}
    for word, (domain, *sizes) in notation.symbols.items():
        places = [()]
        for size in sizes:
            places = [(*place, n) for place in places for n in range(1, SIZES[size] + 1)]
        for place in places:
            low = -20 if domain == "real" else 1
            exact[word, place] = sp.Rational(rng.randint(low, 20), 21)
    for word in "pqyr":
        total = sum(exact[word, (n,)] for n in range(1, SIZES["K"] + 1))
        for n in range(1, SIZES["K"] + 1):
            exact[word, (n,)] /= total
    return exact, {key: mpmath.mpf(x.p) / x.q for key, x in exact.items()}


@pytest.fixture
def _precise():
    with mpmath.workdps(60):
        yield


@pytest.mark.usefixtures("_precise")
def test_500_random_formulas(letters):
    exact, at = numbers(letters)
    lengths = []
    for piece, scope in random_formulas():
        tree = read(piece.text, letters.functions)
        printed = to_latex(tree)
        assert read(printed, letters.functions) == tree, piece.text
        assert to_latex(read(printed, letters.functions)) == printed, piece.text
        evaluator = Evaluator(letters, SIZES)
        env = dict.fromkeys(scope, 1) | {"j": 2} if "j" in scope else dict.fromkeys(scope, 1)
        found = evaluator(tree, dict(env))
        point = {symbol: exact[key] for key, symbol in evaluator.atoms.items()}
        meant = piece.mean({**at, **env})
        difference = mpmath.mpf(as_text(value(found, point), 50)) - meant
        assert abs(difference) <= mpmath.mpf(10) ** -30 * (1 + abs(meant)), piece
        lengths.append(len(piece.text))
    assert sum(lengths) > 50 * COUNT


@pytest.mark.usefixtures("_precise")
def test_what_is_read_and_what_is_printed_are_equal(letters):
    checked = 0
    for piece, scope in itertools.islice(random_formulas(), 0, None, 10):
        node = read(piece.text, letters.functions)
        try:
            check_letters(node, set(letters.indices), set(scope))
        except ScopeError:  # a name for one sum inside another of the same name
            continue
        try:
            assert Derivation(rf"({piece.text}) + 1 = 1 + {to_latex(node)}", letters).steps
        except FormulaError as refusal:  # a slope at a corner, times zero; or a sum as over pairs
            if "there may be no slope" in refusal.message or "stands only" in refusal.message:
                continue
            raise
        checked += 1
    assert checked > COUNT / 20


def test_what_algebra_proves_is_true_in_numbers(letters):
    """Formulas and their mutants: most differ, some do not, and algebra has to know which."""
    rng, proved = random.Random(5), 0
    for piece, scope in itertools.islice(random_formulas(), 0, None, 10):
        evaluator = Evaluator(letters, SIZES)
        env = {letter: 1 + n for n, letter in enumerate(scope)}
        tree = read(piece.text, letters.functions)
        whole = evaluator(tree, dict(env))
        for _, changed in itertools.islice(Changes([tree], letters).tree(tree), 12):
            try:
                claim = Claim("=", whole, evaluator(changed, dict(env)))
            except FormulaError:
                continue
            if is_proved(claim, evaluator):
                proved += 1
                for _ in range(12):
                    found = judge(claim, draw(evaluator, rng))
                    assert found is not Finding.FAILS, to_latex(changed)
    assert proved > 20
