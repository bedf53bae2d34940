"""The verbs for hubs and models on a command line: what they say, what they keep, and a sentence for every mistake."""

import pytest
from sqlalchemy import Engine, func, select

from matcher.kit.session import session_factory
from matcher.kit.settings import Settings
from matcher.matches import model_command
from matcher.organizations.models import Hub
from matcher.tasks import hub_command

pytestmark = pytest.mark.usefixtures("here")
FOUND = ("found", "elm-creek", "Elm Creek hub", "--place", "Elm Creek", "--latitude", "41.2", "--longitude", "-93.1",
         "--wage-area")


@pytest.fixture
def here(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands work on the test's own database."""
    monkeypatch.setattr(Settings, "from_env", lambda *_: settings)


def _hubs(engine: Engine) -> int:
    with session_factory(engine)() as session:
        return session.scalar(select(func.count()).select_from(Hub)) or 0


def test_a_hub_is_opened_once_and_listed(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    assert hub_command.main(["list"]) == 0
    assert capsys.readouterr().out == "No hub yet.\n"
    assert hub_command.main([*FOUND, "US"]) == 0
    assert "Elm Creek hub is open at /hubs/elm-creek/." in capsys.readouterr().out
    assert hub_command.main(["list"]) == 0
    assert capsys.readouterr().out.split() == ["elm-creek", "Elm", "Creek", "hub"]
    assert hub_command.main([*FOUND, "US"]) == 2
    assert capsys.readouterr().err.strip()
    assert _hubs(engine) == 1


@pytest.mark.parametrize(("main", "words", "said"), [
    (hub_command.main, ["operator", "nowhere", "someone@example.org"], "There is no hub called nowhere."),
    (model_command.main, ["list", "--hub", "nowhere"], "There is no hub called nowhere."),
    (model_command.main, ["hold", "--hub", "nowhere"], "--reason"),
    (hub_command.main, ["close"], "close"),
])
def test_a_mistake_is_answered_by_a_sentence_and_keeps_nothing(
    main: object, words: list[str], said: str, engine: Engine, capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(words) == 2  # type: ignore[operator]
    told = capsys.readouterr()
    assert said in told.err
    assert (told.out, "Traceback" in told.err) == ("", False)
    assert _hubs(engine) == 0


def test_a_hub_without_a_model_says_what_ranks(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    assert hub_command.main([*FOUND, "US"]) == 0
    capsys.readouterr()
    assert model_command.main(["list", "--hub", "elm-creek"]) == 0
    assert capsys.readouterr().out == "The fixed weights of stage 0 are in use.\n"
    assert model_command.main(["show", "7", "--hub", "elm-creek"]) == 2
    assert capsys.readouterr().err == "elm-creek has no model 7.\n"
