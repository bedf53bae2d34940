"""What the tests of areas share: the loaded taxonomy."""

from tests.areas.taxonomy_db import taxonomy_file, taxonomy_session

__all__ = ["taxonomy_file", "taxonomy_session"]
