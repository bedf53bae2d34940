"""A résumé's way: sealed when it comes, gone when it is read, and in the profile only what the person kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from matcher.candidates import resume, resume_actions, rules
from matcher.candidates.models import Candidate, CandidateSkill, Experience
from matcher.candidates.resume_actions import KeptSkill
from matcher.candidates.resume_lines import days_in
from matcher.kit.actor import Actor
from matcher.kit.audit import AuditEvent
from matcher.kit.errors import DomainError
from matcher.kit.settings import Settings
from matcher.papers import actions as papers
from matcher.papers.models import Paper, PaperPurpose, PaperStage
from matcher.people import actions as people
from matcher.people import export
from matcher.people.models import Person
from matcher.ranking.documents_faults import REASONS
from matcher.skills import names
from matcher.skills.models import Skill, SkillKind
from matcher.tasks import duties
from tests.factories import candidates as make
from tests.factories.reading import read_papers
from tests.factories.roles import SKILLS, Town

pytestmark = [pytest.mark.data, pytest.mark.timeout(120)]
CANARY = "Zanzibarcanary"
TEXT = f"""{CANARY} {CANARY}
WORK EXPERIENCE
Help desk assistant, Riverbend Library
March 2022 - Present
• Answered tickets
Skills: Networking, Windows (basic), Customer servce, Glass blowing
Education
{CANARY} High School, 2019
"""
Who = tuple[Candidate, Actor, Person]


@pytest.fixture
def who(town: Town) -> Who:
    """Somebody with a profile that holds one skill, at level 3."""
    return make.profile(town.session, town.hub, town.at, skills={SKILLS[2]: 3}, active=False)


def brought(town: Town, who: Who, data: bytes = TEXT.encode(), name: str = f"{CANARY}.txt") -> Paper:
    """A résumé that was handed in."""
    paper = papers.bring(town.session, purpose=PaperPurpose.RESUME, hub_id=town.hub.id, data=data, name=name,
                         candidate_id=who[0].id, actor=who[1], at=town.at)
    town.session.commit()
    return paper


def read(town: Town, paper: Paper, settings: Settings) -> dict[str, Any]:
    """What the worker found in it."""
    town.session.commit()
    assert read_papers(settings, town.at) >= 1
    town.session.refresh(paper)
    return papers.found_in(paper)


def words_in_tables(session: Session) -> str:
    """Every value of every row, as a thief would read it."""
    raw = session.connection()
    kind, name = ("sqlite_master WHERE type = 'table'", "name") if raw.dialect.name == "sqlite" else \
        ("information_schema.tables WHERE table_schema = 'public'", "table_name")
    tables = [row[0] for row in raw.execute(text(f"SELECT {name} FROM {kind}"))]
    return repr([raw.execute(text(f'SELECT * FROM "{table}"')).all() for table in tables])


def test_a_resume_is_sealed_read_and_its_file_is_gone(town: Town, who: Who, settings: Settings) -> None:
    paper = brought(town, who)
    assert papers.source_of(paper)[0] == TEXT.encode()
    assert CANARY not in words_in_tables(town.session)
    found = read(town, paper, settings)
    assert (paper.stage, paper.fault, paper.source_sealed) == (PaperStage.READ, "", None)
    with pytest.raises(ValueError, match="read before"):
        papers.source_of(paper)
    assert CANARY not in words_in_tables(town.session)
    assert CANARY not in repr(found), "neither a name nor a school is read"
    lines = {line["text"]: line for line in found["skills"]}
    assert (lines["Networking"]["outcome"], lines["Networking"]["id"]) == ("sure", SKILLS[2])
    assert (lines["Windows"]["id"], lines["Windows"]["level"]) == (SKILLS[1], 1)
    assert [line["outcome"] for line in found["skills"]].index("unknown") == len(found["skills"]) - 1
    (did,) = found["experiences"]
    assert (did["title"], did["place"], did["starts_on"], did["ends_on"]) == (
        "Help desk assistant", "Riverbend Library", "2022-03-01", "")


def test_what_was_done_becomes_skills_and_the_workplace_does_not(
    town: Town, who: Who, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cook who wrote no list of skills still sees what the work shows, each line beside its words."""
    monkeypatch.setattr(names, "_KEPT", {})  # kept per taxonomy version, and this one grows without a new version
    town.session.add(Skill(id="own:hardware-repair", kind=SkillKind.OWN, name="Computer hardware repair"))
    told = ("EXPERIENCE\nCook, Windows on the River, 2019 - 2024\n• Greeted guests and repaired laptops\n"
            "• Kept the kitchen clean\n")
    found = read(town, brought(town, who, told.encode(), "cook.txt"), settings)
    assert [(line["id"], line["text"], line["outcome"], line["experience"]) for line in found["skills"]] == [
        ("own:hardware-repair", "repaired laptops", "sure", 0)]
    assert found["skills"][0]["where"] == "Greeted guests and repaired laptops"
    assert found["experiences"][0]["place"] == "Windows on the River"


