"""Draws how the cost of a list grows with the people: `.venv/bin/python docs/pictures/scale.py` reads scale.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import vl_convert

HERE = Path(__file__).resolve().parent
WIDTH, HEIGHT = 640, 340
NAMES = {
    "find": "find the best 50, filters on", "p50": "whole answer, median", "p99": "whole answer, 99th percentile",
}


def rows(reports: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A point for each size and way."""
    found = []
    for report in reports:
        values = {"find": report["ms"]["First Rung, filters on"], "p50": report["whole"]["p50"],
                  "p99": report["whole"]["p99"]}
        found += [{"people": report["candidates"], "ms": values[name], "way": text} for name, text in NAMES.items()]
    return found


def picture(points: list[dict[str, Any]]) -> dict[str, Any]:
    """The picture in Vega-Lite."""
    order = list(NAMES.values())
    log = {"type": "log", "nice": True}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": WIDTH, "height": HEIGHT, "background": "white", "data": {"values": points},
        "title": {"text": "Processor milliseconds of one list, by how many people there are", "anchor": "start"},
        "mark": {"type": "line", "point": {"size": 50, "filled": True}, "strokeWidth": 2.5},
        "encoding": {
            "x": {"field": "people", "type": "quantitative", "scale": log, "title": "people",
                  "axis": {"values": [1_000, 10_000, 100_000, 1_000_000], "format": ",d"}},
            "y": {"field": "ms", "type": "quantitative", "scale": log, "title": "milliseconds of one core",
                  "axis": {"values": [0.1, 0.3, 1, 3, 10, 30, 100], "format": "~g"}},
            "color": {"field": "way", "type": "nominal", "sort": order, "title": None,
                      "scale": {"domain": order, "range": ["#2378c3", "#538200", "#b50909"]}},
            "shape": {"field": "way", "type": "nominal", "sort": order, "legend": None},
        },
        "config": {"font": "sans-serif", "axis": {"labelFontSize": 12, "titleFontSize": 12},
                   "legend": {"labelFontSize": 12, "orient": "bottom", "labelLimit": 300}},
    }


def main() -> None:
    """Write scale.svg beside the figures."""
    reports = json.loads((HERE / "scale.json").read_text("utf-8"))
    (HERE / "scale.svg").write_text(vl_convert.vegalite_to_svg(picture(rows(reports))), "utf-8")


if __name__ == "__main__":
    main()
