"""Writes one mail from the folder of its kind: `templates/mail/<kind>/subject.txt`, `body.txt` and perhaps `body.html`.

Without a `body.html` the page form is made from the text: paragraphs stay paragraphs, and an address that stands alone
on its line becomes a link. A kind without a folder is told with the words of `news`, so that nobody misses it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from markupsafe import Markup, escape

from web.mail.language import WEB, environment, known

FALLBACK = "news"
_KIND = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")
_ADDRESS = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Mail:
    """A finished mail: one line of subject, the text, and the same as a page."""

    subject: str
    text: str
    html: str


class Told(Protocol):
    """What a mail is about; a `Notice` row is one."""

    @property
    def kind(self) -> str:
        """Name of the folder with its words."""
        ...


def folder(kind: str) -> str:
    """Folder with the words for this kind of notice, or that of `news` when it has none."""
    return kind if _KIND.fullmatch(kind) and (WEB / "templates" / "mail" / kind / "subject.txt").is_file() else FALLBACK


def kinds() -> list[str]:
    """Every kind of notice that has words of its own."""
    return sorted(path.parent.name for path in (WEB / "templates" / "mail").glob("*/subject.txt"))


def headline(notice: Told, locale: str, context: Mapping[str, Any]) -> str:
    """The subject alone, in one line: also what the notices page shows."""
    template = environment(known(locale)).get_template(f"{folder(notice.kind)}/subject.txt")
    return " ".join(template.render(context).split())


def body(notice: Told, locale: str, context: Mapping[str, Any]) -> Markup:
    """What the mail says, without greeting and frame: for the notices page."""
    template = environment(known(locale)).get_template(f"{folder(notice.kind)}/body.txt")
    return paragraphs(_tidy(template.render(context)))


def render(notice: Told, locale: str, context: Mapping[str, Any]) -> Mail:
    """The mail for a notice; raises `jinja2.UndefinedError` when the context lacks something the words need."""
    pages, name = environment(known(locale)), folder(notice.kind)
    subject = headline(notice, locale, context)
    text = _tidy(pages.get_template(f"{name}/body.txt").render(context))
    if (WEB / "templates" / "mail" / name / "body.html").is_file():
        body = Markup(pages.get_template(f"{name}/body.html").render(context))  # nosec B704: autoescaped by the template
    else:
        body = paragraphs(text)
    around = {**context, "subject": subject, "lang": known(locale), "style": _style(), "body": body, "text": text}
    return Mail(
        subject=subject,
        text=_tidy(pages.get_template("layout.txt").render(around)) + "\n",
        html=pages.get_template("layout.html").render(around),
    )


def paragraphs(text: str) -> Markup:
    """Plain text as HTML paragraphs, escaped."""
    blocks = (block.strip().split("\n") for block in text.split("\n\n"))
    return Markup("\n").join(
        Markup("<p>{}</p>").format(Markup("<br>\n").join(_line(line) for line in lines)) for lines in blocks if lines[0]
    )


def _line(line: str) -> Markup:
    line = line.strip()
    return Markup('<a href="{0}">{0}</a>').format(line) if _ADDRESS.fullmatch(line) else escape(line)


def _tidy(text: str) -> str:
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines)


@lru_cache(maxsize=1)
def _style() -> Markup:
    # Mail programs fetch no style sheet, so it travels inside; pages of the site never do this.
    css = (Path(__file__).parent / "mail.css").read_text(encoding="utf-8")
    return Markup(f"<style>\n{css}</style>")  # nosec B704: a file of our own
