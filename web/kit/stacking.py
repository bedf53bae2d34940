"""Lets a table stack into cards on a phone: each cell carries the words of its column and its own role."""

import re
from html import escape, unescape

from markupsafe import Markup

CELL = re.compile(r"<(/?)(thead|tbody|tfoot|tr|td|th)\b([^>]*)>", re.IGNORECASE)
UNSEEN = re.compile(r"<(svg)\b.*?</\1>|<span class=\"usa-sr-only\">.*?</span>", re.DOTALL)
BLOCK = re.compile(r"<(?:br|div|span)\b[^>]*>")
TAG = re.compile(r"<[^>]+>")
ROLES = {"thead": "rowgroup", "tbody": "rowgroup", "tfoot": "rowgroup", "tr": "row", "td": "cell"}


def _words(html: str) -> str:
    """The words of a head cell as one line, its parts set apart by a comma, without what only screen readers hear."""
    parts = (unescape(TAG.sub("", part)) for part in BLOCK.split(UNSEEN.sub("", html)))
    return ", ".join(" ".join(part.split()) for part in parts if part.strip())


def _head(html: str) -> list[str]:
    """The words of each column, a cell that spans n columns n times."""
    found: list[str] = []
    head = html.partition("<thead")[2].partition("</thead>")[0]
    for attributes, inner in re.findall(r"<t[hd]\b([^>]*)>(.*?)</t[hd]>", head, re.DOTALL):
        span = re.search(r'colspan="(\d+)"', attributes)
        found += [_words(inner)] * (int(span[1]) if span else 1)
    return found


def stacked(html: Markup) -> Markup:
    """The rows of a table (`thead` and `tbody`) with a role on each part and `data-label` on each cell of the body.

    Browsers drop the meaning of table parts that are laid out as blocks, so the roles are written out.
    """
    head, column, in_head = _head(html), 0, False

    def mark(match: re.Match[str]) -> str:
        nonlocal column, in_head
        closing, name, attributes = match[1], match[2].lower(), match[3]
        if name == "thead":
            in_head = not closing
        if closing or "role=" in attributes:
            return match[0]
        if name == "tr":
            column = 0
        if name not in ("td", "th"):
            return f'<{name} role="{ROLES[name]}"{attributes}>'
        label, column = head[column] if column < len(head) else "", column + 1
        role = ROLES.get(name) or ("rowheader" if 'scope="row"' in attributes else "columnheader")
        said = f' data-label="{escape(label)}"' if label and not in_head else ""
        return f'<{name} role="{role}"{said}{attributes}>'

    # Only adds attributes to markup that is already safe.
    return Markup(CELL.sub(mark, str(html)))  # noqa: S704  # nosec B704
