"""`python -m matcher rank` and `train`: anybody's roles and candidates in, runs, reasons and models out."""

import argparse
import gzip
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from functools import cache
from pathlib import Path

from matcher.ranking import evaluate, extract_names, filters, intake
from matcher.ranking.compiled import Ranking
from matcher.ranking.explain import Explanation, explain
from matcher.ranking.facts import CandidateFacts, FactError, RoleFacts
from matcher.ranking.files import BadInput, read_fields, read_jsonl, write_text
from matcher.ranking.pool import CandidatePool
from matcher.ranking.ranker import Ranker, Stage0
from matcher.ranking.reasons import Reason
from matcher.ranking.similarity import Similarity

Options = argparse.Namespace


def rank_main(argv: list[str]) -> int:
    """Rank candidates for roles; 0 when the run was written, 2 when the input has to be corrected first."""
    return run("rank", _rank_parser(), argv, _rank)


def train_main(argv: list[str]) -> int:
    """Learn from judgments; 0 when a model was written, 2 when the input has to be corrected first."""
    return run("train", _train_parser(), argv, _train)


def run(verb: str, parser: argparse.ArgumentParser, argv: list[str], work: Callable[[Options], None]) -> int:
    """Do the work of a verb; 2 and one line on stderr when the input has to be corrected first."""
    try:
        work(parser.parse_args(argv))
    except SystemExit as stopped:
        return int(stopped.code or 0)
    except BadInput as problem:
        sys.stderr.write(f"{verb}: {problem}\n")
        return 2
    return 0


def _rank_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("matcher rank", description="Put candidates in order for each role.")
    add_facts(parser)
    parser.add_argument("--model", type=Path, help="folder of a trained model (default: the fixed weights)")
    parser.add_argument("--top", type=_positive, default=50, help="how many candidates for a role (default 50)")
    parser.add_argument("--out", type=Path, required=True, help="where the TREC run goes")
    parser.add_argument("--explain", type=Path, help="where the reasons go, JSON on each line")
    parser.add_argument("--seed", type=int, default=0, help="draws the order among equals (default 0)")
    parser.add_argument("--near-ties", action="store_true", help="draw among near-ties too, as on the pages")
    return parser


