"""Exercises on the cross-entropy loss and its relatives."""

import numpy as np
from scipy import special

from softmaxlab.exercises.comparing import (
    Broken,
    agree,
    as_distributions,
    as_numbers,
    pair,
    require,
    show,
)
from softmaxlab.exercises.laws import Exercise

ANIMALS = np.array([0, 1, 2])
GUESSES = np.array([[0.7, 0.2, 0.1], [0.3, 0.6, 0.1], [0.6, 0.3, 0.1]])
COINS = np.array([[0.6, 0.4], [0.1, 0.9]])
LOGITS = np.array([[2.0, -1.0, 0.5], [0.3, 1.2, -0.7]])
LABELS = np.array([0, 2])
FAR = np.array([[-1000.0, -1001.0, -2000.0], [1e6, 1e6, 1e6 + 1]])


same_accuracy = Exercise(
    "same_accuracy",
    "(p1, p2)",
    "two tables of probabilities for the labels 0, 1, 2: as accurate, not as good",
    value=True,
)


@same_accuracy.law(
    "There are two tables with three rows of three classes.",
    hint="one row for each of the samples with the labels 0, 1 and 2.",
)
def _(value):
    for table in pair(value):
        as_numbers(table, shape=(3, 3))


@same_accuracy.law(
    "Every row is a distribution.",
    hint="no entry below zero, and each row with the total one.",
)
def _(value):
    for table in pair(value):
        as_distributions(table)


@same_accuracy.law(
    "Both have the same accuracy.",
    hint="the largest entry of a row is the decision; let both decide alike.",
)
def _(value):
    first, second = ((np.argmax(table, axis=1) == ANIMALS).mean() for table in pair(value))
    agree(second, first, "accuracy of the second")


@same_accuracy.law(
    "The two losses differ by three tenths of a nat or more.",
    hint="let one table be bold where it is right, and the other hardly decided.",
)
def _(value):
    with np.errstate(divide="ignore"):
        first, second = (-np.log(np.diag(table)).mean() for table in pair(value))
    if first == second or not abs(first - second) >= 0.3:
        raise Broken(("losses", f"{show(first)} and {show(second)}"))


log_loss = Exercise(
    "log_loss", "my_log_loss(labels, p)", "mean of -log p[label] over the samples, in nats"
)


@log_loss.law(
    "Labels come first, then the table, and the result is one number.",
    hint="my_log_loss(labels, p) gets class indices as labels and returns the mean over samples.",
    on=[(ANIMALS, GUESSES), (ANIMALS[:2], GUESSES[:2])],
)
def _(answer, labels, p):
    answer(labels, p, shape=())


@log_loss.law(
    "The same samples twice have the same mean.",
    hint="divide the sum by the number of samples.",
    on=[(ANIMALS, GUESSES)],
)
def _(answer, labels, p):
    once = answer(labels, p, shape=())
    agree(answer(np.tile(labels, 2), np.tile(p, (2, 1))), once)


@log_loss.law(
    "Splitting a wrong class in two changes nothing.",
    hint="only the right class of a sample counts: divide by the number of samples.",
)
def _(answer):
    whole = answer(np.array([0, 0]), np.array([[0.5, 0.5], [0.8, 0.2]]), shape=())
    split = np.array([[0.5, 0.25, 0.25], [0.8, 0.1, 0.1]])
    agree(answer(np.array([0, 0]), split), whole)


@log_loss.law(
    "A probability of one half costs log 2 = 0.693147 nats.",
    hint="nats need the natural logarithm, and a cost is minus the logarithm.",
)
def _(answer):
    agree(answer(np.array([0]), np.array([[0.5, 0.3, 0.2]])), np.log(2))


@log_loss.law(
    "Each label picks the probability of its own class.",
    hint="p[np.arange(len(labels)), labels] takes one entry of each row.",
    on=[(ANIMALS, GUESSES), (np.array([2, 2, 0]), GUESSES), (np.array([1, 0]), COINS)],
)
def _(answer, labels, p):
    agree(answer(labels, p), -np.log(p[np.arange(len(labels)), labels]).mean())


@log_loss.law(
    "Wrong classes of probability zero cost nothing.",
    hint="0 times log 0 is not a number: pick the right class first, then take one logarithm.",
)
def _(answer):
    agree(answer(ANIMALS, np.eye(3)), 0, atol=1e-15)


