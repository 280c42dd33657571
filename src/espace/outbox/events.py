"""The counter event: statistics must never need a patient's key, nor a patient."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from espace.outbox.facts import Event


class What(StrEnum):
    DEPOSIT = "deposit"
    READING = "reading"


@dataclass(frozen=True, slots=True)
class Counted(Event):
    """Something countable happened; posted without patient.

    `id` is fresh and belongs to nothing else: it lets a repeated delivery count once. `kind` is the
    document's typeCode, or "". `sector` and `region` are those of the organisation, `channel` the door
    ("fhir", "xds", "portal"); "" where unknown.
    """

    id: UUID
    day: date
    what: What
    kind: str = ""
    sector: str = ""
    region: str = ""
    channel: str = ""
