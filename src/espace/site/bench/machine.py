"""The machine of a run: a figure without it means nothing."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from espace.site.engine import binaries, major_version
from espace.site.places import places_of


def machine(home: Path) -> dict[str, str | int | float]:
    """Cores, memory, disk, versions, date; `load` is how busy it was before we began."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": len(os.sched_getaffinity(0)),
        "processor": _processor(),
        "memory_mib": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20,
        "disk": _filesystem(home),
        "load": round(os.getloadavg()[0], 2),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "postgresql": major_version(binaries(places_of(home))),
        **{name: version(name) for name in ("django", "psycopg", "granian")},
        "espace": version_of_ours(),
    }


def version_of_ours() -> str:
    """The commit that was checked out, where there is one."""
    git = Path(__file__).parents[4] / ".git"
    try:
        head = (git / "HEAD").read_text(encoding="ascii").strip()
        name = head.removeprefix("ref: ")
        return (head if name == head else (git / name).read_text(encoding="ascii").strip())[:12]
    except OSError:
        return ""


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _filesystem(folder: Path) -> str:
    """The kind of file system that holds the folder: fsync costs nothing on tmpfs, and means nothing."""
    mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines()]
    above = [(place, kind) for place, kind in mounts if Path(place) in (folder, *folder.parents)]
    return max(above, key=lambda one: len(one[0]), default=("", ""))[1]
