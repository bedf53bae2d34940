"""The form with which a person hands in a paper (a file or pasted text), and what its pages say while it is read."""

from __future__ import annotations

from typing import Any

from flask import current_app, g
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import TextAreaField

from matcher.kit.errors import DomainError
from matcher.kit.words import N_
from matcher.papers import actions as papers
from matcher.papers.models import Paper, PaperPurpose
from matcher.ranking.documents_faults import MAX_LETTERS, REASONS
from web.kit import access, db
from web.kit.forms import Form, at_most
from web.kit.names import occupation_titles, skill_names
from web.kit.words import translate

ACCEPTED = ".pdf,.docx,.txt,.json,application/pdf,text/plain,application/json"


class PaperForm(Form):
    """A file, or the text of one."""

    paper = FileField(_l("File"), render_kw={"accept": ACCEPTED})
    text = TextAreaField(_l("Or paste the text"), [at_most(MAX_LETTERS)])

    def brought(self) -> tuple[bytes, str]:
        """(content, name); a chosen file comes before pasted text. Raises DomainError when there is neither."""
        if self.paper.data:
            return self.paper.data.read(), str(self.paper.data.filename or "")
        if self.text.data:
            return str(self.text.data).encode(), ""
        raise DomainError(N_("Choose a file, or paste the text."), field="paper")


def bring(form: PaperForm, purpose: PaperPurpose, hub_id: str, **owner: Any) -> Paper:
    """Take in what the form brought; it is read by the worker, never here."""
    data, name = form.brought()
    most = current_app.extensions["settings"].max_upload_mb * 1024 * 1024
    return papers.bring(db.session(), purpose=purpose, hub_id=hub_id, data=data, name=name, most_bytes=most,
                        actor=access.actor(), at=g.at, **owner)


def found_in(paper: Paper) -> dict[str, Any]:
    """What was read in a paper, with skills and occupation named as the reader names them."""
    found = papers.found_in(paper)
    lines = found.get("skills", ())
    every = [thing for line in lines for thing in (line, *line["options"]) if thing["id"]]
    names = skill_names(thing["id"] for thing in every)
    if work := found.get("occupation"):
        jobs = [thing for thing in (work, *work["options"]) if thing["id"]]
        names |= occupation_titles(thing["id"] for thing in jobs)
        every += jobs
    for thing in every:
        thing["label"] = names.get(thing["id"], thing["label"])
        if thing.get("note", "").casefold() == thing["label"].casefold():
            thing["note"] = ""
    return found


def fault_words(paper: Paper) -> str:
    """Why a paper could not be read, in the reader's language."""
    return translate(REASONS.get(paper.fault, REASONS["gone"]))


def largest() -> int:
    """The most megabytes that a file may have."""
    most: int = current_app.extensions["settings"].max_upload_mb
    return most
