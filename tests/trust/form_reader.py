"""Reads the forms that pages really show: where they post to, and which fields with which values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from flask.testing import FlaskClient

from tests.trust.pages import open_doors
from tests.trust.walker import Walk


@dataclass
class SeenForm:
    """One form of a page; `fields` holds the values as the page filled them in, the token left out."""

    page: str
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    files: bool = False


class Reader(HTMLParser):
    """Collects the posting forms of one page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.forms = page, list[SeenForm]()
        self.open: SeenForm | None = None
        self.selecting = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note forms and fields."""
        told = {name: value or "" for name, value in attrs}
        if tag == "form" and told.get("method", "get").lower() == "post":
            self.open = SeenForm(self.page, told.get("action") or self.page)
            self.forms.append(self.open)
        elif self.open is not None and tag in {"input", "textarea", "select", "button"} and told.get("name"):
            self._note(tag, told)
        elif tag == "option" and self.open is not None and self.selecting and "selected" in told:
            self.open.fields[self.selecting] = told.get("value", "")

    def _note(self, tag: str, told: dict[str, str]) -> None:
        assert self.open is not None
        name, kind = told["name"], told.get("type", "")
        self.selecting = name if tag == "select" else ""
        self.open.files |= kind == "file"
        unchecked = kind in {"radio", "checkbox"} and "checked" not in told
        if name != "csrf_token" and tag != "button" and not (unchecked and name in self.open.fields):
            self.open.fields[name] = "" if unchecked else told.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        """A form ends."""
        if tag == "form":
            self.open = None


def forms(walk: Walk, visitor: str, client: FlaskClient) -> Iterator[SeenForm]:
    """Every different form that the visitor's pages show, told apart by where it posts to and by its fields."""
    seen: set[tuple[str, tuple[str, ...]]] = set()
    adapter = walk.app.url_map.bind("localhost")
    for _, address in open_doors(walk, visitor):
        answer = client.get(address)
        if answer.mimetype != "text/html" or answer.status_code != 200:
            continue
        reader = Reader(address)
        reader.feed(answer.get_data(as_text=True))
        for form in reader.forms:
            endpoint = str(adapter.match(form.action.split("?")[0], method="POST")[0])
            key = (endpoint, tuple(sorted(form.fields)))
            if key not in seen and endpoint != "account.sign_out":
                seen.add(key)
                yield form
