"""Words, dates and money of a mail in the reader's language, without a web request around them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency
from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from matcher.skills.models import Skill

WEB = Path(__file__).resolve().parents[1]
LOCALES = ("en", "es")
REGIONS = {"en": "en_US", "es": "es_US"}


def known(locale: str | None) -> str:
    """The locale if mail can be written in it, else English."""
    short = (locale or "").replace("-", "_").split("_")[0]
    return short if short in LOCALES else "en"


@lru_cache(maxsize=len(LOCALES))
def catalog(locale: str) -> NullTranslations:
    """The catalog of the pages; mail and pages share their words."""
    return Translations.load(str(WEB / "translations"), [locale])


@lru_cache(maxsize=len(LOCALES))
def environment(locale: str) -> Environment:
    """Templates that fail on a missing value, because a mail with a hole in it must not be sent."""
    made = Environment(
        loader=FileSystemLoader(WEB / "templates" / "mail"), undefined=StrictUndefined,
        autoescape=select_autoescape(["html"], default=False), extensions=["jinja2.ext.i18n"],
        trim_blocks=True, lstrip_blocks=True,
    )
    words: Any = made  # the extension adds its methods when it is loaded
    words.install_gettext_translations(catalog(locale), newstyle=True)
    made.filters.update(_filters(locale))
    return made


def _filters(locale: str) -> dict[str, Callable[..., str]]:
    region = REGIONS[locale]

    def words(text: str) -> str:
        return catalog(locale).gettext(text) if text else ""

    def day(value: str | date) -> str:
        return format_date(date.fromisoformat(value[:10]) if isinstance(value, str) else value, "long", locale=region)

    def moment(value: str | datetime, zone: str = "America/Chicago") -> str:
        when = datetime.fromisoformat(value) if isinstance(value, str) else value
        return format_datetime(when, "EEEE d MMMM y, h:mm a zzz" if locale == "es" else "EEEE, MMMM d, y, h:mm a zzz",
                               tzinfo=ZoneInfo(zone), locale=region)

    def money(cents: int) -> str:
        shape = "¤#,##0" if cents % 100 == 0 else "¤#,##0.00"
        return format_currency(cents / 100, "USD", shape, locale=region, currency_digits=False)

    def skill_name(skill: Skill | None) -> str:
        return skill.name_in(locale) if skill else ""

    return {"words": words, "day": day, "moment": moment, "money": money, "skill_name": skill_name}
