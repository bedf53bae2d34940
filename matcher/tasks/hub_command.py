"""`python -m matcher hub found|operator|list`: sets up an empty installation by hand."""

import argparse

from sqlalchemy.orm import Session

from matcher.kit import clock, command
from matcher.kit.errors import DomainError
from matcher.organizations import actions, queries
from matcher.people import actions as people
from matcher.people import queries as person_queries
from matcher.skills import actions as skills


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m matcher hub")
    known = parser.add_subparsers(dest="verb", required=True)
    found = known.add_parser("found", help="open a hub")
    found.add_argument("slug", help="its name in addresses, e.g. riverbend")
    found.add_argument("name")
    found.add_argument("--place", required=True, help="what people call the place")
    found.add_argument("--latitude", type=float, required=True)
    found.add_argument("--longitude", type=float, required=True)
    found.add_argument("--wage-area", required=True, help="a state or metropolitan area of the wage tables")
    found.add_argument("--time-zone", default="America/Chicago")
    found.add_argument("--answer-days", type=int, default=60)
    operator = known.add_parser("operator", help="make somebody an operator (a new person is mailed a link)")
    operator.add_argument("slug")
    operator.add_argument("email")
    operator.add_argument("--name", default="")
    known.add_parser("list", help="the hubs there are")
    return parser


def main(argv: list[str]) -> int:
    """Run one verb; 2 with a plain sentence when the words cannot be used."""
    return command.run(_parser(), argv, lambda session, words: _VERBS[words.verb](session, words))


def _found(session: Session, words: argparse.Namespace) -> str:
    at = clock.now()
    hub = actions.found_hub(
        session, words.slug, words.name, words.place, words.latitude, words.longitude, words.wage_area,
        words.time_zone, answer_days=words.answer_days, at=at, position=len(queries.hubs(session)),
    )
    decided = skills.decide_defaults(session, hub.id, hub.wage_area, at)
    return f"{hub.name} is open at /hubs/{hub.slug}/. The default rule answered for {decided} occupations."


def _operator(session: Session, words: argparse.Namespace) -> str:
    at = clock.now()
    hub = queries.hub_by_slug(session, words.slug)
    if hub is None:
        raise DomainError(f"There is no hub called {words.slug}.")
    person = person_queries.find_person(session, words.email)
    if person is None:
        person = people.create_person(session, name=words.name or words.email.split("@")[0], email=words.email, at=at)
        people.ask_for_reset(session, words.email, at=at)
    actions.appoint(session, hub, person, "operator", at=at)
    return f"{person.name} operates {hub.name}. A second factor is asked for at the first sign-in."


def _list(session: Session, _words: argparse.Namespace) -> str:
    return "\n".join(f"{hub.slug:<24} {hub.name}" for hub in queries.hubs(session)) or "No hub yet."


_VERBS = {"found": _found, "operator": _operator, "list": _list}
