"""What the course promises to show, and where: one row for each topic.

A row holds the topic, the page, the anchor of the section or of the entry, and the numbers that an
executed cell must have put there.
"""

ROWS = [
    # -- scores and probabilities
    (
        "the neuron, by element, as a matrix product, and batched",
        "book/chapters/scores",
        "three-ways-to-write-it",
        "1347 64 10",
    ),
    (
        "evidence as a weighted sum of pixels and a bias; maps of the weights",
        "book/chapters/scores",
        "evidence-without-an-optimiser",
        "90.7%",
    ),
    (
        "weights of zero cost the logarithm of ten",
        "book/chapters/cross-entropy-loss",
        "what-knowing-nothing-costs",
        "2.302585",
    ),
    (
        "softmax of six scores; the largest is the last",
        "book/chapters/softmax",
        "the-definition",
        "7.874945e-04 0.00214063 0.01581725 0.11687455 0.86359258 5",
    ),
    (
        "softmax of three scores",
        "book/chapters/softmax",
        "the-definition",
        "0.878878 0.118943 0.002179",
    ),
    (
        "the sigmoid as the case of two; the sigmoids do not sum to one",
        "book/chapters/softmax",
        "two-classes-the-sigmoid",
        "0.880797 1.731059",
    ),
    (
        "hardmax and log-sum-exp",
        "book/chapters/softmax",
        "two-soft-things",
        "3.0 8.1467",
    ),
    (
        "the definition breaks and the shift repairs it",
        "book/chapters/numbers-that-break",
        "three-scores-that-break-the-definition",
        "nan 5.7527e-290 2.3985e-145",
    ),
    (
        "where exp overflows",
        "book/chapters/numbers-that-break",
        "a-ruler-with-a-first-and-a-last-mark",
        "709.78",
    ),
    (
        "safe for p and not for log p",
        "book/chapters/numbers-that-break",
        "safe-for-p-not-for-log-p",
        "-666 -333",
    ),
    (
        "where the sigmoid rounds to one, in two precisions",
        "book/chapters/numbers-that-break",
        "the-sigmoid-runs-out-of-room",
        "36.7368 16.64",
    ),
    (
        "clipping and what it hides",
        "book/chapters/numbers-that-break",
        "clipping-and-what-it-hides",
        "36.04365",
    ),
    # -- surprise
    (
        "one truth, two predictions, in nats and in base ten",
        "book/chapters/entropy",
        "surprise",
        "0.693147 0.356675 0.301030 0.154902",
    ),
    (
        "entropy, cross-entropy and KL, and why minimising one minimises the other",
        "book/chapters/entropy",
        "kl-divergence-the-price",
        "1.7500 1.5000 0.2500",
    ),
    (
        "why KL is no distance",
        "book/chapters/entropy",
        "why-it-is-not-a-distance",
        "0.7430 0.6779",
    ),
    (
        "cross-entropy between a one-hot truth and a prediction",
        "book/chapters/cross-entropy-loss",
        "the-loss-of-one-sample",
        "0.693147",
    ),
    (
        "cat, dog and pig: two models of equal accuracy",
        "book/chapters/cross-entropy-loss",
        "the-loss-of-one-sample",
        "1.378388852247 0.639107564068 0.9163 2.3026 0.3567 1.2040",
    ),
    (
        "a batch: sum, mean, and the mean over the whole matrix",
        "book/chapters/cross-entropy-loss",
        "sum-mean-and-a-mean-that-is-wrong",
        "0.09003057 0.24472847 0.66524096 1.2228179 0.4076060 0.1358687",
    ),
    (
        "the fused loss",
        "book/chapters/cross-entropy-loss",
        "from-logits-in-one-step",
        "0.407606",
    ),
    (
        "the cost of one sigmoid neuron",
        "book/chapters/cross-entropy-loss",
        "two-classes-one-score-is-enough",
        "0.126928",
    ),
    (
        "maximum likelihood is minimum cross-entropy",
        "book/chapters/likelihood",
        "a-model-that-looks-at-nothing",
        "2.302585",
    ),
    (
        "a Gaussian prior is a penalty on the squares",
        "book/chapters/likelihood",
        "when-the-likelihood-has-no-maximum",
        "1.007 1.717 2.590",
    ),
    (
        "the view of information and the view of probability",
        "book/chapters/likelihood",
        "two-views-of-one-formula",
        "0.6109 0.00222",
    ),
    # -- gradients
    (
        "the derivatives of softmax: both cases, the quotient rule",
        "book/chapters/gradient",
        "how-a-probability-answers-to-a-score",
        "0.106451 -0.104537 0.10645 0.13533",
    ),
    (
        "the gradient, a - y",
        "book/chapters/gradient",
        "nudge-and-see",
        "-0.121122 0.118943 0.002179",
    ),
    (
        "the chain rule has a sum",
        "book/chapters/gradient",
        "the-chain-rule-has-a-sum",
        "-2.78871137134 -3.13068123164",
    ),
    (
        "the gradient confirmed by differences",
        "book/chapters/gradient",
        "do-not-believe-it-measure",
        "-0.1211217573",
    ),
    (
        "wrong gradients caught, and a test that misses them",
        "book/chapters/trust-but-verify",
        "what-a-test-of-gradients-should-contain",
        "0.6682 -0.3318",
    ),
    (
        "the second derivative",
        "book/chapters/curvature",
        "the-second-derivative",
        "0.106451 -0.104537",
    ),
    (
        "the floor of a softmax taken twice",
        "book/chapters/logits-or-probabilities",
        "a-loss-that-will-not-fall",
        "0.551445 1.461150",
    ),
    (
        "which function of which framework wants what",
        "book/chapters/logits-or-probabilities",
        "which-loss-wants-what",
        "0.407606 0.693147",
    ),
    (
        "turning logits into probabilities afterwards",
        "book/chapters/logits-or-probabilities",
        "probabilities-afterwards",
        "0.7311 0.3133",
    ),
    # -- classifiers
    (
        "many labels or one of many",
        "book/chapters/sigmoid-or-softmax",
        "one-answer-or-several",
        "1.731059",
    ),
    (
        "logistic regression is the case of two; half the step, the same path",
        "book/chapters/sigmoid-or-softmax",
        "two-classes-exactly-the-same",
        "4e-16",
    ),
    (
        "hinge loss and softmax loss on the same scores",
        "book/chapters/hinge-or-softmax",
        "the-same-scores-two-opinions",
        "0.000918 0.551 3.38e-48",
    ),
    (
        "names: hinge, softmax, cross-entropy, softmax loss",
        "book/chapters/hinge-or-softmax",
        "names-that-confuse",
        "0.551445",
    ),
    (
        "the network and its three steps: model, cost, minimise",
        "book/chapters/back-propagation",
        "the-digits",
        "20,175 2,175",
    ),
    (
        "the backward pass, in a batch",
        "book/chapters/back-propagation",
        "in-code",
        "51",
    ),
    (
        "one hundred epochs on digits",
        "book/chapters/back-propagation",
        "the-digits",
        "2.30 96.9%",
    ),
    (
        "does cross-entropy cure slow learning?",
        "book/chapters/back-propagation",
        "a-neuron-that-is-slow-to-learn",
        "0.0940 0.2028 0.0116 0.0120",
    ),
    # -- what readers of such material stumble over
    (
        "rows that do not add up to one are repaired silently",
        "book/chapters/cross-entropy-loss",
        "three-habits-of-log-loss",
        "0.5108 1.2040 36.04365",
    ),
    (
        "a loss in two bases side by side",
        "book/chapters/hinge-or-softmax",
        "enough-is-enough",
        "0.452 1.040",
    ),
    # -- proper scores
    (
        "log, Brier and spherical scores are proper",
        "book/chapters/scoring",
        "three-proper-charges",
        "0.154 0.080 3.534",
    ),
    (
        "the logarithm looks at nothing but what happened",
        "book/chapters/scoring",
        "what-is-special-about-the-logarithm",
        "0.693 0.5 0.375",
    ),
    (
        "calibration and refinement",
        "book/chapters/scoring",
        "two-parts-of-every-proper-charge",
        "0.0200 0.0248 0.0111 0.0018 0.0103",
    ),
    (
        "where the hinge over all rivals is not consistent",
        "book/chapters/scoring",
        "right-or-wrong",
        "17%",
    ),
    # -- rare classes and soft answers
    (
        "prior shift and logit adjustment",
        "book/chapters/rare-classes",
        "when-some-classes-are-rare",
        "89.1% 94.2%",
    ),
    (
        "class weights, beside scikit-learn",
        "book/chapters/rare-classes",
        "weights-for-classes",
        "89.1% 94.2% 93.3% 95.3%",
    ),
    (
        "the decision that costs least; precision and recall",
        "book/chapters/rare-classes",
        "the-decision-that-costs-least",
        "0.172 0.053 96% 85%",
    ),
    (
        "the focal loss, which is not proper",
        "book/chapters/rare-classes",
        "a-loss-that-looks-away",
        "1005.03 18.65 0.800 0.627",
    ),
    (
        "label smoothing and the leads",
        "book/chapters/rare-classes",
        "smoothed-answers",
        "27.3 4.9 95.8% 81.6%",
    ),
    (
        "distillation, and why T squared",
        "book/chapters/rare-classes",
        "answers-from-a-better-machine",
        "97.1% 81.8% 92.8% 94.6% 0.4444",
    ),
    (
        "the contrastive loss",
        "book/chapters/rare-classes",
        "no-labels-at-all",
        "450 14% 66% 10% 2.25 2.30",
    ),
    # -- speed and size
    (
        "the price of a call, of a row and of a score",
        "book/chapters/close-to-the-metal",
        "three-prices",
        "8.8 21 145 20.9",
    ),
    (
        "a roofline, with counted operations and bytes",
        "book/chapters/close-to-the-metal",
        "an-exponential-line-by-line",
        "33 37 64 16",
    ),
    (
        "sums over workers, the same to the last bit",
        "book/chapters/close-to-the-metal",
        "the-same-sum-to-the-last-bit",
        "200 480",
    ),
    (
        "too many workers, and the slowest of them",
        "book/chapters/close-to-the-metal",
        "how-many-workers-are-too-many",
        "1.50 2.93 5.19",
    ),
    # -- words
    (
        "the chain rule of probability; the surprise at a text",
        "book/chapters/next-word",
        "a-text-is-a-row-of-questions",
        "685 17896",
    ),
    (
        "perplexity: counts, a mixture, and scikit-learn's loss",
        "book/chapters/next-word",
        "what-counting-can-do",
        "685 133 58 52 51 0.37% 0.014% 23% 59%",
    ),
    (
        "a log-bilinear model that learns which words resemble each other",
        "book/chapters/next-word",
        "words-that-resemble-each-other",
        "54.6 53.4 52.7 1.26 1.85",
    ),
    (
        "temperature, top-k and top-p",
        "book/chapters/next-word",
        "let-it-talk",
        "10.6% 13.1% 44% 12% 37% 63% 72% 93% 99%",
    ),
    (
        "pieces of words, by byte-pair encoding",
        "book/chapters/next-word",
        "words-that-resemble-each-other",
        "200",
    ),
    (
        "masked and padded positions",
        "book/chapters/next-word",
        "positions-that-do-not-count",
        "3 1.5",
    ),
    (
        "attention, its causal mask and the square root",
        "book/chapters/attention",
        "a-softmax-inside-the-machine",
        "0.80 0.62 0.31",
    ),
    (
        "attention by products and by nearness",
        "book/chapters/attention",
        "why-a-product",
        "0.042116",
    ),
    (
        "the slope of attention, and the square root",
        "book/chapters/attention",
        "how-it-learns-where-to-look",
        "33% 77%",
    ),
    (
        "attention that learns where to look",
        "book/chapters/attention",
        "a-machine-that-learns-it",
        "52% 51% 0.87 100%",
    ),
    (
        "attention in parts",
        "book/chapters/large-vocabulary",
        "attention-in-parts",
        "0.05494342 0.00571216",
    ),
    (
        "sampled softmax, noise contrasts, trees of words",
        "book/chapters/large-vocabulary",
        "a-look-at-a-few-words",
        "-0.084 -0.073 0.39 -0.012 225",
    ),
    (
        "the softmax bottleneck",
        "book/chapters/large-vocabulary",
        "a-narrow-door",
        "2.08 0.62 0.04 1.04 0.39",
    ),
    # -- one function, many faces
    ("maximum entropy", "book/chapters/faces", "assuming-the-least", "0.0544 0.3475"),
    (
        "exponential families, moments",
        "book/chapters/faces",
        "matching-the-averages",
        "54% 198.6471% 0.0002%",
    ),
    (
        "conjugates and sparsemax",
        "book/chapters/faces",
        "what-score-and-entropy-earn-together",
        "0.7 0.3",
    ),
    (
        "Fisher information, and what a thousand observations tell",
        "book/chapters/faces",
        "how-much-one-sample-tells",
        "0.063 0.105 0.235 0.226",
    ),
    ("Gumbel noise", "book/chapters/faces", "a-lottery-that-you-can-steer", "0.644 0.237"),
    (
        "the widest margin",
        "book/chapters/faces",
        "where-it-goes-when-it-never-arrives",
        "51.6 1.1",
    ),
    # -- errata: numbers that refute
    ("the matrix mean", "book/appendix/errata", "err-matrix", "0.4076060 0.1358687 1.22282"),
    ("the sum of the squares", "book/appendix/errata", "err-square", "0.25 0.5"),
    ("sigmoid with the one-hot loss", "book/appendix/errata", "err-sigmoid", "1.0986"),
    (
        "what softmax makes of probabilities",
        "book/chapters/sigmoid-or-softmax",
        "does-softmax-make-differences-larger",
        "0.255 0.281 0.464",
    ),
    ("softmax twice", "book/appendix/errata", "err-twice", "0.551445 1.461150"),
    ("an asymmetry that is not there", "book/appendix/errata", "err-d2l", "0.500000"),
    ("a large number for infinity", "book/appendix/errata", "err-nielsen", "1.8e+308"),
]

#: The wrong claims that do the most damage, in this order.
ERRATA = (
    "twice",
    "twins",
    "matrix",
    "chain",
    "square",
    "stray",
    "bias",
    "sigmoid",
    "distance",
    "d2l",
    "maximum",
    "nielsen",
    "negative",
)
