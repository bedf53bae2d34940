"""The posting check: reads a role as it is written and names what keeps good people out, each with better words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from matcher.kit.words import N_

ENTRY_YEARS = 2
"""Years of experience an entry-level role may ask for: with more, the first job would have to come before the first."""

MANY_SKILLS = 10


@dataclass(frozen=True, slots=True)
class PostingFacts:
    """What the check looks at beside the text."""

    degree: str = "none"
    pay_shown: bool = True
    progression: str = ""
    entry_level: bool = True
    skills: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to change: what it is, in which field, the words found, why it matters and what to write.

    `words` and `better` may hold %(found)s, to be filled with `found` after translation.
    """

    code: str
    field: str
    found: str
    words: str
    better: str


_NUMBERS = {word: n for n, word in enumerate("one two three four five six seven eight nine ten".split(), 1)}
_NUMBER = r"\d{1,2}|" + "|".join(_NUMBERS)
_YEARS = re.compile(
    rf"\b(?P<low>{_NUMBER})\s*(?:\+|plus\b)?\s*(?:(?:-|–|to|or more)\s*(?:{_NUMBER})?\s*)?\+?\s*(?:years?|yrs?)\b"
    r"(?:['’]s?)?(?P<rest>[^.;\n]{0,60})",
    re.IGNORECASE,
)
_OF_WORK = re.compile(
    r"\b(experience|exp\b|background|in (?:an?|the|it|similar)|work(?:ing|ed)?|hands-on|as an?)\b", re.IGNORECASE
)
_DEGREE = re.compile(
    r"\b(?:bachelor(?:['’]?s)?|master(?:['’]?s)?|associate['’]?s|(?:four|4)[- ]year|college|university)"
    r"(?:\s+(?:of\s+\w+|science|arts))?\s*(?:degree|diploma)?\b|\bdegree\b|\b[bm]\.\s?[as]\b",
    re.IGNORECASE,
)
_OTHER_WAY = re.compile(
    r"\bor\s+(?:an?\s+|the\s+|any\s+)?(?:equivalent|equal|similar|comparable|relevant|related|skills|experience)\b"
    r"|\bequivalent\s+(?:experience|skills|training)\b|\bno\s+(?:college\s+)?degree\b|\bdegree\s+(?:is\s+)?not\b"
    r"|\bwithout\s+a\s+(?:college\s+)?degree\b|\bnot\s+(?:need|require)\b[^.]{0,20}\bdegree\b",
    re.IGNORECASE,
)

# Our own short list: words -> (why, better). Kept small on purpose: only what has a clear better wording.
_NICKNAME = N_("Nicknames for a job tell some people that it is not meant for them.")
_PACE = N_("It hints at long hours or little help, and says nothing about the work.")
_MALE = N_("It speaks of men only.")
_AGE = N_("It reads as a wish for a certain age.")
_GAPS = N_("It shuts out people who are between jobs, in training or were caring for others.")
_SPEAKER = N_("It shuts out people who learned English well, and may break the law.")
CODED: Mapping[str, tuple[str, str]] = {
    r"rock\s?star|ninja|guru|wizard|superstar": (
        _NICKNAME, N_("Name the job: “support technician”, “developer”.")),
    r"hit the ground running": (
        _PACE, N_("Say what help there is in the first weeks, and what is expected after three months.")),
    r"fast[- ]paced(?: environment)?": (
        _PACE, N_("Say how many tickets, customers or tasks a usual day has.")),
    r"work hard,? play hard|thrives? under pressure": (
        _PACE, N_("Say what the busy times are and who helps then.")),
    r"wears? many hats": (
        _PACE, N_("List the three tasks that take most of the week.")),
    r"aggressive(?:ly)?|dominant|dominate": (
        N_("It keeps people away who work well with others."),
        N_("Say what is to be reached: “answers ten calls a day”.")),
    r"digital native|recent graduates? only|young (?:and|team)|youthful": (
        _AGE, N_("Name the skill: “comfortable with new software”.")),
    r"man[- ]?hours|manpower|salesm[ae]n|chairm[ae]n|repairm[ae]n|foreman": (
        _MALE, N_("Write “staff hours”, “staff”, “seller”, “chair”, “technician”, “lead”.")),
    r"he/she|his/her|he or she": (
        N_("It leaves some people out."), N_("Write “you” or “they”.")),
    r"native (?:english )?speaker": (
        _SPEAKER, N_("Say what the job needs: “explains steps in clear English by phone”.")),
    r"clean[- ]cut|culture fit|cultural fit": (
        N_("It can mean “someone like us”."), N_("Name how you work: “asks for help early”.")),
    r"(?:must be )?currently employed|no (?:employment )?gaps": (
        _GAPS, N_("Leave it out: the skills say enough.")),
    r"able[- ]bodied|physically fit": (
        N_("It shuts out people who could do the work with an aid."),
        N_("Name the task: “moves 30-pound boxes, with a cart”.")),
}
_CODED = tuple(
    (re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE), why, better) for pattern, (why, better) in CODED.items()
)


