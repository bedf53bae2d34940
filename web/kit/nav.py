"""The menu of each audience: declared by the audience, drawn by the layout."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import g, request

MENUS: dict[str, Callable[[], list["Item"]]] = {}


@dataclass(frozen=True)
class Item:
    """One entry of a menu."""

    label: Any
    url: str
    current: bool = False


def item(label: Any, url: str, *endpoints: str) -> Item:
    """An entry that is current on the given endpoints (full names, or prefixes ending in *)."""
    here = request.endpoint or ""
    return Item(label, url, any(here == e or (e.endswith("*") and here.startswith(e[:-1])) for e in endpoints))


def menu(audience: str) -> Callable[[Callable[[], list[Item]]], Callable[[], list[Item]]]:
    """Register the function that builds an audience's menu."""

    def keep(build: Callable[[], list[Item]]) -> Callable[[], list[Item]]:
        MENUS[audience] = build
        return build

    return keep


def current() -> list[Item]:
    """The menu for this page: of its audience, or the public one."""
    if "nav_audience" in g:
        return MENUS[g.nav_audience]()
    build = MENUS.get(request.blueprint or "public") or MENUS.get("public")
    return build() if build else []
