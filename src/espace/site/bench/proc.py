"""What processes cost, as the kernel counts it in /proc: a process with all its descendants."""

import os
from collections.abc import Iterator
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")


def family(root: int) -> list[int]:
    """The process and its descendants that live now."""
    children: dict[int, list[int]] = {}
    for pid, fields in _every():
        children.setdefault(int(fields[1]), []).append(pid)
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found


def cpu_seconds(root: int) -> float:
    """CPU time of the family since it began, of its members that ended too."""
    return sum(sum(map(int, fields[11:15])) for pid in family(root) if (fields := _fields(pid))) / _TICK


def peak_mib(root: int) -> float:
    """The highest resident memory of each member, added; what they share is counted once."""
    sizes = [_memory(pid) for pid in family(root)]
    private = sum(highest - shared for highest, shared in sizes)
    return (private + max((shared for _, shared in sizes), default=0)) / 1024


def begin_peak(root: int) -> float:
    """From here on the peak counts; what the family has now, as `peak_mib` says it. Other members are no part of it
    until it is begun again."""
    for pid in family(root):
        (_PROC / str(pid) / "clear_refs").write_text("5")  # proc(5): the highest resident size is the present one
    return peak_mib(root)


def _every() -> Iterator[tuple[int, list[str]]]:
    for entry in _PROC.iterdir():
        if entry.name.isdigit() and (fields := _fields(int(entry.name))):
            yield int(entry.name), fields


def _fields(pid: int) -> list[str]:
    """/proc/PID/stat after the name, from the state (field 3 of proc(5)) on; nothing when it ended."""
    try:
        return (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def _memory(pid: int) -> tuple[int, int]:
    """KiB: the highest resident size, and the shared memory in it now (PostgreSQL's buffers)."""
    try:
        lines = (_PROC / str(pid) / "status").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return 0, 0
    said = {name: value for name, _, value in (line.partition(":") for line in lines)}
    highest, shared = (int(said.get(name, "0 kB").split()[0]) for name in ("VmHWM", "RssShmem"))
    return highest, min(highest, shared)
