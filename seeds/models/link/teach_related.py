"""`python -m seeds.models.link.teach_related DATA`: which occupations are near each other, as numbers, from O*NET."""

from __future__ import annotations

import gzip
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import lightgbm
import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from matcher.ranking.link_text import plain, roots
from matcher.ranking.link_vectors import NameVectors, unit
from seeds.models.link.teach_data import onet

HERE = Path(__file__).parent
CODE = "O*NET-SOC Code"
FOLDS, LISTED, KEPT, TREES = 5, 150, 25, 200
SETTINGS = {"objective": "cross_entropy", "num_leaves": 15, "learning_rate": 0.06, "min_data_in_leaf": 100,
            "feature_fraction": 0.3, "lambda_l2": 5.0, "verbose": -1, "num_threads": 2, "seed": 1,
            "deterministic": True}
Floats = NDArray[np.float32]
FLAT = ("zones", "zone_step", "major_group", "code_prefix")  # already on one scale for every occupation


def main(argv: list[str]) -> int:
    """Write `related.tsv.gz` and print NDCG@10 on occupations whose group was held out."""
    data = Path(argv[0])
    codes = [row[CODE] for row in onet(data, "Occupation Data")]
    gold = gold_ranks(data, codes)
    scores = held_out_scores(codes, spread(views(data, codes)), gold)
    print(f"NDCG@10, primary related occupations: {ndcg(scores, gold, lambda rank: rank > 10):.3f}; "
          f"graded by rank: {ndcg(scores, gold, lambda rank: rank):.3f}")
    write(codes, scores)
    return 0


def gold_ranks(data: Path, codes: Sequence[str]) -> NDArray[np.int64]:
    """occupations × occupations: 20 for the first related one down to 1, 0 for the rest."""
    at = {code: place for place, code in enumerate(codes)}
    ranks = np.zeros((len(codes), len(codes)), np.int64)
    for row in onet(data, "Related Occupations"):
        ranks[at[row[CODE]], at[row["Related O*NET-SOC Code"]]] = 21 - int(row["Index"])
    return ranks


def views(data: Path, codes: Sequence[str]) -> dict[str, Floats]:
    """Similarities of all pairs, one table per view of an occupation."""
    texts = _texts(data)
    found: dict[str, Floats] = {
        "title": _tfidf([texts["title"][code] for code in codes]),
        "title_letters": _tfidf([texts["title"][code] for code in codes], analyzer="char_wb", ngram_range=(3, 4)),
        "titles": _tfidf([texts["titles"][code] for code in codes]),
        "titles_pairs": _tfidf([texts["titles"][code] for code in codes], ngram_range=(2, 2)),
        "description": _tfidf([texts["description"][code] for code in codes], stop_words="english"),
        "tasks": _tfidf([texts["tasks"][code] for code in codes], stop_words="english"),
        "tasks_pairs": _tfidf([texts["tasks"][code] for code in codes], stop_words="english", ngram_range=(2, 2)),
        "words": _tfidf([" ".join(texts[part][code] for part in ("title", "description", "tasks")) for code in codes],
                        stop_words="english"),
    }
    for table in ("Technology Skills", "Tools Used"):
        for column in ("Example", "Commodity Code"):
            held: dict[str, set[str]] = defaultdict(set)
            for row in onet(data, table):
                held[row[CODE]].add(row[column])
            found[f"{table} {column}"] = _tfidf([sorted(held[code]) for code in codes], analyzer=lambda names: names)
    for table, scale in (("Skills", "IM"), ("Skills", "LV"), ("Knowledge", "IM"), ("Knowledge", "LV"),
                         ("Work Styles", "IM")):
        found[f"{table} {scale}"], found[f"{table} {scale} distance"] = _ratings(data, table, scale, codes)
    return found | _meanings(texts, codes) | _codes(data, codes)


def _texts(data: Path) -> dict[str, dict[str, str]]:
    """Title, all titles, description and tasks of each occupation, each as one text."""
    lists: dict[str, dict[str, list[str]]] = {part: defaultdict(list) for part in ("titles", "tasks")}
    facts = onet(data, "Occupation Data")
    for row in facts:
        lists["titles"][row[CODE]].append(row["Title"])
    for table, column, part in (("Alternate Titles", "Alternate Title", "titles"),
                                ("Sample of Reported Titles", "Reported Job Title", "titles"),
                                ("Task Statements", "Task", "tasks")):
        for row in onet(data, table):
            lists[part][row[CODE]].append(row[column])
    joined = {part: defaultdict(str, {code: "\n".join(texts) for code, texts in by_code.items()})
              for part, by_code in lists.items()}
    return {"title": {row[CODE]: row["Title"] for row in facts},
            "description": {row[CODE]: row["Description"] for row in facts}, **joined}


def _tfidf(documents: Sequence[object], **settings: object) -> Floats:
    """Cosine of sublinear TF-IDF vectors."""
    table = TfidfVectorizer(sublinear_tf=True, **settings).fit_transform(documents)
    return np.asarray((table @ table.T).toarray(), np.float32)


