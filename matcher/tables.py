"""Every table of the domain in one registry, for migrations, exports and tests."""

import importlib

from matcher.kit.base import Base

AREAS = (
    "kit.audit", "kit.outbox_models", "people.models", "organizations.models", "skills.models", "demographics.models",
    "training.models", "candidates.models", "roles.models", "applications.models", "placements.models",
    "matches.models", "outcomes.models", "papers.models",
)
for area in AREAS:
    importlib.import_module(f"matcher.{area}")

METADATA = Base.metadata
