"""`python -m tests.bench.extract_train DATA [OUT]`: teaches the taggers that ship, from the train part of skillspan."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from matcher.ranking.extract_chances import Tagger
from matcher.ranking.extract_features import VERSION, Lists, Row, lower, signs
from matcher.ranking.extract_model import LABELS, MODELS, Label, Model, weights_of
from tests.bench import extract_crf, extract_lists
from tests.bench.extract_data import Posting, found_by, postings, read, scores, tags

LEANS = (-1.2, -1.0, -0.8, -0.6, -0.4, -0.2, 0.0)
ROUNDS, LEAST, L2 = 60, 3, 2.0  # steps of L-BFGS, how often a sign is seen at least, penalty
FOLDS = 3
SMALL = 0.003  # weights below are left out


@dataclass(frozen=True, slots=True)
class Plan:
    """One tagger to teach: what it reads, whether it sees every sign or the core ones, whether it tells last words."""

    reads: tuple[Label, ...]
    every: bool
    lasts: bool


PLANS = (Plan(("knowledge",), True, True), Plan(("skill",), True, True), Plan(LABELS, False, False))


@dataclass(frozen=True, slots=True)
class Taught:
    """A tagger's weights by sign, and its entry in the manifest."""

    signs: list[str]
    weights: extract_crf.Floats
    told: dict[str, object]


@dataclass(slots=True)
class Read:
    """A posting with the signs of its words and the gold word that each lies in."""

    posting: Posting
    rows: list[list[Row]]
    places: list[list[int]]


def main(argv: Sequence[str]) -> int:
    """Make lists and taggers, measure on held-out postings, store all with the manifest."""
    data, out = Path(argv[0]), Path(argv[1]) if len(argv) > 1 else MODELS
    found = postings(data / "extract" / "skillspan" / "train.json")
    files = lists_of(data, found)
    lists = Lists.read(files["names.tsv"].decode(), files["words.tsv"].decode())
    texts = [signed(posting, lists) for posting in found]
    lean, held_out = measured(texts, lists)
    made, told = joined([taught(plan, texts) for plan in PLANS])
    print(json.dumps(store(files | made, told, out, found, lean, held_out), indent=1))
    return 0


def lists_of(data: Path, found: Sequence[Posting]) -> dict[str, bytes]:
    """The two lists as text."""
    onet = extract_lists.onet_texts(data)
    common = Counter(word for text in onet for word in text)
    known = extract_lists.names(data, common)
    own = [[lower(token.text) for token in sentence.tokens] for one in found for sentence, *_ in read(one)]
    facts = extract_lists.words(onet + own, common, known)
    names = "".join(f"{kind}\t{name}\n" for name, kind in sorted(known.items()))
    words = "".join(f"{word}\t" + "\t".join(fact) + "\n" for word, fact in sorted(facts.items()) if word.strip())
    return {"names.tsv": names.encode(), "words.tsv": words.encode()}