def _ratings(data: Path, table: str, scale: str, codes: Sequence[str]) -> tuple[Floats, Floats]:
    """Cosine and negative distance of standardized ratings; occupations without ratings are far from all."""
    at = {code: place for place, code in enumerate(codes)}
    elements: dict[str, int] = {}
    rows = [row for row in onet(data, table) if row["Scale ID"] == scale and row[CODE] in at]
    for row in rows:
        elements.setdefault(row["Element ID"], len(elements))
    values = np.full((len(codes), len(elements)), np.nan)
    for row in rows:
        values[at[row[CODE]], elements[row["Element ID"]]] = float(row["Data Value"])
    missing = np.isnan(values).all(axis=1)
    values = np.where(np.isnan(values), np.nanmean(values, axis=0), values)
    values = (values - values.mean(axis=0)) / values.std(axis=0)
    cosine = unit(values.astype(np.float32)) @ unit(values.astype(np.float32)).T
    away = -np.sqrt(((values[:, None] - values[None]) ** 2).mean(axis=2))
    for similarity, lowest in ((cosine, 0.0), (away, float(away.min()))):
        similarity[missing], similarity[:, missing] = lowest, lowest
    return cosine.astype(np.float32), away.astype(np.float32)


def _meanings(texts: dict[str, dict[str, str]], codes: Sequence[str]) -> dict[str, Floats]:
    """Cosine of the linker's word vectors, per text."""
    vectors = NameVectors.load(HERE / "words.npz")

    def of(text: str) -> Floats:
        total = np.zeros(vectors.table.shape[1], np.float32)
        for line in text.split("\n"):
            words = np.sum([vectors.word(word) for word in roots(plain(line))] or [total * 0], axis=0)
            total += words / max(float(np.linalg.norm(words)), 1e-9)
        return total

    rows = {part: unit(np.array([of(texts[part][code]) for code in codes])) for part in ("title", "titles", "tasks")}
    return {f"meaning_{part}": row @ row.T for part, row in rows.items()}


def _codes(data: Path, codes: Sequence[str]) -> dict[str, Floats]:
    """Job zones apart, and how much of the code is shared."""
    zone_of = {row[CODE]: int(row["Job Zone"]) for row in onet(data, "Job Zones")}
    zones = np.array([zone_of.get(code, 3) for code in codes], np.float32)
    bare = np.array([code.replace("-", "") for code in codes])

    def same(length: int) -> Floats:
        start = np.array([code[:length] for code in bare])
        return (start[:, None] == start[None]).astype(np.float32)

    return {"zones": -np.abs(zones[:, None] - zones[None]), "zone_step": zones[None] - zones[:, None],
            "major_group": same(2), "code_prefix": np.sum([same(length) for length in (2, 3, 4, 5, 6)], axis=0)}


def spread(found: dict[str, Floats]) -> dict[str, Floats]:
    """Each view also as standard score within the row, as rank in the row and as rank in the column."""
    out: dict[str, Floats] = {}
    for name, view in found.items():
        out[name] = view
        if name in FLAT:
            continue
        out[f"{name} z"] = (view - view.mean(axis=1, keepdims=True)) / (view.std(axis=1, keepdims=True) + 1e-6)
        others = view.copy()
        np.fill_diagonal(others, -np.inf)
        out[f"{name} rank"] = -np.log1p((-others).argsort(axis=1).argsort(axis=1)).astype(np.float32)
        out[f"{name} rank back"] = out[f"{name} rank"].T.copy()
    return out


def held_out_scores(codes: Sequence[str], found: dict[str, Floats], gold: NDArray[np.int64]) -> Floats:
    """Chance to be related, occupations × occupations, each row by a model that did not see its major group."""
    total = np.sum([view for name, view in found.items() if name.endswith(" z")], axis=0)
    np.fill_diagonal(total, -np.inf)
    near = {row: np.argsort(-total[row], kind="stable")[:LISTED] for row in range(len(codes))}
    tables = {row: np.stack([view[row][near[row]] for view in found.values()], axis=1) for row in near}
    groups = np.array([code[:2] for code in codes])
    order = np.random.default_rng(0).permutation(np.unique(groups))
    fold_of = {group: place % FOLDS for place, group in enumerate(order)}
    scores = np.zeros(gold.shape, np.float32)
    for fold in range(FOLDS):
        taught = [row for row in near if gold[row].any() and fold_of[groups[row]] != fold]
        right = np.concatenate([gold[row][near[row]] for row in taught])
        data = lightgbm.Dataset(np.concatenate([tables[row] for row in taught]),
                                np.where(right > 10, 1.0, np.where(right > 0, 0.4, 0.0)))
        booster = lightgbm.train(SETTINGS, data, num_boost_round=TREES)
        for row in near:
            if fold_of[groups[row]] == fold:
                scores[row][near[row]] = booster.predict(tables[row])
    return scores


def ndcg(scores: Floats, gold: NDArray[np.int64], gain: Callable[[NDArray[np.int64]], NDArray[np.generic]]) -> float:
    """Mean NDCG@10 over occupations that have related ones (Järvelin and Kekäläinen 2002)."""
    discount = 1 / np.log2(np.arange(2, 12))
    found = []
    for row in np.flatnonzero(gold.any(axis=1)):
        listed = gold[row][np.argsort(-scores[row], kind="stable")[:10]]
        best = np.sort(np.asarray(gain(gold[row]), float))[::-1][:10]
        found.append((np.asarray(gain(listed), float) @ discount) / (best @ discount))
    return float(np.mean(found))


def write(codes: Sequence[str], scores: Floats) -> None:
    """`code<TAB>near code<TAB>chance`, the `KEPT` nearest of each, best first."""
    lines = [f"{codes[row]}\t{codes[at]}\t{scores[row][at]:.4f}\n" for row in range(len(codes))
             for at in np.argsort(-scores[row], kind="stable")[:KEPT]]
    (HERE / "related.tsv.gz").write_bytes(gzip.compress("".join(lines).encode(), mtime=0))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