@pytest.mark.parametrize(("data", "name", "fault"), [
    (b"%PDF-1.7 torn", "cv.pdf", "broken"), (b"\x7fELF" + b"\x00" * 99, "cv.pdf", "mislabelled"),
    (b"P\x00y\x00", "cv.txt", "not_text"),
])
def test_what_cannot_be_read_says_why_and_keeps_nothing(
    town: Town, who: Who, settings: Settings, data: bytes, name: str, fault: str
) -> None:
    paper = brought(town, who, data, name)
    assert read(town, paper, settings) == {}
    assert (paper.stage, paper.fault, paper.source_sealed, paper.found_sealed) == (PaperStage.FAILED, fault, None, None)
    assert fault in REASONS


def test_only_what_was_ticked_comes_into_the_profile_as_the_persons_own_word(
    town: Town, who: Who, settings: Settings
) -> None:
    candidate, actor, _person = who
    paper = brought(town, who)
    found = read(town, paper, settings)
    version = candidate.facts_version
    resume_actions.keep(
        town.session, candidate, paper, actor=actor, at=town.at,
        skills=[KeptSkill(SKILLS[0], 2, 0), KeptSkill(SKILLS[1], 1), KeptSkill(SKILLS[2], 3, 1)],
        experiences={0: {**found["experiences"][0], "kind": "work", "starts_on": date(2022, 3, 1), "ends_on": None}},
    )
    town.session.commit()
    held = {skill.skill_id: (skill.level, rules.held(skill).tier, skill.last_used_on) for skill in candidate.skills}
    assert held == {
        SKILLS[0]: (2, "experience", town.at.date()), SKILLS[1]: (1, "claim", None),
        SKILLS[2]: (3, "claim", town.at.date()),
    }
    assert [row.title for row in town.session.scalars(select(Experience))] == ["Help desk assistant"]
    assert candidate.story == ""
    assert candidate.facts_version > version
    assert town.session.scalars(select(Paper)).all() == []
    assert "Glass blowing" not in words_in_tables(town.session)
    actions = set(town.session.scalars(select(AuditEvent.action)))
    assert {"paper.bring", "paper.read", "paper.forget", "candidate.skill", "experience.add", "evidence.add"} <= actions


def test_nothing_ticked_changes_nothing(town: Town, who: Who) -> None:
    paper = brought(town, who)
    with pytest.raises(DomainError, match="Tick what you want to keep"):
        resume_actions.keep(town.session, who[0], paper, skills=[], experiences={}, actor=who[1], at=town.at)
    assert town.session.get(Paper, paper.id) is paper


def test_a_new_one_takes_the_place_of_the_old_and_a_day_ends_both(town: Town, who: Who) -> None:
    brought(town, who)
    second = brought(town, who)
    assert [row.id for row in town.session.scalars(select(Paper))] == [second.id]
    duty = next(duty for duty in duties.DUTIES if duty.name == "papers.forget_old")
    duty.run(town.session, town.at + timedelta(hours=23, minutes=59))
    assert len(town.session.scalars(select(Paper)).all()) == 1
    duty.run(town.session, town.at + timedelta(hours=24))
    assert town.session.scalars(select(Paper)).all() == []
    assert duty.every <= timedelta(hours=1)


def test_an_answer_for_a_paper_that_is_gone_or_read_changes_nothing(town: Town, who: Who, settings: Settings) -> None:
    paper = brought(town, who)
    papers.forget(town.session, paper, actor=who[1], at=town.at)
    papers.keep_reading(town.session, paper.id, found={"skills": []}, at=town.at)
    assert town.session.scalars(select(Paper)).all() == []
    town.session.commit()
    assert read_papers(settings, town.at) >= 1, "its job finds nothing to do, and is done"


