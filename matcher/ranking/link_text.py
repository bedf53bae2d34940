"""How a name is put into one plain form, so that two ways of writing it can be compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Signs that carry meaning in names of technologies become words before the rest of the punctuation goes.
_SIGNS = (
    (re.compile(r"(?<=[a-z0-9]) ?\+\+"), "plusplus"),
    (re.compile(r"\b([acfjq]) ?#"), r"\1sharp"),
    (re.compile(r"\b([acfjq])[ -]sharp\b"), r"\1sharp"),
    (re.compile(r"(?<![a-z0-9])\. ?net\b"), " dotnet"),
    (re.compile(r"\b([a-z]+)\.net\b"), r"\1 dotnet"),
    (re.compile(r"\bdot net\b"), "dotnet"),
    (re.compile(r"['’`´]"), ""),
    (re.compile(r"&"), " and "),
    (re.compile(r"\bc plus plus\b"), "cplusplus"),
)
_SIGN = re.compile(r"[+#.'’`´&]|sharp|dot net|plus plus")  # without one of these no pattern above can match
_NOT_WORD = re.compile(r"[^\w]+|_+", re.UNICODE)
_BRACKETS = re.compile(r"\s*[(\[{][^()\[\]{}]*[)\]}]\s*")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
LONGEST = 200  # no name is longer; what follows is cut so that a pasted page cannot slow a lookup


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """Lower case without accents, signs as words, single spaces: `C#/.NET dev` -> `csharp dotnet dev`."""
    text = text[:LONGEST]
    if not text.isascii():
        text = "".join(ch for ch in unicodedata.normalize("NFKD", text) if not unicodedata.combining(ch))
    lowered = text.casefold()
    if _SIGN.search(lowered):
        for pattern, word in _SIGNS:
            lowered = pattern.sub(word, lowered)
    return " ".join(_NOT_WORD.sub(" ", lowered).split())


def squash(name: str) -> str:
    """A plain name without its spaces, so that `java script` meets `javascript`."""
    return name.replace(" ", "")


def without_brackets(text: str) -> str:
    """The text without what stands in brackets, or "" if nothing would be left or nothing was there."""
    if not any(opening in text for opening in "([{"):
        return ""
    bare = _BRACKETS.sub(" ", text).strip()
    return bare if bare != text.strip() else ""


def uncamel(text: str) -> str:
    """`KeyEvent` -> `Key Event`; "" if there was nothing to part."""
    if text.islower():
        return ""
    parted = _CAMEL.sub(" ", text)
    return parted if parted != text else ""


@lru_cache(maxsize=65536)
def singular(token: str) -> str:
    """One word without its English plural; words of three letters or fewer stay."""
    if len(token) <= 3 or token.endswith(("ss", "us", "is")):
        return token
    if token.endswith("ies") and len(token) > 4:
        return token[:-3] + "y"
    if token.endswith(("ches", "shes", "xes", "sses", "zes")):
        return token[:-2]
    return token[:-1] if token.endswith("s") else token


_ENDINGS = ("izations", "isations", "ization", "isation", "ations", "ation", "ments", "ment", "ings", "ing", "ities",
            "ity", "ions", "ion", "ers", "ors", "ists", "ives", "ive", "er", "or", "ist", "ed", "es", "al", "ies",
            "y", "e", "s")


@lru_cache(maxsize=65536)
def root(token: str) -> str:
    """A rough word root of at least four letters: `crawling`, `crawler` -> `crawl`."""
    for ending in _ENDINGS:
        if token.endswith(ending) and len(token) - len(ending) >= 4:
            token = token[: -len(ending)]
            break
    return token[:-1] if len(token) > 4 and token[-1] == token[-2] else token


def initials(tokens: list[str]) -> str:
    """First letters of the words: `search engine optimization` -> `seo`."""
    return "".join(token[0] for token in tokens)


def roots(name: str) -> list[str]:
    """The roots of a plain name's words, in their order."""
    return [root(singular(token)) for token in name.split()]
