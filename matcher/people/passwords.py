"""Passwords: which are long and strange enough, and how they are kept (Argon2id).

Length and a block list instead of rules about signs: NIST SP 800-63B-4, 3.1.1.2 (15 characters where the password is
the only factor). Cost: OWASP Password Storage Cheat Sheet, Argon2id with 46 MiB, one pass, one lane.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from matcher.kit.errors import DomainError
from matcher.kit.words import N_

ALONE = 15
WITH_SECOND_FACTOR = 10
LONGEST = 200
_hasher = PasswordHasher(time_cost=1, memory_cost=47_104, parallelism=1)


def keep(password: str) -> str:
    """The Argon2id hash that is stored; the same letters in any Unicode form give the same password."""
    return _hasher.hash(_normal(password))


def matches(stored: str | None, password: str) -> bool:
    """Does the password open the stored hash? Without one, the same work is done and the answer is no."""
    try:
        opened = _hasher.verify(stored or _dummy(), _normal(password[:LONGEST * 4]))
    except (VerificationError, InvalidHashError):
        return False
    return opened and stored is not None


def is_outdated(stored: str) -> bool:
    """Was the hash made at another cost than today's?"""
    return _hasher.check_needs_rehash(stored)


def check(password: str, *, context: Iterable[str] = (), second_factor: bool = False) -> None:
    """Raise DomainError for a password that is short, too long, or easy to guess.

    `context` holds words that a guesser would try for this person: name, mail address, hub.
    """
    shortest = WITH_SECOND_FACTOR if second_factor else ALONE
    if len(_normal(password)) < shortest:
        raise DomainError(N_("Use at least %(count)s characters. A few words in a row work well."), field="password",
                          params={"count": shortest})
    if len(password) > LONGEST:
        raise DomainError(N_("Use at most %(count)s characters."), field="password", params={"count": LONGEST})
    if is_guessable(password, context):
        raise DomainError(N_("This is one of the first a guesser would try. Choose words that are yours alone."),
                          field="password")


def is_guessable(password: str, context: Iterable[str] = ()) -> bool:
    """Is it only common words, words about the person, runs or repeats, whatever digits and signs stand between?"""
    text = _normal(password).casefold()
    if len(set(text)) < 5 or _is_run(text):
        return True
    own = {word for phrase in context for word in re.findall(r"\w{3,}", phrase.casefold())}
    letters = re.sub(r"[\W_]", "", text)
    return _only(letters, _common() | own) or _only(re.sub(r"\d", "", letters), _common() | own)


def _only(text: str, words: frozenset[str] | set[str]) -> bool:
    """Can the text be cut into nothing but these words (each at least two letters long)?"""
    if not text:
        return True
    reachable = {0}
    longest = max(map(len, words))
    for end in range(1, len(text) + 1):
        if any(start in reachable and text[start:end] in words for start in range(max(0, end - longest), end)):
            reachable.add(end)
    return len(text) in reachable


def _is_run(text: str) -> bool:
    steps = {ord(b) - ord(a) for a, b in pairwise(text)}
    return steps <= {1} or steps <= {-1} or steps <= {0}


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    lines = (Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line.casefold() for line in lines if line and not line.startswith("#"))


@lru_cache(maxsize=1)
def _dummy() -> str:
    return _hasher.hash("nobody has this password")


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
