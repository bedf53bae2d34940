"""What mails say about each area: one file per area, each adding its functions with `@context(kind)`."""

import importlib
import pkgutil


def load() -> list[str]:
    """Import every file of this folder, so that its functions are registered; returns their names."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    for name in names:
        importlib.import_module(f"{__name__}.{name}")
    return names
