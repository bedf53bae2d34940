"""What the tests of areas share: the loaded taxonomy, and a hub with an employer."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from matcher.kit import crypto
from matcher.kit.settings import Settings
from tests.areas.taxonomy_db import taxonomy_file, taxonomy_session
from tests.factories.roles import Town

__all__ = ["taxonomy_file", "taxonomy_session"]


@pytest.fixture
def town(backend: str, settings: Settings, session: Session, at: datetime) -> Town:
    """A hub with an active employer that committed."""
    crypto.configure(settings)
    return Town.found(session, at)
