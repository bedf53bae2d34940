"""Every figure of the project beside its target and simpler ways, in one run, as Markdown; what is missing is said."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from pathlib import Path

Figure = tuple[str, float, float | None, Mapping[str, float]]  # name, value, target, what others reach
LOWER = ("at most", "milliseconds", "false alarm", "false accept", "twins whose", "proxy test", "loss", "ECE", "Brier")
EQUAL = ("check value",)
QUICK_QUERIES, EXTRA_QUERIES = 100, 500
CONFIRMED = "grown by confirmed titles (five folds)"  # the row above it is without any


class Report:
    """Lines of the report as they come; remembers what was missed and what could not be measured."""

    def __init__(self, data: Path, quick: bool, only: Sequence[str] = ()) -> None:
        self.data, self.quick, self.only = data, quick, only
        self.missed: list[str] = []
        self.missing: list[str] = []

    def lines(self) -> Iterator[str]:
        """The whole report."""
        yield "# Ranking report"
        yield ""
        yield f"{datetime.now(UTC):%Y-%m-%d} · {machine()}" + (" · quick: small samples" if self.quick else "")
        yield ""
        yield "Made by `python -m matcher evaluate --all DATA --out docs/ranking-report.md`. No public set measures"
        yield "hiring success or the fit of people without a degree: order is measured on a made-up hub, where it is"
        yield "known who is right, and words on public sets. Other ways run here on the same data, unless they say so."
        for title, parts in PARTS.items():
            yield from ("", f"## {title}")
            for name, part in parts.items():
                if not self.only or name in self.only:
                    yield from self._part(name, part)
                else:
                    self.missing.append(f"{name}: left out of this run")
        yield from self._end()

    def _part(self, name: str, part: Callable[[Report], Iterator[str]]) -> Iterator[str]:
        yield from ("", f"### {name}", "")
        start = time.process_time()
        try:
            yield from part(self)
        except (ImportError, OSError) as problem:
            self.missing.append(f"{name}: not measured here ({problem})")
            yield f"Not measured here: {problem}"
        except Exception as problem:  # a part that fails must not take the others with it
            self.missing.append(f"{name}: failed ({type(problem).__name__}: {problem})")
            yield f"Failed: {type(problem).__name__}: {problem}"
        yield from ("", f"{time.process_time() - start:.0f} processor seconds.")

    def table(self, figures: Sequence[Figure]) -> Iterator[str]:
        """Figures as a table; remembers the missed ones."""
        yield "| figure | ours | target | met | others |"
        yield "|---|---|---|---|---|"
        for name, value, target, others in figures:
            met = "" if target is None else "yes" if reached(name, value, target) else "**no**"
            if met == "**no**":
                self.missed.append(f"{name}: {_number(value)}, target {_number(target)}")
            rest = ", ".join(f"{other} {_number(number)}" for other, number in others.items())
            yield f"| {name} | {_number(value)} | {_number(target)} | {met} | {rest} |"

    def _end(self) -> Iterator[str]:
        yield from ("", "## What fell short", "")
        yield from ([f"- {line}" for line in self.missed] or ["Nothing that was measured."])
        if self.missing:
            yield from ("", "Not measured:", "")
            yield from (f"- {line}" for line in self.missing)


def lines(data: Path, *, quick: bool = False, only: Sequence[str] = ()) -> Iterator[str]:
    """The report on the data in a folder, line by line as it is measured; `only` some of its parts."""
    return Report(data, quick, only).lines()


def machine() -> str:
    """Kind of processor, cores and Python."""
    cpu = Path("/proc/cpuinfo")
    rows = cpu.read_text("utf-8").splitlines() if cpu.exists() else []
    model = next((row.split(":", 1)[1].strip() for row in rows if row.startswith("model name")), platform.machine())
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}"


def reached(name: str, value: float, target: float) -> bool:
    """Whether a figure meets its target: the higher the better, but for those whose name says otherwise."""
    if any(word in name for word in EQUAL):
        return abs(value - target) < 1e-9
    return value <= target if any(word in name for word in LOWER) else value >= target


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if float(value).is_integer() and abs(value) >= 10 else f"{value:.4g}"


def _link(report: Report) -> Iterator[str]:
    """Targets, ours, and two simple ways; so_tags taught the weights, and its fair figure is in the model card."""
    link = import_module("tests.bench.link_figures")
    found: list[Figure] = []
    for task in link.TASKS:
        surfaces, asked, right, _ = link.read(report.data / "link" / task.name)
        asked = asked[:QUICK_QUERIES] if report.quick else asked
        ours = link.measure(report.data / "link", task, len(asked))
        depth = min(task.depth, 200)
        others = {"character n-grams": link.mean(task, asked, right, link.by_grams(surfaces, depth)),
                  "ratio": link.mean(task, asked, right, link.by_ratio(surfaces, depth))}
        found.append((f"{task.name}: {task.figure}", ours[task.figure], task.target, others))
        found += _sure(task.name, ours)
        if task.name == link.GROWN and not report.quick:
            others = {"character n-grams, grown in the same way": link.grown(report.data / "link", task, link.by_grams)}
            found.append((f"{task.name}, {CONFIRMED}: {task.figure}",
                          link.grown(report.data / "link", task, link.by_linker), task.target, others))
    yield from report.table(found)
    yield from ("", "so_tags taught the weights: its cross-validated figure is in `seeds/models/link/CARD.md`.")


def _sure(name: str, ours: Mapping[str, float]) -> list[Figure]:
    tags = name == "so_tags"
    rows: list[Figure] = [
        (f"{name}: share answered as sure", ours["sure"], 0.25 if tags else None,
         {"precision": ours["sure_precision"]}),
        (f"{name}: false accepts, right answer removed", ours["false_accepts_removed"], 0.03, {}),
        (f"{name}: milliseconds a look-up, 95th percentile", ours["ms_p95"], 15.0,
         {"median": ours["ms_p50"], "names": ours["surfaces"], "seconds to index": ours["build_s"]}),
    ]  # fmt: skip
    return rows


def _link_extra(report: Report) -> Iterator[str]:
    """The semantic extra, on a part of the queries."""
    if report.quick:
        yield "Left out of a quick run."
        return
    link = import_module("tests.bench.link_figures")
    vectors = import_module("matcher.ranking.link_semantic").SentenceVectors.load()
    targets = {"so_tags": 0.70, "talentclef_english": 0.54, "jobbert_titles": 0.60,
               "esco_skills_house_validation": 0.52, "esco_skills_tech_validation": 0.52}
    found: list[Figure] = []
    for task in link.TASKS:
        ours = link.measure(report.data / "link", task, EXTRA_QUERIES, vectors)
        found.append((f"{task.name} with the extra: {task.figure}", ours[task.figure], targets[task.name], {}))
        if task.name == link.GROWN:
            value = link.grown(report.data / "link", task, partial(link.by_linker, semantic=vectors))
            found.append((f"{task.name} with the extra, {CONFIRMED}: {task.figure}", value, targets[task.name], {}))
    yield from report.table(found)
    yield from ("", f"At most the first {EXTRA_QUERIES} queries of each list; where it is grown, all.")


def _extract(report: Report) -> Iterator[str]:
    yield from report.table(import_module("tests.bench.extract_figures").figures(report.data))


def _related(report: Report) -> Iterator[str]:
    """The table that ships: each row was scored by trees that had not seen its SOC group."""
    teach, near = import_module("seeds.models.link.teach_related"), import_module("matcher.ranking.related")
    np = import_module("numpy")
    codes = [row[teach.CODE] for row in teach.onet(report.data, "Occupation Data")]
    gold, shipped = teach.gold_ranks(report.data, codes), near.Related.load()
    at = {code: place for place, code in enumerate(codes)}
    scores = np.zeros(gold.shape)
    for code in codes:
        for one in shipped.near(code, 25):
            scores[at[code], at[one.code]] = one.score
    others = {"ten similarities summed (as published with the data)": 0.615, "boosting (as published)": 0.663}
    yield from report.table([
        ("related occupations, groups held out: NDCG@10, the ten primary ones",
         teach.ndcg(scores, gold, lambda rank: rank > 10), 0.68, others),
        ("related occupations: NDCG@10 graded by rank", teach.ndcg(scores, gold, lambda rank: rank), None, {}),
    ])  # fmt: skip


def _index(report: Report) -> Iterator[str]:
    """Processor time of one thread on a made-up population, all ways asked in turn."""
    bench = import_module("tests.bench.index")
    found: list[Figure] = []
    for size in (20_000,) if report.quick else (20_000, 1_000_000):
        measured = bench.measure(size, 20, 50, 1, set(bench.PEERS), 100)
        for other, goal in bench.GOALS.items():
            if other in measured.ratio:
                target = goal if size == 1_000_000 else None
                found.append((f"{size:,} people: ours / {other}, at most", measured.ratio[other], target, {}))
        others = {name: value for name, value in measured.ms.items() if name != bench.OURS}
        found.append((f"{size:,} people: milliseconds per role, filters on", measured.ms[bench.OURS], None, others))
        found.append((f"{size:,} people: milliseconds of the whole answer, p99", measured.whole["p99"],
                      25.0 if size == 1_000_000 else 5.0, {"p50": measured.whole["p50"]}))
    yield from report.table(found)


def _curves(report: Report) -> Iterator[str]:
    ranking = import_module("tests.bench.ranking_figures")
    yield from ranking.intro(report.quick)
    curve = ranking.measure(*ranking.plan(report.quick))
    yield from ranking.lines(curve)
    for item in ranking.verdicts(curve):
        if not item.holds:
            report.missed.append(f"{item.name}, {item.size} judged roles: ours {item.ours:.3f}, {item.other} "
                                 f"{item.best:.3f} (p {item.p:.3f})")
    yield from report.table(ranking.calibrated(curve))


def _sides(report: Report) -> Iterator[str]:
    sides = import_module("tests.bench.two_sides_figures")
    found = sides.measure(*sides.plan(report.quick))
    yield "Made-up hubs whose people say yes or no to being asked on, by wishes and distance or by chance alone. The"
    yield "second side is used only where it foretells answers about roles left out better than the share of yes."
    yield ""
    yield from (*sides.lines(found), "")
    yield from report.table(sides.figures(found))


def _decided(report: Report) -> Iterator[str]:
    yield from report.table(import_module("tests.bench.ranking_checks").figures(report.quick))


def _audit(report: Report) -> Iterator[str]:
    yield from report.table(import_module("tests.bench.audit_figures").figures(report.data))


PARTS: Mapping[str, Mapping[str, Callable[[Report], Iterator[str]]]] = {
    "Understanding words": {"Linking": _link, "Linking with the semantic extra": _link_extra, "Extracting": _extract,
                            "Related occupations": _related},
    "Finding": {"Index": _index},
    "Deciding": {"Learning curves on the made-up hub": _curves, "Both sides of a match": _sides,
                 "Reasons, cap and cost": _decided},
    "Watching": {"Audit": _audit},
}  # fmt: skip
