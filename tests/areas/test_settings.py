"""Settings: production refuses what is missing or weak, a demonstration makes its own secrets, nothing leaks."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from matcher.kit.settings import SETTINGS, Settings, SettingsError, documented
from matcher.kit.settings_keys import kept_keys, new_field_key, new_key

SECRET = "q8Zr-4kVtT0mYw2LxNs6BhJp9CdEfGaK3uIo1"


def production(tmp_path: Path, **changes: str) -> dict[str, str]:
    """A sound production environment with some changes; an empty value takes the setting away."""
    environ = {
        "MODE": "production", "DATA": str(tmp_path), "SECRET_KEY": SECRET, "FIELD_KEYS": new_field_key("k1"),
        "INDEX_KEY": new_key(), "BASE_URL": "https://jobs.example.org", "SMTP_URL": "smtp://u:pw@mail.example.org:587",
        "MAIL_FROM": "First Rung <jobs@example.org>",
    } | changes
    return {f"FIRST_RUNG_{name}": value for name, value in environ.items() if value}


def problems(environ: dict[str, str]) -> list[str]:
    """What is wrong with an environment."""
    with pytest.raises(SettingsError) as refused:
        Settings.from_env(environ)
    return refused.value.problems


def test_sound_production_settings_are_taken(tmp_path: Path) -> None:
    settings = Settings.from_env(production(tmp_path))
    assert settings.production
    assert settings.https
    assert settings.host == "jobs.example.org"
    assert settings.url("/a/b") == "https://jobs.example.org/a/b"


def test_nothing_set_means_production_and_every_fault_is_listed_at_once() -> None:
    found = problems({})
    for name in ("DATA", "SECRET_KEY", "FIELD_KEYS", "INDEX_KEY", "BASE_URL", "SMTP_URL", "MAIL_FROM"):
        assert any(problem.startswith(f"FIRST_RUNG_{name} is not set") for problem in found), name


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SECRET_KEY", "short", "too easy to guess"),
        ("SECRET_KEY", "a" * 64, "too easy to guess"),
        ("FIELD_KEYS", "k1:" + "QUFB" * 8, "32 random bytes"),
        ("FIELD_KEYS", "k1:" + "A" * 43 + "=", "32 random bytes"),
        ("FIELD_KEYS", "k.1:" + "A" * 43 + "=", "name of key 1"),
        ("INDEX_KEY", "AAAA", "32 random bytes"),
        ("BASE_URL", "http://jobs.example.org", "https://"),
        ("BASE_URL", "https://localhost", "public host"),
        ("BASE_URL", "https://jobs.example.org/path", "nothing after it"),
        ("SMTP_URL", "smtp://mail.example.org?starttls=no", "unencrypted"),
        ("SMTP_URL", "mail.example.org", "smtp://"),
        ("MAIL_FROM", "no address", "address@your.host"),
        ("MAIL_FROM", "a@b.org\nBcc: x@y.org", "address@your.host"),
        ("DATA", "/nowhere/at/all", "make it"),
        ("DATABASE_URL", "mysql://u:p@h/d", "must start with"),
        ("QUEUE", "rabbit", "use one of"),
        ("QUEUE", "redis", "FIRST_RUNG_REDIS_URL is not set"),
        ("QUEUE", "postgres", "not PostgreSQL"),
        ("WEB_WORKERS", "4", "rate limits"),
        ("PROXIES", "-1", "whole number"),
        ("POLL_SECONDS", "never", "seconds from"),
        ("SECRETKEY", "x", "no setting"),
    ],
)
def test_one_weak_setting_is_the_one_problem(tmp_path: Path, name: str, value: str, told: str) -> None:
    found = problems(production(tmp_path, **{name: value}))
    assert len(found) == 1
    assert told in found[0]
    assert "pw" not in found[0].replace("password", "")


def test_the_same_key_name_twice_is_refused(tmp_path: Path) -> None:
    doubled = f"{new_field_key('k1')},{new_field_key('k1')}"
    assert "used twice" in problems(production(tmp_path, FIELD_KEYS=doubled))[0]


def test_secrets_may_come_from_files(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(SECRET + "\n")
    environ = production(tmp_path, SECRET_KEY="")
    environ["FIRST_RUNG_SECRET_KEY_FILE"] = str(tmp_path / "secret")
    assert Settings.from_env(environ).secret_key == SECRET
    environ["FIRST_RUNG_SECRET_KEY"] = SECRET
    assert "both set" in problems(environ)[0]
    del environ["FIRST_RUNG_SECRET_KEY"]
    environ["FIRST_RUNG_SECRET_KEY_FILE"] = str(tmp_path / "absent")
    assert any("cannot be read" in problem for problem in problems(environ))


def test_a_demonstration_makes_its_secrets_once_and_only_for_its_owner(tmp_path: Path) -> None:
    environ = {"FIRST_RUNG_MODE": "demo", "FIRST_RUNG_DATA": str(tmp_path / "data")}
    first, second = Settings.from_env(environ), Settings.from_env(environ)
    assert first == second
    assert len(first.secret_key) >= 32
    kept = tmp_path / "data" / "keys.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in kept.parent.iterdir()] == ["keys.json"]


def test_production_never_makes_or_reads_kept_secrets(tmp_path: Path) -> None:
    kept_keys(tmp_path)
    found = problems(production(tmp_path, SECRET_KEY="", FIELD_KEYS="", INDEX_KEY=""))
    assert len([problem for problem in found if "is not set" in problem]) == 3


def test_processes_that_start_at_once_agree_on_the_secrets(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        made = list(pool.map(lambda _: str(sorted(kept_keys(tmp_path).items())), range(64)))
    assert len(set(made)) == 1


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_postgresql_gets_the_driver_in_use(tmp_path: Path, scheme: str) -> None:
    settings = Settings.from_env(production(tmp_path, DATABASE_URL=f"{scheme}://u:p@h:5432/d?sslmode=require"))
    assert settings.database_url == "postgresql+psycopg://u:p@h:5432/d?sslmode=require"


def test_no_secret_shows_when_settings_are_printed(tmp_path: Path) -> None:
    environ = production(tmp_path, DATABASE_URL="postgresql://u:dbpass@h/d", REDIS_URL="redis://:rdpass@h/0")
    settings = Settings.from_env(environ)
    shown = f"{settings!r} {settings}"
    hidden = ("SECRET_KEY", "FIELD_KEYS", "INDEX_KEY", "SMTP_URL", "DATABASE_URL", "REDIS_URL")
    for secret in [environ[f"FIRST_RUNG_{name}"] for name in hidden] + ["dbpass", "rdpass", "pw@"]:
        assert secret not in shown
    assert repr(settings.index_key) not in shown


def test_every_setting_is_explained_and_read() -> None:
    rows = documented()
    assert {row["name"] for row in rows} == {f"FIRST_RUNG_{name}" for name in SETTINGS}
    assert all(row["meaning"].endswith(".") for row in rows)
    fields = set(Settings.__dataclass_fields__)
    assert {("data_dir" if name == "DATA" else name.lower()) for name in SETTINGS} == fields
