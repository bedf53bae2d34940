"""`./dev check`: runs every check of the house, two at a time, and ends with one verdict."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from tests.house import files, habits, notice, words
from tests.house.files import ROOT

Check = Callable[[], str]  # returns what is wrong, or nothing


def tool(*command: str) -> str:
    """Run one tool of the environment. Returns what it said when it was not content."""
    module, *arguments = command
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return "" if done.returncode == 0 else (done.stdout or done.stderr).strip() or f"ended with code {done.returncode}"


def program(name: str, *arguments: str) -> str:
    """Run one program of the environment that cannot be started as a module."""
    path = Path(sys.executable).parent / name
    done = subprocess.run([path, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else (done.stdout or done.stderr).strip() or f"ended with code {done.returncode}"


def ours(check: Callable[[], Iterable[str]]) -> str:
    """Run one of our own checks."""
    return "\n".join(check())


CHECKS: dict[str, Check] = {
    "types (mypy --strict on matcher and web/kit)": partial(tool, "mypy"),
    "style (ruff check)": partial(tool, "ruff", "check", "--quiet", "."),
    "who imports whom (import-linter)": partial(program, "lint-imports", "--no-logo"),
    "templates (djlint)": partial(tool, "djlint", "--lint", "--quiet", "web/templates"),
    "safety (bandit)": partial(tool, "bandit", "-q", "-r", "matcher", "web", "-ll", "-c", "pyproject.toml"),
    "dependencies (deptry)": partial(tool, "deptry", "--no-ansi", "matcher", "web", "seeds"),
    "translations": partial(ours, words.missing),
    "percent signs in texts of templates": partial(ours, words.half_percents),
    "package-index addresses and paths of one machine": partial(ours, files.foreign_addresses),
    f"files over {files.MOST_LINES} lines": partial(ours, files.too_long),
    f"functions over {habits.MOST_FUNCTION_LINES} lines": partial(ours, habits.long_functions),
    "modules without a purpose": partial(ours, habits.without_purpose),
    "the domain reading the clock": partial(ours, habits.clock_readers),
    "commits outside the two places": partial(ours, habits.early_commits),
    "scripts and styles inside pages": partial(ours, habits.inline_code),
    "settings the guide does not explain": partial(ours, habits.undocumented_settings),
    "what NOTICE does not name": partial(ours, notice.out_of_date),
    "the top folder": partial(ours, files.strangers_at_the_top),
}


def timed(check: Check) -> tuple[str, float]:
    """What is wrong, and the seconds it took to find out. A check that breaks counts as wrong."""
    begun = time.monotonic()
    try:
        found = check()
    except Exception as error:  # one broken check must not hide what the others find
        found = f"the check itself failed: {error!r}"
    return found, time.monotonic() - begun


def main() -> int:
    """Run all checks and report each as it ends in the order of the list. Returns 1 when any is not content."""
    failed = []
    with ThreadPoolExecutor(2) as pool:
        results = [(name, pool.submit(timed, check)) for name, check in CHECKS.items()]
        for name, result in results:
            found, seconds = result.result()
            print(f"{'FAILED' if found else 'ok':6}  {name} ({seconds:.1f} s)", flush=True)
            if found:
                failed.append(name)
                print("        " + found.replace("\n", "\n        "), flush=True)
    print(
        f"\n{len(CHECKS) - len(failed)} of {len(CHECKS)} checks passed."
        + "".join(f"\n  not passed: {name}" for name in failed)
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
