"""`rank` and `evaluate` do what they promise with good files, and name file, line and key with bad ones."""

import json
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcher.ranking import evaluate
from matcher.ranking.command import rank_main
from matcher.ranking.evaluate_command import main as evaluate_main

ROLE = {
    "id": "r1", "title": "Help desk", "place": {"lat": 35.96, "lon": -83.92}, "remote": "onsite",
    "pay": {"min": 20, "max": 24.5, "period": "hour"}, "starts": "2026-12-01",
    "requirements": [
        {"skill": "SQL", "level": 2, "must": True, "weight": 3},
        {"skill": "Help Desk", "level": 2, "must": True, "weight": 2},
        {"skill": "linux", "level": 1, "must": False, "weight": 1},
    ],
}  # fmt: skip


def held(name, level, evidence="claim", **more):
    return {"skill": name, "level": level, "evidence": evidence, **more}


PEOPLE = [
    {
        "id": "strong",
        "skills": [held("sql", 3, "endorsement", last_used="2026-05"), held("help desk", 2), held("Linux", 2)],
    },
    {"id": "weak", "skills": [held("excel", 3), held("word", 2), held(" LINUX ", 1)]},
    {"id": "short", "skills": [held("sql", 4)]},
    {"id": "dear", "pay_floor": {"min": 90000}, "skills": [held("sql", 4), held("help  desk", 4), held("linux", 4)]},
]


@pytest.fixture
def files(tmp_path):
    def write(roles, people):
        paths = {"roles": tmp_path / "R.jsonl", "candidates": tmp_path / "C.jsonl"}
        for path, rows in zip(paths.values(), (roles, people), strict=True):
            path.write_text("".join(row if isinstance(row, str) else json.dumps(row) + "\n" for row in rows))
        return tmp_path

    return write


def run(folder, *more):
    paths = ("--roles", folder / "R.jsonl", "--candidates", folder / "C.jsonl", "--out", folder / "run.txt")
    return rank_main([*map(str, paths), *map(str, more)])


def test_a_run_lists_the_stronger_first_and_says_why_others_are_left_out(files):
    folder = files([ROLE], PEOPLE)
    assert run(folder, "--explain", folder / "E.jsonl", "--top", "5") == 0
    lines = [line.split() for line in (folder / "run.txt").read_text().splitlines()]
    assert [(q, q0, name, rank, tag) for q, q0, name, rank, _, tag in lines] == [
        ("r1", "Q0", "strong", "1", "matcher"),
        ("r1", "Q0", "weak", "2", "matcher"),
    ]
    told = {row["candidate"]: row for row in map(json.loads, (folder / "E.jsonl").read_text().splitlines())}
    needs = {"code": "candidate_needs_skills", "params": {"have": 1, "need": 3, "add": 2}}
    assert told["short"]["not_enough"] == [needs]
    assert told["dear"]["filtered"] == ["pay_below_floor"]
    assert {f["skill"]: f["status"] for f in told["strong"]["findings"]} == {
        "SQL": "evidenced", "Help Desk": "claimed", "linux": "claimed",
    }  # fmt: skip
    total = told["strong"]["base"] + sum(f["share"] for f in told["strong"]["findings"])
    assert abs(total + sum(told["strong"]["rest"].values()) - float(lines[0][4])) < 1e-9


def test_other_names_of_a_skill_and_near_skills_of_the_taxonomy_count(files):
    role = {"id": "r", "title": "Web", "requirements": [
        {"skill": name, "level": 2, "must": False, "weight": 1} for name in ("JavaScript", "PostgreSQL", "weaving")]}
    folder = files([role], [
        {"id": "other", "skills": [held("js", 2), held("MySQL", 2), held("weaving", 2)]},
        {"id": "far", "skills": [held("welding", 2), held("cooking", 2), held("weaving", 2)]},
    ])
    assert run(folder, "--explain", folder / "E.jsonl") == 0
    told = {row["candidate"]: row for row in map(json.loads, (folder / "E.jsonl").read_text().splitlines())}
    assert {f["skill"]: f["status"] for f in told["other"]["findings"]} == {
        "JavaScript": "claimed", "PostgreSQL": "partly", "weaving": "claimed"}
    assert {f["skill"]: f["status"] for f in told["far"]["findings"]} == {
        "JavaScript": "missing", "PostgreSQL": "missing", "weaving": "claimed"}


def test_the_order_of_lines_in_a_file_changes_nothing(files):
    run(files([ROLE], PEOPLE))
    folder = files([ROLE], PEOPLE)
    first = (folder / "run.txt").read_bytes()
    run(files([ROLE], PEOPLE[::-1]))
    assert (folder / "run.txt").read_bytes() == first


