"""What became of graduates, what employers say about them, and what employers ask for beside what is taught."""

from dataclasses import dataclass
from typing import Any

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matcher.candidates import roster
from matcher.candidates.models import ConsentPurpose
from matcher.organizations.models import Organization
from matcher.placements import graduates
from matcher.placements import queries as placements
from matcher.placements.graduates import Rate
from matcher.placements.models import Placement, PlacementFeedback
from matcher.policy import Permission
from matcher.roles import demand as asked
from matcher.training import queries
from matcher.training.models import Program
from web.kit import db, pages, partner
from web.kit.access import allow
from web.kit.names import language, names_of
from web.kit.words import day
from web.provider.blueprint import blueprint

COLUMNS = ("completed", "applied", "interviewed", "placed", "confirmed", "lasting")


def titles() -> dict[str, str]:
    """What each column counts, in words."""
    return {"completed": _("Completed"), "applied": _("Applied"), "interviewed": _("Interviewed"),
            "placed": _("Hired"), "confirmed": _("Confirmed by the employer"), "lasting": _("There at 180 days")}


def _programs(organization: Organization) -> list[Program]:
    """The provider's programs in the hub of this page."""
    place = partner.get(organization)
    found = db.session().scalars(queries.of_provider(organization.id, hub_id=place.hub_id)).unique()
    return [program for program in found if str(program.state) != "draft"]


@blueprint.get("/<organization>/outcomes")
@allow(Permission.OUTCOMES_READ, organization=Organization)
def outcomes(organization: Organization) -> ResponseReturnValue:
    """Counts by program, each with how many, out of how many, and how many unknown. Never a name."""
    lines = graduates.outcomes(db.session(), organization.id, _programs(organization), today=g.at.date())
    if kind := pages.asked_export():
        return _outcome_table(lines, kind)
    return render_template("provider/outcomes.html", organization=organization, lines=lines, columns=COLUMNS,
                           titles=titles(), held=partner.all_of(organization), fewest=graduates.FEWEST)


def _outcome_table(lines: list[graduates.Outcome], kind: str) -> ResponseReturnValue:
    heads = [_("Program")]
    for title in titles().values():
        heads += [title, _("%(what)s: out of", what=title), _("%(what)s: not known", what=title)]
    return pages.table_download("outcomes", heads, [
        [line.program.name if line.program else _("All programs"), *_cells(line)] for line in lines
    ], kind)


def _cells(line: graduates.Outcome) -> list[Any]:
    cells: list[Any] = []
    for name in COLUMNS:
        rate: Rate = getattr(line, name)
        shown = name == "completed" or not line.hidden
        cells += [rate.numerator, rate.denominator, rate.unknown] if shown else [_("too few to show"), "", ""]
    return cells


@dataclass(frozen=True, slots=True)
class Word:
    """What one employer said about one hire; the name only where the person agreed that this provider sees it."""

    feedback: PlacementFeedback
    placement: Placement
    program: str
    name: str


@blueprint.get("/<organization>/words")
@allow(Permission.OUTCOMES_READ, organization=Organization)
def words(organization: Organization) -> ResponseReturnValue:
    """What employers said, newest first, and the skills they called strong or missing."""
    session, offered = db.session(), _programs(organization)
    chosen = request.args.get("program", "")
    ids = [program.id for program in offered if chosen in ("", program.id)]
    said = placements.feedback_of_programs(session, ids)
    counted = graduates.skill_words(placements.verdicts(session, ids))
    names = names_of(counted)
    if kind := pages.asked_export():
        return _words_table(offered, said, names, kind)
    page = pages.slice_page(said)
    return render_template(
        "provider/words.html", organization=organization, programs=offered, chosen=chosen, counted=counted, names=names,
        again=graduates.hire_again(row for row, _placement in said), page_of=page,
        said=_with_names(organization, offered, page.rows), held=partner.all_of(organization),
    )


def _with_names(organization: Organization, offered: list[Program], rows: Any) -> list[Word]:
    session, ids = db.session(), [placement.candidate_id for _row, placement in rows]
    open_ids = roster.agreed(session, organization.id, ConsentPurpose.SHARE_PROFILE, ids) \
        - roster.hidden_from(session, organization.id, ids)
    known = roster.known(session, open_ids)
    programs = {program.id: program.name for program in offered}
    return [Word(row, placement, programs.get(placement.program_id or "", ""),
                 known[placement.candidate_id].name if placement.candidate_id in known else "")
            for row, placement in rows]


def _words_table(offered: list[Program], said: Any, names: dict[str, str], kind: str) -> ResponseReturnValue:
    programs = {program.id: program.name for program in offered}
    heads = (_("Day"), _("Program"), _("Role"), _("Would hire again"), _("Strong"), _("Missing"), _("Words"))
    return pages.table_download("employers-words", heads, [
        (day(row.created_at), programs.get(placement.program_id or "", ""), placement.title, str(row.would_hire_again),
         *(", ".join(names.get(s.skill_id, s.skill_id) for s in row.skills if s.verdict == verdict)
           for verdict in ("strong", "missing")), row.words)
        for row, placement in said
    ], kind)


@blueprint.get("/<organization>/demand")
@allow(Permission.OUTCOMES_READ, organization=Organization)
def demand(organization: Organization) -> ResponseReturnValue:
    """Skills that the hub's open roles ask for, beside the level this provider and the hub teach."""
    place = partner.get(organization)
    rows = asked.asked_and_taught(db.session(), place.hub_id, organization.id, language())
    show, text = request.args.get("show", ""), request.args.get("q", "").strip()[:80]
    rows = [row for row in rows if text.casefold() in row.name.casefold() and _fits(row, show)]
    if kind := pages.asked_export():
        heads = (_("Skill"), _("Roles that ask"), _("As a must"), _("Open seats"), _("Level most ask"),
                 _("Level you teach"), _("Level taught in the hub"))
        return pages.table_download("demand", heads, [
            (row.name, row.roles, row.must, row.positions, row.level, row.taught, row.taught_in_hub) for row in rows
        ], kind)
    return render_template("provider/demand.html", organization=organization, page_of=pages.slice_page(rows), show=show,
                           q=text, held=partner.all_of(organization))


def _fits(row: asked.Asked, show: str) -> bool:
    if show == "gap":
        return 0 < row.taught < row.level
    if show == "new":
        return row.taught == 0
    return show != "reached" or row.taught >= row.level
