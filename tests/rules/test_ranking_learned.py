"""Stage 1 learns what was planted, never that less is more, and a model that was touched is refused."""

import json
from dataclasses import replace

import numpy as np
import pytest

from matcher.ranking import codec, features, store
from matcher.ranking.command import rank_main, train_main
from matcher.ranking.features import COLUMNS
from matcher.ranking.learned import Stage1
from matcher.ranking.ranker import Stage0
from matcher.ranking.train import train
from tests.rules import ranking_facts as draw
from tests.rules.ranker_suite import judged


def test_a_planted_preference_is_learned_and_stage_0_is_where_it_starts():
    pairs, outcomes = judged(loves="recency")
    learned = Stage1().fit(pairs, outcomes)
    steps = np.array(learned.coef) * features.pair_matrix(pairs, learned.near).std(axis=1)
    assert COLUMNS[int(steps.argmax())] == "recency"
    timid = Stage1(prior_rows=1e7).fit(pairs, outcomes)
    assert np.corrcoef(timid.predict(pairs), Stage0().predict(pairs))[0, 1] > 0.99


def test_labels_that_punish_evidence_cannot_make_evidence_count_against_a_person():
    pairs, outcomes = judged(loves="evidence")
    learned = Stage1(prior_rows=1.0).fit(pairs, [1.0 - value for value in outcomes])
    assert min(learned.coef) == 0.0 == learned.coef[COLUMNS.index("evidence")]


def test_the_order_of_the_rows_changes_no_bit():
    pairs, outcomes = judged(loves="closeness")
    assert Stage1().fit(pairs, outcomes).state() == Stage1().fit(pairs[::-1], outcomes[::-1]).state()


def test_what_cannot_be_learned_from_is_refused():
    pairs, outcomes = judged(loves="recency")
    for rows, answers in (([], []), (pairs, outcomes[1:]), (pairs[:1], [1.5])):
        with pytest.raises(ValueError, match="outcome"):
            Stage1().fit(rows, answers)


@pytest.fixture
def kept(tmp_path):
    pairs, outcomes = judged(loves="recency")
    ranker = Stage1(draw.NEAR).fit(pairs, outcomes)
    store.save(ranker, tmp_path, facts={"roles": 1})
    return ranker, tmp_path, pairs


def test_a_saved_model_scores_to_the_same_bits(kept):
    ranker, folder, pairs = kept
    again = store.load(folder, draw.NEAR, expected=ranker.fingerprint())
    assert again.fingerprint() == ranker.fingerprint()
    assert (again.predict(pairs) == ranker.predict(pairs)).all()
    store.save(Stage0(draw.NEAR), folder)
    assert store.load(folder, draw.NEAR).fingerprint() == Stage0(draw.NEAR).fingerprint()


def test_a_model_that_was_touched_or_is_not_ours_is_refused(kept):
    ranker, folder, _ = kept
    with pytest.raises(store.ModelRefused, match="near skills"):
        store.load(folder)
    with pytest.raises(store.ModelRefused, match="says it is"):
        store.load(folder, draw.NEAR, expected="0" * 64)
    model, manifest = (folder / name for name in (store.MODEL, store.MANIFEST))
    good, said = model.read_bytes(), json.loads(manifest.read_text())
    for data in (good[:-1], bytes([good[0] ^ 1]) + good[1:], b"", good + b"x"):
        model.write_bytes(data)
        with pytest.raises(store.ModelRefused):
            store.load(folder, draw.NEAR)
    model.write_bytes(good)
    for change in ({"schema": "0"}, {"columns": ["name"]}, {"fingerprint": "x"}, {"sha256": "x"}):
        manifest.write_text(json.dumps({**said, **change}))
        with pytest.raises(store.ModelRefused):
            store.load(folder, draw.NEAR)
    for text in ("", "[]", "{}"):
        manifest.write_text(text)
        with pytest.raises(store.ModelRefused):
            store.load(folder, draw.NEAR)
    assert ranker.stage == 1


def test_a_model_written_by_a_pickle_is_refused_and_nothing_in_it_runs(tmp_path):
    import hashlib
    import pickle

    class Harm:
        def __reduce__(self):
            return (open, (str(tmp_path / "harm"), "w"))

    data = pickle.dumps(Harm())
    said = {"sha256": hashlib.sha256(data).hexdigest(), "schema": features.SCHEMA, "columns": list(COLUMNS)}
    (tmp_path / store.MODEL).write_bytes(data)
    (tmp_path / store.MANIFEST).write_text(json.dumps(said))
    with pytest.raises(store.ModelRefused, match="cannot be read"):
        store.load(tmp_path)
    assert not (tmp_path / "harm").exists()


def judgments(loves, roles, each):
    """Roles with people judged for them by a planted preference."""
    by_role, people, grades = {}, {}, {}
    for number in range(roles):
        pairs, outcomes = judged(loves=loves, size=each, seed=number)
        role = replace(pairs[0][0], id=f"r{number}")
        by_role[role.id] = role
        for (_, person), outcome in zip(pairs, outcomes, strict=True):
            person = replace(person, id=f"r{number}-{person.id}")
            people[person.id] = person
            grades.setdefault(role.id, {})[person.id] = round(outcome * 4)
    return by_role, people, grades


def test_training_waits_for_enough_and_then_gains_on_roles_left_out():
    assert train(*judgments("recency", 3, 30), draw.NEAR).outcome == "too_few_judged"
    found = train(*judgments("recency", 8, 40), draw.NEAR)
    assert (found.outcome, found.ranker.stage) == ("learned", 1)
    assert found.figures["gain"] > 0.1


def test_train_writes_a_model_that_rank_uses(tmp_path, capsys):
    by_role, people, grades = judgments("recency", 5, 26)
    rows = {
        "R.jsonl": [_as_role(role) for role in by_role.values()],
        "C.jsonl": [_as_person(person) for person in people.values()],
    }
    for name, lines in rows.items():
        (tmp_path / name).write_text("".join(codec.canonical(line) + "\n" for line in lines))
    judged_lines = [f"{role} 0 {name} {grade}\n" for role, found in grades.items() for name, grade in found.items()]
    (tmp_path / "J").write_text("".join(judged_lines))
    facts = ["--roles", str(tmp_path / "R.jsonl"), "--candidates", str(tmp_path / "C.jsonl")]
    folder = str(tmp_path / "model")
    assert train_main([*facts, "--judgments", str(tmp_path / "J"), "--out", folder]) == 0
    assert json.loads(capsys.readouterr().out)["roles"] == 5
    assert rank_main([*facts, "--model", folder, "--out", str(tmp_path / "run")]) == 0
    (tmp_path / "model" / store.MODEL).write_bytes(b"no")
    assert rank_main([*facts, "--model", folder, "--out", str(tmp_path / "run")]) == 2
    assert "model" in capsys.readouterr().err
    (tmp_path / "J").write_text("r0 0 nobody 1\n")
    assert train_main([*facts, "--judgments", str(tmp_path / "J"), "--out", folder]) == 2
    assert "J, line 1, id: 'nobody'" in capsys.readouterr().err


def _as_role(role):
    wanted = [{"skill": r.skill, "level": r.level, "must": r.must, "weight": r.weight} for r in role.requirements]
    return {"id": role.id, "title": "A role", "requirements": wanted}


def _as_person(person):
    skills = [
        {"skill": s.skill, "level": s.level, "evidence": s.tier.label, "last_used": f"{2026 - s.used_months // 12}-01"}
        for s in person.skills
    ]
    return {"id": person.id, "skills": skills}
