"""Every pair of colors that stands on another is far enough apart to be read, in light and in dark (WCAG 2.2 AA)."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[2] / "web" / "styles" / "_tokens.scss").read_text()
GROUNDS = ("paper", "card", "sunk")
TEXT = [(ink, ground) for ink in ("ink", "ink-2", "ink-3", "blue", "blue-strong") for ground in GROUNDS] + [
    ("ink", "blue-2"),
    ("ink", "sun-2"),
    ("ink", "leaf-2"),
    ("ink", "brick-2"),
    ("blue-strong", "blue-2"),
    ("leaf", "leaf-2"),
    ("brick", "brick-2"),
    ("brick", "card"),
    ("brick", "paper"),
    ("brick-strong", "brick-2"),
    ("sun-ink", "card"),
    ("sun-ink", "paper"),
    ("on-blue", "blue"),
    ("on-blue", "blue-strong"),
    ("card", "brick"),
    ("blue", "sun-2"),
    ("on-leaf", "leaf"),
    ("paper", "ink"),
]
MARKS = [
    ("edge", "card"),
    ("edge", "paper"),
    ("leaf", "card"),
    ("leaf", "line"),
    ("sun-ink", "card"),
    ("blue", "paper"),
]


def scheme(name: str) -> dict[str, str]:
    """The custom properties of one scheme, name to hexadecimal color."""
    block = (
        TOKENS.split("@mixin dark {")[1].split("}")[0] if name == "dark" else TOKENS.split(":root {")[1].split("}")[0]
    )
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,6});", block))


def luminance(color: str) -> float:
    """Relative luminance, 0 to 1, as WCAG 2.2 defines it."""
    digits = color[1:] if len(color) == 7 else "".join(c * 2 for c in color[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colors, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_21_to_1() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXT, 4.5), (MARKS, 3.0)], ids=["text", "marks"])
def test_colors_can_be_told_apart(name: str, pairs: list[tuple[str, str]], least: float) -> None:
    colors = scheme(name)
    poor = {
        f"{a} on {b}": round(contrast(colors[a], colors[b]), 2)
        for a, b in pairs
        if contrast(colors[a], colors[b]) < least
    }
    assert not poor
