r"""The rules for sums of any size: compared with the same sums written out at many sizes."""

import random

import pytest
import sympy as sp
from checkedmath.every_size.sums import (
    Index,
    Sums,
    Unproved,
    delta,
    exponential,
    is_positive,
    logarithm,
    size,
)
from checkedmath.meaning import expansion
from hypothesis import given
from hypothesis import strategies as st

X, Y = (sp.IndexedBase(sp.Symbol(name, real=True), real=True) for name in "xy")
P = sp.IndexedBase(sp.Symbol("p", positive=True), positive=True)
HERE, THERE, M = Index("i", "K"), Index("j", "K"), Index("n", "N")
K = size("K")


@pytest.fixture
def sums():
    return Sums({"p"})


def total(sums, rule, size="K"):
    letter = sums.letter(size)
    return sums.sum(sums.normal(rule(letter)), letter)


class TestNormalForm:
    def test_constants_stand_outside(self, sums):
        assert total(sums, lambda k: 3 * X[k] + 2) == 3 * total(sums, lambda k: X[k]) + 2 * K

    def test_a_distribution_adds_up_to_one(self, sums):
        assert total(sums, lambda k: P[k]) == 1
        assert total(sums, lambda k: total(sums, lambda n: P[n, k], "N"), "K") != 1

    def test_the_last_index_of_a_table_of_distributions_does(self, sums):
        assert total(sums, lambda n: total(sums, lambda k: P[n, k]) * X[n], "N") == total(
            sums, lambda n: X[n], "N"
        )

    def test_only_the_bare_entry_does(self, sums):
        assert total(sums, lambda k: P[k] ** 2).has(sp.Sum)
        assert total(sums, lambda k: P[k] * X[k]).has(sp.Sum)

    def test_a_delta_picks_an_entry(self, sums):
        assert total(sums, lambda k: delta(HERE, k) * X[k]) == X[HERE]

    def test_a_delta_inside_a_function_does_too(self, sums):
        found = total(sums, lambda k: sp.exp(delta(HERE, k) * X[k]))
        assert sp.expand(found - (sp.exp(X[HERE]) + K - 1)) == 0

    def test_a_double_sum_does_not_depend_on_its_order(self, sums):
        rows_first = total(sums, lambda k: total(sums, lambda n: X[n, k] * Y[k], "N"))
        columns_first = total(sums, lambda n: total(sums, lambda k: X[n, k] * Y[k]), "N")
        assert rows_first == columns_first

    def test_a_product_of_sums_is_a_sum_of_products(self, sums):
        separate = total(sums, lambda k: X[k]) * total(sums, lambda k: Y[k])
        assert total(sums, lambda k: total(sums, lambda m: X[k] * Y[m])) == separate

    def test_a_square_of_a_sum_is_not_a_sum_of_squares(self, sums):
        square = total(sums, lambda k: X[k]) ** 2
        assert not sums.is_zero(square - total(sums, lambda k: X[k] ** 2))
        double = total(sums, lambda k: total(sums, lambda m: X[k] * X[m]))
        assert sums.is_zero(square - double)

    def test_sums_inside_sums_keep_their_letters_apart(self, sums):
        inner = lambda k: sp.log(total(sums, lambda m: sp.exp(X[m] * X[k])))  # noqa: E731
        found = total(sums, lambda k: inner(k) * X[k])
        assert sums.normal(found) == found
        assert not sums.is_zero(found - total(sums, lambda k: X[k]) * inner(HERE), [HERE])


class TestZero:
    def test_letters_that_agree_are_a_case_of_their_own(self, sums):
        assert sums.is_zero(delta(HERE, THERE) * (X[HERE] - X[THERE]), [HERE, THERE])
        assert not sums.is_zero(delta(HERE, THERE) * X[HERE], [HERE, THERE])

    def test_a_condition_leaves_cases_out(self, sums):
        assert sums.is_zero(delta(HERE, THERE) * X[HERE], [HERE, THERE], [(HERE, THERE, False)])
        assert not sums.is_zero(delta(HERE, THERE) * X[HERE], [HERE, THERE], [(HERE, THERE, True)])
        assert sums.is_zero(X[HERE] - X[THERE], [HERE, THERE], [(HERE, THERE, True)])

    def test_three_letters_agree_in_five_ways(self, sums):
        k = Index("k", "K")
        triple = delta(HERE, THERE) * delta(THERE, k) - delta(HERE, THERE) * delta(HERE, k)
        assert sums.is_zero(triple, [HERE, THERE, k])

    def test_what_vanishes_at_some_sizes_only_is_not_zero(self, sums):
        assert not sums.is_zero((K - 2) * (K - 3) * (K - 4) * X[HERE], [HERE])

    def test_two_kinds_of_index_are_not_compared(self):
        with pytest.raises(Unproved):
            delta(HERE, M)


class TestLogarithm:
    s = sp.Symbol("s", real=True)
    t = sp.Symbol("t", positive=True)

    def test_of_a_product(self):
        found = logarithm(self.t**2 * sp.exp(self.s) / 3)
        assert sp.expand(found - (2 * sp.log(self.t) + self.s - sp.log(3))) == 0

    def test_of_what_may_be_negative_stays(self):
        assert logarithm(self.s**2) == sp.log(self.s**2)
        assert logarithm((5 - K) ** 2).has(sp.log)
        assert logarithm((5 - K) ** 2) != 2 * sp.log(5 - K)

    def test_only_what_is_positive_comes_out(self):
        assert sp.expand(logarithm(self.t * self.s) - sp.log(self.t) - sp.log(self.s)) == 0

    def test_exponential_of_a_sum(self):
        assert exponential(self.s + 2 * self.t) == sp.exp(self.s) * sp.exp(2 * self.t)