def test_empty_and_huge_are_refused_at_the_door(town: Town, who: Who) -> None:
    for data, code in ((b" \n", "empty"), (b"x" * 1001, "too_large")):
        with pytest.raises(DomainError) as fault:
            papers.bring(town.session, purpose=PaperPurpose.RESUME, hub_id=town.hub.id, data=data, name="", at=town.at,
                         candidate_id=who[0].id, actor=who[1], most_bytes=1000)
        assert (fault.value.message, fault.value.field) == (REASONS[code], "paper")


def test_the_person_takes_it_along_and_it_goes_with_the_account(town: Town, who: Who, settings: Settings) -> None:
    paper = brought(town, who)
    read(town, paper, settings)
    (told,) = export.everything(town.session, who[2])["papers"]
    assert told["found"]["experiences"][0]["place"] == "Riverbend Library"
    people.close_account(town.session, who[2], at=town.at)
    town.session.commit()
    assert town.session.scalars(select(Paper)).all() == []
    assert town.session.scalars(select(CandidateSkill).where(CandidateSkill.candidate_id == who[0].id)).all()


# ----------------------------------------------------------------------------------------------------- reading
SPANISH = """Experiencia laboral
Auxiliar de soporte técnico en Biblioteca Central
enero de 2022 - actualidad
• Atención a usuarios
Cocinero, Restaurante El Faro (2019 - 2021)
Voluntariado
Ejército de Salvación
Tutor de computación, 03/2018 – 11/2018
Habilidades
Excel avanzado, atención al cliente, Linux
Formación académica
Colegio Benito Juárez 2018
"""


def test_experiences_and_levels_are_read_in_spanish_too() -> None:
    found = resume.read(SPANISH, None, [])
    told = [(row["kind"], row["title"], row["place"], row["starts_on"], row["ends_on"]) for row in found["experiences"]]
    assert told == [
        ("work", "Auxiliar de soporte técnico", "Biblioteca Central", "2022-01-01", ""),
        ("work", "Cocinero", "Restaurante El Faro", "2019-01-01", "2021-12-01"),
        ("community", "Tutor de computación", "Ejército de Salvación", "2018-03-01", "2018-11-01"),
    ]
    assert [(row["text"], row["level"]) for row in found["phrases"]] == [
        ("Excel", 3), ("atención al cliente", 2), ("Linux", 2)]
    assert "Juárez" not in repr(found)


@pytest.mark.parametrize(("line", "starts", "ends", "rest"), [
    ("Cook, June 2019 – May 2021", date(2019, 6, 1), date(2021, 5, 1), "Cook"),
    ("2018-2020 Driver", date(2018, 1, 1), date(2020, 12, 1), "Driver"),
    ("Sept. 2020 to Present | Clerk", date(2020, 9, 1), None, "Clerk"),
    ("Desde 2021, vendedor", date(2021, 1, 1), None, "vendedor"),
    ("2021-02 – 2021-09", date(2021, 2, 1), date(2021, 9, 1), ""),
    ("A home network (2023)", date(2023, 1, 1), date(2023, 1, 1), "A home network"),
])
def test_days_are_read_as_people_write_them(line: str, starts: date, ends: date | None, rest: str) -> None:
    days = days_in(line)
    assert days is not None
    assert (days.starts, days.ends, days.rest) == (starts, ends, rest)


@pytest.mark.parametrize("line", ["Counted 2000 boxes", "Room 2019b", "Call 555-2020", ""])
def test_other_numbers_are_no_days(line: str) -> None:
    assert days_in(line) is None


def test_a_json_resume_gives_its_facts_without_guessing() -> None:
    told = {"work": [{"name": "Library", "position": "Help desk", "startDate": "2022-03", "summary": "Tickets"}],
            "volunteer": [{"organization": "Shelter", "position": "Tutor"}],
            "skills": [{"name": "Web", "level": "Advanced", "keywords": ["HTML", "CSS"]}],
            "education": [{"institution": "Harvard", "endDate": "2020"}],
            "basics": {"name": "Ana", "summary": "I fix."}}
    found = resume.read("", told, [])
    assert [(row["kind"], row["title"], row["place"]) for row in found["experiences"]] == [
        ("work", "Help desk", "Library"), ("community", "Tutor", "Shelter")]
    assert [(row["text"], row["level"]) for row in found["phrases"]] == [("Web", 3), ("HTML", 3), ("CSS", 3)]
    assert found["summary"] == "I fix."
    assert "Harvard" not in repr(found)
