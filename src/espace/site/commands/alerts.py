"""`./espace alerts`: what looks like abuse, for the operator. Never whose record it is about."""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from espace.access.facts import Alert, AlertKind, Outcome
from espace.access.rules.alerting import MOST_OF_AN_ORGANISATION, MOST_SHOWN, ranked
from espace.site.runtime import opened
from espace.site.terminal import Failed, say

if TYPE_CHECKING:
    from espace.identity.facts import Professional

LIST, SHOW, EXAMINE, CLOSE = "list", "show", "examine", "close"
_COLUMNS = ("id", "kind", "account", "organisation", "patient", "first", "last", "count", "examined by")
_MEANS: Mapping[AlertKind, str] = {
    AlertKind.COUNTRY: "the budget of the country is spent: whom nothing links opens no new patient anywhere",
    AlertKind.ORGANISATION: "the budget of this organisation is spent: whom nothing links opens no new patient there",
    AlertKind.IN_A_ROW: "this account asks about numbers that begin alike, as whoever walks through them does",
    AlertKind.FROZEN: "this account’s budget is spent: it opens no new patient until the window has room again",
    AlertKind.REPORTED: "a holder reported what this account did in their record",
    AlertKind.CONTESTED: "a person who helps a holder is said to have no right to",
    AlertKind.BURST: "this account opens new patients far faster than its budget means",
    AlertKind.UNEXPLAINED: "this account let itself in to many people, by consents of its own recording alone",
    AlertKind.FEEDER: "software of this organisation asks about numbers in order, or about far too many people",
    AlertKind.EMERGENCY: "this account declared an emergency: to be reviewed",
}
_NO_SUCH = "No open alert has this id: see ./espace alerts."

Row = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class _Account:
    """How an operator names an account: its RPPS, its profession and where it acts."""

    rpps: str
    profession: str


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", nargs="?", choices=[LIST, SHOW, EXAMINE, CLOSE], default=LIST)
    parser.add_argument("id", nargs="?", type=UUID, help="of an alert")
    parser.add_argument("--by", metavar="NAME", default="", help="who looked at it")
    parser.add_argument("--second", metavar="NAME", default="", help=f"{CLOSE}: somebody else, who agrees")
    parser.add_argument("--outcome", choices=[str(one) for one in Outcome], help=f"{CLOSE}: what came of it")
    parser.add_argument("--json", action="store_true", help=f"{LIST}: the same for programs")
    parser.epilog = (
        f"The most urgent first, at most {MOST_SHOWN} and {MOST_OF_AN_ORGANISATION} of one organisation; the rest is "
        "counted. Patients are told apart by a reference that leads to nobody. Times are in UTC."
    )


def run(options: argparse.Namespace) -> int:
    if (options.what == LIST) is not (options.id is None):
        raise Failed(f"{SHOW}, {EXAMINE} and {CLOSE} take the id of an alert, and nothing else does.")
    with opened():
        if options.what == LIST:
            return _list(as_json=options.json)
        if options.what == SHOW:
            return _show(options.id)
        if options.what == EXAMINE:
            return _examine(options.id, options.by)
        return _close(options)


def _list(*, as_json: bool) -> int:
    from espace.access import queries as access

    alerts = access.open_alerts()
    shown = ranked(alerts)
    rows = [_row(one) for one in shown]
    if as_json:
        print(json.dumps({"open": len(alerts), "shown": rows}, indent=2))
        return 0
    print(f"Open alerts: {len(alerts)}" + (f", {len(rows)} shown." if len(rows) < len(alerts) else "."))
    for line in _table(rows):
        print(line)
    return 0


def _show(alert_id: UUID) -> int:
    from espace import edge
    from espace.access import queries as access

    found = access.alert(alert_id)
    if found is None:
        raise Failed("No alert has this id.")
    for name, value in _row(found).items():
        print(f"{name:<14}{value}")
    print(f"{'meaning':<14}{_MEANS[found.kind]}")
    if found.professional:
        lately = access.opened_lately(found.professional, edge.now())
        print(f"{'patients':<14}{lately.hour} in the last hour, {lately.day} in the last day")
        print(f"{'unexplained':<14}{lately.own_word} of that day, by a consent of its own recording alone")
    for one in access.told(alert_id):
        words = f": {one.words}" if one.words else ""
        print(f"{'report':<14}{one.kind}, an access at {_time(one.accessed_at)}{words}")
    if found.closed_at:
        print(f"{'closed':<14}{_time(found.closed_at)}, {found.closed_by} and {found.closed_second}: {found.outcome}")
    return 0


def _examine(alert_id: UUID, by: str) -> int:
    from espace.access import actions as access

    if not by.strip():
        raise Failed(f"{EXAMINE} says who looks at it: --by NAME.")
    if not access.examine(alert_id, by=by.strip()):
        raise Failed(_NO_SUCH)
    say(f"Looked at by {by.strip()}.")
    return 0


def _close(options: argparse.Namespace) -> int:
    from espace import edge
    from espace.access import actions as access

    if options.outcome is None:
        raise Failed(f"{CLOSE} says what came of it: --outcome {'|'.join(Outcome)}.")
    by, second = options.by.strip(), options.second.strip()
    try:
        closed = access.close(options.id, by=by, second=second, outcome=Outcome(options.outcome), at=edge.now())
    except ValueError:
        raise Failed("An alert is closed by two people: --by NAME --second NAME, who are not the same.") from None
    if not closed:
        raise Failed(_NO_SUCH)
    say(f"Closed by {by} and {second}: {options.outcome}.")
    return 0


def _row(one: Alert) -> Row:
    account = _account(one.professional)
    return {
        "id": str(one.id),
        "kind": str(one.kind),
        "account": f"{account.rpps} ({account.profession})" if account else "",
        "organisation": _organisation(one.organisation),
        "patient": one.reference,
        "first": _time(one.first_at),
        "last": _time(one.last_at),
        "count": one.count,
        "examined by": one.examined_by,
    }


def _account(professional: UUID | None) -> _Account | None:
    from espace.identity.queries.professionals import professional as listed

    found: Professional | None = listed(professional) if professional else None
    return _Account(found.national_id[1:], found.profession) if found else None


def _organisation(organisation: UUID | None) -> str:
    from espace.identity.queries.organisations import organisation as listed

    found = listed(organisation) if organisation else None
    return f"{found.name} {found.finess or found.siret}".strip() if found else ""


def _time(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _table(rows: Sequence[Row]) -> list[str]:
    if not rows:
        return []
    cells = [_COLUMNS, *(tuple(str(row[name]) or "-" for name in _COLUMNS) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in cells)
    return [f"  {line}".rstrip() for line in lines]
