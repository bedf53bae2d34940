"""The extractor keeps its figures on real job ads, where the data folder is at hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.bench.extract_figures import Figure, figures

DATA = os.environ.get("FIRST_RUNG_DATA", "")
pytestmark = [pytest.mark.shared, pytest.mark.slow, pytest.mark.timeout(900),
              pytest.mark.skipif(not DATA or not Path(DATA, "extract").is_dir(),
                                 reason="FIRST_RUNG_DATA names no folder")]
FLOORS = {  # what was reached, less a little: a fall below is a fault
    "skillspan dev, knowledge F1 strict": 0.53, "skillspan dev, knowledge F1 loose": 0.728,
    "skillspan dev, skill F1 strict": 0.36, "skillspan dev, skill F1 loose": 0.675,
    "Spanish ads of our own, share right": 0.9,
}


@pytest.fixture(scope="module")
def found() -> dict[str, Figure]:
    return {row[0]: row for row in figures(Path(DATA))}


@pytest.mark.parametrize("name", FLOORS)
def test_a_figure_is_kept(found: dict[str, Figure], name: str) -> None:
    assert found[name][1] >= FLOORS[name]


def test_ours_is_above_the_names_alone(found: dict[str, Figure]) -> None:
    measured = [(value, others["gazetteer (here)"]) for _, value, _, others in found.values()
                if "gazetteer (here)" in others]
    assert len(measured) == 2
    assert all(value > names for value, names in measured)
