"""Chapter one: the hubs are founded, partners join and promise, providers list what they teach."""

from datetime import timedelta

from matcher.kit.actor import Actor
from matcher.organizations import actions as organizations
from matcher.outcomes import actions as outcomes
from matcher.skills import actions as skills
from matcher.skills import queries as skill_queries
from matcher.training import actions as training
from matcher.training.models import Delivery, EtplStatus, Program
from seeds.demo.courses import COURSES, SECOND_COURSES, Course
from seeds.demo.openings import OPENINGS
from seeds.demo.partners import (
    EMPLOYERS,
    OPERATORS,
    PROVIDERS,
    SECOND_EMPLOYERS,
    SECOND_PROVIDERS,
    WORKFORCE,
    Partner,
)
from seeds.demo.places import FAR_QUARTERS, HUBS, QUARTERS
from seeds.demo.stage import Stage, member_of, operator_of

GOALS = {"riverbend": 130, "prairie-junction": 20}
COUNTED_HERE = {"15-2051.01": "Local employers hire reporting staff at entry level and promote them",
                "15-1212.00": "Two employers here run first-level security shifts with training on the job",
                "15-1244.00": "Three employers hire junior administrators from the support desk"}
FEEDBACK = "We answer the check at 30, 90, 180 and 365 days and talk to the provider twice a year."


def found(stage: Stage) -> None:
    """Open both hubs, each with an operator, its list of occupations and a goal."""
    for position, facts in enumerate(HUBS):
        hub = organizations.found_hub(stage.session, at=stage.at, invented=True, position=position, **facts)
        stage.hubs[hub.slug] = hub
    for slug, name in OPERATORS:
        hub = stage.hubs[slug]
        person = stage.person(name, f"{name.split()[0].lower()}@{slug}.example")
        organizations.appoint(stage.session, hub, person, "operator", at=stage.at)
        stage.operators[slug] = operator_of(person, hub)
        skills.decide_defaults(stage.session, hub.id, hub.wage_area, stage.at)
        for code, reason in COUNTED_HERE.items():
            row = skill_queries.find_hub_occupation(stage.session, hub.id, code)
            if row is not None and slug == "riverbend":
                skills.decide(stage.session, row, in_demand=True, entry_level=True, career_path=True, reason=reason,
                              actor=stage.operators[slug], at=stage.at)
        outcomes.set_goal(stage.session, hub, target=GOALS[slug], starts_on=stage.start.date(),
                          target_on=(stage.now + timedelta(days=39)).date(), actor=stage.operators[slug], at=stage.at)


def invite_partners(stage: Stage) -> None:
    """Partners arrive over the first two months: providers and workforce first, then employers."""
    for number, partner in enumerate((*PROVIDERS, *WORKFORCE)):
        stage.later(1 + number, lambda p=partner: join(stage, p, "riverbend"))
    for number, partner in enumerate(EMPLOYERS):
        stage.later(8 + number * 4, lambda p=partner: join(stage, p, "riverbend"))
    for number, partner in enumerate((*SECOND_PROVIDERS, *SECOND_EMPLOYERS)):
        stage.later(120 + number * 6, lambda p=partner: join(stage, p, "prairie-junction"))
    late = Partner("employer", "Cedar Print Works", "Prints labels for half the valley.", 2, ("Gus Ahlberg",), 6)
    stage.later(369, lambda: join(stage, late, "riverbend", vetted=False))


def join(stage: Stage, partner: Partner, hub_slug: str, *, vetted: bool = True) -> None:
    """One organization: founded by its first person, who asks to join; the operator vets it."""
    hub, session = stage.hubs[hub_slug], stage.session
    label, latitude, longitude = (QUARTERS if hub_slug == "riverbend" else FAR_QUARTERS)[partner.quarter]
    domain = partner.name.lower().replace(" ", "-")
    people = [stage.person(name, f"{name.split()[0].lower()}@{domain}.example") for name in partner.people]
    organization = organizations.found_organization(
        session, actor=Actor(person_id=people[0].id, name=people[0].name), kind=partner.kind, name=partner.name,
        at=stage.at, about=partner.about,
        place_label=label, latitude=latitude, longitude=longitude,
    )
    owner = member_of(people[0], organization)
    for person in people[1:]:
        organizations.add_member(session, organization, person, "member", actor=owner, at=stage.at)
    stage.organizations[partner.name], stage.members[partner.name] = organization, owner
    stage.habits[organization.id] = partner.habit
    joined = organizations.ask_to_join(
        session, organization, hub, actor=owner, at=stage.at, words=partner.about,
        families=_families(partner), hires_planned=stage.rng.randint(3, 14) if partner.kind == "employer" else None,
    )
    if not vetted:
        return
    operator = stage.operators[hub_slug]
    for step in ("contact", "confirm", "activate"):
        organizations.advance_partnership(session, joined, step, actor=operator, at=stage.at)
    if partner.kind == "employer":
        stage.later(2, lambda: promise(stage, partner, hub_slug))
    elif partner.kind == "training_provider":
        for course in (*COURSES, *SECOND_COURSES):
            if course.provider == partner.name:
                offer(stage, course, hub_slug)


def _families(partner: Partner) -> list[str]:
    if partner.kind != "employer":
        return []
    return sorted({o.families for o in OPENINGS} - {"office"})[:3]


def promise(stage: Stage, partner: Partner, hub_slug: str) -> None:
    """An employer signs what it commits to; the hub accepts."""
    hub, organization, owner = stage.hubs[hub_slug], stage.organizations[partner.name], stage.members[partner.name]
    hires = stage.rng.randint(3, 12)
    months = 11 if partner.name == "Tallgrass Marketing" else 22
    expires = stage.at.date() + timedelta(days=months * 30)
    for kind, promised in (("consider", 0), ("full_time_hires", hires)):
        signed = organizations.sign_commitment(
            stage.session, organization, hub, kind=kind, promised=promised,
            answer_days=14 if partner.habit is None else min(30, partner.habit + 6), feedback_how=FEEDBACK,
            signed_name=partner.people[0], signed_title="Head of people", starts_on=stage.at.date(),
            expires_on=expires, actor=owner, at=stage.at,
        )
        organizations.advance_commitment(stage.session, signed, "accept", actor=stage.operators[hub_slug], at=stage.at)


def offer(stage: Stage, course: Course, hub_slug: str) -> Program:
    """A provider lists a program."""
    organization = stage.organizations[course.provider]
    program = training.add_program(
        stage.session, organization, stage.hubs[hub_slug], skills=course.skills, actor=stage.members[course.provider],
        at=stage.at, facts={
            "name": course.name, "about": course.about, "cip_code": course.cip, "occupation_code": course.occupation,
            "weeks": course.weeks, "hours_per_week": course.hours, "cost_cents": course.cost, "funding": course.funding,
            "delivery": Delivery(course.delivery), "place_label": organization.place_label,
            "etpl_status": EtplStatus.LISTED if "WIOA" in course.funding else EtplStatus.UNKNOWN,
        },
    )
    training.advance_program(stage.session, program, "list", actor=stage.members[course.provider], at=stage.at)
    stage.programs[course.name] = program
    return program
