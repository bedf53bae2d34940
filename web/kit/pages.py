"""Pages of long lists and their table downloads, with formulas made harmless."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import tablib
from flask import Response, current_app, request, url_for
from sqlalchemy import Select, func, select

from web.kit import db

R = TypeVar("R")
SIZE = 20
EXPORT_LIMIT = 20_000
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
TYPES = {"csv": "text/csv; charset=utf-8",
         "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@dataclass(frozen=True)
class Page(Generic[R]):
    """One page of a list, with the addresses of its neighbours."""

    rows: Sequence[R]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least 1."""
        return max(1, math.ceil(self.total / self.size))

    @property
    def first(self) -> int:
        """Rank of the first row shown, counted from 1."""
        return (self.number - 1) * self.size + 1

    @property
    def prev_url(self) -> str | None:
        """Address of the page before."""
        return page_url(self.number - 1) if self.number > 1 else None

    @property
    def next_url(self) -> str | None:
        """Address of the page after."""
        return page_url(self.number + 1) if self.number < self.pages else None

    @property
    def links(self) -> list[tuple[int | None, str]]:
        """Numbers to show, None for a gap."""
        near = sorted({1, self.pages, *range(max(1, self.number - 2), min(self.pages, self.number + 2) + 1)})
        out: list[tuple[int | None, str]] = []
        for before, number in zip([0, *near], near, strict=False):
            if number - before > 1:
                out.append((None, ""))
            out.append((number, page_url(number)))
        return out


def page_url(number: int) -> str:
    """This address, with the same filters, at another page."""
    args: dict[str, Any] = request.args.to_dict(flat=False)
    args["page"] = number
    return url_for(request.endpoint or "public.home", **(request.view_args or {}), **args)


def asked_page() -> int:
    """The page number in the address, 1 where it makes no sense."""
    text = request.args.get("page", "1")
    return max(1, min(int(text), 100_000)) if text.isdecimal() and len(text) < 7 else 1


def paginate(query: Select[Any], size: int = SIZE) -> Page[Any]:
    """Run a query for one page: two statements whatever the number of rows."""
    session = db.session()
    counted = select(func.count()).select_from(query.order_by(None).options().subquery())
    total = session.scalar(counted) or 0
    number = min(asked_page(), max(1, math.ceil(total / size)))
    rows = session.scalars(query.limit(size).offset((number - 1) * size)).unique().all()
    return Page(rows, number, size, total)


def slice_page(rows: Sequence[R], size: int = SIZE) -> Page[R]:
    """The same for rows that are in memory already."""
    number = min(asked_page(), max(1, math.ceil(len(rows) / size)))
    return Page(rows[(number - 1) * size:number * size], number, size, len(rows))


def harmless(value: Any) -> Any:
    """A cell that no spreadsheet will run as a formula."""
    if (isinstance(value, str) and value.lstrip(" \n")[:1] in _DANGEROUS) or \
            (isinstance(value, str) and value[:1] in _DANGEROUS):
        return "'" + value
    return value


def table_download(name: str, headers: Iterable[str], rows: Iterable[Sequence[Any]], kind: str) -> Response:
    """A table as CSV or XLSX (`kind`), named after the list; 404 is the caller's for other kinds."""
    data = tablib.Dataset(headers=[harmless(str(h)) for h in headers])
    for row in rows:
        data.append([harmless(cell) for cell in row])
    body = data.export(kind)
    if kind == "csv":
        body = "\ufeff" + body
    answer: Response = current_app.response_class(body, mimetype=TYPES[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


def asked_export() -> str | None:
    """csv or xlsx when the address asks for a download (`?download=csv`)."""
    kind = request.args.get("download", "")
    return kind if kind in TYPES else None


def export_url(kind: str) -> str:
    """This list, with its filters, as a download."""
    args: dict[str, Any] = {k: v for k, v in request.args.to_dict(flat=False).items() if k != "page"}
    return url_for(request.endpoint or "public.home", **(request.view_args or {}), **{**args, "download": kind})
