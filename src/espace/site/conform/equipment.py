"""What a run is given: the server, the patient, who feeds, who reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Patient:
    """An invented person with a test number, whose space is open on the server."""

    ins: str = "285054499900458"
    authority: str = "1.2.250.1.213.1.4.10"
    birth_name: str = "CONFORMITE"
    given_names: tuple[str, ...] = ("ALICE", "MARIE")
    birth_date: date = date(1985, 5, 14)
    sex: str = "F"
    birth_place: str = "44109"

    @property
    def cx(self) -> str:
        return f"{self.ins}^^^&{self.authority}&ISO^NH"


NOBODY = "179079999900218"
"""A number of the test kind that nobody has."""


@dataclass(frozen=True, slots=True)
class Card:
    """A certificate and its key, in PEM files: what a connection shows, or what signs."""

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True)
class Party:
    """Whoever sends requests: a structure that feeds, or a professional who reads. `number` is the national id of
    whoever the assertion names, `structure` that of where they act, `role` their profession."""

    token: str = ""
    number: str = ""
    structure: str = ""
    role: str = "10^Médecin^1.2.250.1.71.1.2.7"
    connection: Card | None = None
    signature: Card | None = None


@dataclass(frozen=True, slots=True)
class Equipment:
    """All that a run was given. `source_id` is an OID of the feeder, `audience` what assertions are for, `authorities`
    the file of those that sign the server's certificate (None: those of this machine), `movements` whether the
    patient's objection to feeding may be stated for a moment."""

    target: str
    patient: Patient
    feeder: Party
    reader: Party
    source_id: str
    audience: str
    authorities: Path | None = None
    paths: Mapping[str, str] = field(default_factory=dict)
    mllp: str = ""
    movements: bool = False
