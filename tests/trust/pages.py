"""The pages that a visitor can open: the walk's doors in the worlds where the route table lets them in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from flask.testing import FlaskClient

from tests.trust.expected import VISITORS, Meets, expected
from tests.trust.route_table import rows
from tests.trust.walker import Door, Walk

TABLE = rows()
LINK = re.compile(r"""<a\b[^>]*?\shref=["']([^"'#]+)""")
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)


def open_doors(walk: Walk, visitor: str, method: str = "GET") -> Iterator[tuple[Door, str]]:
    """Doors and addresses that the visitor passes, each in the first world where they do."""
    for door in walk.doors():
        who = TABLE.get((door.endpoint, door.method))
        if door.method != method or who is None or door.endpoint == "static":
            continue
        for world in ("own", "other", "far"):
            if expected(visitor, who, world, blueprint=door.blueprint) is Meets.PAGE:
                yield door, walk.address(door, world)
                break


def crawl(client: FlaskClient, start: list[str], limit: int = 1500) -> Iterator[tuple[str, bytes]]:
    """Follow every local link from these addresses; yields each page's address and body once."""
    waiting, seen = list(start), set(start)
    while waiting and len(seen) <= limit:
        address = waiting.pop()
        answer = client.get(address)
        if answer.status_code in {301, 302, 303, 308}:
            links = [answer.headers["Location"]]
        else:
            yield address, answer.get_data()
            links = LINK.findall(answer.get_data(as_text=True)) if answer.mimetype == "text/html" else []
        for link in map(unescape, links):
            if link.startswith("?"):
                link = address.split("?")[0] + link
            if link.startswith("/") and not link.startswith(("//", "/static/")) and link not in seen:
                seen.add(link)
                waiting.append(link)


__all__ = ["FORM", "TABLE", "VISITORS", "crawl", "open_doors"]