def posting_check(text: str, facts: PostingFacts, *, title: str = "") -> list[Finding]:
    """Everything found, the weightiest first; pure, so the same words always give the same findings."""
    return [*_degree(text, facts), *_pay(facts), *_years(text, facts), *_progression(facts), *_skills(facts),
            *_coded(title, "title"), *_coded(text, "summary")]


def _degree(text: str, facts: PostingFacts) -> Iterator[Finding]:
    if facts.degree == "required":
        yield Finding("degree", "degree", "",
                      N_("A degree is the only way in. It shuts out people who have the skills."),
                      N_("Choose “a degree, or the skills shown another way”."))
    for sentence in re.split(r"(?<=[.!?;])\s+(?=[A-Z])|\n", text):
        found = _DEGREE.search(sentence)
        if found and not _OTHER_WAY.search(sentence):
            yield Finding("degree", "summary", found.group().strip(),
                          N_("“%(found)s” stands there with no other way in."),
                          N_("Write “or the skills shown another way”, or leave it out: the skill list says enough."))
            return


def _pay(facts: PostingFacts) -> Iterator[Finding]:
    if not facts.pay_shown:
        yield Finding("pay", "pay_min", "", N_("The pay is not shown. Many people skip such roles."),
                      N_("Give the lowest and the highest pay for this role."))


def _years(text: str, facts: PostingFacts) -> Iterator[Finding]:
    if not facts.entry_level:
        return
    for found in _YEARS.finditer(text):
        low = found.group("low").lower()
        years = _NUMBERS.get(low) or int(low)
        if years > ENTRY_YEARS and _OF_WORK.search(found.group("rest")):
            said = re.sub(r"['’]s?$", "", found.group()[: found.start("rest") - found.start()].strip())
            yield Finding("years", "summary", said,
                          N_("“%(found)s” of experience is more than a first job can ask for."),
                          N_("Say what the person must be able to do, with a level in the skill list."))


def _progression(facts: PostingFacts) -> Iterator[Finding]:
    if not facts.progression.strip():
        yield Finding("progression", "progression", "", N_("It does not say where the role leads."),
                      N_("Name the next job and when: “network technician after 12 to 18 months”."))


def _skills(facts: PostingFacts) -> Iterator[Finding]:
    if facts.skills > MANY_SKILLS:
        yield Finding("skills", "requirements", "",
                      N_("The list of skills is long. Careful people do not apply when they lack one."),
                      N_("Keep the five or six that decide, and mark what can be learned on the job as nice to have."))


def _coded(text: str, field: str) -> Iterator[Finding]:
    for pattern, why, better in _CODED:
        if found := pattern.search(text):
            yield Finding("wording", field, found.group(), why, better)
