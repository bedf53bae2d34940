"""What became of a provider's graduates, counted with what is not known, and what employers said about them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from matcher.applications.models import Application, Interview
from matcher.candidates import roster
from matcher.placements import rules
from matcher.placements.models import Placement, PlacementFeedback, RetentionCheck
from matcher.training.models import Cohort, Enrollment, Program

FEWEST = 10
LASTING_DAY = 180
STARTED_IN = frozenset({"enrolled", "completed", "withdrew", "transferred"})
SURE = frozenset({"employer_confirmed", "wage_record"})


@dataclass(frozen=True, slots=True)
class Rate:
    """How many, out of how many, and of how many it is not known."""

    numerator: int
    denominator: int
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the people of one program (or of all together). `hidden`: too few to tell apart from persons."""

    program: Program | None
    completed: Rate
    applied: Rate
    interviewed: Rate
    placed: Rate
    confirmed: Rate
    lasting: Rate
    hidden: bool = False


@dataclass(slots=True)
class _Facts:
    applied: set[str]
    interviewed: set[str]
    unseen: set[str]
    placements: dict[str, list[Placement]]


def outcomes(session: Session, organization_id: str, programs: Sequence[Program], *, today: date) -> list[Outcome]:
    """One line for each program and, where there are several, one for all of them at the end.

    A person counts for the program they completed last. Those who excluded the provider or erased their profile are
    unknown from the completion on. A line of fewer than `FEWEST` graduates is hidden, and a second one with it where
    the total would give it away. Statements: a fixed number.
    """
    people = _enrollments(session, [program.id for program in programs])
    latest = _latest(people)
    facts = _facts(session, organization_id, sorted(latest))
    groups = [(program, [e for e in people if e.cohort.program_id == program.id]) for program in programs]
    lines = [_line(program, own, {c for c, p in latest.items() if p == program.id}, facts, today)
             for program, own in groups]
    hidden = to_hide([line.applied.denominator for line in lines])
    told = [_hide(line) if place in hidden else line for place, line in enumerate(lines)]
    if len(lines) > 1:
        total = _line(None, people, set(latest), facts, today)
        told.append(_hide(total) if 0 < total.applied.denominator < FEWEST else total)
    return told


def to_hide(sizes: Sequence[int]) -> set[int]:
    """Places of the groups that are too small to show; a single one takes the next smallest along."""
    small = {place for place, size in enumerate(sizes) if 0 < size < FEWEST}
    others = [place for place, size in enumerate(sizes) if size >= FEWEST]
    if len(small) == 1 and others:
        small.add(min(others, key=lambda place: (sizes[place], place)))
    return small


def _hide(line: Outcome) -> Outcome:
    none = Rate(0, 0)
    return Outcome(line.program, line.completed, none, none, none, none, none, hidden=True)


def _enrollments(session: Session, program_ids: Sequence[str]) -> list[Enrollment]:
    return list(session.scalars(
        select(Enrollment).join(Cohort, Cohort.id == Enrollment.cohort_id).where(Cohort.program_id.in_(program_ids))
        .options(selectinload(Enrollment.cohort)).order_by(Enrollment.completed_on, Enrollment.id)
    ))


def _latest(people: Iterable[Enrollment]) -> dict[str, str]:
    """Candidate id to the program completed last."""
    done = [row for row in people if str(row.state) == "completed" and row.completed_on]
    return {row.candidate_id: row.cohort.program_id for row in sorted(done, key=lambda r: (r.completed_on, r.id))}


def _facts(session: Session, organization_id: str, ids: Sequence[str]) -> _Facts:
    applied = set(session.scalars(select(Application.candidate_id).where(
        Application.candidate_id.in_(ids), Application.submitted_at.is_not(None))))
    interviewed = set(session.scalars(select(Interview.candidate_id).where(
        Interview.candidate_id.in_(ids), Interview.state == "held")))
    erased = {id for id, person in roster.known(session, ids).items() if person.erased}
    placements: dict[str, list[Placement]] = {}
    rows = session.scalars(
        select(Placement).where(Placement.candidate_id.in_(ids))
        .options(selectinload(Placement.checks).selectinload(RetentionCheck.answers))
        .order_by(Placement.starts_on, Placement.id)
    )
    for row in rows:
        placements.setdefault(row.candidate_id, []).append(row)
    return _Facts(applied, interviewed, erased | roster.hidden_from(session, organization_id, ids), placements)