def signed(posting: Posting, lists: Lists) -> Read:
    """The signs of all words of a posting."""
    sentences = read(posting)
    total = max(sentences[-1][0].end, 1)
    rows = [signs(sentence, section, headed, lists, min(9, 10 * sentence.start // total))
            for sentence, section, headed, _ in sentences]
    return Read(posting, rows, [places for *_, places in sentences])


def taught(plan: Plan, texts: Sequence[Read]) -> Taught:
    """One tagger."""
    seen = ([[*row.core, *row.more] if plan.every else row.core for row in rows] for text in texts
            for rows in text.rows)
    kept, data = extract_crf.numbered(seen, LEAST)
    letters = [tag for text in texts for places in text.places for tag in _tags(plan, text.posting, places)]
    names = sorted(set(letters))
    blank = Tagger.of({"reads": plan.reads, "tags": names, "first": 0, "steps": np.zeros((len(names), len(names)))})
    weights, steps = extract_crf.taught(data, np.array([names.index(tag) for tag in letters]), len(kept), blank.steps,
                                        blank.starts, l2=L2, rounds=ROUNDS)
    return Taught(kept, weights, {"reads": plan.reads, "tags": names, "steps": np.round(steps, 4).tolist()})


def _tags(plan: Plan, posting: Posting, places: Sequence[int]) -> list[str]:
    """A tag per word: a letter for each label that the tagger reads."""
    letters = [tags(posting.spans[label], places) for label in plan.reads]
    return ["".join(one) for one in zip(*(map(with_lasts, letters) if plan.lasts else letters), strict=True)]


def with_lasts(letters: Sequence[str]) -> list[str]:
    """B, I, O with E for the last word of a span and S for a span of one word."""
    return [{"B": "S", "I": "E"}.get(one, one) if after != "I" else one
            for one, after in zip(letters, [*letters[1:], "O"], strict=True)]


def joined(made: Sequence[Taught]) -> tuple[dict[str, bytes], list[dict[str, object]]]:
    """The weights of several taggers side by side as files, and the taggers as the manifest tells them."""
    listed = sorted({sign for one in made for sign in one.signs})
    row = {sign: at for at, sign in enumerate(listed)}
    table = np.zeros((len(listed), sum(one.weights.shape[1] for one in made)), np.float16)
    told, first = [], 0
    for one in made:
        after = first + one.weights.shape[1]
        table[[row[sign] for sign in one.signs], first:after] = one.weights
        told.append({**one.told, "first": first})
        first = after
    packed = io.BytesIO()
    np.save(packed, np.where(np.abs(table) < SMALL, 0, table).astype(np.float16))
    return {"signs.txt": "\n".join(listed).encode(), "weights.npy": packed.getvalue()}, told


def model_of(lists: Lists, made: Sequence[Taught], lean: dict[str, float]) -> Model:
    """A model from what was taught, as it would be loaded."""
    files, told = joined(made)
    weights = weights_of(lists, files["signs.txt"], files["weights.npy"])
    return Model(weights, [Tagger.of(one) for one in told], lean, {})


def fold(texts: Sequence[Read], number: int) -> tuple[list[Read], list[Read]]:
    """Texts to learn from and texts apart."""
    return ([text for at, text in enumerate(texts) if at % FOLDS != number],
            [text for at, text in enumerate(texts) if at % FOLDS == number])


def measured(texts: Sequence[Read], lists: Lists) -> tuple[dict[str, float], dict[str, object]]:
    """How readily spans are best taken, and figures, on a third of the postings that the taggers have not seen."""
    rest, apart = fold(texts, 0)
    made = [taught(plan, rest) for plan in PLANS]
    best: dict[str, tuple[float, float, dict[str, float]]] = {}
    for lean in LEANS:
        model = model_of(lists, made, dict.fromkeys(LABELS, lean))
        found = [found_by(text.posting, model) for text in apart]
        for label in LABELS:
            figures = scores([set(text.posting.spans[label]) for text in apart], [one[label] for one in found])
            merit = figures["strict"] + figures["loose"]
            print(label, lean, {name: round(value, 3) for name, value in figures.items()}, flush=True)
            if label not in best or merit > best[label][0]:
                best[label] = (merit, lean, {name: round(value, 3) for name, value in figures.items()})
    return ({label: lean for label, (_, lean, _) in best.items()},
            {"postings": len(apart), **{label: figures for label, (*_, figures) in best.items()}})


def store(files: dict[str, bytes], told: object, out: Path, found: Sequence[Posting], lean: object,
          held_out: object) -> dict[str, object]:
    """Write the packed files and the manifest that names each by its hash."""
    out.mkdir(parents=True, exist_ok=True)
    hashes = {}
    for name, content in files.items():
        packed = gzip.compress(content, 9, mtime=0)
        (out / f"{name}.gz").write_bytes(packed)
        hashes[f"{name}.gz"] = {"sha256": hashlib.sha256(packed).hexdigest(), "bytes": len(packed)}
    manifest: dict[str, object] = {
        "features": VERSION, "files": hashes, "lean": lean,
        "taggers": told,
        "taught": {"set": "skillspan, train part (MIT)", "postings": len(found),
                   "lines": sum(one.places[-1][0] + 1 for one in found),
                   "words": sum(len(one.places) for one in found)},
        "settings": {"rounds": ROUNDS, "least": LEAST, "l2": L2}, "held_out": held_out,
    }
    (out / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
    return manifest


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
