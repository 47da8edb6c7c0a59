"""Many rows of few classes are worked on class by class, with the numbers of each row alone."""

import numpy as np
import pytest
import softmaxlab as sl
from softmaxlab._numerics import blocks


@pytest.mark.parametrize("n_classes", range(1, 10))
@pytest.mark.parametrize("offset", [0.0, 800.0])
def test_every_number_of_classes(n_classes, offset, monkeypatch):
    monkeypatch.setattr(blocks, "_MANY_ROWS", 12)
    monkeypatch.setattr(blocks, "_FEW_CLASSES", 8)
    monkeypatch.setattr(blocks, "_FRESH", 0)
    rng = np.random.default_rng(n_classes)
    z, v = rng.normal(size=(2, 12, n_classes))
    z += offset
    p = sl.softmax(z)
    for call in (sl.softmax, sl.log_softmax, sl.logsumexp, sl.entropy_from_logits):
        np.testing.assert_allclose(call(z), [call(row) for row in z], rtol=1e-14, atol=1e-15)
    for call, first, second in (
        (sl.softmax_vjp, z, v),
        (sl.softmax_cross_entropy, z, p),
        (sl.softmax_cross_entropy_grad, z, p[::-1]),
        (sl.kl_divergence_from_logits, z, v),
        (sl.kl_divergence, p, p[::-1]),
        (sl.cross_entropy, p, p[::-1]),
    ):
        alone = [call(*rows) for rows in zip(first, second, strict=True)]
        np.testing.assert_allclose(call(first, second), alone, rtol=1e-13, atol=1e-15)