def test_near_skills_and_linked_names_count(files):
    folder = files([ROLE], [{"id": "a", "skills": [held("postgres", 3), held("word", 1), held("vim", 1)]}])
    run(folder)
    plain = float((folder / "run.txt").read_text().split()[4])
    (folder / "near.tsv").write_text("sql\tpostgres\t0.8\n")
    assert run(folder, "--similar", folder / "near.tsv") == 0
    assert float((folder / "run.txt").read_text().split()[4]) > plain
    (folder / "S.tsv").write_text("sql\tSQL\nsql\tpostgres\nx\tvim\ny\tword\nz\tlinux\nh\thelp desk\n")
    assert run(folder, "--surfaces", folder / "S.tsv") == 0
    assert float((folder / "run.txt").read_text().split()[4]) > plain


def without(row, key):
    return {name: value for name, value in row.items() if name != key}


BAD_PEOPLE = [
    ({**PEOPLE[0], "name": "Ana"}, "name"),
    ({**PEOPLE[0], "school": "State"}, "school"),
    (without(PEOPLE[0], "skills"), "skills"),
    ({"id": "x", "skills": "sql"}, "skills"),
    ({"id": "x", "skills": [held("sql", 5)]}, "level"),
    ({"id": "x", "skills": [held("sql", True)]}, "level"),
    ({"id": "x", "skills": [held("sql", 2, "diploma")]}, "evidence"),
    ({"id": "x", "skills": [held("sql", 2, gpa=4)]}, "gpa"),
    ({"id": "x", "skills": [held("sql", 2, last_used="last May")]}, "last_used"),
    ({"id": "x", "skills": [held("sql", 2, last_used="2026-02-31")]}, "last_used"),
    ({"id": "x", "skills": [held("", 2)]}, "skill"),
    ({"id": "x", "skills": [[]]}, "skills"),
    ({"id": "a b", "skills": []}, "id"),
    ({"id": 7, "skills": []}, "id"),
    ({"id": "x", "skills": [], "place": [91, 0]}, "place"),
    ({"id": "x", "skills": [], "place": [1e999, 0]}, ""),
    ({"id": "x", "skills": [], "max_km": 10**400}, "max_km"),
    ({"id": "x", "skills": [], "remote": ["maybe"]}, "remote"),
    ({"id": "x", "skills": [], "remote": [["yes"]]}, "remote"),
    ({"id": "x", "skills": [], "pay_floor": -1}, "pay_floor"),
    ({"id": "x", "skills": [], "pay_floor": {"min": 1, "period": "day"}}, "period"),
    ({"id": "x", "skills": [], "programs": ["IT"]}, "programs"),
    ('{"id": "x", "id": "y", "skills": []}\n', "id"),
    ('{"id": "\\ud800", "skills": []}\n', "id"),
    ('{"id": "x", "skills": [], "max_km": NaN}\n', ""),
    ("[1, 2]\n", ""),
    ("{\n", ""),
    ("[" * 100_000 + "\n", ""),
    ('{"id": ' + "9" * 9000 + "}\n", ""),
]


@pytest.mark.parametrize(("row", "key"), BAD_PEOPLE, ids=[str(number) for number in range(len(BAD_PEOPLE))])
def test_a_bad_candidate_is_named_by_file_line_and_key(files, capsys, row, key):
    assert run(files([ROLE], [PEOPLE[0], "\n", row])) == 2
    said = capsys.readouterr().err
    assert "C.jsonl, line 3" in said
    assert f", {key}: " in said if key else ": " in said


BAD_ROLES = [
    ({**ROLE, "degree": "BS"}, "degree"),
    (without(ROLE, "title"), "title"),
    ({**ROLE, "remote": "sometimes"}, "remote"),
    ({**ROLE, "remote": ["onsite"]}, "remote"),
    ({**ROLE, "pay": {"min": 30, "max": 20}}, "pay_min_cents"),
    ({**ROLE, "requirements": [{"skill": "sql", "level": 2, "must": "yes", "weight": 1}]}, "must"),
    ({**ROLE, "requirements": [{"skill": "sql", "level": 2, "must": True, "weight": 4}]}, "weight"),
    ({**ROLE, "requirements": [{"skill": "sql", "must": True, "weight": 1}]}, "level"),
    ({**ROLE, "requirements": {"skill": "sql"}}, "requirements"),
    ({**ROLE, "starts": 20261201}, "starts"),
]


@pytest.mark.parametrize(("row", "key"), BAD_ROLES, ids=[str(number) for number in range(len(BAD_ROLES))])
def test_a_bad_role_is_named_by_file_line_and_key(files, capsys, row, key):
    assert run(files([row], PEOPLE)) == 2
    said = capsys.readouterr().err
    assert "R.jsonl, line 1" in said
    assert f", {key}: " in said


