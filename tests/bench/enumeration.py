"""Do sign-in, sign-up and reset take as long with an account as without one? Mann and Whitney's test on 200 of each."""

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from flask.testing import FlaskClient
from scipy import stats

from matcher.kit import crypto, migrate
from matcher.kit.session import make_engine, session_factory
from matcher.kit.settings import Settings
from matcher.people import actions as people
from web import create_app
from web.kit.limits import limiter

TIMES = 200
PASSWORD = "seven brown kettles sing at dawn"  # noqa: S105
Ask = Callable[[FlaskClient, str], int]


def sign_in(client: FlaskClient, email: str) -> int:
    """A wrong password."""
    return client.post("/account/sign-in", data={"email": email, "password": "not this one, surely"}).status_code


def sign_up(client: FlaskClient, email: str) -> int:
    """A new account, or one for an address that has one."""
    facts = {"name": "Jo Somebody", "email": email, "password": PASSWORD, "kind": "candidate"}
    return client.post("/account/sign-up", data=facts).status_code


def reset(client: FlaskClient, email: str) -> int:
    """A link for a new password."""
    return client.post("/account/reset", data={"email": email}).status_code


ASKED: dict[str, Ask] = {"sign in": sign_in, "sign up": sign_up, "reset": reset}
EXPECTED = {"sign in": 422, "sign up": 302, "reset": 302}


def run() -> None:
    """Print, for each form, both medians in milliseconds and p that both come from one distribution."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.from_env({"FIRST_RUNG_MODE": "development", "FIRST_RUNG_DATA": folder,
                                      "FIRST_RUNG_DATABASE_URL": f"sqlite:///{Path(folder) / 'timing.db'}"})
        engine = make_engine(settings.database_url)
        migrate.upgrade(engine)
        crypto.configure(settings)
        with session_factory(engine).begin() as session:
            for number in range(TIMES + 5):
                people.create_person(session, name="Jo Known", email=f"known{number}@example.org", verified=True,
                                     password=PASSWORD, at=datetime.now(UTC))
        app = create_app(settings)
        app.config.update(WTF_CSRF_ENABLED=False)
        limiter.enabled = False  # the answer is timed, not the refusal of the hundredth
        for name, ask in ASKED.items():
            print(_line(name, *_both(app.test_client(), name, ask)))


def _both(client: FlaskClient, name: str, ask: Ask) -> tuple[list[float], list[float]]:
    """Seconds with an account and without, asked in turn; the first few warm up."""
    took: tuple[list[float], list[float]] = ([], [])
    for number in range(TIMES + 5):
        pair = (f"known{number}@example.org", f"{name.replace(' ', '')}{number}@example.org")
        answers = []
        for which in (0, 1) if number % 2 else (1, 0):
            began = time.perf_counter()
            answers.append(ask(client, pair[which]))
            took[which].append(time.perf_counter() - began)
        if answers != [EXPECTED[name]] * 2:
            raise SystemExit(f"{name}: answered {answers}, where {EXPECTED[name]} is expected of both")
    return took[0][5:], took[1][5:]


def _line(name: str, known: list[float], unknown: list[float]) -> str:
    p = stats.mannwhitneyu(known, unknown).pvalue
    middle = [1000 * float(sorted(side)[len(side) // 2]) for side in (known, unknown)]
    return (f"{name}: with an account {middle[0]:.1f} ms, without {middle[1]:.1f} ms, p {p:.3f} "
            f"({'no difference seen' if p > 0.01 else 'they differ'}; wanted: p over .01)")


if __name__ == "__main__":
    run()
