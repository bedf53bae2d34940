"""`python -m matcher evaluate`: a run against judgments, a model beside the baselines, or every figure at once."""

import argparse
import importlib
import sys
from pathlib import Path

from matcher.ranking import command, evaluate
from matcher.ranking.files import BadInput, write_text

REPORT = "tests.bench.report"  # needs the development libraries and the tests' own simulation: only in a checkout


def main(argv: list[str]) -> int:
    """Measure; 0 when measured, 2 when the input has to be corrected first."""
    return command.run("evaluate", _parser(), argv, _evaluate)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("matcher evaluate", description="Measure how good an order is.")
    parser.add_argument("--run", type=Path, help="a TREC run: qid Q0 id rank score name")
    parser.add_argument("--judgments", type=Path, help="TREC judgments: qid 0 id grade (0 to 4)")
    parser.add_argument("--against", type=Path, help="another run, compared by a paired t-test")
    command.add_facts(parser, required=False)
    parser.add_argument("--model", type=Path, help="folder of a trained model (default: the fixed weights)")
    parser.add_argument("--all", type=Path, metavar="DATA", help="every figure of the project, on this data (checkout)")
    parser.add_argument("--out", type=Path, help="with --all: where the report goes, as Markdown")
    parser.add_argument("--only", action="append", metavar="PART", help="with --all: only this part; may be repeated")
    parser.add_argument("--quick", action="store_true", help="with --all: smaller samples, to see that all parts run")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


def _evaluate(options: command.Options) -> None:
    if options.all is not None:
        _everything(options)
    elif options.judgments is None:
        raise BadInput("command line", 0, "--judgments", "is missing; with --run, or with --roles and --candidates")
    elif options.run is not None:
        _run(options)
    elif options.roles is not None and options.candidates is not None:
        _beside(options)
    else:
        raise BadInput("command line", 0, "--run", "is missing, or --roles with --candidates")


def _run(options: command.Options) -> None:
    judgments = evaluate.read_judgments(options.judgments)
    values = evaluate.by_query(evaluate.read_run(options.run), judgments)
    if not values:
        raise BadInput(options.judgments, 0, "grade", "nothing is judged relevant, so there is nothing to measure")
    found: dict[str, object] = {"queries": len(values), **evaluate.means(values)}
    if options.against:
        other = evaluate.by_query(evaluate.read_run(options.against), judgments)
        for name in evaluate.METRICS:
            pairs = [values[query][name] for query in values], [other[query][name] for query in values]
            found[f"{name} gain"], found[f"{name} p"] = evaluate.paired_t(*pairs)
    if options.json:
        sys.stdout.write(command.as_json(found))
        return
    for name, value in found.items():
        sys.stdout.write(f"{name:<16}{value:>10}\n" if isinstance(value, int) else f"{name:<16}{value:>10.4f}\n")


def _beside(options: command.Options) -> None:
    from matcher.ranking import evaluate_beside  # loads scikit-learn: only when asked for

    _, roles, people, near = command.read_facts(options)
    by_role, by_person = {role.id: role for role in roles}, {person.id: person for person in people}
    judgments = evaluate.read_judgments(options.judgments, by_role, by_person)
    if not any(grade for row in judgments.values() for grade in row.values()):
        raise BadInput(options.judgments, 0, "grade", "nothing is judged relevant, so there is nothing to measure")
    found = evaluate_beside.beside(command.ranker(options, near), by_role, by_person, judgments)
    if not found.pairs:
        raise BadInput(options.judgments, 0, "id", "no judged pair says enough to be ranked")
    text = command.as_json(evaluate_beside.plain(found)) if options.json else "\n".join(
        evaluate_beside.lines(found)) + "\n"
    sys.stdout.write(text)


def _everything(options: command.Options) -> None:
    if not options.all.is_dir():
        raise BadInput(options.all, 0, "--all", "is not a folder of data")
    try:
        report = importlib.import_module(REPORT)
    except ImportError as missing:
        raise BadInput("command line", 0, "--all", f"runs only in a checkout with its development libraries ({missing})"
                       ) from None  # fmt: skip
    wanted, told = options.only or [], []
    if strange := sorted(set(wanted) - {name for parts in report.PARTS.values() for name in parts}):
        raise BadInput("command line", 0, "--only", f"there is no part {strange[0]!r}")
    for line in report.lines(options.all, quick=options.quick, only=wanted):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
        told.append(line + "\n")
    if options.out:
        write_text(options.out, "".join(told))
