"""`./espace lookups`: who asked about people who have no space, for the operator. Never about whom."""

import argparse
from collections import Counter
from typing import TYPE_CHECKING

from espace.site.runtime import opened

if TYPE_CHECKING:
    from espace.trace.facts import TraceEvent

MOST = 10_000
_COLUMNS = ("count", "first (UTC)", "last (UTC)", "account", "kind", "organisation", "asked to")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--most", type=int, default=30, help="accounts shown, those that asked most first (default 30)")
    parser.epilog = (
        "Numbers that nobody bears are asked about by mistake, and by whoever walks through numbers. No more than "
        "10,000 refusals are kept: new ones take the places of old ones."
    )


def run(options: argparse.Namespace) -> int:
    with opened():
        from espace.trace.queries import about_nobody

        lines = about_nobody(MOST)
        print(f"Refusals about people who have no space: {len(lines)}.")
        for row in [_COLUMNS, *_rows(lines, options.most)] if lines else ():
            print("  ".join(row))
    return 0


def _rows(lines: "tuple[TraceEvent, ...]", most: int) -> list[tuple[str, ...]]:
    counted = Counter(map(_key, lines))
    times = {key: [one.at for one in lines if _key(one) == key] for key, _ in counted.most_common(max(0, most))}
    return [
        (str(len(at)), f"{min(at):%Y-%m-%d %H:%M}", f"{max(at):%Y-%m-%d %H:%M}", key[0], *map(str, key[1:]))
        for key, at in times.items()
    ]


def _key(line: "TraceEvent") -> tuple[str, str, str, str]:
    return str(line.actor_id), line.actor_kind, line.organisation_name, line.verb
