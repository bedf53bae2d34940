"""Reads the pay of a job ad: a range or one sum, for an hour or a year; weekly and monthly pay becomes yearly."""

from __future__ import annotations

import re
from typing import Any

_AMOUNT = r"(?P<{0}>\d{{1,3}}(?:[,.]\d{{3}})+|\d+(?:\.\d{{1,2}})?)(?P<{0}k>\s?k\b)?"
_UNIT = r"(?:\s*(?:dollars?|d[oó]lares|USD))?"
_PER = (r"(?P<per>(?:an|per|a|/|each|la|por|al|cada)\s*(?:hour|hr|h|year|yr|annum|month|week|hora|año|ano|mes|semana)\b"
        r"|hourly|yearly|annual(?:ly)?|monthly|weekly|anual(?:es)?|mensual(?:es)?|semanal(?:es)?)")
_RANGE = re.compile(
    rf"\$\s?{_AMOUNT.format('low')}\s*(?:/\s?(?:hr|hour|yr|year))?\s*(?:-|–|—|to|and|a|y|hasta)\s*\$?\s?"
    rf"{_AMOUNT.format('high')}{_UNIT}\s*{_PER}?", re.IGNORECASE)
_ONE = re.compile(rf"\$\s?{_AMOUNT.format('low')}\+?{_UNIT}\s*{_PER}?", re.IGNORECASE)
_TIMES = {"week": 52, "semana": 52, "month": 12, "mes": 12, "mensual": 12}
_HOURLY_UP_TO = 250  # dollars; more than that is no wage for an hour
_LOWEST_YEAR, _HIGHEST_YEAR, _LOWEST_HOUR = 5_000, 1_000_000, 7


def read(text: str) -> dict[str, tuple[Any, str]]:
    """`pay_min` and `pay_max` in cents (or None) and `pay_period`, each with the words it was read from."""
    for found in (*_RANGE.finditer(text), *_ONE.finditer(text)):
        pay = _pay(found)
        if pay is not None:
            low, high, period = pay
            quote = re.sub(r"\s+", " ", found.group()).strip()
            return {"pay_min": (low, quote), "pay_max": (high, quote), "pay_period": (period, quote)}
    return {"pay_min": (None, ""), "pay_max": (None, ""), "pay_period": ("hour", "")}


def _pay(found: re.Match[str]) -> tuple[int, int, str] | None:
    """(lowest, highest, period) in cents of a match, or None where the sum is no pay for a job."""
    told = found.groupdict()
    low, high = _dollars(told["low"], told.get("lowk")), _dollars(told.get("high"), told.get("highk"))
    if high and told.get("highk") and not told.get("lowk") and low < 1000:
        low *= 1000  # $40-45k
    high = high or low
    per = (told.get("per") or "").lower()
    times = next((count for word, count in _TIMES.items() if word in per), 1)
    hourly = bool(re.search(r"hour|hr|hora|\bh\b|/\s?h", per)) or (not per and high <= _HOURLY_UP_TO)
    low, high = low * times, high * times
    sane = _LOWEST_HOUR <= low <= high <= _HOURLY_UP_TO if hourly else _LOWEST_YEAR <= low <= high <= _HIGHEST_YEAR
    return (round(low * 100), round(high * 100), "hour" if hourly else "year") if sane else None


def _dollars(said: str | None, thousands: str | None) -> float:
    """`42,000`, `42.000`, `18.50` and `42k` as dollars; 0 where nothing is said."""
    if not said:
        return 0.0
    grouped = re.fullmatch(r"\d{1,3}(?:[,.]\d{3})+", said)
    amount = float(re.sub(r"[,.]", "", said)) if grouped else float(said)
    return amount * 1000 if thousands else amount
