"""How names are compared: case, accents, spaces and dashes do not count; `+` and `#` do."""

from __future__ import annotations

import re
import unicodedata

_SPLIT = re.compile(r"[\s/,;:()&_-]+")
_DROP = re.compile(r"[^\w+#]+")


def key(text: str) -> str:
    """The form in which two names are the same name: `Node.js` and `node js` agree, `C#` and `C` do not."""
    plain = unicodedata.normalize("NFKD", text.strip().casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = re.sub(r"^\.(?=\w)", "dot", plain)
    return _DROP.sub("", plain)


def tails(text: str, most: int = 4) -> list[str]:
    """The key of the text, then of the text from its second word on, and so on: what a person may start typing."""
    words = [word for word in _SPLIT.split(text.strip()) if word]
    found = (key(" ".join(words[place:])) for place in range(min(len(words), most)))
    return [form for form in dict.fromkeys(found) if form]
