"""The words of a fairness audit: factors, groups, stages and verdicts as marked strings for display."""

from collections.abc import Mapping

from matcher.demographics.rules import ANSWERS
from matcher.kit.words import N_
from matcher.ranking.audit import Group, Verdict

FACTOR_WORDS: Mapping[Group, str] = {
    ("gender",): N_("By gender"), ("race_ethnicity",): N_("By race and ethnicity"),
    ("gender", "race_ethnicity"): N_("By gender together with race and ethnicity"),
}
STAGE_WORDS: Mapping[str, str] = {
    "filter": N_("Kept in by the declared wishes"), "shown": N_("Shown among the first ten"),
    "contacted": N_("Contacted"), "interviewed": N_("Interviewed"), "offered": N_("Made an offer"),
    "hired": N_("Hired"), "retained": N_("Still there after 90 days"), "scored": N_("Scored above the middle"),
}
STAGE_LEADS: Mapping[str, str] = {
    "filter": N_("Of everyone who could be ranked: whom distance, hours, pay and start leave in at least half of the "
                 "lists."),
    "shown": N_("Of those: who stands in the first ten of a list."),
    "contacted": N_("Of those who applied: whom an employer shortlisted."),
    "interviewed": N_("Of those: who was interviewed."), "offered": N_("Of those: who was made an offer."),
    "hired": N_("Of all who applied: who was hired."),
    "retained": N_("Of those whose 90th day has come: who was still there."),
    "scored": N_("Of all applications: whose score is above the middle."),
}
VERDICT_WORDS: Mapping[Verdict, str] = {
    Verdict.ADVERSE: N_("Adverse impact"), Verdict.WATCH: N_("Watch"), Verdict.CANNOT_TELL: N_("Cannot tell"),
    Verdict.NO_EVIDENCE: N_("No evidence of adverse impact"),
}
VERDICT_LEADS: Mapping[Verdict, str] = {
    Verdict.ADVERSE: N_("A group got through at less than four fifths of the highest rate, by more than chance "
                        "explains, and one person more or less would not change that."),
    Verdict.WATCH: N_("A group got through at less than four fifths of the highest rate, but chance could explain it."),
    Verdict.CANNOT_TELL: N_("There are too few people to see anything but a very large difference."),
    Verdict.NO_EVIDENCE: N_("No group got through at less than four fifths of the highest rate beyond chance."),
}


def group_words(factor: Group, group: Group) -> tuple[str, ...]:
    """A group's values as marked strings, one for each question of the factor."""
    return tuple(ANSWERS[question].get(value, value) for question, value in zip(factor, group, strict=True))
