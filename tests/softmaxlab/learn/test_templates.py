"""The weights made of averages rank classes as distances do."""

import numpy as np
import pytest
from sklearn.neighbors import NearestCentroid
from softmaxlab import load_digits, template_weights


@pytest.fixture(scope="module")
def blobs():
    rng = np.random.default_rng(0)
    labels = np.arange(60) % 4
    return rng.normal(size=(4, 5))[labels] * 3 + rng.normal(size=(60, 5)), labels


class TestTemplateWeights:
    def test_two_points(self):
        weights, biases = template_weights([[0.0], [4.0]], [0, 1])
        assert weights.tolist() == [[-2.0], [2.0]]
        assert biases.tolist() == [4.0, -4.0]

    def test_scores_are_distances_up_to_what_all_classes_share(self, blobs):
        X, labels = blobs
        weights, biases = template_weights(X, labels)
        averages = np.stack([X[labels == k].mean(axis=0) for k in range(4)])
        distances = ((X[:, None] - averages) ** 2).sum(axis=-1)
        scores = X @ weights.T + biases
        np.testing.assert_allclose(np.diff(scores), np.diff(-distances / 2), atol=1e-12)

    def test_the_scores_of_a_sample_add_up_to_zero(self, blobs):
        X, labels = blobs
        weights, biases = template_weights(X, labels)
        np.testing.assert_allclose((X @ weights.T + biases).sum(axis=1), 0, atol=1e-12)

    @pytest.mark.filterwarnings("ignore:self.within_class_std_dev_")
    def test_it_decides_as_scikit_learn(self):
        (X, labels), (X_test, _) = load_digits()
        weights, biases = template_weights(X, labels)
        theirs = NearestCentroid().fit(X, labels).predict(X_test)
        np.testing.assert_array_equal((X_test @ weights.T + biases).argmax(axis=1), theirs)

    @pytest.mark.parametrize("dtype", ["i1", "u1", ">i2", "u8"])
    def test_labels_and_pixels_of_every_integer_type(self, dtype):
        X, labels = np.arange(12).reshape(4, 3), np.array([0, 1, 1, 0])
        expected = template_weights(X.astype(float), labels)
        for ours, other in zip(
            template_weights(X.astype(dtype), labels.astype(dtype)), expected, strict=True
        ):
            np.testing.assert_array_equal(ours, other)

    @pytest.mark.parametrize(
        ("X", "labels", "message"),
        [
            (np.ma.masked_array([[1.0], [2.0]], [[False], [True]]), [0, 1], "X is a masked array"),
            ([[1j], [2.0]], [0, 1], "X must be real numbers, got dtype complex128"),
            ([[1.0], [np.nan]], [0, 1], r"X of shape \(2, 1\) has nan at \(1, 0\)"),
            ([1.0, 2.0], [0, 1], r"X must have shape \(n_samples, n_features\), not \(2,\)"),
            (np.empty((0, 3)), [], r"X must have shape \(n_samples, n_features\), not \(0, 3\)"),
            ([[1.0], [2.0]], [0.0, 1.0], "labels that are class indices must be integers"),
            ([[1.0], [2.0]], [0, -1], r"labels of shape \(2,\) have -1 at \(1,\)"),
            ([[1.0], [2.0]], [0], r"labels have shape \(1,\), the samples have shape \(2,\)"),
            ([[1.0], [2.0]], [1, 1], "labels have no sample of class 0: it has no average"),
        ],
    )
    def test_what_has_no_averages(self, X, labels, message):
        with pytest.raises((TypeError, ValueError), match=f"^{message}"):
            template_weights(X, labels)

    def test_a_class_without_samples_is_refused(self):
        with pytest.raises(ValueError, match="no sample of class 1"):
            template_weights([[1.0], [2.0]], [0, 2])
