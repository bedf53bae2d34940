"""`python -m tests.bench.extract_train DATA [OUT]`: teaches the taggers that ship, from the train part of skillspan."""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pycrfsuite

from matcher.ranking.extract_features import VERSION, Lists, Row, lower, signs
from matcher.ranking.extract_model import LABELS, MODELS, Label, Model, Tagger, seen
from tests.bench import extract_lists
from tests.bench.extract_data import Posting, found_by, postings, read, scores, tags

LEANS = (-1.2, -1.0, -0.8, -0.6, -0.4, -0.2, 0.0)
ROUNDS, LEAST, L1, L2 = 60, 3, 0.1, 2.0  # steps of L-BFGS, how often a sign is seen at least, regularization
FOLDS = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """One tagger to teach."""

    name: str
    reads: tuple[Label, ...]
    every: bool


PLANS = (Plan("knowledge", ("knowledge",), True), Plan("skill", ("skill",), True), Plan("both", LABELS, False))


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
    files |= {f"{plan.name}.crf": taught(plan, texts) for plan in PLANS}
    print(json.dumps(store(files, out, found, lean, held_out), indent=1))
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


def taught(plan: Plan, texts: Iterable[Read]) -> bytes:
    """The bytes of one tagger."""
    trainer = pycrfsuite.Trainer("lbfgs", verbose=False)
    for text in texts:
        for rows, places in zip(text.rows, text.places, strict=True):
            letters = zip(*(tags(text.posting.spans[label], places) for label in plan.reads), strict=True)
            trainer.append(seen(rows, plan.every), ["".join(one) for one in letters])
    trainer.set_params({"c1": L1, "c2": L2, "max_iterations": ROUNDS, "feature.minfreq": LEAST,
                        "feature.possible_transitions": len(plan.reads) == 1})
    with tempfile.TemporaryDirectory() as folder:
        trainer.train(f"{folder}/tagger")
        return Path(folder, "tagger").read_bytes()


def tagger(plan: Plan, texts: Iterable[Read]) -> Tagger:
    """One tagger, ready."""
    return Tagger.of(taught(plan, texts), plan.reads, plan.every)


def fold(texts: Sequence[Read], number: int) -> tuple[list[Read], list[Read]]:
    """Texts to learn from and texts apart."""
    return ([text for at, text in enumerate(texts) if at % FOLDS != number],
            [text for at, text in enumerate(texts) if at % FOLDS == number])


def measured(texts: Sequence[Read], lists: Lists) -> tuple[dict[str, float], dict[str, object]]:
    """How readily spans are best taken, and figures, on a third of the postings that the taggers have not seen."""
    rest, apart = fold(texts, 0)
    made = [tagger(plan, rest) for plan in PLANS]
    best: dict[str, tuple[float, float, dict[str, float]]] = {}
    for lean in LEANS:
        model = Model(lists, made, dict.fromkeys(LABELS, lean), {})
        found = [found_by(text.posting, model) for text in apart]
        for label in LABELS:
            figures = scores([set(text.posting.spans[label]) for text in apart], [one[label] for one in found])
            merit = figures["strict"] + figures["loose"]
            print(label, lean, {name: round(value, 3) for name, value in figures.items()}, flush=True)
            if label not in best or merit > best[label][0]:
                best[label] = (merit, lean, {name: round(value, 3) for name, value in figures.items()})
    return ({label: lean for label, (_, lean, _) in best.items()},
            {"postings": len(apart), **{label: figures for label, (*_, figures) in best.items()}})


def store(files: dict[str, bytes], out: Path, found: Sequence[Posting], lean: object,
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
        "taggers": [{"file": f"{plan.name}.crf.gz", "reads": plan.reads, "every": plan.every} for plan in PLANS],
        "taught": {"set": "skillspan, train part (MIT)", "postings": len(found),
                   "lines": sum(one.places[-1][0] + 1 for one in found),
                   "words": sum(len(one.places) for one in found)},
        "settings": {"rounds": ROUNDS, "least": LEAST, "l1": L1, "l2": L2}, "held_out": held_out,
    }
    (out / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
    return manifest


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
