"""The sentences for models of language."""

from collections import Counter

from softmaxlab import load_sentences

SENTENCES = load_sentences()


class TestLoadSentences:
    def test_has_the_text_of_a_small_book(self):
        assert len(SENTENCES) == 1265
        assert sum(map(len, SENTENCES)) > 18_000

    def test_begins_and_ends_with_the_book(self):
        assert SENTENCES[0] == ["here", "are", "ten", "pictures", "."]
        assert SENTENCES[-1][-1] in {".", "?"}

    def test_signs_and_numbers_are_words(self):
        counts = Counter(word for sentence in SENTENCES for word in sentence)
        assert [word for word, _ in counts.most_common(3)] == ["the", ".", ","]
        assert counts["50,257"] == 2
        assert counts["one-hot"] > 3

    def test_every_letter_of_the_text_is_in_a_word(self):
        letters = set("abcdefghijklmnopqrstuvwxyz0123456789-,.'?!;:")
        assert {letter for sentence in SENTENCES for word in sentence for letter in word} <= letters

    def test_is_the_reader_s_own(self):
        load_sentences()[0].clear()
        assert load_sentences() == SENTENCES