@pytest.mark.parametrize(
    ("x", "positive"),
    [
        (sp.exp(X[HERE]), True),
        (1 + sp.exp(-X[HERE]), True),
        (P[HERE] / (1 + P[THERE]), True),
        (K, True),
        (sp.Sum(sp.exp(X[HERE]), (HERE, 1, K)), True),
        (X[HERE], False),
        (X[HERE] ** 2, False),
        (K - 1, True),
        (K - 2, False),
        (2 * K - 3, False),
        (1 - P[HERE], False),
        (sp.exp(sp.log(X[HERE]) * P[HERE]), False),
        (sp.sqrt(P[HERE]), True),
    ],
)
def test_is_positive(x, positive):
    assert is_positive(x) is positive


# -- every sum agrees with the sum written out, at every size

LEAVES = st.sampled_from(["x", "y", "p", "one", "delta", "exp"])
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(st.just("+"), inner, inner),
        st.tuples(st.just("*"), inner, inner),
        st.tuples(st.just("-"), inner, inner),
        st.tuples(st.just("sum"), inner),
        st.tuples(st.just("/"), inner),
    ),
    max_leaves=6,
)


class Symbolic:
    """Builds an expression with a size that is a letter."""

    def __init__(self):
        self.sums = Sums({"p"})

    def __call__(self, tree, k):
        if isinstance(tree, str):
            return {
                "x": X[k], "y": Y[k], "p": P[k], "one": sp.Integer(1), "delta": delta(HERE, k),
                "exp": sp.exp(X[k]),
            }[tree]  # fmt: skip
        if tree[0] == "sum":
            letter = self.sums.letter("K")
            return self.sums.sum(self.sums.normal(self(tree[1], letter) * Y[k]), letter)
        if tree[0] == "/":
            return 1 / (1 + sp.exp(self(tree[1], k)))
        left, right = (self(branch, k) for branch in tree[1:])
        return {"+": left + right, "-": left - right, "*": left * right}[tree[0]]


def by_hand(tree, k, n, numbers):
    """Compute the same with every sum written out."""
    if isinstance(tree, str):
        x, y, p, i = numbers
        leaves = {
            "x": x[k],
            "y": y[k],
            "p": p[k],
            "one": 1,
            "delta": int(i == k),
            "exp": sp.exp(x[k]),
        }
        return sp.sympify(leaves[tree])
    if tree[0] == "sum":
        return numbers[1][k] * sum(by_hand(tree[1], m, n, numbers) for m in range(n))
    if tree[0] == "/":
        return 1 / (1 + sp.exp(by_hand(tree[1], k, n, numbers)))
    left, right = (by_hand(branch, k, n, numbers) for branch in tree[1:])
    return {"+": left + right, "-": left - right, "*": left * right}[tree[0]]


def at_size(x, n, numbers):
    """Evaluate an expression of symbolic sums at a size."""
    xs, ys, ps, i = numbers
    entries = {"x": xs, "y": ys, "p": ps}
    while x.has(sp.Sum):
        inner = next(s for s in x.atoms(sp.Sum) if not s.function.has(sp.Sum))
        (letter, _, _), *others = inner.limits
        body = sp.Sum(inner.function, *others) if others else inner.function
        x = x.xreplace(
            {inner: sp.Add(*[body.xreplace({letter: sp.Integer(m + 1)}) for m in range(n)])}
        )
    x = x.xreplace({HERE: sp.Integer(i + 1), K: sp.Integer(n)})
    return x.replace(
        lambda e: isinstance(e, sp.Indexed),
        lambda e: entries[e.base.label.name][int(e.indices[0]) - 1],
    )


@given(TREES, st.integers(1, 4), st.integers(0, 10**6))
def test_normal_form_is_the_sum_written_out(tree, n, seed):
    rng = random.Random(seed)
    xs, ys = ([sp.Rational(rng.randint(-9, 9), 7) for _ in range(n)] for _ in range(2))
    weights = [rng.randint(1, 9) for _ in range(n)]
    numbers = xs, ys, [sp.Rational(w, sum(weights)) for w in weights], rng.randrange(n)
    symbolic = Symbolic()
    k = symbolic.sums.letter("K")
    found = symbolic.sums.sum(symbolic.sums.normal(symbolic(tree, k)), k)
    expected = sum(by_hand(tree, m, n, numbers) for m in range(n))
    assert abs(sp.N(at_size(found, n, numbers) - expected, 30)) < sp.Float("1e-20") * (
        1 + abs(sp.N(expected))
    )


class TestRational:
    x, y = sp.symbols("x y", real=True)

    @pytest.mark.parametrize(
        ("expression", "zero"),
        [
            ("1/(1 + exp(-x)) - exp(x)/(1 + exp(x))", True),
            ("exp(x + y) - exp(x)*exp(y)", True),
            ("exp(2*x) - exp(x)**2", True),
            ("exp(x/2)**2 - exp(x)", True),
            ("(x + y)**3 - x**3 - y**3", False),
            ("log(x*y) - log(x) - log(y)", False),
            ("exp(x) - exp(y)", False),
        ],
    )
    def test_is_zero(self, expression, zero):
        names = {"x": self.x, "y": self.y}
        assert expansion.is_zero(sp.sympify(expression, locals=names)) is zero

    def test_what_is_too_long_is_not_multiplied_out(self):
        assert not expansion.is_zero((self.x + self.y + 1) ** 900 - (1 + self.x + self.y) ** 899)
        with pytest.raises(expansion.TooLong):
            expansion.expanded((self.x + self.y) ** 100_000)
