"""What the second reading of a text sees: how the first judged the word, its neighbors, its other places, the text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from matcher.ranking.extract_features import Row, Signs

Chance = tuple[float, float, float]  # of a word: outside, first of a span, inside one
Reading = Sequence[Sequence[Chance]]  # per sentence, per word
_STEPS = (0.0, 0.03, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.92)


def step(chance: float | None) -> str:
    """A chance in words of the tagger: `-` for none, else 0 to 8."""
    return "-" if chance is None else str(bisect_right(_STEPS, chance) - 1)


def signs_again(rows: Sequence[Sequence[Row]], lows: Sequence[Sequence[str]], knowledge: Reading,
                skill: Reading) -> list[list[Signs]]:
    """The core signs of every word of a text with those of the first reading. `lows`: its words in small letters."""
    inside = [[1.0 - word[0] for word in sentence] for sentence in knowledge]
    everywhere = _everywhere(lows, inside)
    count = sum(map(len, inside))
    whole = step(3.0 * sum(map(sum, inside)) / count) if count else "-"
    means = [step(sum(sentence) / len(sentence)) for sentence in inside]
    tops = [step(max(sentence)) for sentence in inside]
    found = []
    for at, sentence in enumerate(rows):
        ahead = (tops[at + 1], means[at + 1]) if at + 1 < len(rows) else ("-", "-")
        behind = (tops[at - 1], means[at - 1]) if at else ("-", "-")
        shared = [f"2d={whole}", f"2s={means[at]}", f"2m={tops[at]}", f"2p={behind[0]}", f"2n={ahead[0]}",
                  f"2pn={behind[1]}{ahead[1]}"]
        others = [_others(low, here, everywhere) for low, here in zip(lows[at], inside[at], strict=True)]
        own, opens = [step(one) for one in inside[at]], [step(word[1]) for word in knowledge[at]]
        found.append(_sentence(sentence, shared, own, opens, others, [step(1.0 - word[0]) for word in skill[at]]))
    return found


def _everywhere(lows: Sequence[Sequence[str]], inside: Sequence[Sequence[float]]) -> dict[str, tuple[int, float]]:
    """Word -> how often it stands in the text, and the sum of its chances."""
    found: dict[str, tuple[int, float]] = {}
    for words, chances in zip(lows, inside, strict=True):
        for word, chance in zip(words, chances, strict=True):
            count, total = found.get(word, (0, 0.0))
            found[word] = (count + 1, total + chance)
    return found


def _others(low: str, here: float, everywhere: dict[str, tuple[int, float]]) -> str:
    """How the word was judged at its other places."""
    count, total = everywhere[low]
    return step(max(total - here, 0.0) / (count - 1)) if count > 1 else "-"


def _sentence(rows: Sequence[Row], shared: Signs, own: Sequence[str], first: Sequence[str], others: Sequence[str],
              doing: Sequence[str]) -> list[Signs]:
    """Signs of one sentence: of the word, of it with its neighbors, with the text."""
    out = []
    whole, mean = shared[0][3:], shared[1][3:]
    for at, row in enumerate(rows):
        before, after = own[at - 1] if at else "-", own[at + 1] if at + 1 < len(own) else "-"
        next_first = first[at + 1] if at + 1 < len(first) else "-"
        out.append([*row.core, *shared, f"2c={own[at]}", f"2b={first[at]}", f"2o={others[at]}",
                    f"2co={own[at]}{others[at]}", f"2c<={before}", f"2c>={after}", f"2<c>={before}{own[at]}{after}",
                    f"2cd={own[at]}{whole}", f"2cs={own[at]}{mean}", f"2bb={first[at]}{next_first}",
                    f"2k={doing[at]}", f"2kc={doing[at]}{own[at]}"])
    return out