@log_loss.law(
    "A right class of probability zero costs infinity.",
    hint="clipping would show a number such as 36.04 that says nothing about the model.",
)
def _(answer):
    agree(answer(np.array([0, 1]), np.array([[0.0, 1.0], [0.5, 0.5]])), np.inf)


loss_from_logits = Exercise(
    "loss_from_logits", "my_loss(logits, labels)", "mean cross-entropy from logits, in nats"
)


def _loss(logits, labels):
    return -special.log_softmax(logits, axis=-1)[np.arange(len(labels)), labels].mean()


@loss_from_logits.law(
    "Logits come first, then the labels, and the result is one number.",
    hint="my_loss(logits, labels) gets class indices as labels and returns the mean over samples.",
    on=[(LOGITS, LABELS)],
)
def _(answer, logits, labels):
    answer(logits, labels, shape=())


@loss_from_logits.law(
    "A right class that is 30 points ahead costs next to nothing.",
    hint="apply softmax once; a second one keeps the loss of three classes above 0.55.",
)
def _(answer):
    sure = np.array([[30.0, 0.0, 0.0], [0.0, 0.0, 30.0]])
    agree(answer(sure, LABELS), 0)


@loss_from_logits.law(
    "The same samples twice have the same mean.",
    hint="divide the sum by the number of samples.",
    on=[(LOGITS, LABELS)],
)
def _(answer, logits, labels):
    once = answer(logits, labels, shape=())
    agree(answer(np.tile(logits, (2, 1)), np.tile(labels, 2)), once)


@loss_from_logits.law(
    "A further class that is far behind changes nothing.",
    hint="divide by the number of samples, not by the number of the table's entries.",
    on=[(LOGITS, LABELS)],
)
def _(answer, logits, labels):
    before = answer(logits, labels, shape=())
    agree(answer(np.c_[logits, [-50.0, -50.0]], labels), before)


@loss_from_logits.law(
    "Ten equal scores cost log 10 = 2.302585 nats.",
    hint="nats need the natural logarithm.",
)
def _(answer):
    agree(answer(np.zeros((2, 10)), LABELS), np.log(10))


@loss_from_logits.law(
    "Each label picks the score of its own class.",
    hint="logits[np.arange(len(labels)), labels] takes one entry of each row.",
    on=[(LOGITS, LABELS), (LOGITS, np.array([1, 1])), (LOGITS.T, np.array([1, 0, 1]))],
)
def _(answer, logits, labels):
    agree(answer(logits, labels), _loss(logits, labels))


@loss_from_logits.law(
    "A right class that is a thousand points behind costs a thousand.",
    hint="its probability is 0 in floating point; use log-sum-exp minus the score, shifted.",
    on=[(np.array([[0.0, 1000.0]]), np.array([0])), (FAR, np.array([2, 0]))],
)
def _(answer, logits, labels):
    agree(answer(logits, labels), _loss(logits, labels))


one_hot = Exercise("one_hot", "my_one_hot(labels, n_classes)", "a row with a single one per label")


@one_hot.law(
    "There is a row for each label and a column for each class.",
    hint="the last classes may not occur among the labels: use n_classes for the width.",
    on=[(np.array([2, 0]), 4), (np.array([0, 1, 1]), 2)],
)
def _(answer, labels, n_classes):
    answer(labels, n_classes, shape=(len(labels), n_classes))


@one_hot.law(
    "Every row holds a single one, and zeros elsewhere.",
    hint="start from np.zeros; index rows and columns together, np.arange(len(labels)) and labels.",
    on=[(np.array([2, 0, 2]), 4)],
)
def _(answer, labels, n_classes):
    hot = answer(labels, n_classes, shape=(len(labels), n_classes))
    agree(np.sort(hot, axis=1), np.eye(n_classes)[[-1] * len(labels)], "sorted rows")


@one_hot.law(
    "The one stands in the column of the label.",
    hint="classes are counted from zero, and column k belongs to label k.",
    on=[(np.array([2, 0, 2]), 4), (np.arange(3), 3), (np.array([1]), 2)],
)
def _(answer, labels, n_classes):
    agree(answer(labels, n_classes), np.arange(n_classes) == labels[:, None])


label_smoothing = Exercise(
    "label_smoothing",
    "my_smoothing(labels, n_classes, epsilon)",
    "one-hot targets of which epsilon is spread evenly over all classes",
)


@label_smoothing.law(
    "There is a row for each label and a column for each class.",
    hint="start from the one-hot rows of the labels.",
    on=[(np.array([2, 0]), 4, 0.1)],
)
def _(answer, labels, n_classes, epsilon):
    answer(labels, n_classes, epsilon, shape=(len(labels), n_classes))


