"""Says in plain words what the ranker found: reasons, how each requirement stands, and what counted."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from matcher.ranking.change import Change
from matcher.ranking.explain import Explanation, Finding
from matcher.ranking.reasons import Reason

Namer = Callable[[str], str]
"""Skill id -> its name, e.g. `names.__getitem__` or `lambda id: names.get(id, id)`."""

STATUS_WORDS: Mapping[str, Any] = {
    "evidenced": _l("Shown"), "claimed": _l("Claimed"), "partly": _l("Partly"), "missing": _l("Missing"),
}
STATUS_TONES: Mapping[str, str] = {"evidenced": "leaf", "claimed": "blue", "partly": "sun", "missing": "plain"}
TIER_WORDS: Mapping[str, Any] = {
    "claim": _l("your word only"), "experience": _l("shown in work"), "artifact": _l("shown in a project"),
    "credential": _l("credentialed"), "endorsement": _l("endorsed"), "employer_confirmed": _l("employer confirmed"),
}
PART_WORDS: Mapping[str, Any] = {
    "must_cover": _l("must-have skills at the level asked for"), "weighted_cover": _l("all skills asked for"),
    "adjacency": _l("skills close to those asked for"), "evidence": _l("how well the skills are shown"),
    "preference": _l("home or on site, hours, pay and start that fit"), "closeness": _l("how near it is"),
    "recency": _l("how lately the skills were used"), "program": _l("a program for this kind of work"),
}
FILTER_WORDS: Mapping[str, Any] = {
    "too_far": _l("farther away than you want to travel"), "remote_mismatch": _l("not where you want to work"),
    "schedule_mismatch": _l("at hours you left out"), "pay_below_floor": _l("below the pay you ask for"),
    "starts_too_early": _l("start before you are free"), "excluded_organization": _l("from employers you excluded"),
}


def in_words(reason: Reason, skill_name: Namer, *, you: bool = True) -> str:
    """One reason as a sentence, to the candidate (`you`) or about them; an unknown code comes back as it is."""
    facts = {key: value for key, value in reason.params.items() if key not in {"skill", "near", "tier"}}
    for key in ("skill", "near"):
        if reason.params.get(key):
            facts[key] = skill_name(str(reason.params[key]))
    tier = str(reason.params.get("tier") or "claim")
    facts["shown"] = str(TIER_WORDS[tier]) if you or tier != "claim" else _("their word only")
    say = (_YOU if you else _THEY).get(reason.code) or _BOTH.get(reason.code)
    return str(say(facts)) if say else reason.code


_Say = Callable[[dict[str, Any]], str]
_YOU: dict[str, _Say] = {
    "knows_near": lambda f: _("%(skill)s: you know %(near)s, which is close to it.", **f),
    "candidate_needs_skills": lambda f: ngettext(
        "You have %(have)s of the %(need)s skills we need to compare. Add %(num)s more.",
        "You have %(have)s of the %(need)s skills we need to compare. Add %(num)s more.", f["add"], **f),
}
_THEY: dict[str, _Say] = {
    "knows_near": lambda f: _("%(skill)s: knows %(near)s, which is close to it.", **f),
    "candidate_needs_skills": lambda f: _("The profile has %(have)s of the %(need)s skills we need to compare.", **f),
}
_BOTH: dict[str, _Say] = {
    "evidenced": lambda f: _("%(skill)s: level %(held)s of %(asked)s, %(shown)s.", **f) if f["held"] <= f["asked"]
    else _("%(skill)s: level %(held)s, where %(asked)s is asked for, %(shown)s.", **f),
    "claimed": lambda f: _("%(skill)s: level %(held)s of %(asked)s, %(shown)s so far.", **f) if f["held"] <= f["asked"]
    else _("%(skill)s: level %(held)s, where %(asked)s is asked for, %(shown)s so far.", **f),
    "one_level_short": lambda f: _("%(skill)s is one level short.", **f),
    "levels_short": lambda f: _("%(skill)s is %(short)s levels short.", **f),
    "missing_must": lambda f: _("%(skill)s is a must-have and is missing.", **f),
    "missing_nice": lambda f: _("%(skill)s would be nice to have.", **f),
    "role_needs_skills": lambda f: _("The role names %(have)s of the %(need)s skills we need to compare.", **f),
}


def status_words(status: str) -> str:
    """Shown, claimed, partly or missing."""
    return str(STATUS_WORDS[status])


def skills_of(findings: Iterable[Finding]) -> set[str]:
    """The skills that the sentences about requirements name: their own, and the near ones that the person knows."""
    named = ((finding.skill, finding.reason.params.get("near")) for finding in findings)
    return {str(skill) for pair in named for skill in pair if skill}


def finding_words(finding: Finding, skill_name: Namer, *, you: bool = True) -> str:
    """How one requirement stands, as a sentence."""
    return in_words(finding.reason, skill_name, you=you)


def tier_of(finding: Finding) -> str:
    """The evidence behind a requirement, as the ladder takes it."""
    return finding.tier.label if finding.tier is not None else "claim"


def musts(explanation: Explanation) -> tuple[int, int]:
    """(must-haves at the level asked for, must-haves) of a pair."""
    wanted = [finding for finding in explanation.findings if finding.must]
    return sum(f.status in {"evidenced", "claimed"} for f in wanted), len(wanted)


def change_words(change: Change | None, skill_name: Namer, *, you: bool = True) -> str:
    """What would move the person most: “SQL at level 2 would take you from 14th to 6th place”; empty without one."""
    if change is None:
        return ""
    facts = {"skill": skill_name(change.skill), "level": change.to_level, "before": ordinal(change.from_rank),
             "after": ordinal(change.to_rank)}
    if change.to_level > change.from_level:
        said = _("%(skill)s at level %(level)s would take you from %(before)s to %(after)s place.", **facts) if you \
            else _("%(skill)s at level %(level)s would move them from %(before)s to %(after)s place.", **facts)
    elif change.tier.label == "artifact":
        said = _("A piece of work that shows %(skill)s would take you from %(before)s to %(after)s place.", **facts) \
            if you else _("Work that shows %(skill)s would move them from %(before)s to %(after)s place.", **facts)
    else:
        said = _("A provider’s word for %(skill)s would take you from %(before)s to %(after)s place.", **facts) if you \
            else _("A provider’s word for %(skill)s would move them from %(before)s to %(after)s place.", **facts)
    return str(said)


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, in the reader's language."""
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    words = {"st": _("%(number)sst", number=number), "nd": _("%(number)snd", number=number),
             "rd": _("%(number)srd", number=number), "th": _("%(number)sth", number=number)}
    return str(words[ending])


def left_out_words(hits: Mapping[str, int]) -> list[str]:
    """How many roles a declared wish keeps away, by wish: “3 are farther away than you want to travel”."""
    return [_("%(number)s %(why)s", number=number, why=str(FILTER_WORDS[code]))
            for code, number in hits.items() if code in FILTER_WORDS]


def counted(explanation: Explanation, skill_name: Namer) -> Sequence[tuple[str, float]]:
    """Every share of the score with its name, in points of 100, largest first; with the base they add up to it."""
    rows = [(skill_name(finding.skill), 100 * finding.share) for finding in explanation.findings]
    rows += [(str(PART_WORDS[name]), 100 * share) for name, share in explanation.rest.items() if name in PART_WORDS]
    return sorted(rows, key=lambda row: -abs(row[1]))