def _line(
    program: Program | None, own: Sequence[Enrollment], graduates: set[str], facts: _Facts, today: date
) -> Outcome:
    started = [row for row in own if str(row.state) in STARTED_IN]
    seen = graduates - facts.unseen
    unknown = len(graduates) - len(seen)
    programs = {row.cohort.program_id for row in own}
    jobs = [placed for id in sorted(seen) if (placed := _best(facts.placements.get(id, []), programs))]
    return Outcome(
        program,
        Rate(sum(str(r.state) == "completed" for r in started), len(started),
             sum(str(r.state) == "enrolled" for r in started)),
        Rate(len(seen & facts.applied), len(graduates), unknown),
        Rate(len(seen & facts.interviewed), len(graduates), unknown),
        Rate(len(jobs), len(graduates), unknown),
        Rate(sum(str(job.confirmation) in SURE for job in jobs), len(jobs)),
        lasting(jobs, today),
    )


def _best(jobs: Sequence[Placement], programs: set[str]) -> Placement | None:
    """The newest job that came after one of these programs."""
    mine = [job for job in jobs if job.program_id in programs]
    return mine[-1] if mine else None


def lasting(jobs: Iterable[Placement], today: date) -> Rate:
    """Still in the job 180 days after the start, by the employer's word, else the person's own.

    Denominator: jobs that began at least 180 days ago. A job that ended before is a no; one nobody spoke about is
    unknown, not a no.
    """
    due = [job for job in jobs
           if job.starts_on + timedelta(days=LASTING_DAY) <= today and str(job.state) != "offer_accepted"]
    words = [_still_there(job) for job in due]
    return Rate(words.count("yes"), len(due), words.count("unknown"))


def _still_there(job: Placement) -> str:
    if job.ended_on and job.ended_on < job.starts_on + timedelta(days=LASTING_DAY):
        return "no"
    check = next((check for check in job.checks if check.day == LASTING_DAY), None)
    for side in ("employer", "candidate"):
        answer = rules.effective(check.answers, side) if check else None
        if answer is not None and str(answer.still_there) != "unknown":
            return str(answer.still_there)
    return "yes" if job.ended_on else "unknown"


@dataclass(frozen=True, slots=True)
class SkillWord:
    """How often employers called graduates strong in a skill, or said that it was missing."""

    skill_id: str
    strong: int
    missing: int


def skill_words(verdicts: Iterable[tuple[str, str]]) -> list[SkillWord]:
    """Verdicts (skill id, strong | missing) added up, what is missing most first."""
    counts = Counter(verdicts)
    skills = {skill for skill, _ in counts}
    words = [SkillWord(skill, counts[(skill, "strong")], counts[(skill, "missing")]) for skill in skills]
    return sorted(words, key=lambda word: (-word.missing, -word.strong, word.skill_id))


def hire_again(feedback: Iterable[PlacementFeedback]) -> Rate:
    """Of the hires that employers spoke about, those they would hire again by their newest word; each hire once."""
    newest: dict[str, PlacementFeedback] = {}
    for row in sorted(feedback, key=lambda r: (r.created_at, r.id)):
        newest[row.placement_id] = row
    words = [str(row.would_hire_again) for row in newest.values()]
    return Rate(words.count("yes"), len(words), words.count("unknown"))


def feedback_count(session: Session, program_ids: Sequence[str]) -> int:
    """How often employers have spoken about graduates of these programs."""
    return session.scalar(
        select(func.count()).select_from(PlacementFeedback)
        .join(Placement, Placement.id == PlacementFeedback.placement_id).where(Placement.program_id.in_(program_ids))
    ) or 0