@label_smoothing.law(
    "Every row is a distribution.",
    hint="what is spread is taken from the right class: (1 - epsilon) times one-hot.",
    on=[(np.array([2, 0]), 4, 0.1), (np.array([1]), 3, 0.5)],
)
def _(answer, labels, n_classes, epsilon):
    targets = answer(labels, n_classes, epsilon, shape=(len(labels), n_classes))
    agree(targets.sum(axis=1), np.ones(len(labels)), "row sums")


@label_smoothing.law(
    "With epsilon zero the targets are one-hot.",
    hint="epsilon is what the right class gives away, not what it keeps.",
)
def _(answer):
    agree(answer(np.array([2, 0]), 4, 0.0), np.eye(4)[[2, 0]])


@label_smoothing.law(
    "With epsilon one all classes are equal.",
    hint="the right class takes its share of what is spread: epsilon / n_classes for every class.",
)
def _(answer):
    agree(answer(np.array([2, 0]), 4, 1.0), np.full((2, 4), 0.25))


@label_smoothing.law(
    "Between the two the targets go in a straight line.",
    hint="every target is (1 - epsilon) y + epsilon / n_classes.",
    on=[(np.array([2, 0]), 4, 0.1), (np.array([1]), 3, 0.5)],
)
def _(answer, labels, n_classes, epsilon):
    straight = (1 - epsilon) * np.eye(n_classes)[labels] + epsilon / n_classes
    agree(answer(labels, n_classes, epsilon), straight)


binary_cross_entropy = Exercise(
    "binary_cross_entropy",
    "my_bce(logits, labels)",
    "loss of each yes-or-no question from its logit, in nats",
)
QUESTIONS = (np.array([2.0, -1.0, 0.3]), np.array([1.0, 1.0, 0.0]))


@binary_cross_entropy.law(
    "There is one loss for each logit.",
    hint="return the losses themselves; the caller takes the mean.",
    on=[QUESTIONS],
)
def _(answer, logits, labels):
    answer(logits, labels, shape=logits.shape)


@binary_cross_entropy.law(
    "Every logit has a loss, and it is not negative.",
    hint="logits come first and may be any numbers; the loss is minus the log of a sigmoid.",
    on=[QUESTIONS],
)
def _(answer, logits, labels):
    loss = answer(logits, labels, shape=logits.shape)
    require(loss >= 0, "gave", loss)


@binary_cross_entropy.law(
    "A logit of zero costs log 2 = 0.693147 nats, whatever the label.",
    hint="a no costs -log(1 - sigmoid(s)): two terms, one for each label, natural logarithms.",
)
def _(answer):
    agree(answer(np.zeros(2), np.array([0.0, 1.0])), [np.log(2), np.log(2)])


@binary_cross_entropy.law(
    "A yes costs log(1 + exp(-s)), a no costs log(1 + exp(s)).",
    hint="a yes is the label 1: the higher its logit, the lower its cost; one sigmoid is enough.",
    on=[QUESTIONS, (QUESTIONS[0], 1 - QUESTIONS[1])],
)
def _(answer, logits, labels):
    agree(answer(logits, labels), np.logaddexp(0, np.where(labels == 1, -logits, logits)))


@binary_cross_entropy.law(
    "A label between no and yes costs a mixture of both.",
    hint="weigh the two terms by the label and its complement; do not ask whether it is 1.",
)
def _(answer):
    agree(answer(np.array([2.0]), np.array([0.25])), np.logaddexp(0, [2.0]) - 0.5)


@binary_cross_entropy.law(
    "A confident answer costs nothing if right and a thousand if wrong.",
    hint="the sigmoid of a thousand is 1 in floating point; use np.logaddexp(0, s) on the logit.",
)
def _(answer):
    logits = np.array([1000.0, -1000.0, 1000.0, -1000.0])
    agree(answer(logits, np.array([1.0, 0.0, 0.0, 1.0])), [0, 0, 1000, 1000])


@binary_cross_entropy.law(
    "A loss of 4e-18 keeps its digits.",
    hint="1 + 4e-18 is 1 in floating point; np.log1p and np.logaddexp do not form that sum.",
)
def _(answer):
    agree(answer(np.array([40.0]), np.array([1.0])), [np.exp(-40.0)], atol=0)


EXERCISES = (
    same_accuracy,
    log_loss,
    loss_from_logits,
    one_hot,
    label_smoothing,
    binary_cross_entropy,
)
