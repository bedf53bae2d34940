"""`audit` reads anybody's decisions, and names file, line and column of what has to be corrected; never a traceback."""

import csv
import io
import json
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcher.ranking.audit_command import main
from matcher.ranking.audit_intake import read_decisions

HEAD = "role,stage,selected,sex\n"
CHECK = HEAD + "".join(f"r,interviewed,{int(at < 48)},men\n" for at in range(80)) + "".join(
    f"r,interviewed,{'yes' if at < 12 else 'no'},women\n" for at in range(40)
)  # fmt: skip


@pytest.fixture
def run(tmp_path, capsys):
    """Write a file, audit it, and give back exit code, output and error."""

    def audited(text, *options):
        path = tmp_path / "D.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        code = main(["--decisions", str(path), *options])
        said = capsys.readouterr()
        return code, said.out, said.err

    return audited


def test_the_check_value_is_printed_to_its_last_digit(run):
    code, out, err = run(CHECK)
    assert (code, err) == (0, "")
    women = next(line.split() for line in out.splitlines() if line.split()[:1] == ["women"])
    assert women == ["women", "40", "12", "0.300", "0.50", "0.30–0.83", "-3.10", ".0019", ".0019", "27.1", "adverse"]
    assert "Stage interviewed by sex: adverse" in out


def test_json_holds_every_figure_of_the_tables(run):
    code, out, _ = run(CHECK, "--json")
    found = json.loads(out)
    assert code == 0
    assert found["verdict"] == "adverse"
    [one] = found["stages"]
    row = next(row for row in one["rows"] if row["group"] == ["women"])
    assert (row["n"], row["selected"], round(row["ratio"], 2), round(row["z"], 2)) == (40, 12, 0.5, -3.1)
    assert one["unknown"]["n"] == 0


@pytest.mark.parametrize("changed", [
    lambda text: b"\xef\xbb\xbf" + text.encode(), lambda text: text.replace("\n", "\r\n").encode(),
    lambda text: text.replace("women", '" women "').replace("men,", '"men",').encode(),
    lambda text: text.replace("\n", "\n\n").encode(), lambda text: text.replace("selected", "Selected").encode(),
    lambda text: text.rstrip("\n").encode(), lambda text: text.replace("\n", "\r").encode(),
])  # fmt: skip
def test_the_same_table_from_another_program_says_the_same(run, changed):
    assert run(changed(CHECK))[:2] == run(CHECK)[:2]


def test_quoted_cells_may_hold_commas_quotes_and_line_ends(run, tmp_path):
    text = 'role,stage,selected,group\n"Help desk, nights","called ""back""",1,"a,b"\nx,called,no,"two\nlines"\n'
    assert run(text)[0] == 0
    rows = read_decisions(tmp_path / "D.csv").rows
    assert rows[0].stage == 'called "back"'
    assert rows[1].groups == {"group": "two\nlines"}


def test_people_of_unknown_group_are_counted_in_the_table(run):
    code, out, _ = run(CHECK + "r,interviewed,1,\nr,interviewed,0,  \n")
    assert code == 0
    assert next(line.split() for line in out.splitlines() if "unknown" in line) == ["unknown", "2", "1", "0.500"]
    assert next(line.split() for line in out.splitlines() if line.split()[:1] == ["all"])[1] == "122"


def test_groups_and_crossings_are_chosen_and_may_be_repeated(run):
    text = "role,stage,selected,sex,race,age\n" + "".join(
        f"r,hired,{at % 2},{'fm'[at % 3 == 0]},{'bw'[at % 5 == 0]},x\n" for at in range(60)
    )
    heads = [line for line in run(text, "--groups", "sex", "--cross", "sex,race", "--cross", "race,age")[1].splitlines()
             if line.startswith("Stage")]  # fmt: skip
    assert [head.split(" by ")[1].split(":")[0] for head in heads] == ["sex", "sex × race", "race × age"]
    assert "f × b" in run(text, "--cross", "sex,race")[1]


def test_scores_are_audited_within_roles_and_raw(run):
    text = "role,stage,selected,score,sex\n" + "".join(
        f"{'ab'[at % 2]},scored,,{at + 100 * (at % 2)},{'fm'[at % 2]}\n" for at in range(40)
    )
    code, out, _ = run(text, "--scores")
    assert code == 0
    assert "scores above the median of their role, pooled" in out
    assert "scores above the median of all" in out
    found = json.loads(run(text, "--scores", "--json")[1])
    assert {row["group"][0]: row["selected"] for row in found["within"][0]["rows"]} == {"f": 10, "m": 10}
    assert {row["group"][0]: row["selected"] for row in found["raw"][0]["rows"]} == {"f": 0, "m": 20}
    assert found["stages"] == []


