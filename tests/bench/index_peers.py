"""Other ways to find the best 50 of many people for some skills, each asked for the same skills in one thread."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from scipy import sparse

from matcher.ranking.facts import RoleFacts
from matcher.ranking.index_people import People
from tests.bench.index_population import SKILLS

Ask = Callable[[RoleFacts, int], object]


def wanted(role: RoleFacts) -> list[int]:
    """Numbers of the skills a role asks for."""
    return [int(item.skill[1:]) for item in role.requirements]


def levels(people: People) -> sparse.csr_matrix:
    """People x skills with the level as value."""
    return sparse.csr_matrix((people.level.astype(np.float32), people.skill, people.skill_at),
                             shape=(len(people), SKILLS))


def _question(role: RoleFacts) -> sparse.csr_matrix:
    skills = wanted(role)
    weights = np.array([item.level * item.weight for item in role.requirements], dtype=np.float32)
    return sparse.csr_matrix((weights, ([0] * len(skills), skills)), shape=(1, SKILLS))


def brute(people: People) -> Ask:
    """scikit-learn's brute-force neighbors by cosine."""
    from sklearn.neighbors import NearestNeighbors

    near = NearestNeighbors(metric="cosine", algorithm="brute", n_jobs=1).fit(levels(people))
    return lambda role, k: near.kneighbors(_question(role), n_neighbors=k)


def product(people: People) -> Ask:
    """A sparse matrix times a dense question, then the best k."""
    table = levels(people)

    def ask(role: RoleFacts, k: int) -> object:
        scores = table @ _question(role).toarray()[0]
        best = np.argpartition(-scores, k)[:k]
        return best[np.argsort(-scores[best], kind="stable")]

    return ask


def topn(people: People) -> Ask:
    """sparse_dot_topn: a sparse product that keeps the best k."""
    from sparse_dot_topn import sp_matmul_topn

    table = levels(people).T.tocsr()
    return lambda role, k: sp_matmul_topn(_question(role), table, top_n=k, n_threads=1, sort=True)


def bm25(people: People) -> Ask:
    """bm25s with compiled (numba) retrieval."""
    import bm25s
    from bm25s.tokenization import Tokenized

    names = {f"s{number}": number for number in range(SKILLS)}
    at = people.skill_at.tolist()
    skills = people.skill.tolist()
    index = bm25s.BM25(backend="numba")
    index.index(Tokenized([skills[low:high] for low, high in pairwise(at)], names),
                show_progress=False)
    return lambda role, k: index.retrieve(Tokenized([wanted(role)], names), k=k, show_progress=False, n_threads=1)


def lucene_like(people: People) -> Ask:
    """tantivy: an inverted index with block-max pruning."""
    import tantivy

    schema = tantivy.SchemaBuilder().add_text_field("skills", tokenizer_name="whitespace", index_option="freq").build()
    index = tantivy.Index(schema)
    writer = index.writer(256_000_000, 1)
    at, skills = people.skill_at.tolist(), people.skill.tolist()
    for low, high in pairwise(at):
        writer.add_document(tantivy.Document(skills=" ".join(f"s{skill}" for skill in skills[low:high])))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def ask(role: RoleFacts, k: int) -> object:
        terms = [(tantivy.Occur.Should, tantivy.Query.term_query(schema, "skills", item.skill, index_option="freq"))
                 for item in role.requirements]
        return searcher.search(tantivy.Query.boolean_query(terms), k).hits

    return ask


PEERS: dict[str, Callable[[People], Ask]] = {
    "scikit-learn brute cosine": brute, "scipy CSR product": product, "sparse_dot_topn": topn, "tantivy": lucene_like,
    "bm25s (numba)": bm25,
}
