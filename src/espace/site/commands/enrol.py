"""`./espace enrol FILE.csv`: open spaces for the people of a file (demonstration and test homes; A01)."""

import argparse
from pathlib import Path

from espace.enrolment.facts import Candidate, Enrolled
from espace.site.runtime import close_connections, opened
from espace.site.terminal import Failed, say


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="CSV: ins,oid,birth_name,given_names,birth_date,sex,birth_place,email")
    parser.epilog = (
        "UTF-8 with that header; INS of 15 characters, given names separated by spaces, ISO date, M or F, "
        "five-character birthplace. Refused lines are reported, the others opened; the same file again "
        "changes nothing; somebody who objected is never opened."
    )


def run(options: argparse.Namespace) -> int:
    try:
        data = options.file.read_bytes()
    except OSError as error:
        raise Failed(f"{options.file} cannot be read: {error.strerror}.") from error
    with opened(marked=True) as config:
        try:
            return _enrol(data, test_identities=config.test_identities)
        finally:
            close_connections()


def _enrol(data: bytes, *, test_identities: bool) -> int:
    from espace.site.enrolment_file import NotAnEnrolmentFile, read

    done: dict[str, int] = {}
    try:
        for line in read(data, test_identities=test_identities):
            result = _opened(line.candidate) if line.candidate else None
            outcome = result or "refused"
            done[outcome] = done.get(outcome, 0) + 1
            if result not in (Enrolled.OPENED, Enrolled.ALREADY):
                say(f"line {line.number}: {line.refusal or _SENTENCES[outcome]}")
    except NotAnEnrolmentFile as error:
        raise Failed(str(error)) from error
    say(", ".join(f"{count} {outcome}" for outcome, count in done.items()) or "no line")
    return 1 if set(done) - {Enrolled.OPENED, Enrolled.ALREADY, Enrolled.OPPOSED} else 0


def _opened(candidate: Candidate) -> Enrolled:
    """Run again when another command enrols the same person at the same time: the second one sees the first."""
    from espace import edge
    from espace.access.gate import run_again
    from espace.enrolment.actions import enrol

    return run_again(lambda: enrol(candidate, at=edge.now()))


_SENTENCES = {
    "opposed": "this person objected: their space stays closed",
    "other_traits": "this INS belongs to somebody with other traits",
}
