"""Invents the demo's candidates: names, backgrounds, what they can do, want, and choose to answer."""

import random
from dataclasses import dataclass, field
from datetime import date

from seeds.demo.courses import Course
from seeds.demo.openings import OPENINGS
from seeds.demo.places import QUARTERS

FIRST = (
    "Aaliyah", "Abdi", "Adriana", "Aiden", "Alejandra", "Amina", "Andre", "Anh", "Ariel", "Asha", "Beatriz",
    "Brandon", "Camila", "Carlos", "Chanelle", "Chue", "Claire", "Danielle", "Darius", "David", "Deja", "Diego",
    "Elena", "Emmanuel", "Esther", "Fadumo", "Felix", "Gabriela", "Grace", "Hassan", "Heather", "Hodan", "Ibrahim",
    "Isabel", "Jamal", "Jasmine", "Jesse", "Jorge", "Kao", "Kayla", "Kevin", "Khadija", "Lakeisha", "Leo", "Linh",
    "Lucia", "Mai", "Malik", "Marco", "Maria", "Mei", "Miguel", "Mohamed", "Nadia", "Naomi", "Nia", "Noah", "Oscar",
    "Paola", "Pang", "Quentin", "Rachel", "Rafael", "Rosa", "Ruben", "Sahra", "Samuel", "Sandra", "Sean", "Shanice",
    "Simone", "Tasha", "Terrence", "Theo", "Tomas", "Valeria", "Vanessa", "Wei", "Xiong", "Yesenia", "Yusuf", "Zoe",
)
LAST = (
    "Abdullahi", "Adams", "Aguilar", "Ali", "Baker", "Becker", "Bell", "Bui", "Castro", "Chang", "Clark", "Cruz",
    "Diaz", "Dixon", "Evans", "Farah", "Fischer", "Flores", "Garcia", "Gomez", "Graham", "Hall", "Hansen", "Hassan",
    "Her", "Hill", "Hussein", "Jackson", "James", "Jensen", "Johnson", "Jones", "Kelly", "Khan", "King", "Larson",
    "Lee", "Lewis", "Lopez", "Lor", "Martin", "Medina", "Miller", "Moore", "Morales", "Moua", "Nelson", "Nguyen",
    "Olson", "Ortiz", "Parker", "Patel", "Perez", "Peterson", "Pham", "Ramirez", "Reed", "Rivera", "Robinson",
    "Rojas", "Ross", "Salazar", "Santos", "Scott", "Sharma", "Silva", "Smith", "Soto", "Thao", "Thomas", "Torres",
    "Tran", "Turner", "Vang", "Vargas", "Vasquez", "Walker", "Ward", "White", "Williams", "Wright", "Xiong", "Young",
)
BACKGROUNDS = {
    "bootcamp": ("work", "Shift lead", "a coffee shop", (("onet:2.C.1.e", 3), ("own:teamwork", 3))),
    "self_taught": ("self_taught", "Taught myself at night", "home", (("own:debugging", 1), ("own:research", 2))),
    "career_changer": ("work", "Warehouse associate", "a distribution center",
                       (("own:warehouse", 3), ("own:safety-procedures", 2), ("own:inventory", 2))),
    "veteran": ("military", "Signal support", "the Army",
                (("own:radio-communications", 3), ("own:leadership", 2), ("own:safety-procedures", 3))),
    "parent": ("care", "Ran a household of five", "home", (("own:scheduling", 3), ("own:caregiving", 3))),
    "service": ("work", "Front desk", "a clinic",
                (("onet:2.C.1.e", 3), ("own:scheduling", 2), ("own:phone-support", 2))),
    "volunteer": ("community", "Computer room volunteer", "a community center",
                  (("own:user-training", 2), ("own:teamwork", 3))),
}
FAMILIES = {"support": 30, "software": 22, "data": 16, "networks": 14, "security": 10, "office": 8}
HEADLINES = {
    "support": "I fix what stops people from working", "software": "I build small things that hold",
    "data": "I turn messy tables into answers", "networks": "I like cables that end where they should",
    "security": "Curious, careful, awake at night", "office": "Orderly, friendly, quick with a keyboard",
}


