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

    def test_a_class_without_samples_is_refused(self):
        with pytest.raises(ValueError, match="no sample of class 1"):
            template_weights([[1.0], [2.0]], [0, 2])
