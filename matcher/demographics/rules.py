"""The voluntary questions and their answers, as stored values with their words."""

from collections.abc import Mapping

from matcher.kit.words import N_

YES_NO: Mapping[str, str] = {"yes": N_("Yes"), "no": N_("No")}
QUESTIONS: Mapping[str, str] = {
    "race_ethnicity": N_("Which of these describes you best?"),
    "gender": N_("What is your gender?"),
    "income_band": N_("What did your household earn last year?"),
    "veteran": N_("Have you served in the armed forces?"),
    "disability": N_("Do you have a disability?"),
    "first_generation": N_("Are you the first in your family to study after high school?"),
    "justice_involved": N_("Have you been arrested or convicted?"),
    "language": N_("Which language do you speak at home?"),
}
ANSWERS: Mapping[str, Mapping[str, str]] = {
    "race_ethnicity": {
        "american_indian": N_("American Indian or Alaska Native"), "asian": N_("Asian"),
        "black": N_("Black or African American"), "hispanic": N_("Hispanic or Latino"),
        "middle_eastern": N_("Middle Eastern or North African"),
        "pacific_islander": N_("Native Hawaiian or Pacific Islander"), "white": N_("White"),
        "more_than_one": N_("More than one of these"),
    },
    "gender": {"woman": N_("Woman"), "man": N_("Man"), "nonbinary": N_("Nonbinary"), "another": N_("Another")},
    "income_band": {"under_25k": N_("Under $25,000"), "25k_50k": N_("$25,000 to $50,000"),
                    "50k_75k": N_("$50,000 to $75,000"), "over_75k": N_("Over $75,000")},
    "veteran": YES_NO, "disability": YES_NO, "first_generation": YES_NO, "justice_involved": YES_NO,
    "language": {"english_at_home": N_("Mostly English"), "other_at_home": N_("Mostly another language")},
}
