"""Gathers the words of the pages for the translators, and finds those that a language still lacks."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from tests.house.files import ROOT

LANGUAGES = ("es",)
KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None, "_l": None, "lazy_gettext": None}
HEADER = "# The words of First Rung. The English text is the key; ./dev words keeps this file up to date."


def gathered() -> Catalog:
    """Every text in code and templates that is marked for translation, with the files it stands in."""
    with (ROOT / "web" / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    catalog = Catalog(project="First Rung", header_comment=HEADER)
    for folder in ("matcher", "web"):
        found = extract_from_dir(
            ROOT / folder,
            [(_inside(folder, pattern), method) for pattern, method in methods if pattern.startswith(f"{folder}/")],
            {_inside(folder, pattern): value for pattern, value in options.items()},
            keywords=KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True,
        )  # fmt: skip
        for name, _line, text, comments, context in sorted(found, key=lambda item: (item[0], item[1])):
            catalog.add(text, locations=[(f"{folder}/{name}", 0)], auto_comments=comments, context=context)
    return catalog


def _inside(folder: str, pattern: str) -> str:
    return pattern.removeprefix(f"{folder}/")


def file_of(language: str) -> Path:
    """Where the translation of a language is kept."""
    return ROOT / "web" / "translations" / language / "LC_MESSAGES" / "messages.po"


def missing() -> Iterator[str]:
    """Texts a language lacks, that its translator was not sure of, or whose placeholders differ from the English."""
    english = gathered()
    for language in LANGUAGES:
        if not file_of(language).exists():
            yield f"{language}: there is no translation; ./dev words starts one"
            continue
        catalog = _read(language)
        for text in english:
            if text.id:
                problem = _problem(catalog.get(_key(text), text.context))
                if problem:
                    places = ", ".join(sorted({place for place, _ in text.locations}))
                    yield f"{language}: {problem}: {_key(text)!r} in {places}"


def half_percents() -> Iterator[str]:
    """Texts of templates with a bare percent sign: templates fill placeholders in every text, so it breaks the page."""
    translated = {language: _read(language) for language in LANGUAGES}
    for text in gathered():
        if not text.id or not any(place.endswith((".html", ".txt")) for place, _ in text.locations):
            continue
        versions = {"en": text, **{language: catalog.get(_key(text)) for language, catalog in translated.items()}}
        for language, found in versions.items():
            said = "" if found is None else found.id if language == "en" else found.string
            for words in said if isinstance(said, tuple | list) else (said,):
                if "%" in re.sub(r"%%|%\([a-z_]+\)[sd]", "", words):
                    yield f"{language}: write %% for a percent sign in a template: {words!r}"


def _key(text: Message) -> str:
    return text.id[0] if isinstance(text.id, tuple | list) else str(text.id)


def _problem(found: Message | None) -> str:
    if found is None or not (all(found.string) if isinstance(found.string, tuple | list) else found.string):
        return "not translated"
    if found.fuzzy:
        return "not certain"
    return "; ".join(str(error) for error in found.check())


def _read(language: str) -> Catalog:
    if not file_of(language).exists():
        return Catalog(locale=language, project="First Rung", header_comment=HEADER)
    with file_of(language).open("rb") as file:
        return read_po(file, locale=language)


def update() -> int:
    """Bring every language's file to the present words, keeping what is translated. Returns how many are missing."""
    english = gathered()
    for language in LANGUAGES:
        catalog = _read(language)
        catalog.update(english, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        file_of(language).parent.mkdir(parents=True, exist_ok=True)
        with file_of(language).open("wb") as file:
            write_po(file, catalog, width=120, sort_output=True, include_lineno=False, ignore_obsolete=True)
    return len(list(missing()))


if __name__ == "__main__":
    print(f"Texts still to be translated ({', '.join(LANGUAGES)}): {update()}")
    sys.exit(0)
