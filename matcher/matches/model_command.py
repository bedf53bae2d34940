"""`python -m matcher model list|show|hold|release|rollback --hub SLUG`: a hub's models from the command line."""

import argparse

from sqlalchemy.orm import Session

from matcher.kit import clock, command
from matcher.kit.actor import Actor
from matcher.kit.errors import DomainError
from matcher.matches import model_actions, model_queries
from matcher.matches.models import RankerModel
from matcher.organizations import queries
from matcher.organizations.models import Hub


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m matcher model", description=__doc__)
    known = parser.add_subparsers(dest="verb", required=True)
    for verb, words in (("list", "every model of a hub"), ("show", "one model with its figures"),
                        ("hold", "let no new model go live"), ("release", "end the hold"),
                        ("rollback", "use the model from before again")):
        found = known.add_parser(verb, help=words)
        found.add_argument("--hub", required=True, help="the hub's name in addresses")
        if verb == "show":
            found.add_argument("number", type=int, nargs="?", help="which one; the one in use when left out")
        if verb in {"hold", "release", "rollback"}:
            found.add_argument("--reason", required=True, help="kept in the trail")
    return parser


def main(argv: list[str]) -> int:
    """Run one verb; 2 with a plain sentence when it cannot be done."""
    return command.run(_parser(), argv, _do)


def _do(session: Session, words: argparse.Namespace) -> str:
    hub = queries.hub_by_slug(session, words.hub)
    if hub is None:
        raise DomainError(f"There is no hub called {words.hub}.")
    return _VERBS[words.verb](session, hub, words)


def _line(row: RankerModel) -> str:
    return (f"{row.number:>4}  {row.created_at:%Y-%m-%d}  {row.state!s:<10} stage {row.stage}  "
            f"{row.judged:>6} judged  {row.hash[:12]}")


def _list(session: Session, hub: Hub, _words: argparse.Namespace) -> str:
    lines = [_line(row) for row in model_queries.history(session, hub.id)]
    hold = model_queries.hold(session, hub.id)
    lines += [f"Releases are held since {hold.created_at:%Y-%m-%d}: {hold.reason}"] if hold else []
    if model_queries.running(session, hub.id) is None:
        lines.append("The fixed weights of stage 0 are in use.")
    return "\n".join(lines)


def _show(session: Session, hub: Hub, words: argparse.Namespace) -> str:
    row = model_queries.running(session, hub.id) if words.number is None else \
        model_queries.numbered(session, hub.id, words.number)
    if row is None:
        raise DomainError("The fixed weights of stage 0 are in use." if words.number is None
                          else f"{hub.slug} has no model {words.number}.")
    lines = [_line(row), f"code {row.code_version}, columns {row.feature_schema}, "
                         f"judged {row.data_from} to {row.data_to}"]
    answers = row.metrics.get("answers", {})
    sides = f"both sides, {answers['answers']} answers" if row.manifest["facts"].get("sides") == 2 else \
        f"the employers' side alone ({answers.get('outcome', 'too_few_answers')})"
    lines.append(sides)
    for name, before, after in zip(row.changes["columns"], row.changes["before"], row.changes["after"], strict=True):
        lines.append(f"  {name:<16} {before:6.1f} -> {after:6.1f} of 100 points")
    lines += [f"  {check['code']}: {_word(check['passed'])} {check['figures']}" for check in row.gate]
    return "\n".join(lines)


def _word(passed: bool | None) -> str:
    return {True: "passed", False: "FAILED", None: "cannot be told"}[passed]


def _operator(hub: Hub) -> Actor:
    return Actor(person_id=None, name="command line", hubs={hub.id: frozenset({"operator"})})


def _hold(session: Session, hub: Hub, words: argparse.Namespace) -> str:
    model_actions.hold(session, hub.id, actor=_operator(hub), at=clock.now(), reason=words.reason)
    return "No new model goes live until it is released."


def _release(session: Session, hub: Hub, words: argparse.Namespace) -> str:
    row = model_actions.release(session, hub.id, actor=_operator(hub), at=clock.now(), reason=words.reason)
    return f"Model {row.number} is in use." if row else "Nothing waited. New models go live again after their tests."


def _rollback(session: Session, hub: Hub, words: argparse.Namespace) -> str:
    row = model_actions.roll_back(session, hub.id, actor=_operator(hub), at=clock.now(), reason=words.reason)
    now = f"Model {row.number} is" if row else "The fixed weights of stage 0 are"
    return f"{now} in use again, and no new model goes live until you release it."


_VERBS = {"list": _list, "show": _show, "hold": _hold, "release": _release, "rollback": _rollback}
