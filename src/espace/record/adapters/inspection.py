"""Opening files that people send, in a process of its own with little memory and time and no secret (`bounded`).

What is wrong with a file is told by the process, or by its end: one that it could not open within its bounds is
outsized. The server's own process never parses a PDF and never decodes a picture. Few such processes run at once
(`apart`).
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from espace.kernel.reasons import Reason
from espace.kernel.reasons import documents as reasons
from espace.kernel.words import Refused
from espace.record.adapters.apart import Turns, answered
from espace.wire.files.pictures import MAX_PIXELS

_PROGRAM = Path(__file__).with_name("bounded.py")
_SECONDS = 30
"""By the wall, for a machine where others work too; the process has fifteen of its own."""
_OPENED = 400 * 1024 * 1024
"""What all the streams of one PDF may hold together, once decompressed."""
_FAULTS: Mapping[str, Reason | None] = {
    "": None,
    "active": reasons.FILE_ACTIVE,
    "broken": reasons.FILE_BROKEN,
    "encrypted": reasons.FILE_ENCRYPTED,
    "outsized": reasons.FILE_OUTSIZED,
}


TURNS = Turns(at_once=2, waiting=8, seconds=10)
"""Of one process of the server: two of these have at most 2 GB and two processors."""


def faults_of_pdf(files: Sequence[bytes]) -> tuple[Reason | None, ...]:
    """Why each PDF is refused, None for one that is not; those after one that could not be opened are not looked at.

    Raises Refused: TEMPORARILY_UNAVAILABLE where no process can be started, FILES_BUSY where too many are.
    """
    if not files:
        return ()
    answer, whole = _run({"task": "pdf", "opened": _OPENED}, files)
    found = [_FAULTS[line] for line in answer.decode().split("\n")[:-1]]
    if len(found) < len(files):
        found.append(reasons.FILE_OUTSIZED if not whole else reasons.FILE_BROKEN)
    return tuple(found + [None] * (len(files) - len(found)))


def pdf_of_photos(photos: Sequence[bytes], *, most: int) -> bytes:
    """One PDF, a page for each picture. Raises Refused: FILE_OUTSIZED where it takes too much or ends up over `most`
    bytes, FILE_BROKEN, TEMPORARILY_UNAVAILABLE, FILES_BUSY."""
    answer, whole = _run({"task": "photos", "most": most}, photos)
    if not whole or len(answer) > most:
        raise Refused(reasons.FILE_OUTSIZED)
    if not answer:
        raise Refused(reasons.FILE_BROKEN)
    return answer


def _run(asked: Mapping[str, object], files: Sequence[bytes]) -> tuple[bytes, bool]:
    """What the process answered, and whether it ended by itself: False when it met a bound."""
    header = json.dumps({**asked, "pixels": MAX_PIXELS, "sizes": [len(one) for one in files]}).encode()
    command = [sys.executable, "-I", str(_PROGRAM)]
    return answered(command, (header, b"\n", *files), TURNS, _SECONDS)
