"""Formulas that hold for every size, in the letters that the tests share."""

#: What is true of it -> the formula.
PROVED = {
    "sums to one": r"\sum_i a_i = 1",
    "Jacobian by cases": (
        r"\frac{\partial a_j}{\partial z_i} = \begin{cases} a_i (1 - a_i) & i = j \\"
        r" -a_j a_i & \text{otherwise} \end{cases} = a_j (\delta_{ij} - a_i)"
    ),
    "Jacobian as a matrix": (
        r"\frac{\partial \mathbf{a}}{\partial \mathbf{z}}"
        r" = \operatorname{diag}(\mathbf{a}) - \mathbf{a} \mathbf{a}^\top"
    ),
    "gradient": (
        r"\frac{\partial C}{\partial z_i} = \sum_j \frac{\partial C}{\partial a_j}"
        r" \frac{\partial a_j}{\partial z_i}"
        r" = -\frac{y_i}{a_i} a_i (1 - a_i) + \sum_{j \ne i} \frac{y_j}{a_j} a_j a_i"
        r" = -y_i + a_i \sum_j y_j = a_i - y_i"
    ),
    "gradient as a vector": r"\nabla_{\mathbf{z}} C = \mathbf{a} - \mathbf{y}",
    "Hessian": (
        r"\nabla^2_{\mathbf{z}} C = \operatorname{diag}(\mathbf{a}) - \mathbf{a} \mathbf{a}^\top"
    ),
    "variance": (
        r"\mathbf{v}^\top (\operatorname{diag}(\mathbf{a}) - \mathbf{a} \mathbf{a}^\top) \mathbf{v}"
        r" = \sum_i a_i (v_i - \sum_k a_k v_k)^2"
    ),
    "entropies": r"H(p, q) = H(p) + D_{\mathrm{KL}}(p \parallel q)",
    "stable": r"L = \max_k z_k + \log \sum_k e^{z_k - \max_i z_i}",
    "likelihood": (r"-\log \prod_n \prod_k A_{nk}^{Y_{nk}} = -\sum_n \sum_k Y_{nk} \log A_{nk}"),
    "order of a double sum": r"\sum_n \sum_k Y_{nk} z_k = \sum_k z_k \sum_n Y_{nk}",
    "a condition": r"\frac{\partial a_j}{\partial z_i} = -a_i a_j \quad (i \ne j)",
    "the other condition": r"\frac{\partial a_j}{\partial z_i} = a_i (1 - a_j) \quad (i = j)",
    "explicit bounds": r"\sum_{k=1}^{K} z_k = \sum_k z_k",
    "trace": r"\operatorname{tr}(\mathbf{a} \mathbf{a}^\top) = \lVert \mathbf{a} \rVert^2",
    "matrix times vector": r"(\mathbf{U} \mathbf{x})_i = \sum_d U_{id} x_d",
    "a division by one less than a size": r"\frac{(K - 1) z_i}{K - 1} = z_i",
    "a slope by a distribution": r"\frac{\partial}{\partial p_i} H(p, q) = -\log q_i",
    "a slope of a sum that is one": r"\frac{\partial}{\partial p_i} \left( \sum_k p_k \right) = 1",
    "expectation": r"\mathbb{E}_{k \sim p}[z_k + c] = \sum_k p_k z_k + c",
}
