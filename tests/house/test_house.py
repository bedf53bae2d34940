"""The rules of the house hold, and the checks would notice if they did not."""

import ast
import re
from collections.abc import Callable, Iterable

import pytest

from tests.house import files, habits, notice, words
from tests.house.__main__ import program

RULES = (
    files.too_long, files.foreign_addresses, files.strangers_at_the_top, habits.without_purpose, habits.long_functions,
    habits.clock_readers, habits.early_commits, habits.inline_code, habits.undocumented_settings,
    words.missing, words.half_percents, notice.out_of_date,
)  # fmt: skip


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule_holds(rule: Callable[[], Iterable[str]]) -> None:
    """Nothing breaks this rule; the message of a failure lists what does."""
    assert list(rule()) == []


def test_imports_obey_the_contracts() -> None:
    """Who may import whom is law (house rule; invariant on the voluntary answers)."""
    assert program("lint-imports", "--no-logo") == ""


def test_both_locks_agree() -> None:
    """What is tested is what runs: the development lock holds every package of the other at the same version."""
    pin = re.compile(r"^([\w.\[\],-]+==\S+)", re.MULTILINE)
    run, develop = ((files.ROOT / name).read_text() for name in ("requirements.lock", "requirements-dev.lock"))
    assert pin.findall(run)
    assert set(pin.findall(run)) <= set(pin.findall(develop))


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_package_is_held_by_its_hash(name: str) -> None:
    """Each pinned package is followed by at least one hash."""
    entries = re.split(r"\n(?=\w)", (files.ROOT / name).read_text().strip())
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize(
    "line",
    [
        "see https://" + "pypi" + ".org/simple",
        '"resolved": "' + "https://registry." + "npmjs" + '.org/x"',
        "--extra-" + "index-" + "url=https://example.org/simple",
    ],
)
def test_an_index_address_would_be_found(line: str) -> None:
    """The check recognises the usual forms."""
    assert files.INDEX_ADDRESS.search(line)


@pytest.mark.parametrize("line", ['<p style="color:red">', "<button onclick='go()'>", "<script>go()</script>"])
def test_inline_code_would_be_found(line: str) -> None:
    """The check recognises what the content policy refuses."""
    assert habits.INLINE.search(line)


def test_inline_check_lets_ordinary_markup_pass() -> None:
    """Scripts of our own and attributes that only look alike are fine."""
    assert not habits.INLINE.search('<script src="/static/htmx.js" defer></script><p class="on" data-style="x">')


def test_a_clock_call_would_be_found() -> None:
    """The check recognises the ways of reading the clock."""
    for call in ("datetime.now(UTC)", "datetime.datetime.utcnow()", "date.today()", "time.time()"):
        node = ast.parse(call, mode="eval").body
        assert isinstance(node, ast.Call)
        assert habits.CLOCK_CALL.fullmatch(ast.unparse(node.func))
