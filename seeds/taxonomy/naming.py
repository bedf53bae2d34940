"""Give each technology a name that people use, a code that stays, and its other names."""

from __future__ import annotations

import re
import unicodedata

VENDORS = (
    "The MathWorks",
    "Hewlett Packard",
    "Dassault Systemes",
    "National Instruments",
    "Cisco Systems",
    "Red Hat",
    "Microsoft",
    "Adobe",
    "Oracle",
    "IBM",
    "Google",
    "Apache",
    "Amazon",
    "Apple",
    "Atlassian",
    "Autodesk",
    "Intuit",
    "ESRI",
    "SAP",
    "Mozilla",
    "Trimble",
    "Bentley",
)
# What is left after the vendor's name must not be a word that everybody uses for something else.
EVERYDAY = frozenset(
    "access acrobat bridge calendar captivate chrome classroom cloud combustion consulting contact database design "
    "docs drive earth edge encore exchange express financials flash flex flow forms framework go home illustrator "
    "inventor java maps media meet middleware motion notes office outlook pages paint photos planner project publisher "
    "reader reports safari search sheets sites slides smoke software station stream sway teams translate video vision "
    "visual windows word works workspace world alias backup director flume pig hive spark storm ant groovy numbers "
    "keynote logic mail messages music podcasts shake soundtrack color impact entourage live money plus "
    "retail".split()
)
_ACRONYM = re.compile(
    r"^(?P<long>[A-Za-z][\w ./&'-]{8,}?) \(?(?P<short>[A-Z][A-Z0-9/&]{1,7})\)?(?: software| systems?)?$"
)


def slug(name: str) -> str:
    """A readable code part: `C++` -> `c-plus-plus`, `Node.js` -> `node-js`; at most 56 characters."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = plain.replace("++", " plus plus").replace("#", " sharp").replace("'", "").replace("&", " and ")
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:56].strip("-")


def folded(name: str) -> str:
    """A name as compared with another: case, spaces and dashes do not count; `+`, `#` and `.` do."""
    return re.sub(r"[^\w+#.]+", "", name.casefold())


def derived_aliases(name: str) -> list[str]:
    """Other names that follow from how O*NET writes its names.

    `Hypertext markup language HTML` is also `HTML` and `Hypertext markup language`; `MEDITECH software` is `MEDITECH`;
    `Adobe Photoshop` is `Photoshop`.
    """
    found = []
    if match := _ACRONYM.match(name):
        short = match["short"]
        if _spells(short, match["long"]):
            found += [short, match["long"]]
    bare = re.sub(r" software$", "", name)
    if bare != name and re.fullmatch(r"\w*[A-Z]\w*[A-Z]\w*", bare):
        found.append(bare)
    for vendor in VENDORS:
        rest = bare.removeprefix(vendor + " ")
        if rest != bare and len(rest) > 3 and rest[0].isupper() and folded(rest.split()[0]) not in EVERYDAY:
            found.append(rest)
    return found


def _spells(short: str, long: str) -> bool:
    """Whether the letters of a short form occur in that order in the long one, starting together."""
    letters = iter(long.casefold())
    return short[0].casefold() == long[0].casefold() and all(
        any(letter == other for other in letters) for letter in re.sub(r"\W|\d", "", short.casefold())
    )
