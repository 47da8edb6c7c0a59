"""Scores: by hand, beside scikit-learn, and to the last digits beside fifty of them."""

import re
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special
from sklearn.metrics import accuracy_score, brier_score_loss, log_loss, top_k_accuracy_score
from softmaxlab.learn.scores import brier_score, perplexity, top_k_accuracy

INTEGERS = [*np.typecodes["AllInteger"], ">i2", ">i4", ">i8", ">u2", ">u4", ">u8", "<i2", "<u8"]
SCORES = [brier_score, top_k_accuracy, perplexity]


def made(n=200, n_classes=4, seed=0):
    """Return logits, the probabilities that they stand for, and labels drawn from these."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(scale=2, size=(n, n_classes))
    labels = (logits + rng.gumbel(size=logits.shape)).argmax(axis=1)
    return logits, special.softmax(logits, axis=1), labels, rng.uniform(0, 3, n)


class TestBrierScore:
    def test_by_hand(self):
        p = [[0.5, 0.25, 0.25], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]
        assert brier_score(p, [0, 1, 2]) == (0.375 + 0 + 2) / 3
        assert brier_score(p, [0, 1, 2], sample_weight=[2, 1, 1]) == (2 * 0.375 + 2) / 4
        assert brier_score(p, [0, 1, 2], scale_by_half=True) == (0.375 + 0 + 2) / 6
        assert brier_score([[0.75, 0.25]], [0]) == 0.0625
        assert brier_score([[0.75, 0.25]], [0], scale_by_half=False) == 0.125
        assert brier_score([[1.0]], [0]) == 0

    @given(st.integers(2, 6), st.integers(0, 99))
    def test_is_the_chance_of_another_draw_where_it_is_honest(self, n_classes, seed):
        """In the mean over the labels that p promises, the score is 1 - sum of p squared."""
        p = made(1, n_classes, seed)[1]
        expected = sum(p[0, k] * brier_score(p, [k], scale_by_half=False) for k in range(n_classes))
        assert expected == pytest.approx(1 - (p**2).sum(), rel=1e-12)

    @pytest.mark.parametrize("n_classes", [2, 3, 10])
    @pytest.mark.parametrize("weighted", [False, True])
    @pytest.mark.parametrize("scale_by_half", [False, True, np.True_, "auto"])
    def test_agrees_with_scikit_learn(self, n_classes, weighted, scale_by_half):
        _, p, labels, weight = made(n_classes=n_classes)
        options = {"sample_weight": weight if weighted else None, "scale_by_half": scale_by_half}
        theirs = brier_score_loss(labels, p, labels=np.arange(n_classes), **options)
        assert brier_score(p, labels, **options) == pytest.approx(theirs, rel=1e-13)

    def test_of_two_classes_it_is_the_error_of_one_probability(self):
        _, p, labels, _ = made(n_classes=2)
        plain = brier_score_loss(labels, p[:, 1])
        assert brier_score(p, labels) == pytest.approx(plain, rel=1e-14)

    @pytest.mark.parametrize("dtype", ["f8", "f4"])
    def test_to_the_last_digits(self, exact, dtype):
        _, p, labels, weight = made(n=60)
        p = np.vstack([p.astype(dtype), np.array([[1 - 2**-20, 2**-20, 0, 0]], dtype)])
        labels, weight = np.append(labels, 0), np.append(weight, 2.0)
        mpf = exact.mp.mpf
        terms = [
            exact.mp.fsum((mpf(float(x)) - (k == y)) ** 2 for k, x in enumerate(row))
            for row, y in zip(p, labels, strict=True)
        ]
        for weights in (np.ones(61), weight):
            pairs = zip(map(mpf, weights), terms, strict=True)
            true = exact.mp.fsum(w * t for w, t in pairs) / exact.mp.fsum(map(mpf, weights))
            assert exact.ulps(np.float64(brier_score(p, labels, sample_weight=weights)), true) <= 3

    @pytest.mark.parametrize("value", ["half", None, 1, 0.5, ["auto"]])
    def test_a_scale_that_is_none(self, value):
        message = f"scale_by_half must be True, False or 'auto', not {value!r} of type "
        with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
            brier_score([[1.0, 0.0]], [0], scale_by_half=value)


class TestTopKAccuracy:
    def test_by_hand(self):
        scores = [[3.0, 2.0, 1.0], [1.0, 2.0, 3.0], [2.0, 3.0, 1.0]]
        assert [top_k_accuracy(scores, [0, 0, 0], k) for k in (1, 2, 3)] == [1 / 3, 2 / 3, 1]
        assert top_k_accuracy(scores, [0, 0, 0]) == 2 / 3
        assert top_k_accuracy(scores, [0, 0, 0], 1, sample_weight=[2, 1, 1]) == 0.5

    def test_the_first_is_the_accuracy_and_the_last_is_all(self):
        logits, _, labels, weight = made()
        right = accuracy_score(labels, logits.argmax(axis=1), sample_weight=weight)
        first = top_k_accuracy(logits, labels, 1, sample_weight=weight)
        assert first == pytest.approx(right, rel=1e-14)
        assert top_k_accuracy(logits, labels, 4, sample_weight=weight) == 1

    @pytest.mark.parametrize("k", [1, 2, 3])
    @pytest.mark.parametrize("weighted", [False, True])
    @pytest.mark.parametrize("tied", [False, True])
    def test_agrees_with_scikit_learn(self, k, weighted, tied):
        logits, _, labels, weight = made()
        logits = np.round(logits / 2) if tied else logits
        weight = weight if weighted else None
        theirs = top_k_accuracy_score(labels, logits, k=k, sample_weight=weight, labels=range(4))
        ours = top_k_accuracy(logits, labels, k, sample_weight=weight)
        assert ours == pytest.approx(theirs, rel=1e-14)

    def test_of_equal_scores_the_later_class_comes_first(self):
        assert [top_k_accuracy([[1.0, 1.0, 1.0]], [y], 1) for y in range(3)] == [0, 0, 1]
        assert [top_k_accuracy([[1.0, 1.0, 1.0]], [y], 2) for y in range(3)] == [0, 1, 1]

    @given(st.integers(0, 99))
    def test_only_the_order_of_scores_counts(self, seed):
        logits, p, labels, _ = made(n=50, seed=seed)
        assert top_k_accuracy(logits, labels) == top_k_accuracy(p, labels)
        assert top_k_accuracy(logits, labels) == top_k_accuracy(1e150 * logits, labels)

    def test_infinite_scores_and_whole_numbers(self):
        assert top_k_accuracy([[-np.inf, 1.0, np.inf]], [0], 2) == 0
        assert top_k_accuracy([[-np.inf, 1.0, np.inf]], [1], 2) == 1
        assert top_k_accuracy(np.array([[3, 1, 2]], "u1"), [2], 2) == 1

    @pytest.mark.parametrize("k", [0, -1, 4, 1.0, "1", True, None])
    def test_k(self, k):
        with pytest.raises(ValueError, match=r"^k must be "):
            top_k_accuracy([[1.0, 2.0, 3.0]], [0], k)

    def test_k_beyond_the_classes_is_told_with_their_number(self):
        message = r"^k must be at most 3, the number of classes, not 4 of type int$"
        with pytest.raises(ValueError, match=message):
            top_k_accuracy([[1.0, 2.0, 3.0]], [0], 4)

    def test_a_score_that_is_none(self):
        with pytest.raises(ValueError, match=r"^scores of shape \(1, 2\) has nan at \(0, 1\)$"):
            top_k_accuracy([[1.0, np.nan]], [0], 1)


class TestPerplexity:
    @pytest.mark.parametrize("n_classes", [1, 2, 5, 1000])
    def test_who_knows_nothing_hesitates_between_all_classes(self, n_classes):
        nothing = perplexity(np.zeros((3, n_classes)), [0] * 3)
        assert nothing == pytest.approx(n_classes, rel=1e-15)

    def test_who_is_sure_and_right_has_one(self):
        assert perplexity([[800.0, 0.0]], [0]) == 1
        assert perplexity([[0.0, -np.inf]], [0]) == 1

    def test_is_the_inverse_of_the_geometric_mean_of_the_probabilities(self):
        logits, p, labels, weight = made()
        true = p[np.arange(200), labels]
        assert perplexity(logits, labels) == pytest.approx(
            1 / np.prod(true ** (1 / 200)), rel=1e-12
        )
        weighted = np.prod(true ** (weight / weight.sum()))
        assert perplexity(logits, labels, sample_weight=weight) == pytest.approx(
            1 / weighted, rel=1e-12
        )

    @pytest.mark.parametrize("weighted", [False, True])
    def test_agrees_with_scikit_learns_log_loss(self, weighted):
        logits, p, labels, weight = made()
        weight = weight if weighted else None
        theirs = np.exp(log_loss(labels, p, sample_weight=weight))
        assert perplexity(logits, labels, sample_weight=weight) == pytest.approx(theirs, rel=1e-13)

    def test_to_the_last_digits(self, exact):
        logits, _, labels, weight = made(n=50)
        losses = [exact.loss(z, y) for z, y in zip(logits, labels, strict=True)]
        for weights in (np.ones(50), weight):
            w = exact.row(weights)
            mean = exact.mp.fsum(a * b for a, b in zip(w, losses, strict=True)) / exact.mp.fsum(w)
            got = np.float64(perplexity(logits, labels, sample_weight=weights))
            assert exact.ulps(got, exact.mp.exp(mean)) <= 3

    def test_sequences_and_padding(self):
        logits, _, labels, weight = made()
        sequences, tokens = logits.reshape(20, 10, 4), labels.reshape(20, 10)
        assert perplexity(sequences, tokens) == perplexity(logits, labels)
        assert perplexity(sequences, tokens, sample_weight=2.0) == perplexity(logits, labels)
        weight = (weight > 1).reshape(20, 10)
        assert perplexity(sequences, tokens, sample_weight=weight * 1.0) == pytest.approx(
            perplexity(sequences[weight], tokens[weight]), rel=1e-14
        )

    def test_more_classes_than_tokens_in_a_sequence(self):
        assert perplexity(np.zeros((3, 2, 5)), [[4, 0], [1, 2], [3, 4]]) == pytest.approx(5)

    def test_beyond_float64_it_is_infinite_without_a_warning(self):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert perplexity([[0.0, 800.0]], [0]) == np.inf
            assert perplexity([[0.0, -np.inf]], [1]) == np.inf
            padded = perplexity([[0.0, -np.inf], [0.0, 0.0]], [1, 0], sample_weight=[0.0, 1.0])
        assert padded == pytest.approx(2, rel=1e-15)

    def test_weights_of_another_shape(self):
        with pytest.raises(
            ValueError, match=r"^sample_weight has shape \(2,\), the samples have s"
        ):
            perplexity(np.zeros((2, 1, 3)), [[0], [0]], sample_weight=[1.0, 1.0])


@pytest.mark.parametrize("score", SCORES)
class TestEveryScore:
    """What holds for all of them; probabilities serve as scores of any kind."""

    @given(st.integers(0, 10**6), st.booleans())
    def test_the_order_of_samples_changes_no_digit(self, score, seed, weighted):
        rng = np.random.default_rng(seed)
        _, p, labels, weight = made(n=90)
        order = rng.permutation(90)
        one, other = (
            score(p[rows], labels[rows], sample_weight=weight[rows] if weighted else None)
            for rows in (np.arange(90), order)
        )
        if score is perplexity:  # the losses of rows elsewhere in a block may round otherwise
            assert one == pytest.approx(other, rel=1e-15)
        else:
            assert one == other

    def test_a_whole_weight_is_a_number_of_copies(self, score):
        _, p, labels, _ = made()
        copies = np.arange(200) % 4
        weighted = score(p, labels, sample_weight=copies)
        copied = score(p.repeat(copies, 0), labels.repeat(copies))
        assert weighted == pytest.approx(copied, rel=1e-14)

    @pytest.mark.parametrize("weight", [1, 2.5, 1e-300, 1e297])
    def test_equal_weights_are_none(self, score, weight):
        _, p, labels, _ = made()
        weighted = score(p, labels, sample_weight=np.full(200, weight))
        assert weighted == pytest.approx(score(p, labels), rel=1e-14)

    @pytest.mark.parametrize("dtype", INTEGERS)
    @pytest.mark.parametrize("n_classes", [3, 70])
    def test_labels_of_every_integer_type(self, score, dtype, n_classes):
        _, p, labels, _ = made(n=5000, n_classes=n_classes)
        assert score(p, labels.astype(dtype)) == score(p, labels)

    @pytest.mark.parametrize("dtype", ["f2", "f4", ">f4", ">f8"])
    def test_numbers_of_every_type(self, score, dtype):
        p = np.random.default_rng(0).multinomial(4, [0.5, 0.3, 0.2], 100) / 4
        labels = np.arange(100) % 3
        assert score(p.astype(dtype), labels) == score(p, labels) == score(p.tolist(), [*labels])

    @pytest.mark.parametrize(
        ("change", "error", "message"),
        [
            ({"labels": [2]}, ValueError, r"^labels of shape \(1,\) have 2 at \(0,\): there are 2"),
            ({"labels": [-1]}, ValueError, r"^labels of shape \(1,\) have -1 at \(0,\)"),
            ({"labels": [0, 1]}, ValueError, r"^labels have shape \(2,\), the samples have shape"),
            ({"labels": [[1, 0]]}, ValueError, r"^labels have shape \(1, 2\), the samples have sh"),
            ({"labels": [0.0]}, TypeError, r"^labels that are class indices must be integers"),
            ({"labels": np.ma.masked_array([0])}, TypeError, r"^labels is a masked array"),
            (
                {"numbers": [0.5, 0.5]},
                ValueError,
                r"^(p|scores|logits) must be rows of .*not \(2,\)",
            ),
            (
                {"numbers": np.empty((0, 2)), "labels": []},
                ValueError,
                r"one row at least.* \(0, 2\)",
            ),
            ({"numbers": np.empty((1, 0))}, ValueError, r"one row at least.* not \(1, 0\)"),
            ({"numbers": [[1.0], [0.5, 0.5]]}, ValueError, r"^(p|scores|logits) is ragged"),
            (
                {"numbers": np.ma.masked_array([[0.5, 0.5]])},
                TypeError,
                r"^(p|scores|logits) is a m",
            ),
            ({"numbers": [[0.5 + 0j, 0.5]]}, TypeError, r"^(p|scores|logits) must be real numbers"),
            ({"numbers": [["a", "b"]]}, TypeError, r"^(p|scores|logits) must be real numbers"),
            (
                {"numbers": [[np.nan, 0.5]]},
                ValueError,
                r"^(p|scores|logits) of shape \(1, 2\) has nan",
            ),
            ({"sample_weight": [-1.0]}, ValueError, r"sample_weight"),
            ({"sample_weight": [0.0]}, ValueError, r"sample_weight"),
            ({"sample_weight": [np.nan]}, ValueError, r"sample_weight"),
            ({"sample_weight": [1.0, 1.0]}, ValueError, r"sample_weight"),
            ({"sample_weight": [1e308]}, ValueError, r"sample_weight .* adds up to 1e\+308"),
            (
                {"sample_weight": np.ma.masked_array([1.0])},
                TypeError,
                r"^sample_weight is a masked",
            ),
        ],
    )
    def test_bad_input(self, score, change, error, message):
        given = {"numbers": [[0.5, 0.5]], "labels": [0], "sample_weight": None, **change}
        with pytest.raises(error, match=message):
            score(given["numbers"], given["labels"], sample_weight=given["sample_weight"])
