"""Opening the archives that others send, in a process of its own with little memory and time and no secret
(`bounded_zip`): the server's own process never reads the directory of one, and never unpacks a byte of it."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from espace.kernel.reasons import Reason
from espace.kernel.reasons import xdm as reasons
from espace.kernel.words import Refused
from espace.record.adapters.apart import Turns, answered

_PROGRAM = Path(__file__).with_name("bounded_zip.py")
_SECONDS = 30
"""By the wall, for a machine where others work too; the process has fifteen of its own."""
_FAULTS: Mapping[str, Reason] = {
    "malformed": reasons.ARCHIVE_MALFORMED,
    "unsafe": reasons.ARCHIVE_UNSAFE,
    "outsized": reasons.ARCHIVE_OUTSIZED,
}
TURNS = Turns(at_once=2, waiting=16, seconds=10)
"""Of one process of the server."""


def unpacked(data: bytes, *, folder: str, most: int) -> dict[str, bytes]:
    """The files of that folder of an archive, by the names in it, `most` bytes together at most; a name is a path
    inside the archive, and leads to nothing else.

    Raises Refused: ARCHIVE_MALFORMED, ARCHIVE_UNSAFE, ARCHIVE_OUTSIZED, TEMPORARILY_UNAVAILABLE, FILES_BUSY.
    """
    header = json.dumps({"folder": folder, "most": most, "size": len(data)}).encode()
    # -S: nothing that was installed is needed.
    command = [sys.executable, "-I", "-S", str(_PROGRAM)]
    answer, whole = answered(command, (header, b"\n", data), TURNS, _SECONDS)
    if not whole or not answer:
        raise Refused(reasons.ARCHIVE_OUTSIZED)
    line, _, rest = answer.partition(b"\n")
    said = json.loads(line)
    if "fault" in said:
        raise Refused(_FAULTS[said["fault"]], detail=said["detail"])
    return _cut(said["files"], memoryview(rest))


def _cut(files: list[tuple[str, int]], rest: memoryview) -> dict[str, bytes]:
    found, at = dict[str, bytes](), 0
    for name, size in files:
        found[name] = bytes(rest[at : at + size])
        at += size
    return found