def test_the_same_id_twice_a_missing_file_and_bytes_that_are_not_text_are_refused(files, capsys):
    folder = files([ROLE, {**ROLE}], PEOPLE)
    assert run(folder) == 2
    assert "R.jsonl, line 2, id" in capsys.readouterr().err
    (folder / "R.jsonl").write_bytes(json.dumps(ROLE).encode() + b"\n\xff\xfe\n")
    assert run(folder) == 2
    assert "R.jsonl, line 2" in capsys.readouterr().err
    (folder / "R.jsonl").unlink()
    assert run(folder) == 2
    assert "R.jsonl: cannot be read" in capsys.readouterr().err
    assert rank_main(["--top", "0"]) == 2


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["skill", "min", "lat"]), inner),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([*ROLE, "schedules"]), st.sampled_from([*PEOPLE[3], "max_km", "remote"]), anything, anything)
def test_whatever_a_key_holds_the_answer_is_a_run_or_a_named_error(files, capsys, role_key, person_key, one, other):
    folder = files([{**ROLE, role_key: one}], [{**PEOPLE[3], person_key: other}])
    code = run(folder, "--explain", folder / "E.jsonl")
    said = capsys.readouterr().err
    assert code in (0, 2)
    assert (code == 2) == (", line 1" in said)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60))
def test_whatever_bytes_a_file_holds_the_answer_is_a_run_or_a_named_error(files, capsys, data):
    folder = files([ROLE], PEOPLE)
    (folder / "C.jsonl").write_bytes(data)
    code = run(folder)
    assert (code == 2) == ("C.jsonl, line" in capsys.readouterr().err)


def test_the_command_line_runs_as_written(files):
    folder = files([ROLE], PEOPLE)
    words = ("rank", "--roles", "R.jsonl", "--candidates", "C.jsonl", "--out", "run.txt")
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from matcher.__main__ import main; sys.exit(main(sys.argv[1:]))", *words],
        cwd=folder, env={"PYTHONPATH": str(rank_root())}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert (folder / "run.txt").read_text().startswith("r1 Q0 strong 1 ")


def rank_root():
    from pathlib import Path

    return Path(evaluate.__file__).parents[2]


def test_evaluate_prints_each_figure_and_compares_two_runs(tmp_path, capsys):
    (tmp_path / "run").write_text("q Q0 a 1 3.0 m\nq Q0 b 2 2.0 m\nq Q0 c 3 1.0 m\np Q0 z 1 1 m\n")
    (tmp_path / "other").write_text("q Q0 b 1 3.0 m\np Q0 z 1 1 m\n")
    (tmp_path / "J").write_text("q 0 a 0\nq 0 b 4\nq 0 d 1\np 0 z 1\n")
    words = ["--run", str(tmp_path / "run"), "--judgments", str(tmp_path / "J"), "--json"]
    assert evaluate_main([*words, "--against", str(tmp_path / "other")]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["MRR"] == pytest.approx((0.5 + 1) / 2)
    assert found["MAP"] == pytest.approx((0.25 + 1) / 2)
    assert found["recall@10"] == pytest.approx((0.5 + 1) / 2)
    assert found["MRR gain"] == pytest.approx(-0.25)


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("run", "q Q0 a 1 high m\n", "run, line 1, score"),
        ("run", "q Q0 a first 1 m\n", "run, line 1, rank"),
        ("run", "q Q0 a 1 1 m\nq Q0 a 2 1 m\n", "run, line 2, id"),
        ("run", "q Q0 a 1 nan m\n", "run, line 1, score"),
        ("run", "q a 1\n", "run, line 1"),
        ("J", "q 0 a 5\n", "J, line 1, grade"),
        ("J", "q 0 a 1\nq 0 a 1\n", "J, line 2, id"),
        ("J", "q 0 a 0\n", "J, grade"),
    ],
)
def test_a_bad_run_or_judgment_is_named_by_file_line_and_key(tmp_path, capsys, name, text, place):
    (tmp_path / "run").write_text("q Q0 a 1 3.0 m\n")
    (tmp_path / "J").write_text("q 0 a 1\n")
    (tmp_path / name).write_text(text)
    assert evaluate_main(["--run", str(tmp_path / "run"), "--judgments", str(tmp_path / "J")]) == 2
    assert place in capsys.readouterr().err


def test_names_that_differ_in_a_digit_alone_are_different_skills(files):
    wanted = [{"skill": f"s{n}", "level": 1, "must": True, "weight": 1} for n in range(5)]
    folder = files([{"id": "r", "title": "R", "requirements": wanted}], [
        {"id": "all", "skills": [held(f"S{n}", 2) for n in range(5)]},
        {"id": "some", "skills": [held(f"s{n}", 2) for n in (0, 7, 8)]},
    ])  # fmt: skip
    assert run(folder) == 0
    lines = [line.split() for line in (folder / "run.txt").read_text().splitlines()]
    assert [line[2] for line in lines] == ["all", "some"]
    assert float(lines[0][4]) > float(lines[1][4]) + 0.3
