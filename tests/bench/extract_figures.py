"""`python -m tests.bench.extract_figures DATA`: every figure of the extractor beside its target and simple methods."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from matcher.ranking import extract, extract_names
from matcher.ranking.extract_features import lower
from tests.bench.extract_data import KINDS, Posting, Span, postings, scores

PAGE = 3000  # characters of a page of print, about 450 words
TARGETS = {("knowledge", "strict"): 0.55, ("knowledge", "loose"): 0.75, ("skill", "strict"): 0.30,
           ("skill", "loose"): 0.58}
MEASURED = {  # with simple methods, by those who gathered the data
    "knowledge": {"strict": {"gazetteer": 0.24, "simple CRF": 0.50}, "loose": {"gazetteer": 0.28, "simple CRF": 0.72}},
    "skill": {"strict": {"simple CRF": 0.25}, "loose": {"simple CRF": 0.53}},
}
SPANISH = (  # text, names that have to be found, with must and level where the text says so
    ("Requisitos:\n• Manejo avanzado de Excel\n• Atención al cliente\n• Deseable: inglés intermedio",
     {"Excel": (True, 3), "Atención al cliente": (True, None), "inglés": (False, 2)}),
    ("Se busca técnico con conocimientos de redes, Linux y Python. Se valorará experiencia en ciberseguridad.",
     {"redes": (None, None), "Linux": (None, None), "Python": (None, None), "ciberseguridad": (False, None)}),
    ("Imprescindible dominio de SQL y 3 años de experiencia en contabilidad; nociones de SAP no excluyentes.",
     {"SQL": (True, 3), "contabilidad": (True, 3), "SAP": (False, 1)}),
    ("Funciones:\n- Atender a clientes por teléfono\n- Elaborar reportes en Power BI\n"
     "Habilidades: trabajo en equipo, liderazgo",
     {"Atender a clientes por teléfono": (None, None), "Power BI": (None, None), "trabajo en equipo": (None, None),
      "liderazgo": (None, None)}),
)
Figure = tuple[str, float, float | None, dict[str, float]]


def measured(part: Sequence[Posting]) -> dict[str, dict[str, float]]:
    """Strict and loose precision, recall and F1 of each kind over postings taken together."""
    found = [_found(posting) for posting in part]
    gold = {kind: [set(posting.spans[kind]) for posting in part] for kind in KINDS}
    return {kind: scores(gold[kind], [one[kind] for one in found]) for kind in KINDS}


def _found(posting: Posting) -> dict[str, set[Span]]:
    """The words of all that `find` finds, by kind."""
    out: dict[str, set[Span]] = {kind: set() for kind in KINDS}
    for one in extract.find(posting.text):
        out[one.kind].add(posting.words_of(*one.span))
    return out


def gazetteer(part: Sequence[Posting]) -> dict[str, float]:
    """Names of the taxonomy alone, longest first, measured in the same way."""
    names = extract_names.load()
    found: list[set[Span]] = []
    for posting in part:
        words = [lower(posting.text[start:end]) for _, start, end in posting.places]
        found.append({(first, after) for first, after, _ in names.inside(words)})
    return scores([set(posting.spans["knowledge"]) for posting in part], found)


def spanish() -> float:
    """Share of what has to be found in four short Spanish ads: the words, must or nice, and the level."""
    right = total = 0
    for text, wanted in SPANISH:
        found = {one.text: (one.must, one.level) for one in extract.find(text)}
        right += sum(found.get(name) == said for name, said in wanted.items())
        total += len(wanted)
    return right / total


def milliseconds(part: Sequence[Posting]) -> float:
    """Processor milliseconds per page of 3,000 characters."""
    extract.warm()
    extract.find(part[0].text)
    start = time.process_time()
    for posting in part:
        extract.find(posting.text)
    return (time.process_time() - start) * 1000 / (sum(len(posting.text) for posting in part) / PAGE)


def figures(data: Path) -> list[Figure]:
    """All figures: (name, value, target or None, baselines). Strict: the same words; loose: any word in common."""
    dev = postings(data / "extract" / "skillspan" / "dev.json")
    ours, plain = measured(dev), gazetteer(dev)
    rows: list[Figure] = []
    for kind in KINDS:
        for way in ("strict", "loose"):
            others = {f"{name} (as published with the data)": value for name, value in MEASURED[kind][way].items()}
            others |= {"gazetteer (here)": plain[way]} if kind == "knowledge" else {}
            rows.append((f"skillspan dev, {kind} F1 {way}", ours[kind][way], TARGETS[kind, way], others))
    for source in sorted({posting.source for posting in dev}):
        own = measured([posting for posting in dev if posting.source == source])
        rows += [(f"skillspan dev, {source} only, {kind} F1 {way}", own[kind][way], None, {})
                 for kind in KINDS for way in ("strict", "loose")]
    rows.append(("Spanish ads of our own, share right", spanish(), None, {}))
    rows.append(("milliseconds a page (at most)", milliseconds(dev), 50.0, {}))
    return rows


def main(argv: Sequence[str]) -> int:
    """Print all figures."""
    for name, value, target, others in figures(Path(argv[0])):
        aim = "" if target is None else f" · target {target:g}"
        print(f"{name}: {value:.3f}{aim}" + "".join(f" · {other} {figure:.2f}" for other, figure in others.items()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
