"""Writes NOTICE (what First Rung is built on, where its facts come from) and the settings in the operating guide."""

import importlib.metadata
import json
import re
import sys
import textwrap
from collections.abc import Iterator

from seeds.taxonomy.sources import SOURCES
from tests.house.files import ROOT
from tests.house.habits import GUIDE, settings_table

NOTICE = ROOT / "NOTICE"
PIN = re.compile(r"^([\w.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)
CLASSIFIERS = {
    "MIT License": "MIT", "BSD License": "BSD", "Apache Software License": "Apache-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0", "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}  # fmt: skip
FIRST_WORDS = {
    "Permission is hereby granted, free of charge": "MIT",
    "Redistribution and use in source and binary forms": "BSD",
    "Apache License": "Apache-2.0",
}
# Nothing of these texts is kept; numbers that recognise skills were learned from them.
LEARNED_FROM: tuple[dict[str, object], ...] = (
    {
        "name": "Task statements of the O*NET Database",
        "publisher": "U.S. Department of Labor, Employment and Training Administration",
        "url": "https://www.onetcenter.org/database.html",
        "licence": "CC BY 4.0",
        "licence_url": "https://creativecommons.org/licenses/by/4.0/",
        "credit": "Word vectors, how near occupations are to each other, and in part the extractor's nets were learned "
                  "from them.",
        "changed": "Only numbers are kept, no statements.",
    },
    {
        "name": "Stack Overflow tags and their synonyms",
        "publisher": "Stack Exchange Inc. and contributors",
        "url": "https://stackoverflow.com/tags/synonyms",
        "licence": "CC BY-SA 4.0",
        "licence_url": "https://creativecommons.org/licenses/by-sa/4.0/",
        "credit": "The weights that link typed words to skills were learned from synonyms that contributors proposed.",
        "changed": "Only weights are kept, no tags and no text. These weights are shared under the same licence.",
    },
    {
        "name": "all-MiniLM-L6-v2, a model of sentences",
        "publisher": "sentence-transformers",
        "url": "https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2",
        "licence": "Apache-2.0",
        "licence_url": "https://www.apache.org/licenses/LICENSE-2.0",
        "credit": "The linker's word vectors were fitted to what it makes of names, the extractor's to that of words, "
                  "and the extractor's nets to what it says of sentences once it was taught to mark skills.",
        "changed": "For the linker it was taught job titles, for the extractor to mark skills. Of the first the "
                   "update is kept, of the second what nets learned from it; no model.",
    },
    {
        "name": "SkillSpan, the part for training",
        "publisher": "copyright (c) 2023 Mike Zhang",
        "url": "https://aclanthology.org/2022.naacl-main.366/",
        "licence": "MIT",
        "licence_url": "https://opensource.org/license/mit",
        "credit": "The model that finds skills in a posting or a résumé was learned from its de-identified postings.",
        "changed": "Only weights are kept, no text.",
    },
)
HEAD = """\
First Rung

First Rung stands on the work of many others. This file names what an installation contains, and what is used
only to test it. The full text of each licence comes with each package. It is written by ./dev notice.
"""
USWDS = "CC0-1.0, with parts under OFL-1.1, Apache-2.0 and MIT as its LICENSE.md lists"


def pinned(lock: str) -> dict[str, str]:
    """Name and version of every package in a lock file."""
    return dict(PIN.findall((ROOT / lock).read_text(encoding="utf-8")))


def licence(package: str) -> str:
    """The licence of an installed package as it states it itself, in a few words. LookupError when it says nothing."""
    said = importlib.metadata.metadata(package)
    if said.get("License-Expression"):
        return str(said["License-Expression"])
    short = (said.get("License") or "").strip()
    if short and len(short) < 40 and "\n" not in short:
        return short
    named = [line.rsplit(" :: ", 1)[-1] for line in said.get_all("Classifier") or () if line.startswith("License ::")]
    known = [CLASSIFIERS[name] for name in named if name in CLASSIFIERS]
    if known:
        return " OR ".join(known)
    return _from_text(package)


def _from_text(package: str) -> str:
    for file in importlib.metadata.files(package) or ():
        if re.match(r"(LICEN[CS]E|COPYING)", file.name, re.IGNORECASE):
            text = " ".join(file.read_text(encoding="utf-8").split())
            for words, name in FIRST_WORDS.items():
                if words in text:
                    return name
    raise LookupError(f"{package} does not say under which licence it may be used")


def front_packages(*, developing: bool) -> Iterator[tuple[str, str, str]]:
    """Name, version and licence of the packages of package-lock.json; what is only for other systems is left out."""
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    for path, entry in sorted(packages.items()):
        if path and not entry.get("os") and bool(entry.get("dev")) is developing:
            name = path.rsplit("node_modules/", 1)[-1]
            yield name, entry["version"], USWDS if name == "@uswds/uswds" else entry["license"]


def composed() -> str:
    """The whole text of NOTICE."""
    run, develop = pinned("requirements.lock"), pinned("requirements-dev.lock")
    only_develop = {name: version for name, version in develop.items() if name not in run}
    parts = [
        HEAD,
        _heading("Facts"),
        "\n\n".join(_source(source) for source in SOURCES if source["url"]),
        _heading("Texts that models learned from"),
        "\n\n".join(_source(source) for source in LEARNED_FROM),
        _heading("Packages of the server"),
        _lines((name, version, licence(name)) for name, version in run.items()),
        _heading("Packages of the pages"),
        _lines(front_packages(developing=False)),
        _heading("Used only to develop and test: not part of an installation"),
        _lines((name, version, licence(name)) for name, version in only_develop.items()),
        _lines(front_packages(developing=True)),
    ]
    return "\n".join(part.rstrip() + "\n" for part in parts)


def _heading(text: str) -> str:
    return f"{text}\n{'-' * len(text)}"


def _lines(rows: Iterator[tuple[str, str, str]]) -> str:
    return "\n".join(f"{name} {version}: {terms}" for name, version, terms in rows)


def _source(source: dict[str, object]) -> str:
    facts = (
        f"{source['name']}, {source['publisher']}",
        f"{source['url']}",
        f"Licence: {source['licence']}, {source['licence_url']}",
        source["credit"],
        f"Changed: {source['changed']}" if source["changed"] else "",
    )
    return "\n".join(textwrap.fill(str(fact), 110, break_on_hyphens=False) for fact in facts if fact)


def out_of_date() -> Iterator[str]:
    """What is locked or shipped but not named in NOTICE."""
    said = NOTICE.read_text(encoding="utf-8") if NOTICE.exists() else ""
    entries = {**pinned("requirements.lock"), **pinned("requirements-dev.lock")}
    entries.update({name: version for name, version, _ in front_packages(developing=False)})
    for name, version in sorted(entries.items()):
        if f"\n{name} {version}: " not in said:
            yield f"NOTICE does not name {name} {version}; ./dev notice writes it anew"
    for source in SOURCES:
        if str(source["url"]) not in said:
            yield f"NOTICE does not name the source {source['name']}; ./dev notice writes it anew"


if __name__ == "__main__":
    NOTICE.write_text(composed(), encoding="utf-8")
    guide = GUIDE.read_text(encoding="utf-8")
    marked = re.compile(r"(<!-- settings:[^\n]*\n).*?(<!-- end of settings -->)", re.DOTALL)
    GUIDE.write_text(marked.sub(lambda found: found[1] + settings_table() + "\n" + found[2], guide), encoding="utf-8")
    sys.exit(0)
