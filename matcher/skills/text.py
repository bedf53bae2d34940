"""How names are compared: case, accents, spaces and dashes do not count; `+` and `#` do."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SPLIT = re.compile(r"[\s/,;:()&_-]+")
LONGEST = 200  # no name is longer; a pasted page must not slow a lookup
_BRACKETED = re.compile(r"([^()]{3,}?)\s*\(([^()]{2,})\)")
_DROP = re.compile(r"[^\w+#]+")


def key(text: str) -> str:
    """The form in which two names are the same name: `Node.js` and `node js` agree, `C#` and `C` do not."""
    return "".join(words(text))


def tails(text: str, most: int = 4) -> list[str]:
    """The key of the text, then of the text from its second word on, and so on: what a person may start typing."""
    found = words(text)
    return list(dict.fromkeys("".join(found[place:]) for place in range(min(len(found), most))))


def readings(text: str) -> list[str]:
    """The text, and the two names that it holds where one stands in brackets, as in `Tech (Technician)`."""
    match = _BRACKETED.fullmatch(text.strip())
    return [text, *match.groups()] if match else [text]


def words(text: str) -> list[str]:
    """The words of a text, each in its plain form; words of nothing but signs are left out."""
    return [plain for word in _SPLIT.split(text.strip()[:LONGEST]) if (plain := _plain(word))]


@lru_cache(maxsize=65536)
def _plain(word: str) -> str:
    letters = unicodedata.normalize("NFKD", word.casefold())
    letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _DROP.sub("", re.sub(r"^\.(?=\w)", "dot", letters))
