"""`./espace adviser`: the accounts that are digital advisers' (any home)."""

import argparse
import sys
from functools import partial
from uuid import UUID

from espace.site.runtime import close_connections, opened
from espace.site.terminal import Failed, say

MOST_STRUCTURE = 100


def arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="add | list | remove")
    add = what.add_parser("add", help="name somebody a digital adviser, or say where they work now")
    add.add_argument("email", help="the address of their own account, which is a holder's like any other")
    add.add_argument("--structure", required=True, help="where they work, as whom they help reads it")
    what.add_parser("list", help="addresses and structures")
    remove = what.add_parser("remove", help="they begin no session any more, and those that last end at once")
    remove.add_argument("email")


def run(options: argparse.Namespace) -> int:
    with opened():
        try:
            if options.what == "list":
                return _list()
            return _add(options.email, options.structure) if options.what == "add" else _remove(options.email)
        finally:
            close_connections()


def _add(email: str, structure: str) -> int:
    from espace.identity.actions.advising import name_adviser

    structure = " ".join(structure.split())
    if not structure or len(structure) > MOST_STRUCTURE or not structure.isprintable():
        raise Failed(f"--structure is a name, of {MOST_STRUCTURE} characters at most.")
    name_adviser(account=_account(email), structure=structure)
    say(f"{email} is a digital adviser: {structure}")
    return 0


def _list() -> int:
    from espace.identity.queries.advising import advisers

    found = advisers()
    for one in found:
        sys.stdout.write(f"{one.address}  {one.structure}\n")
    say(f"{len(found)} adviser{'' if len(found) == 1 else 's'}")
    return 0


def _remove(email: str) -> int:
    """Again ends what was begun at the same moment, should any have been."""
    from espace.identity.actions.advising import remove_adviser

    account = _account(email)
    there = remove_adviser(account=account)
    ended = _end_sessions(account)
    say(f"{'removed' if there else 'no adviser'}, {ended} session{'' if ended == 1 else 's'} ended")
    return 0


def _account(email: str) -> UUID:
    from espace.identity.queries.advising import accounts_at

    found = accounts_at(email)
    if len(found) != 1:
        raise Failed("several accounts have that address." if found else "no account has that address.")
    return found[0]


def _end_sessions(account: UUID) -> int:
    from espace.access import gate
    from espace.edge import now
    from espace.identity.actions.mandates import operator_ends
    from espace.identity.facts.mandates import Helped, Helps
    from espace.identity.queries import actor_of_account, helped_by
    from espace.kernel.words import Actor, ActorKind, Purpose, Verb

    adviser = actor_of_account(account)
    operator = Actor(ActorKind.SYSTEM, UUID(int=0), "L’exploitant")

    def end(one: Helped) -> bool:
        with gate.open_record(
            actor=operator, patient=one.patient, purpose=Purpose.SUPPORT, verb=Verb.END_HELP, at=now()
        ) as grant:
            return operator_ends(grant, one.mandate.id)

    lasting = helped_by(adviser, now()) if adviser else ()
    sessions = [one for one in lasting if one.mandate.kind is Helps.ADVISER]
    return sum(gate.run_again(partial(end, one)) for one in sessions)
