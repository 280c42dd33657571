"""A vendor's messages, read from files by the readers of our own doors: every problem, with its place, rule and fix.

Nothing is sent anywhere, nothing of a message is kept in the report but places. What only a server can tell (whether
the patient has a space, whether an identifier is taken, whether an assertion is believed) is not judged.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC
from pathlib import Path

from espace import edge
from espace.kernel.reasons import Sentence
from espace.kernel.words import Problem
from espace.site.conform.facts import CannotRun, Difference, Family, Report, Result, Rule, Verdict
from espace.site.conform.reading import READERS, Read

MOST_BYTES = 72 * 1024 * 1024
MOST_FILES = 10_000
_KINDS: Mapping[str, Sentence] = {
    ".json": Sentence("FHIR", "FHIR"),
    ".xml": Sentence("SOAP ou CDA", "SOAP or CDA"),
    ".mime": Sentence("SOAP en parts (MTOM)", "SOAP in parts (MTOM)"),
    ".hl7": Sentence("HL7 v2", "HL7 v2"),
}
_SOURCES: Mapping[str, str] = {
    ".json": "IHE MHD 4.2.2 ; PDSm 3.1.1",
    ".xml": "IHE ITI TF-2 et TF-3 ; CI-SIS",
    ".mime": "IHE ITI TF-2 et TF-3, annexe V ; RFC 2387 ; W3C XOP",
    ".hl7": "CI-SIS, Transmission d’un document CDA en HL7 v2, 2.1",
}
_SOUND = Sentence(
    "Le message se lit en entier, sans problème, comme notre porte le lirait.",
    "The message is read whole, without a problem, as our door would read it.",
)
_TOO_LARGE = Sentence(f"{MOST_BYTES} octets au plus", f"{MOST_BYTES} bytes at most")


def run(path: Path, tell: Callable[[Result], None]) -> Report:
    """One verdict for each file of these kinds, below this folder or this file. Raises CannotRun."""
    begun, results = edge.now().astimezone(UTC), []
    for one in _files(path):
        results.append(_judged(one, path))
        tell(results[-1])
    if not results:
        raise CannotRun(f"{path}: no file whose name ends with {', '.join(READERS)}.")
    return Report(path.name or str(path), begun.strftime("%Y-%m-%dT%H:%M:%SZ"), tuple(results))


def _files(path: Path) -> Sequence[Path]:
    try:
        found = [path] if path.is_file() else sorted(one for one in path.rglob("*") if one.suffix.lower() in READERS)
        if not path.exists():
            raise CannotRun(f"{path}: there is no such file or folder.")
    except OSError as error:
        raise CannotRun(f"{path}: {error}.") from error
    if len(found) > MOST_FILES:
        raise CannotRun(f"{path}: {MOST_FILES} files at most.")
    return [one for one in found if one.is_file() and one.suffix.lower() in READERS]


def _judged(file: Path, below: Path) -> Result:
    kind, begun = file.suffix.lower(), time.monotonic()
    name = file.name if file == below else file.relative_to(below).as_posix()
    differences = tuple(_differences(file, READERS[kind]))
    return Result(
        name,
        Family.MESSAGE,
        Sentence(f"{name} ({_KINDS[kind].fr})", f"{name} ({_KINDS[kind].en})"),
        Rule(_SOUND, _SOURCES[kind]),
        Verdict.FAILED if differences else Verdict.PASSED,
        differences,
        seconds=time.monotonic() - begun,
    )


def _differences(file: Path, read: Read) -> Iterator[Difference]:
    try:
        if file.stat().st_size > MOST_BYTES:
            yield Difference(_at(file.name), _TOO_LARGE, f"{file.stat().st_size}", _TOO_LARGE)
            return
        data = file.read_bytes()
    except OSError as error:
        raise CannotRun(f"{file}: {error}.") from error
    seen = set[tuple[str, str, str]]()
    for problem in read(data):
        key = (problem.reason.code, problem.place, problem.detail)
        if key not in seen:
            seen.add(key)
            yield _difference(problem)


def _difference(problem: Problem) -> Difference:
    reason = problem.reason
    return Difference(
        _at(problem.place or "—"),
        reason.professional,
        problem.detail or "—",
        reason.fix or reason.professional,
        reason.told_code,
    )


def _at(place: str) -> Sentence:
    return Sentence(place, place)
