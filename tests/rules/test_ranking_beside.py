"""`evaluate` with roles and candidates: ours beside the baselines, and every wrong word answered with where it is."""

import json
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcher.ranking import evaluate_beside, evaluate_command
from matcher.ranking.command import train_main
from matcher.ranking.evaluate_command import main as evaluate_main
from matcher.ranking.ranker import Stage0
from tests.rules import ranking_facts as draw
from tests.rules.test_ranking_learned import _as_person, _as_role, judgments


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Six roles with thirty judged people each, as files."""
    made = tmp_path_factory.mktemp("beside")
    by_role, people, grades = judgments("recency", 6, 30)
    (made / "R.jsonl").write_text("".join(json.dumps(_as_role(role)) + "\n" for role in by_role.values()))
    (made / "C.jsonl").write_text("".join(json.dumps(_as_person(person)) + "\n" for person in people.values()))
    lines = [f"{role} 0 {name} {grade}\n" for role, row in grades.items() for name, grade in row.items()]
    (made / "J").write_text("".join(lines))
    return made


def words(folder, *more):
    return ["--roles", str(folder / "R.jsonl"), "--candidates", str(folder / "C.jsonl"), "--judgments",
            str(folder / "J"), *map(str, more)]


def test_ours_stands_beside_every_baseline_on_roles_no_learner_has_seen(folder, capsys):
    assert evaluate_main(words(folder, "--json")) == 0
    found = json.loads(capsys.readouterr().out)
    rankers = found["rankers"]
    assert set(rankers) == {"ours", "ours, learned here", "coverage rule", "BM25", "TF-IDF cosine", "rapidfuzz",
                            "LambdaRank", "free boosting", "random"}
    assert (found["roles"], found["pairs"], found["skipped"]) == (6, 180, {})
    for row in rankers.values():
        assert {"nDCG@10", "MAP", "recall@10", "MRR", "p", "gain", "ms_per_role", "ECE"} == set(row)
    assert rankers["ours, learned here"]["nDCG@10"] > max(rankers[name]["nDCG@10"] for name in ("ours", "random"))
    assert rankers["ours, learned here"]["ECE"] < 0.2
    assert rankers["ours"]["gain"] == 0.0


def test_a_trained_model_is_measured_as_it_is(folder, tmp_path, capsys):
    assert train_main([*words(folder), "--out", str(tmp_path / "model")]) == 0
    capsys.readouterr()
    assert evaluate_main(words(folder, "--model", tmp_path / "model")) == 0
    said = capsys.readouterr().out
    assert said.startswith("6 roles, 180 judged pairs")
    assert "LambdaRank" in said
    assert evaluate_main(words(folder, "--model", tmp_path)) == 2
    assert "model:" in capsys.readouterr().err


def test_what_is_missing_is_said_and_not_an_error(folder, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, evaluate_beside.DEVELOPMENT, None)
    few = folder / "few"
    few.write_text("".join(line for line in (folder / "J").open() if line.startswith(("r0", "r1"))))
    assert evaluate_main([*words(folder)[:-1], str(few)]) == 0
    said = capsys.readouterr().out
    assert "BM25: skipped, needs a checkout with the development library bm25s" in said
    assert "free boosting: skipped, needs 5 judged roles" in said
    monkeypatch.setitem(sys.modules, evaluate_command.REPORT, None)
    assert evaluate_main(["--all", str(folder)]) == 2
    assert "runs only in a checkout" in capsys.readouterr().err


@pytest.mark.parametrize(("argv", "place"), [
    ([], "--judgments"), (["--judgments", "J"], "--run"), (["--roles", "R", "--judgments", "J"], "--run"),
    (["--all", "nowhere"], "nowhere"), (["--all", ".", "--only", "Astrology"], "Astrology"), (["--nonsense"], ""),
])  # fmt: skip
def test_words_that_do_not_fit_are_answered_in_one_line(argv, place, capsys):
    assert evaluate_main(argv) == 2
    said = capsys.readouterr().err
    assert place in said
    assert "Traceback" not in said


@pytest.mark.parametrize(("text", "place"), [
    ("r0 0 nobody 1\n", "J2, line 1, id"), ("r9 0 r0-c1 1\n", "J2, line 1, qid"),
    ("r0 0 r0-c1 9\n", "J2, line 1, grade"),
    ("r0 0 r0-c1\n", "J2, line 1"), ("", "J2, grade"), ("r0 0 r0-c1 0\n", "J2, grade"),
])  # fmt: skip
def test_a_bad_judgment_is_named_by_file_line_and_key(folder, text, place, capsys):
    (folder / "J2").write_text(text)
    assert evaluate_main([*words(folder)[:-1], str(folder / "J2")]) == 2
    assert place in capsys.readouterr().err


@pytest.mark.parametrize(("text", "place"), [
    ("r0 r0-c1 0\n", "P, line 1, propensity"), ("r0 r0-c1 high\n", "P, line 1, propensity"),
    ("r0 r0-c1 nan\n", "P, line 1, propensity"), ("r0 r0-c1 0.5\nr0 nobody 0.5\n", "P, line 2, candidate"),
    ("r0\n", "P, line 1"),
])  # fmt: skip
def test_a_bad_propensity_is_named_by_file_line_and_key(folder, tmp_path, text, place, capsys):
    (tmp_path / "P").write_text(text)
    assert train_main([*words(folder), "--out", str(tmp_path / "m"), "--propensities", str(tmp_path / "P")]) == 2
    assert place in capsys.readouterr().err


def test_propensities_are_used_and_named_in_the_manifest(folder, tmp_path, capsys):
    lines = [line.split() for line in (folder / "J").read_text().splitlines()]
    (tmp_path / "P").write_text("".join(f"{role} {name} {1 if n % 2 else 0.4}\n"
                                        for n, (role, _, name, _) in enumerate(lines)))
    assert train_main([*words(folder), "--out", str(tmp_path / "m"), "--propensities", str(tmp_path / "P")]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["propensities"] is True
    assert 50 < said["effective_sample"] < 180


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["R.jsonl", "C.jsonl", "J", "N"]), st.binary(max_size=50), st.booleans())
def test_whatever_bytes_a_file_holds_the_answer_is_a_result_or_an_error(folder, tmp_path, capsys, name, data, learn):
    for known in ("R.jsonl", "C.jsonl", "J"):
        good = (folder / known).read_bytes()[:4000].rsplit(b"\n", 1)[0]
        (tmp_path / known).write_bytes(data if known == name else good)
    (tmp_path / "N").write_bytes(data if name == "N" else b"")
    more = ["--similar", str(tmp_path / "N")]
    code = (train_main([*words(tmp_path), *more, "--out", str(tmp_path / "m")]) if learn
            else evaluate_main([*words(tmp_path), *more]))
    said = capsys.readouterr().err
    assert code in (0, 2)
    assert (code == 2) == bool(said)
    assert "Traceback" not in said
    assert said.count("\n") <= 1


def test_an_equal_score_goes_by_lot_and_not_by_the_name():
    by_role, people, grades = judgments("evidence", 2, 25)
    data = evaluate_beside._data(Stage0(draw.NEAR), by_role, people, grades)
    orders = [[line.id for line in row] for row in evaluate_beside._run(data, np.zeros(len(data.pairs))).values()]
    for order in orders:
        assert order != sorted(order)
        assert order != sorted(order, reverse=True)
    assert [name.split("-")[1] for name in orders[0]] != [name.split("-")[1] for name in orders[1]]
