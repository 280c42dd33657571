"""What a run writes: one JSON object a line, and a plain table for people."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import msgspec

from espace.site.bench.facts import TARGETS, Asked, Measured

COLUMNS = (
    "clients", "req/s", "errors", "p50", "p95", "p99", "1st p95", "SQL", "CPU server", "worker", "pg", "client",
    "MiB server", "worker", "pg", "bound/s", "share",
)  # fmt: skip


def line(asked: Asked, found: Measured, machine: dict[str, Any]) -> bytes:
    """One measurement with everything that it depends on; `share` is its rate over its bound's."""
    said = {
        "what": found.what,
        "clients": found.clients,
        "spaces": asked.spaces,
        "documents": asked.documents,
        "seconds": asked.seconds,
        **asdict(found.load),
        "statements": found.statements,
        **asdict(found.cost),
        "bound": asdict(found.bound) if found.bound else None,
        "share": share(found),
        "files": asdict(found.files) if found.files else None,
        "targets": TARGETS[found.what],
        "machine": machine,
    }
    return msgspec.json.encode(_rounded(said)) + b"\n"


def share(found: Measured) -> float | None:
    return found.load.rate / found.bound.rate if found.bound and found.bound.rate else None


def table(found: Sequence[Measured]) -> str:
    """Milliseconds, milliseconds of CPU a request, MiB; then what the bounds and the targets are."""
    rows = [COLUMNS, *(_row(one) for one in found)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(COLUMNS))]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join([*lines, "", *_notes(found)])


def _row(one: Measured) -> tuple[str, ...]:
    load, cpu, peak, ratio = one.load, one.cost.cpu_ms, one.cost.peak_mib, share(one)
    times = (load.p50_ms, load.p95_ms, load.p99_ms, load.first_byte_p95_ms)
    return (
        str(one.clients),
        f"{load.rate:.0f}",
        str(load.errors),
        *(f"{time:.1f}" for time in times),
        str(one.statements),
        *(f"{cpu[name]:.2f}" for name in ("server", "worker", "postgresql", "client")),
        *(f"{peak[name]:.0f}" for name in ("server", "worker", "postgresql")),
        f"{one.bound.rate:.0f}" if one.bound else "-",
        f"{100 * ratio:.0f} %" if ratio is not None else "-",
    )


def _notes(found: Sequence[Measured]) -> list[str]:
    targets = ", ".join(f"{name} {value:g}" for name, value in TARGETS[found[0].what].items()) if found else ""
    notes = [f"bound: {one.bound.how}" for one in found[:1] if one.bound]
    notes += [f"{one.clients} clients: {one.files.how}: {one.files.rate:.0f}/s" for one in found if one.files]
    notes += [f"{one.clients} clients, first error: {one.load.first_error}" for one in found if one.load.errors]
    notes += [f"{one.clients} clients: no answer came within the window" for one in found if not one.load.requests]
    return [*notes, f"targets: {targets}", "times and CPU in ms a request; memory is the highest, in MiB"]


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, dict):
        return {name: _rounded(one) for name, one in value.items()}
    return value
