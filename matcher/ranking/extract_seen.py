"""What all taggers see of a text, gathered once: its words, and the signs that depend on where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matcher.ranking.extract_features import Lists, Signs, Word, placed, shared
from matcher.ranking.extract_sections import Section
from matcher.ranking.extract_text import Sentence

Places = Sequence[tuple[Section, int]]  # for each sentence its section and its heading words


@dataclass(frozen=True, slots=True)
class Seen:
    """The words of each sentence, the signs that its words share, and for each word of all those of its place."""

    words: list[list[Word]]
    whole: list[tuple[Signs, Signs]]  # per sentence: core signs, more
    own: list[tuple[Signs, Signs]]  # per word
    sizes: list[int]  # words of each sentence

    @classmethod
    def of(cls, sentences: Sequence[Sentence], places: Places, lists: Lists) -> Seen:
        """What is seen of the sentences of one text."""
        found = cls([], [], [], [])
        total = max(sentences[-1].end, 1) if sentences else 1
        for sentence, (section, headed) in zip(sentences, places, strict=True):
            words = [lists.word(token.text) for token in sentence.tokens]
            found.whole.append(shared(words, section, sentence.bullet, min(9, 10 * sentence.start // total)))
            found.own.extend(placed(sentence, words, headed, lists))
            found.words.append(words)
            found.sizes.append(len(words))
        return found

    def parts(self, most: int) -> Iterator[Seen]:
        """The same in parts of whole sentences with `most` words at the most, or one longer sentence."""
        first = begin = end = count = 0
        for at, size in enumerate(self.sizes):
            if count and count + size > most:
                yield Seen(self.words[first:at], self.whole[first:at], self.own[begin:end], self.sizes[first:at])
                first, begin, count = at, end, 0
            end, count = end + size, count + size
        if count:
            yield Seen(self.words[first:], self.whole[first:], self.own[begin:], self.sizes[first:])
