"""Where a redirect may lead: to a path of this site and nowhere else."""

from urllib.parse import urlsplit


def local_path(wanted: str | None, otherwise: str = "/") -> str:
    """The wanted path when it stays on this site, else the other one."""
    if not wanted or not wanted.startswith("/") or wanted[:2] in ("//", "/\\"):
        return otherwise
    if any(ord(c) < 32 or c == "\\" for c in wanted):
        return otherwise
    parts = urlsplit(wanted)
    return otherwise if parts.scheme or parts.netloc else wanted