@dataclass
class Persona:
    """One invented candidate, before the first click."""

    name: str
    email: str
    locale: str
    background: str
    family: str
    quarter: tuple[str, float, float]
    skills: list[tuple[str, int]]
    proof: dict[str, str]
    wishes: dict[str, object]
    answers: dict[str, str] = field(default_factory=dict)
    counts: bool = True
    spark: float = 0.5


def invent(rng: random.Random, number: int, family: str | None = None, course: Course | None = None) -> Persona:
    """One persona; the random source decides everything."""
    name = f"{rng.choice(FIRST)} {rng.choice(LAST)}"
    family = family or rng.choices(list(FAMILIES), list(FAMILIES.values()))[0]
    background = rng.choice(list(BACKGROUNDS))
    skills = dict(BACKGROUNDS[background][3])
    if course is None or rng.random() < 0.3:
        for skill, level in _family_skills(rng, family):
            skills[skill] = max(level, skills.get(skill, 0))
    if rng.random() < 0.25:
        skills[rng.choice(("own:spanish", "own:hmong", "own:somali", "own:vietnamese"))] = rng.choice((3, 4))
    proof = {skill: _proof(rng, background) for skill in skills}
    return Persona(
        name=name, email=f"{name.lower().replace(' ', '.')}.{number}@people.example", locale=_locale(rng),
        background=background, family=family, quarter=rng.choice(QUARTERS), skills=sorted(skills.items()), proof=proof,
        wishes=_wishes(rng), answers=_answers(rng, background), counts=rng.random() < 0.88, spark=rng.random(),
    )


def _locale(rng: random.Random) -> str:
    return "es" if rng.random() < 0.15 else "en"


def _family_skills(rng: random.Random, family: str) -> list[tuple[str, int]]:
    found: dict[str, int] = {}
    roles = [o for o in OPENINGS if o.families == family]
    for opening in rng.sample(roles, min(2, len(roles))):
        for skill, level, _, _ in opening.needs:
            if rng.random() < 0.75:
                found[skill] = max(1, min(4, level + rng.choice((-1, 0, 0, 0, 1))))
    return sorted(found.items())


def _proof(rng: random.Random, background: str) -> str:
    if background == "self_taught":
        return rng.choice(("claim", "artifact", "artifact"))
    return rng.choice(("claim", "claim", "experience", "experience", "credential"))


def _wishes(rng: random.Random) -> dict[str, object]:
    hourly = rng.choice((1600, 1700, 1800, 1900, 2000, None, None))
    schedules = rng.choice((["days"], ["days", "evenings"], ["days", "flexible"], [], [], []))
    return {"max_km": rng.choice((15, 20, 30, 40, None)), "remote": rng.choice(("any", "any", "any", "hybrid")),
            "schedules": schedules, "pay_floor_cents": hourly, "pay_period": "hour"}


def _answers(rng: random.Random, background: str) -> dict[str, str]:
    """Voluntary answers: most people answer some, one in six none at all."""
    if rng.random() < 0.16:
        return {}
    draws = {
        "race_ethnicity": (("black", 22), ("hispanic", 21), ("asian", 12), ("white", 34), ("more_than_one", 5),
                           ("american_indian", 3), ("middle_eastern", 3)),
        "gender": (("woman", 47), ("man", 48), ("nonbinary", 3), ("another", 2)),
        "income_band": (("under_25k", 38), ("25k_50k", 37), ("50k_75k", 17), ("over_75k", 8)),
        "veteran": (("no", 100),) if background != "veteran" else (("yes", 100),),
        "disability": (("no", 86), ("yes", 14)),
        "first_generation": (("yes", 55), ("no", 45)),
        "justice_involved": (("no", 90), ("yes", 10)),
        "language": (("english_at_home", 72), ("other_at_home", 28)),
    }
    found = {}
    for question, options in draws.items():
        roll = rng.random()
        if roll < 0.82:
            found[question] = rng.choices([o for o, _ in options], [w for _, w in options])[0]
        elif roll < 0.92:
            found[question] = "prefer_not_to_say"
    return found


def years_back(today: date, years: float) -> date:
    """A day that many years earlier."""
    return date.fromordinal(today.toordinal() - int(years * 365.25))
