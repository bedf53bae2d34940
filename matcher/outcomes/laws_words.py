"""The words of the rules of law and of the places where First Rung answers them."""

from collections.abc import Mapping

from matcher.kit.words import N_

CAUTION = N_("This is not legal advice. It says what we read in the law and where our records are; ask a lawyer.")

NAMES: Mapping[str, str] = {
    "nyc_ll144": N_("New York City: Local Law 144 on automated employment decision tools"),
    "california_feha_ads": N_("California: fair employment rules for automated-decision systems"),
    "colorado_sb26_189": N_("Colorado: Senate Bill 26-189 on automated decisions"),
    "eu_ai_act": N_("European Union: AI Act, rules for high-risk systems"),
}

DUTIES: Mapping[str, str] = {
    "ll144_audit": N_("A bias audit by an independent auditor in the year before the tool is used. "
                      "Our own audit has the tables that the law asks for; it is not an independent one."),
    "ll144_publish": N_("A summary of the newest audit and the day it was made, for everybody to read."),
    "ll144_notice": N_("Tell people at least 10 business days ahead that a tool is used, what it looks at, "
                       "and how to ask for another way."),
    "feha_records": N_("Keep the records of decisions and of the system that took part in them for four years."),
    "feha_testing": N_("Test for bias before and while the system is used; whether one did counts in a dispute."),
    "colorado_notice": N_("Tell people before a system takes part in a decision about their work."),
    "colorado_statement": N_("After a no, say within 30 days why, and what part the system had."),
    "colorado_correction": N_("Let people see and correct the facts about them that were used."),
    "colorado_review": N_("Let people ask for a human to look at the decision again."),
    "eu_inform": N_("Tell people that such a system is used about them, and explain decisions on request."),
    "eu_oversight": N_("People who can overrule or stop the system watch over it."),
    "eu_logs": N_("Keep the system’s logs for at least six months."),
    "eu_data": N_("Look for bias in the data and the results, and act on what is found."),
}

PLACES: Mapping[str, str] = {
    "audit_runs": N_("The kept fairness audits, which nobody can change or delete"),
    "fairness_lab": N_("The fairness lab at the hub’s desk"),
    "how_matching_works": N_("The public page on how matching works"),
    "human_look": N_("“Ask a person to look”, with the answer and who gave it"),
    "match_runs": N_("The journal of every list that was shown, with model, facts and order"),
    "facts_versions": N_("The facts that each list was made from"),
    "ranker_models": N_("Every model that ran, with what it learned from and how it was judged"),
    "model_hold": N_("Hold and roll back a model at the hub’s desk"),
    "applications": N_("Applications with every decision, its reason and its date"),
    "audit_events": N_("The trail of who did what, which nobody can change or delete"),
    "application_answer": N_("The answer that every application gets, written by a person"),
    "match_reasons": N_("The reasons beside every match"),
    "own_profile": N_("The person’s own profile, where each fact can be changed"),
}
