"""The sentences on which the book's models of language learn: the book's own.

They are those of its chapters in November 2026, without formulas, code and notes, and stay as they
are when the book changes.
"""

import re
from importlib import resources

_WORD = re.compile(r"[a-z]+(?:[-'][a-z]+)*|\d[\d,.]*\d|\d|[.,?!;:]")


def load_sentences() -> list[list[str]]:
    """Load 1,265 sentences of the book, each as a list of its words.

    Returns
    -------
    list of list of str
        In the order of the book. Words are in small letters; numbers and the signs ``. , ? ! ; :``
        are words, too.

    References
    ----------
    The chapters of this book, as they stood in November 2026.

    Examples
    --------
    >>> sentences = load_sentences()
    >>> len(sentences), sentences[0]
    (1265, ['here', 'are', 'ten', 'pictures', '.'])
    """
    text = resources.files("softmaxlab.learn").joinpath("sentences.txt").read_text("utf-8")
    return [_WORD.findall(sentence.lower()) for sentence in text.splitlines()]
