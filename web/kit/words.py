"""Puts the domain's marked words, money, dates and places into the reader's language."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, format_timedelta
from babel.numbers import format_currency, format_decimal
from flask import Flask, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import Babel, get_locale, get_translations, gettext

from web.kit.names import occupation_title, skill_name
from web.kit.stacking import stacked

LOCALES = ("en", "es")


def init(app: Flask) -> None:
    """Attach the catalogs and the template filters."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(app, locale_selector=chosen_locale, timezone_selector=lambda: time_zone().key)
    # Flask-Babel looks the catalog up anew for every word; a page has hundreds of words and one language.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: _catalog().ugettext(text), lambda one, many, n: _catalog().ungettext(one, many, n), newstyle=True,
    )
    app.jinja_env.filters.update(words=translate, money=money, day=day, moment=moment, ago=ago, number=number)
    app.jinja_env.filters.update(stacked=stacked, skill_name=skill_name,
                                 occupation_title=occupation_title)
    app.jinja_env.globals.update(pay=pay, switch_language_url=switch_language_url)


def _catalog() -> Any:
    """The catalog of this request's language (looked up anew outside a request and when the language is forced)."""
    locale = str(get_locale() or "en")
    kept = g.get("catalog")
    if kept is None or kept[0] != locale:
        kept = g.catalog = (locale, get_translations())
    return kept[1]


def chosen_locale() -> str:
    """The language: chosen in this browser, else the person's own, else the best the browser asks for."""
    if session.get("locale") in LOCALES:
        return str(session["locale"])
    person = g.get("person")
    if person is not None and person.locale in LOCALES:
        return str(person.locale)
    return request.accept_languages.best_match(LOCALES) or "en"


def time_zone() -> ZoneInfo:
    """The person's time zone, else the hub's."""
    person, hub = g.get("person"), g.get("hub")
    return ZoneInfo(person.time_zone if person else hub.time_zone if hub else "America/Chicago")


def translate(text: str, **params: Any) -> str:
    """A marked string in the reader's language, its placeholders filled in."""
    if not text:
        return ""
    return str(gettext(text, **params)) if params else str(gettext(text)).replace("%%", "%")


def _tag() -> str:
    return "es_US" if str(get_locale()) == "es" else "en_US"


def money(cents: int | None, digits: bool | None = None) -> str:
    """Cents as dollars; whole dollars lose the cents unless `digits` says otherwise."""
    if cents is None:
        return ""
    with_cents = cents % 100 != 0 if digits is None else digits
    return format_currency(cents / 100, "USD", format=None if with_cents else "¤#,##0", locale=_tag(),
                           currency_digits=with_cents)


def pay(low: int | None, high: int | None, period: str) -> str:
    """A pay range per hour or year, in words."""
    if low is None:
        return str(gettext("Pay not stated"))
    span = money(low) if high in (None, low) else f"{money(low)}–{money(high)}"
    said = gettext("%(pay)s an hour", pay=span) if period == "hour" else gettext("%(pay)s a year", pay=span)
    return str(said)


def day(value: date | datetime | None, style: str = "medium") -> str:
    """A date in the reader's language and time zone."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(time_zone()).date()
    return format_date(value, style, locale=_tag())


def moment(value: datetime | None, style: str = "medium") -> str:
    """A date and time in the reader's language and time zone."""
    if value is None:
        return ""
    local = value.astimezone(time_zone())
    return f"{format_date(local.date(), style, locale=_tag())}, {format_time(local, 'short', locale=_tag())}"


def ago(value: datetime | None) -> str:
    """How long ago, roughly."""
    if value is None:
        return ""
    delta: timedelta = value - g.at
    return format_timedelta(delta, add_direction=True, locale=_tag())


def number(value: float | int | None) -> str:
    """A number with the separators of the reader's language."""
    return "" if value is None else format_decimal(value, locale=_tag())


def switch_language_url(locale: str) -> str:
    """The address that shows this page in another language."""
    here = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return url_for("public.language", locale=locale, next=here)


def remember_locale(locale: str, onward: str) -> ResponseReturnValue:
    """Keep the language in this browser and go on."""
    if locale in LOCALES:
        session["locale"] = locale
        session.permanent = True
    return redirect(onward)

