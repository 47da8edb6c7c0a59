"""The search over boxes: what fails in a small region is found, what touches stays as it was."""

import itertools
import random

import pytest
import sympy as sp
from checkedmath import Derivation, WrongStep, derivation
from checkedmath.deciding import boxes
from checkedmath.deciding.boxes import Free, Search, Waiting, broken_off, search_boxes
from checkedmath.deciding.judging import Claim, Counterexample
from checkedmath.meaning.evaluator import Evaluator
from checkedmath.reading.printer import read


@pytest.mark.parametrize(
    ("latex", "place"),
    [
        (r"e^{-200 (s - 13.7)^2 - 200 (c - 5.2)^2} \le 0.9", {"s": "137/10", "c": "26/5"}),
        (r"\mathbb{1}[(s - 4.4)^2 + (c - 2.6)^2 < 0.0004] = 0", {"s": "22/5", "c": "13/5"}),
        (
            r"\min(s^2 + c^2 + 0.1, 50 (s - 31.4)^2 + 50 (c - 15.9)^2 - 0.01) \ge 0",
            {"s": "157/5", "c": "159/10"},
        ),
    ],
)
def test_what_fails_in_a_small_region_is_refuted(latex, place, letters):
    with pytest.raises(WrongStep) as caught:
        Derivation(latex, letters)
    assert caught.value.counterexample == place


@pytest.mark.parametrize(
    "latex",
    [
        r"\max(0, 1 - 900 (p_1 - 0.42)^2 - 900 (p_2 - 0.17)^2) = 0 \quad (K = 3)",
        r"\cos s + \cos(\pi s) > -2 + 10^{-8}",
        r"e^{-200 (s - 13.7)^2 - 200 (c - 5.2)^2} \le 0.9 \quad (s > 13.7)",
        r"(\sin s)^2 + (\cos s)^2 + \max(0, 10^{-5} - (s - 8.88)^2 - (c - 3.21)^2) = 1",
    ],
)
def test_it_is_found_among_all_that_a_letter_may_be(latex, letters):
    with pytest.raises(WrongStep) as caught:
        Derivation(latex, letters)
    assert caught.value.counterexample


@pytest.mark.parametrize(
    ("latex", "method"),
    [
        (r"e^{-200 (s - 13.7)^2 - 200 (c - 5.2)^2} \le 1", "sampled"),
        (r"e^{\lvert s c - 3 \rvert} \ge 1 + \lvert s c - 3 \rvert", "sampled"),
        (r"\sin s + \sin c + \sin m \le 3", "sampled"),
        (r"(\sin s)^2 + (\cos s)^2 + \max(0, -s^2) = 1", "numeric"),
        (r"e^{-200 (s - 13.7)^2 - 200 (c - 5.2)^2} \le 0.9 \quad (s > 14)", "sampled"),
    ],
)
def test_what_touches_or_fails_elsewhere_is_accepted_as_before(latex, method, letters):
    assert Derivation(latex, letters).steps[0].method == method


def test_what_is_proved_is_not_searched(letters, monkeypatch):
    def search(*_):
        raise AssertionError

    monkeypatch.setattr(derivation, "search_boxes", search)
    assert Derivation(r"s^2 + c^2 \ge 2 s c", letters).steps[0].method == "exact"
    with pytest.raises(AssertionError):
        Derivation(r"\sin s + \sin c + \sin m \le 3", letters)


@pytest.fixture
def setting(letters):
    evaluator = Evaluator(letters, {"K": 3, "N": 2, "D": 2})
    bump = evaluator(read(r"e^{-200 (s - 13.7)^2 - 200 (c - 5.2)^2}"), {})
    return Claim(r"\le", bump, sp.Rational(9, 10)), evaluator


def test_it_ends_when_its_budget_is_used_up(setting):
    claim, evaluator = setting
    with pytest.raises(Counterexample):
        search_boxes(claim, evaluator, random.Random(1))
    evaluator.budget.cuts = 1_000
    search_boxes(claim, evaluator, random.Random(1))


def test_with_many_free_numbers_nothing_is_sought(setting, monkeypatch):
    claim, evaluator = setting
    monkeypatch.setattr(boxes, "MOST_FREE", 1)
    before = evaluator.budget.cuts
    search_boxes(claim, evaluator, random.Random(1))
    assert evaluator.budget.cuts == before


@pytest.mark.parametrize(
    ("latex", "cuts"), [("e^s + e^{-s} - s", 20), ("s^2 c^2 (s^2 + c^2 - 3) + 1.001", 2_000)]
)
def test_boxes_in_which_a_claim_holds_are_soon_done_with(latex, cuts, letters):
    evaluator = Evaluator(letters, {"K": 3, "N": 2, "D": 2})
    claim = Claim("<", evaluator(read(latex), {}), sp.Integer(0))
    search = Search(claim, Free(claim, evaluator), evaluator)
    assert not list(search.points(cuts))
    assert not search.waiting.boxes


def test_boxes_in_which_a_condition_fails_are_soon_done_with(setting):
    claim, evaluator = setting
    beyond = Claim(">", evaluator(read("s"), {}), sp.Integer(14))
    claim = claim._replace(relation=">", given=(beyond,))
    search = Search(claim, Free(claim, evaluator), evaluator)
    assert len(list(search.points(100))) <= 1
    assert not search.waiting.boxes


def test_points_that_are_judged_count_as_work(setting, monkeypatch):
    claim, evaluator = setting
    judged = []
    point = dict.fromkeys(claim.letters, sp.Integer(0))
    monkeypatch.setattr(boxes, "suspects", lambda *_: itertools.repeat(point, 10_000))
    monkeypatch.setattr(boxes, "judge", lambda *_: judged.append(0))
    evaluator.budget.cuts = 10_000
    search_boxes(claim, evaluator, random.Random(1))
    assert 0 < len(judged) < 1_000


@pytest.mark.parametrize("occurring", [(0,), (1, 2), (0, 1, 2)])
def test_a_distribution_is_broken_off_bit_by_bit(occurring):
    row = sp.symbols("x0:3", positive=True)
    meant = broken_off(list(row), {row[n] for n in occurring})
    assert sp.simplify(sum(meant[s] for s in row)) == 1
    free = sp.Tuple(*meant.values()).free_symbols
    assert len(free) == min(len(occurring), 2)
    ends = meant[row[occurring[0]]].subs(dict.fromkeys(free, 1))
    assert ends == 1


def test_the_worst_box_and_the_oldest_come_in_turn():
    waiting = Waiting()
    for number, (width, bound) in enumerate([(9.0, 1.0), (8.0, 3.0), (7.0, 5.001), (6.0, 5.0)]):
        waiting.put(((0.0, width),), number, bound)
    assert [waiting.take()[1] for _ in range(4)] == [3, 0, 2, 1]
