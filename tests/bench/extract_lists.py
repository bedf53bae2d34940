"""Makes the lists that ship with the taggers: known names with their class, and for words family, frequency, topics."""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.cluster import KMeans
from sklearn.utils.extmath import randomized_svd

from matcher.ranking.extract_features import lower
from matcher.ranking.extract_names import SPANISH, TAXONOMY
from matcher.ranking.extract_text import tokens
from matcher.ranking.link_text import root, singular
from matcher.ranking.link_vectors import NameVectors, unit

LINK = TAXONOMY.parent / "models" / "link"
FAMILIES, INNER, DIMENSIONS, CONTEXTS = 32, 6, 80, 3000
TOPICS = (24, 150)
NEAR = {-2: 0.5, -1: 1.0, 1: 1.0, 2: 0.5}  # what a neighbor at that distance counts
SIGNS = "abcdefghijklmnopqrstuvwxyzABCDEF"
Floats = NDArray[np.float64]
Texts = list[list[str]]


def rows(path: Path) -> Iterator[dict[str, str]]:
    """Lines of a packed table by column."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def words_of(text: str) -> list[str]:
    """Words as the tagger sees them."""
    return [lower(token.text) for token in tokens(text)]


def key(name: str) -> str:
    """A name as the tagger sees it."""
    return " ".join(word for word in words_of(name) if word not in ",;()")


def onet_texts(data: Path) -> Texts:
    """Task statements and descriptions of O*NET; nothing of them is kept but numbers."""
    texts = [words_of(task) for task in onet_tasks(data)]
    return texts + [words_of(row["Description"]) for row in rows(data / "onet_29_3" / "Occupation Data.tsv.gz")]


def onet_tasks(data: Path) -> list[str]:
    """Task statements of O*NET; nothing of them is kept but numbers."""
    return [row["Task"] for row in rows(data / "onet_29_3" / "Task Statements.tsv.gz")]


def names(data: Path, common: Counter[str]) -> dict[str, str]:
    """Known names with a class of one letter; a name of several classes has the first of them."""
    found: dict[str, str] = {}
    for kind, name in (*_skills(), *_brands(data / "aliases"), *_fields(), *_titles(), *_tools(data / "onet_29_3")):
        found.setdefault(key(name), kind)
    found.pop("", None)
    for form, kind in found.items():
        if kind in "hutli" and " " not in form and common[form] >= 3:
            found[form] = "a"  # an everyday word too
    return found


def _skills() -> Iterator[tuple[str, str]]:
    """h hot or in demand, u used in ten occupations or more, t other technologies, o our own, k O*NET elements."""
    kinds = {}
    for row in rows(TAXONOMY / "skills.tsv.gz"):
        wanted = "1" in (row["hot"], row["in_demand"])
        technology = "h" if wanted else "u" if int(row["uses"] or 0) >= 10 else "t"
        kinds[row["id"]] = {"skill": "k", "knowledge": "k", "own": "o"}.get(row["kind"], technology)
        yield kinds[row["id"]], row["name"]
        if row["kind"] in ("technology", "own"):
            yield kinds[row["id"]], row["name"].removesuffix(" software")
    for row in rows(TAXONOMY / "skill_aliases.tsv.gz"):
        if row["skill_id"] in kinds and row["source"] != SPANISH:
            yield kinds[row["skill_id"]], row["alias"]


def _brands(folder: Path) -> Iterator[tuple[str, str]]:
    """l programming languages, i other formats and brands."""
    for name, facts in json.loads((folder / "linguist_languages.json").read_text("utf-8")).items():
        kind = "l" if facts.get("type") == "programming" else "i"
        yield from ((kind, form) for form in (name, *facts.get("aliases", [])) if len(form) > 1)
    yield from (("i", brand["title"]) for brand in json.loads((folder / "simple_icons.json").read_text("utf-8")))


def _titles() -> Iterator[tuple[str, str]]:
    """j job titles."""
    for row in rows(TAXONOMY / "titles.tsv.gz"):
        name = re.sub(r"\(.*?\)", "", row["title"])
        if 1 < len(key(name).split()) <= 4 or row["reported"] == "1":
            yield "j", name


def _fields() -> Iterator[tuple[str, str]]:
    """f fields of study, whole and in parts."""
    for row in rows(TAXONOMY / "cip_soc.tsv.gz"):
        title = re.sub(r", (General|Other)\.?$", "", row["cip_title"])
        for name in (title, *re.split(r"[/,]| and ", title)):
            if len(name.strip()) > 3 and len(name.split()) <= 5:
                yield "f", name.strip()


def _tools(folder: Path) -> Iterator[tuple[str, str]]:
    """m commodity classes of technologies, q tools."""
    yield from (("m", row["Commodity Title"]) for row in rows(folder / "Technology Skills.tsv.gz"))
    for row in rows(folder / "Tools Used.tsv.gz"):
        yield from (("q", name) for name in (row["Commodity Title"], row["Example"]) if name and len(name.split()) <= 4)


def words(texts: Texts, common: Counter[str], known: dict[str, str]) -> dict[str, tuple[str, str, str, str]]:
    """For each word: path of its family, how common it is in O*NET (0 to 4), a broad and a narrow topic."""
    family = families(texts)
    topics = [_topics(count) for count in TOPICS]
    found = {}
    for word in sorted({*family, *common, *(word for name in known for word in name.split(" "))}):
        count = common[word]
        often = "0" if count == 0 else "1" if count < 5 else "2" if count < 50 else "3" if count < 500 else "4"
        form = root(singular(word))
        broad, narrow = (topic.get(form, "") if len(word) > 2 else "" for topic in topics)
        found[word] = (family.get(word, ""), often, broad, narrow)
    return found


def _topics(count: int) -> dict[str, str]:
    """Word root -> one of `count` topics, from the word vectors that ship with the linker."""
    vectors = NameVectors.load(LINK / "words.npz")
    table = unit(np.stack([vectors.word(word) for word in vectors.words]))
    labels = KMeans(count, n_init=1, max_iter=20, random_state=0).fit(table).labels_
    return {word: str(label) for word, label in zip(vectors.words, labels, strict=True)}


def families(texts: Texts) -> dict[str, str]:
    """Words that stand between the same neighbors, on three levels: a path of up to three signs per word.

    Positive pointwise mutual information with neighbors by place (Levy and Goldberg 2014), truncated SVD, k-means.
    """
    counts = Counter(word for text in texts for word in text)
    vocabulary = [word for word, count in counts.items() if count >= 2]
    table = _vectors(texts, vocabulary, [word for word, _ in counts.most_common(CONTEXTS)])
    weight = np.log1p(np.array([counts[word] for word in vocabulary]))
    outer = _cluster(table, weight, FAMILIES)
    paths = [SIGNS[label] for label in outer]
    for family in range(FAMILIES):
        inside = np.flatnonzero(outer == family)
        middle = _cluster(table[inside], weight[inside], INNER)
        for group in range(INNER):
            members = inside[middle == group]
            inner = _cluster(table[members], weight[members], INNER) if len(members) > 12 else [0] * len(members)
            for at, label in zip(members, inner, strict=True):
                paths[at] += SIGNS[group] + SIGNS[label]
    return dict(zip(vocabulary, paths, strict=True))


def _cluster(table: Floats, weight: Floats, count: int) -> NDArray[np.int32]:
    means = KMeans(min(count, len(table)), n_init=1, max_iter=30, random_state=0)
    return means.fit(table, sample_weight=weight).labels_


def _vectors(texts: Texts, vocabulary: Sequence[str], contexts: Sequence[str]) -> Floats:
    """Unit vectors of words by their neighbors."""
    row_of, column_of = ({word: at for at, word in enumerate(listed)} for listed in (vocabulary, contexts))
    width = len(contexts) + 1  # the last one stands for the edge of a sentence
    at, of, value = [], [], []
    for text in texts:
        for place, word in enumerate(text):
            for block, (step, counts) in enumerate(NEAR.items()):
                there = place + step
                if word in row_of and -1 <= there <= len(text):
                    column = column_of.get(text[there], -1) if 0 <= there < len(text) else width - 1
                    if column >= 0:
                        at.append(row_of[word])
                        of.append(block * width + column)
                        value.append(counts)
    table = sparse.csr_matrix((value, (at, of)), shape=(len(vocabulary), len(NEAR) * width))
    by_row, by_column = np.asarray(table.sum(axis=1)).ravel(), np.asarray(table.sum(axis=0)).ravel() ** 0.75
    cells = table.tocoo()
    gain = np.log(cells.data / (by_row[cells.row] * (by_column / by_column.sum())[cells.col]))
    positive = sparse.csr_matrix((np.maximum(gain, 0), (cells.row, cells.col)), shape=table.shape)
    left, sizes, _ = randomized_svd(positive, DIMENSIONS, random_state=0)
    return np.asarray(unit(left * sizes**0.5), np.float64)
