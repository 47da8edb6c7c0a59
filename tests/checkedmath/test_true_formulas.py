r"""No false alarm: true formulas of the field that are not in the book are read and accepted.

They are written as textbooks have them. Each stands with the method that is expected at least, so
that a proof that is lost is seen.
"""

import pytest
from checkedmath import Derivation
from checkedmath.steps import METHODS

MORE_LETTERS = r"""
F, G: positive K — positive numbers
Q, R: simplex K N — for each class a distribution of samples
S: positive K — softmax at a temperature
E: real — an entropy
o: ones K
x: real D
"""
MORE_DEFINITIONS = (
    r"J_{kn} := p_k Q_{kn}",
    r"\mu_n := \sum_k p_k Q_{kn}",
    r"\nu_n := \sum_k q_k Q_{kn}",
    r"S_i := \frac{e^{z_i / T}}{\sum_k e^{z_k / T}}",
    r"E := -\sum_k a_k \log a_k",
    r"\phi(v) := \log \sum_k e^{v_k}",
)

FORMULAS = {
    "Gibbs": (r"-\sum_k p_k \log p_k \le -\sum_k p_k \log q_k", "sampled"),
    "divergence is not negative": (r"D_{\mathrm{KL}}(p \parallel q) \ge 0", "sampled"),
    "entropy is concave": (r"H(g p + (1 - g) q) \ge g H(p) + (1 - g) H(q)", "sampled"),
    "chain rule of entropy": (
        r"-\sum_k \sum_n J_{kn} \log J_{kn} = H(p) - \sum_k p_k \sum_n Q_{kn} \log Q_{kn}",
        "every K",
    ),
    "conditioning reduces entropy": (
        r"-\sum_n \mu_n \log \mu_n \ge -\sum_k p_k \sum_n Q_{kn} \log Q_{kn}",
        "sampled",
    ),
    "mutual information is a difference of entropies": (
        r"\sum_k \sum_n J_{kn} \log \frac{J_{kn}}{p_k \mu_n}"
        r" = -\sum_n \mu_n \log \mu_n + \sum_k p_k \sum_n Q_{kn} \log Q_{kn}",
        "every K",
    ),
    "mutual information is not negative": (
        r"\sum_k \sum_n J_{kn} \log \frac{J_{kn}}{p_k \mu_n} \ge 0",
        "sampled",
    ),
    "chain rule of divergence": (
        r"\sum_k \sum_n p_k Q_{kn} \log \frac{p_k Q_{kn}}{q_k R_{kn}}"
        r" = D_{\mathrm{KL}}(p \parallel q) + \sum_k p_k \sum_n Q_{kn} \log \frac{Q_{kn}}{R_{kn}}",
        "every K",
    ),
    "data processing": (
        r"\sum_n \mu_n \log \frac{\mu_n}{\nu_n} \le D_{\mathrm{KL}}(p \parallel q)",
        "sampled",
    ),
    "Pinsker": (
        r"\frac{1}{2} (\sum_k \lvert p_k - q_k \rvert)^2 \le D_{\mathrm{KL}}(p \parallel q)",
        "sampled",
    ),
    "Bretagnolle and Huber": (
        r"\lVert \mathbf{p} - \mathbf{q} \rVert_1"
        r" \le 2 \sqrt{1 - e^{-D_{\mathrm{KL}}(p \parallel q)}}",
        "sampled",
    ),
    "Jeffreys": (
        r"D_{\mathrm{KL}}(p \parallel q) + D_{\mathrm{KL}}(q \parallel p)"
        r" = \sum_k (p_k - q_k) \log \frac{p_k}{q_k}",
        "every K",
    ),
    "Jensen and Shannon are below a bit": (
        r"\frac{1}{2} D_{\mathrm{KL}}(p \parallel \frac{1}{2} (p + q))"
        r" + \frac{1}{2} D_{\mathrm{KL}}(q \parallel \frac{1}{2} (p + q)) \le \log 2",
        "sampled",
    ),
    "Jensen and Shannon by entropies": (
        r"\frac{1}{2} D_{\mathrm{KL}}(p \parallel \frac{1}{2} (p + q))"
        r" + \frac{1}{2} D_{\mathrm{KL}}(q \parallel \frac{1}{2} (p + q))"
        r" = H(\frac{1}{2} (p + q)) - \frac{1}{2} H(p) - \frac{1}{2} H(q)",
        "every K",
    ),
    "divergence is below chi-square": (
        r"D_{\mathrm{KL}}(p \parallel q) \le \sum_k \frac{(p_k - q_k)^2}{q_k}",
        "sampled",
    ),
    "divergence is above Hellinger": (
        r"D_{\mathrm{KL}}(p \parallel q) \ge \sum_k (\sqrt{p_k} - \sqrt{q_k})^2",
        "sampled",
    ),
    "log-sum inequality": (
        r"\sum_k F_k \log \frac{F_k}{G_k} \ge (\sum_k F_k) \log \frac{\sum_k F_k}{\sum_k G_k}",
        "sampled",
    ),
    "Bregman form of the divergence": (
        r"D_{\mathrm{KL}}(p \parallel q) = \sum_k p_k \log p_k - \sum_k q_k \log q_k"
        r" - \sum_k (\log q_k + 1) (p_k - q_k)",
        "every K",
    ),
    "Donsker and Varadhan": (
        r"\sum_k p_k v_k - \log \sum_k q_k e^{v_k} \le D_{\mathrm{KL}}(p \parallel q)",
        "sampled",
    ),
    "Fenchel and Young": (r"L + \sum_k p_k \log p_k \ge \sum_k p_k z_k", "sampled"),
    "Renyi is below Shannon": (r"-\log \sum_k p_k^2 \le H(p)", "sampled"),
    "purity": (r"\frac{1}{K} \le \sum_k p_k^2 \le 1", "sampled"),
    "perplexity is a product": (r"e^{H(p)} = \prod_k p_k^{-p_k}", "every K"),
    "perplexity": (r"1 \le e^{H(p)} \le K", "sampled"),
    "bits": (r"-\sum_k p_k \log_2 p_k = \frac{H(p)}{\log 2}", "every K"),
    "binary entropy": (r"-g \log g - (1 - g) \log(1 - g) \le \log 2", "sampled"),
    "slope of the binary entropy": (
        r"\frac{\partial}{\partial g} (-g \log g - (1 - g) \log(1 - g)) = \log \frac{1 - g}{g}",
        "exact",
    ),
    "log-sum-exp with a temperature": (
        r"\max_k z_k \le T \log \sum_k e^{z_k / T} \le \max_k z_k + T \log K",
        "sampled",
    ),
    "log-sum-exp is convex": (
        r"\phi(g v + (1 - g) w) \le g \phi(v) + (1 - g) \phi(w)",
        "sampled",
    ),
    "log-sum-exp and a shift": (r"\phi(v + c o) = \phi(v) + c", "every K"),
    "softmax of logarithms": (r"\frac{e^{\log p_i}}{\sum_k e^{\log p_k}} = p_i", "every K"),
    "log-odds of one class": (
        r"\log \frac{a_i}{1 - a_i} = z_i - \log \sum_{k \ne i} e^{z_k}",
        "exact",
    ),
    "slope of log-softmax": (
        r"\frac{\partial}{\partial z_j} \log a_i = \delta_{ij} - a_j",
        "every K",
    ),
    "the score has mean zero": (
        r"\sum_k a_k \frac{\partial}{\partial z_i} \log a_k = 0",
        "every K",
    ),
    "Fisher information of the categorical": (
        r"\sum_k a_k \left( \frac{\partial}{\partial z_i} \log a_k \right)"
        r" \left( \frac{\partial}{\partial z_j} \log a_k \right) = a_i (\delta_{ij} - a_j)",
        "every K",
    ),
    "Fisher information by the mean": (
        r"\sum_k p_k \left( \frac{\delta_{ik}}{p_k} \right) \left( \frac{\delta_{jk}}{p_k} \right)"
        r" = \frac{\delta_{ij}}{p_i}",
        "every K",
    ),
    "trace of the Hessian": (
        r"\operatorname{tr}(\nabla^2_{\mathbf{z}} L) = 1 - \sum_i a_i^2",
        "every K",
    ),
    "the Hessian does not see a shift": (
        r"(\operatorname{diag}(\mathbf{a}) - \mathbf{a} \mathbf{a}^\top) \mathbf{o} = 0",
        "every K",
    ),
    "a Jacobian times a vector": (
        r"(\operatorname{diag}(\mathbf{a}) - \mathbf{a} \mathbf{a}^\top) \mathbf{v}"
        r" = \mathbf{a} \odot (\mathbf{v} - (\mathbf{a}^\top \mathbf{v}) \mathbf{o})",
        "every K",
    ),
    "slope by the temperature": (
        r"\frac{\partial S_i}{\partial T} = \frac{S_i}{T^2} \left( \sum_k S_k z_k - z_i \right)",
        "every K",
    ),
    "entropy of softmax": (r"E = L - \sum_k a_k z_k", "every K"),
    "slope of the entropy of softmax": (
        r"\frac{\partial E}{\partial z_i} = -a_i (\log a_i + E)",
        "every K",
    ),
    "slope with smoothed labels": (
        r"\frac{\partial}{\partial z_i} \left( -\sum_k \left( (1 - \epsilon) y_k"
        r" + \frac{\epsilon}{K} \right) \log a_k \right)"
        r" = a_i - (1 - \epsilon) y_i - \frac{\epsilon}{K}",
        "every K",
    ),
    "smoothing pulls to the uniform distribution": (
        r"-\frac{1}{K} \sum_k \log a_k = \log K"
        r" + \sum_k \frac{1}{K} \log \frac{1 / K}{a_k}",
        "every K",
    ),
    "focal loss": (
        r"\frac{\partial}{\partial s} \left( -(1 - \sigma(s))^c \log \sigma(s) \right)"
        r" = c (1 - \sigma(s))^c \sigma(s) \log \sigma(s) - (1 - \sigma(s))^{c + 1}",
        "numeric",
    ),
    "squared error behind a sigmoid": (
        r"\frac{\partial}{\partial s} \left( \frac{1}{2} (\sigma(s) - g)^2 \right)"
        r" = (\sigma(s) - g) \sigma(s) (1 - \sigma(s))",
        "exact",
    ),
    "curvature of softplus": (
        r"\frac{\partial^2}{\partial s^2} \log(1 + e^s) = \sigma(s) (1 - \sigma(s))",
        "exact",
    ),
    "curvature of the sigmoid": (
        r"\sigma''(s) = \sigma(s) (1 - \sigma(s)) (1 - 2 \sigma(s))",
        "exact",
    ),
    "sigmoid and tanh": (r"\sigma(s) = \frac{1}{2} \left( 1 + \tanh \frac{s}{2} \right)", "exact"),
    "softplus of both signs": (r"\log(1 + e^s) - \log(1 + e^{-s}) = s", "exact"),
    "Gumbel maximum: product of distributions": (
        r"\prod_k e^{-e^{-(s - z_k)}} = e^{-e^{-s} \sum_k e^{z_k}}",
        "every K",
    ),
    "Gumbel maximum: density of the winner": (
        r"\frac{\partial}{\partial s} \left( a_i e^{-e^{-s} \sum_k e^{z_k}} \right)"
        r" = e^{z_i - s} e^{-e^{-s} \sum_k e^{z_k}}",
        "every K",
    ),
    "Gumbel maximum of two is logistic": (
        r"\frac{e^s}{e^s + e^c} = 1 - \frac{1}{1 + e^{s - c}}",
        "exact",
    ),
    "variance": (
        r"\operatorname{Var}_{k \sim p}[v_k]"
        r" = \mathbb{E}_{k \sim p}[v_k^2] - (\mathbb{E}_{k \sim p}[v_k])^2",
        "every K",
    ),
    "Jensen": (r"e^{\mathbb{E}_{k \sim p}[v_k]} \le \mathbb{E}_{k \sim p}[e^{v_k}]", "sampled"),
    "Cauchy and Schwarz": (
        r"(\mathbf{v}^\top \mathbf{w})^2"
        r" \le \lVert \mathbf{v} \rVert^2 \lVert \mathbf{w} \rVert^2",
        "sampled",
    ),
    "arithmetic and geometric mean": (r"\prod_k F_k^{p_k} \le \sum_k p_k F_k", "sampled"),
    "Bayes": (r"\sum_k \frac{J_{kn}}{\mu_n} = 1", "every K"),
    "Brier score": (
        r"\lVert \mathbf{p} - \mathbf{q} \rVert^2 = \sum_k p_k^2 - 2 \sum_k p_k q_k + \sum_k q_k^2",
        "every K",
    ),
    "weight decay": (
        r"\nabla_{\mathbf{w}} \left( \frac{c}{2} \lVert \mathbf{w} \rVert^2 \right) = c \mathbf{w}",
        "every K",
    ),
}


def test_there_are_fifty():
    assert len(FORMULAS) >= 50


CASES = [  # where there is no proof, every search for a counter-example runs to its end
    pytest.param(*case, id=name, marks=[pytest.mark.slow] if case[1] == "sampled" else [])
    for name, case in FORMULAS.items()
]


@pytest.mark.parametrize(("formula", "method"), CASES)
def test_a_true_formula_is_accepted(formula, method, letters):
    letters.declare(MORE_LETTERS)
    for definition in MORE_DEFINITIONS:
        Derivation(definition, letters)
    for step in Derivation(formula, letters).steps:
        assert METHODS.index(step.method) <= METHODS.index(method)
