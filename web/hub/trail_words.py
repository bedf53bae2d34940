"""Says in plain words what an event of the trail was: the thing, and what happened to it."""

from flask_babel import gettext as _

from matcher.kit.words import N_
from matcher.matches.lifecycle import LOOK, MODEL
from web.hub.policy_views import LIVES

STEPS = {life.name: life for life in (*(life for _name, life in LIVES), MODEL, LOOK)}
THINGS = {
    **{life.name: name for name, life in LIVES},
    MODEL.name: N_("Ranking model"), LOOK.name: N_("Human look"), "audit": N_("Fairness audit"),
    "cohort": N_("Cohort"), "consent": N_("Consent"), "demographics": N_("Voluntary questions"),
    "evidence": N_("Evidence"), "experience": N_("Experience"), "figure": N_("Figures"), "goal": N_("Goal"),
    "hub": N_("Hub"), "invitation": N_("Invitation"), "look": N_("Human look"), "membership": N_("Member"),
    "memberships": N_("Member"), "model_hold": N_("Hold on the ranking model"), "occupation": N_("Occupation"),
    "occupations": N_("Occupations"), "organization": N_("Organization"), "paper": N_("Uploaded paper"),
    "person": N_("Account"), "hub_roles": N_("Hub role"),
    "proposal": N_("Proposed word"), "ranker_model": N_("Ranking model"),
    "saved_posting": N_("Saved role"), "second_factor": N_("Second step of sign-in"), "taxonomy": N_("Taxonomy"),
}  # fmt: skip
DONE = {
    "accept": N_("accepted"), "add": N_("added"), "answer": N_("answered"), "appended": N_("answered"),
    "appoint": N_("operator appointed"), "ask": N_("asked for"), "ask_address": N_("new address asked for"),
    "ask_reset": N_("new password asked for"), "begin": N_("begun"), "bring": N_("brought in"),
    "change_address": N_("address changed"), "change_password": N_("password changed"), "close": N_("closed"),
    "create": N_("created"), "decide": N_("decided"), "decide_defaults": N_("set by the rule"),
    "describe": N_("described"), "dismiss": N_("operator dismissed"), "draft": N_("drafted"), "drop": N_("dropped"),
    "edit": N_("changed"), "end": N_("ended"), "erase": N_("erased"), "exclude": N_("an organization left out"),
    "feedback": N_("feedback given"), "fill_seat": N_("a seat filled"), "forget": N_("forgotten"),
    "found": N_("founded"), "give": N_("given"), "hire": N_("begun with a hire"),
    "include": N_("an organization let in again"), "invite": N_("a person invited"), "keep": N_("kept"),
    "load": N_("loaded"), "make": N_("made"), "note": N_("a note added"), "off": N_("turned off"),
    "on": N_("turned on"), "preferences": N_("wishes changed"), "propose": N_("proposed"), "publish": N_("published"),
    "read": N_("read"), "remove": N_("taken out"), "return_to_default": N_("back to the rule"),
    "revoke": N_("taken back"), "role": N_("role changed"),
    "send": N_("sent"), "set": N_("set"), "sign_in": N_("signed in"),
    "sign_out": N_("signed out"), "sign_out_all": N_("signed out everywhere"),
    "sign_up_again": N_("sign-up tried again"), "skill": N_("a skill set"), "skill_removed": N_("a skill taken out"),
    "spare_key": N_("a spare key used"), "spare_keys": N_("new spare keys"), "start": N_("started"),
    "suspend": N_("suspended"), "train": N_("trained"), "update": N_("changed"), "verify": N_("address confirmed"),
    "withdraw": N_("withdrawn"),
}  # fmt: skip


def said(action: str) -> str:
    """The words for an action such as "posting.approve"; an unknown one is shown as it is written."""
    thing, _dot, done = action.partition(".")
    if thing in STEPS and done in {step.name for step in STEPS[thing].steps}:
        words = STEPS[thing].step(done).label
    else:
        words = DONE.get(done, done)
    return f"{_(THINGS.get(thing, thing))}: {_(words)}"


def known(action: str) -> bool:
    """Are there words for both halves of an action?"""
    thing, _dot, done = action.partition(".")
    return thing in THINGS and (done in DONE or done in {step.name for step in STEPS.get(thing, LOOK).steps})


def state(table_action: str, value: str) -> str:
    """The words for a state in an event of that action."""
    life = STEPS.get(table_action.partition(".")[0])
    return _(life.labels[value]) if life and value in life.labels else value