def add_facts(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    """The options that say where roles, candidates, names of skills and near skills are."""
    parser.add_argument("--roles", type=Path, required=required, help="a role on each line, JSON")
    parser.add_argument("--candidates", type=Path, required=required, help="a candidate on each line, JSON")
    parser.add_argument("--surfaces", type=Path, help="id<TAB>label list that free-text skills are linked to (default: "
                        "other names of a skill in the taxonomy that ships; any other word names itself)")
    parser.add_argument("--similar", type=Path, help="skill<TAB>neighbor<TAB>similarity list of near skills (default: "
                        "the taxonomy's, where no --surfaces is given)")
    parser.add_argument("--day", type=_iso_day, help="the day ages are counted to (default: the latest in the file)")


def read_facts(options: Options) -> tuple[date, list[RoleFacts], list[CandidateFacts], Similarity]:
    """The day ages are counted to, roles, candidates and near skills; BadInput names what has to be corrected."""
    normal = _normalizer(options.surfaces)
    rows = read_jsonl(options.candidates)
    day = options.day or intake.latest_day(rows)
    roles = intake.roles(options.roles, read_jsonl(options.roles), normal)
    people = intake.candidates(options.candidates, rows, normal, day)
    near = shipped_similarity() if options.similar is options.surfaces is None else _similarity(options.similar, normal)
    return day, roles, people, near


def _rank(options: Options) -> None:
    day, roles, people, near = read_facts(options)
    model = ranker(options, near)
    pool = CandidatePool()
    for person in people:
        pool.upsert(person)
    how = {"day": day, "seed": options.seed, "top": options.top, "near_ties": options.near_ties}
    lists = [(role, pool.rank_for(role, ranker=model, **how)) for role in roles]
    write_text(options.out, "".join(_trec(lists)))
    if options.explain:
        write_text(options.explain, "".join(_reasons(model, lists, people, _written(options))))


def _trec(lists: Sequence[tuple[RoleFacts, Ranking]]) -> Iterator[str]:
    for role, found in lists:
        for line in found.lines:
            yield f"{role.id} Q0 {line.id} {line.rank} {line.score!r} matcher\n"


def _reasons(
    model: Ranker, lists: Sequence[tuple[RoleFacts, Ranking]], people: Sequence[CandidateFacts],
    written: Mapping[str, str],
) -> Iterator[str]:  # fmt: skip
    """A line for every pair shown, for every pair with too little, and for every pair a declared filter kept out."""
    by_id = {person.id: person for person in people}
    for role, found in lists:
        for line in found.lines:
            told = _told(explain(model, role, by_id[line.id]), written)
            yield as_json({**told, "rank": line.rank, "near_tie_group": line.near_tie_group})
        passed = filters.split(role, people)
        for name in passed.kept:
            told_why = explain(model, role, by_id[name]).needs if found.needs or name in found.too_little else ()
            if told_why:
                yield as_json({"role": role.id, "candidate": name, "not_enough": [_reason(why) for why in told_why]})
        for name, codes in passed.hits.items():
            yield as_json({"role": role.id, "candidate": name, "filtered": codes})


def _told(told: Explanation, written: Mapping[str, str]) -> dict[str, object]:
    findings = []
    for item in told.findings:
        name = written.get(item.skill, item.skill)
        why = {"code": item.reason.code, "params": {**item.reason.params, "skill": name}}
        findings.append({**asdict(item), "skill": name, "id": item.skill, "reason": why,
                         "tier": item.tier.label if item.tier is not None else None})
    return {**asdict(told), "findings": findings}


def _written(options: Options) -> dict[str, str]:
    """Skills by id as the roles wrote them first, so that reasons speak the words of whoever asked."""
    normal, found = _normalizer(options.surfaces), dict[str, str]()
    for _, row in read_jsonl(options.roles):
        for item in row["requirements"]:
            found.setdefault(normal(item["skill"]), item["skill"])
    return found


def _reason(reason: Reason) -> dict[str, object]:
    return {"code": reason.code, "params": dict(reason.params)}


def as_json(value: object) -> str:
    """A value on one line."""
    return json.dumps(value, ensure_ascii=False) + "\n"


def ranker(options: Options, near: Similarity) -> Ranker:
    """The model in the folder that was named, or the fixed weights."""
    if options.model is None:
        return Stage0(near)
    from matcher.ranking import store  # loads scikit-learn: only when asked for

    try:
        return store.load(options.model, near)
    except store.ModelRefused as refused:
        raise BadInput(options.model, 0, "model", str(refused)) from None


def _train_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("matcher train", description="Learn from judgments how to rank.")
    add_facts(parser)
    parser.add_argument("--judgments", type=Path, required=True, help="TREC judgments: role 0 candidate grade (0 to 4)")
    parser.add_argument("--out", type=Path, required=True, help="folder the model goes to")
    parser.add_argument("--propensities", type=Path, help="role<TAB>candidate<TAB>chance that this pair was looked at")
    return parser


def _train(options: Options) -> None:
    from matcher.ranking import store, train  # loads scikit-learn: only when asked for

    day, roles, people, near = read_facts(options)
    by_role, by_person = {role.id: role for role in roles}, {person.id: person for person in people}
    judgments = evaluate.read_judgments(options.judgments, by_role, by_person)
    if not judgments:
        raise BadInput(options.judgments, 0, "", "holds no judgment to learn from")
    looked = _propensities(options.propensities, judgments)
    found = train.train(by_role, by_person, judgments, near, propensities=looked)
    facts = {"outcome": found.outcome, "day": day.isoformat(), **found.figures}
    try:
        store.save(found.ranker, options.out, facts=facts)
    except OSError as problem:
        raise BadInput(options.out, 0, "", f"cannot be written ({problem.strerror})") from None
    sys.stdout.write(as_json({"stage": found.ranker.stage, **facts}))


def _propensities(path: Path | None, judgments: evaluate.Judgments) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    for line, (role, person, text) in read_fields(path, ("role", "candidate", "propensity")) if path else ():
        try:
            value = float(text)
        except ValueError:
            value = 0.0
        if not 0.0 < value <= 1.0:
            raise BadInput(path or "", line, "propensity", f"{text[:40]!r} is not a number above 0, up to 1")
        if person not in judgments.get(role, ()):
            raise BadInput(path or "", line, "candidate", f"{person!r} is not judged for {role!r}")
        found[role, person] = value
    return found


def _similarity(path: Path | None, normal: intake.Normalizer) -> Similarity:
    if path is None:
        return Similarity()
    triples: dict[tuple[str, str], float] = {}
    for line, (skill, neighbor, text) in read_fields(path, ("skill", "neighbor", "similarity"), split="\t"):
        try:
            value = float(text)
            Similarity([(skill, neighbor, value)])
        except FactError as error:
            raise BadInput(path, line, error.key, error.problem) from None
        except ValueError:
            raise BadInput(path, line, "similarity", f"{text[:40]!r} is not a number") from None
        key = normal(skill), normal(neighbor)
        triples[key] = max(value, triples.get(key, 0.0))
    return Similarity((*key, value) for key, value in triples.items())


def _shipped(text: str) -> str:
    """The taxonomy's id of a skill that it knows by exactly this name; else the name itself, in one spelling."""
    found = extract_names.load().named(text)
    # Names are kept without regard to their digits: `html5` is HTML, but `s1` is not Amazon S3.
    same = found is not None and _digits(found.label) in ("", _digits(text))
    return found.id if found and same else intake.fold(text)


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())


@cache
def shipped_similarity() -> Similarity:
    """How near the taxonomy's skills are to each other."""
    with gzip.open(extract_names.TAXONOMY / "similar.tsv.gz", "rt", encoding="utf-8") as lines:
        rows = (line.rstrip("\n").split("\t") for line in lines)
        next(rows)
        return Similarity((skill, neighbor, float(value)) for skill, neighbor, value in rows)


def _normalizer(path: Path | None) -> intake.Normalizer:
    """Skills as ids: by the names that ship, or linked to a list where the link is sure."""
    if path is None:
        return _shipped
    from matcher.ranking.link import Linker  # loads its word vectors: only when asked for

    labels = [(row[0], row[1]) for _, row in read_fields(path, ("id", "label"), split="\t")]
    if not labels:
        raise BadInput(path, 0, "label", "names nothing to link to")
    linker = Linker(labels)
    known: dict[str, str] = {}

    def normal(text: str) -> str:
        name = intake.fold(text)
        if name not in known:
            found = linker.understand(text)
            taken = found.best and (found.outcome == "sure" or found.best.how == "exact")
            known[name] = found.best.id if found.best and taken else name
        return known[name]

    return normal


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _iso_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2026-05-31") from None
