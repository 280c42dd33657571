"""`./espace mandate`: who stands for whom by an authority's word, and what somebody says is wrong (any home)."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from espace.site.runtime import close_connections, opened
from espace.site.terminal import Failed, say

if TYPE_CHECKING:
    # Models are behind these: only once Django is set up.
    from espace.kernel.reasons import Reason
    from espace.site.mandate_file import Stated

BY = "L’exploitant, sur déclaration"
ADDED, ALREADY, REFUSED = "added", "there already", "refused"


def arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="attach | list | end")
    attach = what.add_parser("attach", help="enter parents of minors and guardians from a CSV file")
    attach.add_argument("file", type=Path, help="CSV: ins,oid,helper_ins,helper_oid,kind,scope,until,measure,decision")
    attach.add_argument("--by", default=BY, help="the authority that states it, as the access log names it")
    attach.epilog = (
        "UTF-8 with that header; kind is parent or guardian, scope read or act, until an ISO date; a guardian needs a "
        "measure and the reference of the decision. Each person declares it themselves before anything opens. Refused "
        "lines are reported with their reason; the same file again changes nothing."
    )
    listed = what.add_parser("list", help="what somebody contests: references and dates, nobody's name")
    listed.add_argument("--contested", action="store_true", required=True, help="those that somebody contests")
    end = what.add_parser("end", help="end one that was shown to be without right")
    end.add_argument("reference", type=UUID, help="as « list --contested » prints it")


def run(options: argparse.Namespace) -> int:
    with opened() as config:
        try:
            if options.what == "attach":
                return _attach(options.file, options.by, test_identities=config.test_identities)
            return _end(options.reference) if options.what == "end" else _list()
        finally:
            close_connections()


def _attach(file: Path, by: str, *, test_identities: bool) -> int:
    from espace.site.mandate_file import NotAMandateFile, read

    try:
        data = file.read_bytes()
    except OSError as error:
        raise Failed(f"{file} cannot be read: {error.strerror}.") from error
    done: dict[str, int] = {}
    try:
        for line in read(data, test_identities=test_identities):
            outcome, why = _stated(line.stated, by) if line.stated else (REFUSED, line.refusal)
            done[outcome] = done.get(outcome, 0) + 1
            if why:
                say(f"line {line.number}: {why}")
    except NotAMandateFile as error:
        raise Failed(str(error)) from error
    say(", ".join(f"{count} {outcome}" for outcome, count in done.items()) or "no line")
    return 1 if REFUSED in done else 0


def _stated(stated: "Stated", by: str) -> tuple[str, str]:
    """What became of a line, and why it was refused."""
    from espace.access import gate
    from espace.edge import now
    from espace.identity.actions.mandates import state_mandate
    from espace.identity.queries import patient_of
    from espace.kernel.reasons import decisions, helping
    from espace.kernel.words import Actor, ActorKind, Purpose, Refused, Verb

    helped, helper = patient_of(stated.helped), patient_of(stated.helper)
    if helped is None or helper is None:
        return REFUSED, _said(decisions.SPACE_UNKNOWN)
    actor = Actor(ActorKind.SYSTEM, UUID(int=0), by)

    def once() -> None:
        with gate.open_record(
            actor=actor, patient=helped, purpose=Purpose.SUPPORT, verb=Verb.STATE_HELP, at=now()
        ) as grant:
            state_mandate(
                grant, helper=helper, kind=stated.kind, proof=stated.proof, scope=stated.scope, until=stated.until
            )

    try:
        gate.run_again(once)
    except Refused as refused:
        there = refused.reason is helping.HELPS_ALREADY
        return (ALREADY, "") if there else (REFUSED, _said(refused.reason))
    return ADDED, ""


def _said(reason: "Reason") -> str:
    return f"{reason.told_code}: {reason.professional.en}"


def _list() -> int:
    from espace.identity.queries.mandates import contested

    found = contested()
    for one in found:
        sys.stdout.write(f"{one.reference}  since {one.since:%Y-%m-%d}\n")
    say(f"{len(found)} contested")
    return 0


def _end(reference: UUID) -> int:
    from espace.access import gate
    from espace.edge import now
    from espace.identity.actions.mandates import operator_ends
    from espace.identity.queries.mandates import patient_of_mandate
    from espace.kernel.words import Actor, ActorKind, Purpose, Verb

    patient = patient_of_mandate(reference)
    if patient is None:
        raise Failed("no such reference.")

    def once() -> bool:
        actor = Actor(ActorKind.SYSTEM, UUID(int=0), "L’exploitant")
        with gate.open_record(
            actor=actor, patient=patient, purpose=Purpose.SUPPORT, verb=Verb.END_HELP, at=now()
        ) as grant:
            return operator_ends(grant, reference)

    say("ended" if gate.run_again(once) else "it had ended already")
    return 0
