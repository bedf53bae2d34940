"""The benchmark's command: a small run prints and writes its table, a missing peer is named, bad words end in 2."""

import json

import pytest

from matcher.__main__ import main
from tests.bench import index as bench


def missing(_people):
    """A peer that is not installed."""
    raise ModuleNotFoundError("No module named 'elsewhere'", name="elsewhere")


def test_a_small_run_prints_a_ratio_for_each_way_and_names_a_missing_peer(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(bench, "PEERS", {"scipy CSR product": bench.PEERS["scipy CSR product"], "elsewhere": missing})
    out = tmp_path / "figures.json"
    words = ["bench", "index", "--candidates", "400", "--roles", "2", "--answers", "3", "--json", str(out)]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "400 people" in said
    assert "elsewhere                    is not installed" in said
    (report,) = json.loads(out.read_text())
    assert set(report["ratio"]) == {bench.OURS, bench.BARE, bench.SCORED, "scipy CSR product"}
    assert all(value > 0 for value in (*report["ratio"].values(), report["whole"]["p99"], report["change_ms"]))


@pytest.mark.parametrize("words", [
    [], ["nothing"], ["index", "--candidates", "many"], ["index", "--candidates", "0"], ["index", "--strange"],
    ["index", "--candidates", "40"],
])
def test_unusable_words_end_in_2_and_no_traceback(words, capsys):
    try:
        code = main(["bench", *words])
    except SystemExit as end:
        code = end.code
    assert code == 2
    assert "Traceback" not in capsys.readouterr().err