def test_small_cells_can_be_hidden_and_small_groups_compared(run):
    text = CHECK + "".join(f"r,interviewed,{at % 2},other\n" for at in range(2))
    some = CHECK + "".join(f"r,interviewed,{at % 2},other\n" for at in range(14)) + "r,interviewed,1,\n" * 30
    assert "left out: too few" in run(text)[1]
    assert "left out" not in run(text, "--min-share", "0")[1]
    assert "\n  other" not in run(text + "r,interviewed,1,\n" * 30, "--hide")[1]
    line = next(line.split() for line in run(some, "--hide")[1].splitlines() if line.split()[:1] == ["other"])
    assert line[1:4] == ["–", "–", "–"]


def test_tables_go_to_a_file_when_asked(run, tmp_path):
    code, out, _ = run(CHECK, "--out", str(tmp_path / "tables.txt"))
    assert (code, out) == (0, "")
    assert (tmp_path / "tables.txt").read_text("utf-8") == run(CHECK)[1]


@pytest.mark.parametrize(("text", "options", "place", "key"), [
    ("", (), "line 1", "role"), ("role,stage,sex\nr,s,f\n", (), "line 1", "selected"),
    ("role,stage,selected\nr,s,1\n", (), "line 1", "group column"), (HEAD, (), "D.csv", "no decisions"),
    ("role,stage,selected,sex,sex\n", (), "line 1", "sex"), ("role,stage,selected,\n", (), "line 1", "column 4"),
    (HEAD + "r,s,1,f\nr,s,maybe,f\n", (), "line 3", "selected"), (HEAD + "r,s,,f\n", (), "line 2", "selected"),
    (HEAD + "r,s,2,f\n", (), "line 2", "selected"), (HEAD + "r,s,1\n", (), "line 2", "3 fields"),
    (HEAD + "r,s,1,f,g\n", (), "line 2", "5 fields"), (HEAD + ",s,1,f\n", (), "line 2", "role"),
    (HEAD + "r,,1,f\n", (), "line 2", "stage"), (HEAD + 'r,s,1,"f\n', (), "line", "CSV"),
    (HEAD + 'r,s,1,"f"x\n', (), "line 2", "CSV"), (HEAD + "r,s,1,f\0\n", (), "line 2", "NUL"),
    ((HEAD + "r,s,1,f\n").encode() + b"r,s,0,\xff\n", (), "line 3", "UTF-8"), ("\x1f\x8b", (), "line 1", "role"),
    ("role,stage,selected,score,sex\nr,s,1,tall,f\n", (), "line 2", "score"),
    ("role,stage,selected,score,sex\nr,s,1,nan,f\n", (), "line 2", "score"),
    ("role,stage,selected,candidate,sex\nr,s,1,c,f\nr,s,0,c,f\n", (), "line 3", "candidate"),
    (CHECK, ("--groups", "race"), "line 1", "race"), (CHECK, ("--cross", "sex,race"), "line 1", "race"),
    (CHECK, ("--cross", "sex,sex"), "line 1", "sex"), (CHECK, ("--scores",), "line 1", "score"),
    (CHECK, ("--out", "/nowhere/at/all.txt"), "/nowhere", "written"),
])  # fmt: skip
def test_bad_input_is_one_line_that_names_the_place(run, text, options, place, key):
    code, out, err = run(text, *options)
    assert code == 2
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith("audit: ")
    assert place in err
    assert key in err


@pytest.mark.parametrize("options", [
    (), ("--decisions", "x", "--min-share", "2"), ("--decisions", "x", "--min-share", "much"),
    ("--decisions", "x", "--cross", "a,,b"), ("--decisions", "/nowhere/D.csv"), ("--decisions", "."),
    ("--decisions", "a\0b"),
])  # fmt: skip
def test_bad_options_end_with_two(options, capsys):
    assert main(list(options)) == 2
    assert "Traceback" not in capsys.readouterr().err


WORDS = ["r", "s", "0", "1", "yes", "no", "f", "m", "", " ", '"', "role", "score"]
cells = st.text(max_size=6) | st.sampled_from(WORDS)


def _table(rows):
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8", "replace")


@given(st.binary(max_size=200) | st.lists(st.lists(cells, max_size=6), max_size=6).map(_table)
       | st.lists(st.lists(cells, min_size=4, max_size=4), max_size=5).map(
           lambda rows: _table([["role", "stage", "selected", "sex"], *rows])))  # fmt: skip
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_file_holds_there_is_a_table_or_one_line_of_error(tmp_path, capsys, data):
    path = tmp_path / "D.csv"
    path.write_bytes(data)
    code = main(["--decisions", str(path)])
    said = capsys.readouterr()
    assert code in (0, 2)
    assert (said.err == "") == (code == 0)
    assert code == 0 or (said.err.startswith("audit: ") and said.err.count("\n") == 1 and said.out == "")


def test_the_verb_is_there(tmp_path):
    path = tmp_path / "D.csv"
    path.write_text(CHECK)
    done = subprocess.run([sys.executable, "-m", "matcher", "audit", "--decisions", str(path)], capture_output=True,
                          text=True)  # fmt: skip
    assert done.returncode == 0
    assert "adverse" in done.stdout
