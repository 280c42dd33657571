"""Foreign judges of the tests: programs of others, for node, that the tests run against ours.

Every folder of `tests/foreign` with a `package.json` and its lock is installed once in the user's cache, under a
name that the lock makes: another lock is another installation, and nothing of it enters the repository.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from espace.site.source import ROOT

FOREIGN = ROOT / "tests" / "foreign"
MANIFEST, LOCK = "package.json", "package-lock.json"
NPM = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
SECONDS = 600


def judges(source: Path = FOREIGN) -> list[str]:
    """The names of the folders that have something to install."""
    return sorted(path.parent.name for path in source.glob(f"*/{MANIFEST}") if (path.parent / LOCK).is_file())


def place_of(name: str, environment: Mapping[str, str] = os.environ, source: Path = FOREIGN) -> Path:
    """Where a judge is installed, or will be."""
    home = Path(environment.get("HOME") or tempfile.gettempdir())
    cache = Path(environment.get("XDG_CACHE_HOME") or home / ".cache")
    mark = hashlib.sha256((source / name / LOCK).read_bytes()).hexdigest()[:16]
    return cache / "espace-foreign" / f"{name}-{mark}"


def installed(name: str) -> Path | None:
    """The folder in which a judge is installed (its `node_modules` is inside); None where it is not, or node is not."""
    place = place_of(name)
    return place if place.is_dir() and shutil.which("node") else None


def install(environment: Mapping[str, str] = os.environ, source: Path = FOREIGN) -> list[str]:
    """Install what is not there yet; a sentence for each judge that could not be."""
    wanted = [name for name in judges(source) if not place_of(name, environment, source).is_dir()]
    npm = shutil.which("npm", path=environment.get("PATH"))
    if wanted and npm is None:
        return ["the foreign judges that npm installs (apt-get install npm)."]
    return [line for name in wanted if npm and (line := _install(name, npm, environment, source))]


def _install(name: str, npm: str, environment: Mapping[str, str], source: Path) -> str:
    """Made aside and put in its place whole, so that two runs at once do no harm; "" when it is there."""
    place = place_of(name, environment, source)
    with suppress(OSError, subprocess.SubprocessError):
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=place.parent) as folder:
            made = Path(folder) / "made"
            made.mkdir()
            for file in (MANIFEST, LOCK):
                shutil.copy(source / name / file, made / file)
            command = [npm, *NPM]
            subprocess.run(command, cwd=made, env=dict(environment), capture_output=True, check=True, timeout=SECONDS)  # noqa: S603  ours
            made.rename(place)
    return "" if place.is_dir() else f"the foreign judge « {name} » (npm could not install it: is there a network?)."
