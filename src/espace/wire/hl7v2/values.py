"""What an HL7 v2 message says, once read (CI-SIS « transmission d’un document CDA en HL7 v2 », 2.1)."""

from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from enum import StrEnum

from espace.kernel.words import Problem, Visibility
from espace.wire.xds import Author, PatientStatement


@dataclass(frozen=True, slots=True)
class Taking:
    """What the door takes: where a time without an offset is local, bytes of a document at most, and the processing
    ids (MSH-11) that it serves: P production, T training, D debugging."""

    zone: tzinfo
    max_bytes: int
    processing: frozenset[str] = frozenset({"P"})


@dataclass(frozen=True, slots=True)
class Header:
    """What an acknowledgement repeats of MSH, turned round: applications and facilities by component."""

    sending_application: tuple[str, ...] = ()
    sending_facility: tuple[str, ...] = ()
    receiving_application: tuple[str, ...] = ()
    receiving_facility: tuple[str, ...] = ()
    event: str = ""
    control_id: str = ""
    processing: str = "P"
    version: str = "2.5"
    charset: str = "UNICODE UTF-8"
    codec: str = "utf-8"


class Act(StrEnum):
    """What the message asks to be done with its documents."""

    FILE = "file"
    REPLACE = "replace"
    DELETE = "delete"
    RELABEL = "relabel"


class Outcome(StrEnum):
    """MSA-1 (HL7 table 0008)."""

    ACCEPTED = "AA"
    ERROR = "AE"
    REJECTED = "AR"


class Done(StrEnum):
    """What became of a document at one destination, or of what a patient told (ZAM-3)."""

    FILED = "FILED"
    REPEATED = "REPEATED"
    REPLACED = "REPLACED"
    DELETED = "DELETED"
    RELABELLED = "RELABELLED"
    WAITING = "WAITING"
    RECORDED = "RECORDED"
    SUPERSEDED = "SUPERSEDED"
    NOT_KEPT = "NOT_KEPT"


@dataclass(frozen=True, slots=True)
class Carried:
    """One CDA of the message, as deposited; `place` is where it was, `type_code` what OBX-3 says that it is."""

    place: str
    content: bytes = field(repr=False)
    type_code: str = ""
    type_place: str = ""


@dataclass(frozen=True, slots=True)
class Routes:
    """Where the documents go: the record, the professionals' mail, the patient's mail."""

    record: bool = True
    professionals: bool = False
    patient: bool = False

    @property
    def mail(self) -> bool:
        return self.professionals or self.patient


@dataclass(frozen=True, slots=True)
class Mail:
    """What the message says of the mail that it asks for: nothing of it is sent here.

    `to` are the addresses of the professionals (PRT of RCT), `to_patient` those of the patient, `reply_to` where
    answers go; the texts are the bodies, "" for none; `receipt` and `reading` ask for a notice of each.
    """

    to: tuple[str, ...] = ()
    to_patient: tuple[str, ...] = ()
    reply_to: tuple[str, ...] = ()
    text: str = ""
    text_for_patient: str = ""
    receipt: bool = False
    reading: bool = False


@dataclass(frozen=True, slots=True)
class Transmission:
    """A message once read. `visibility` is what its flags state; `parent` is the document that is replaced (TXA-13),
    `sender` who sends it (PRT of SB), read at `sender_place`; `activity` is a code of R209 (from PV1-2)."""

    act: Act
    patients: tuple[PatientStatement, ...]
    documents: tuple[Carried, ...]
    visibility: frozenset[Visibility]
    routes: Routes
    mail: Mail
    activity: str
    parent: str = ""
    sender: Author | None = None
    sender_place: str = ""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a movement of a patient says that they told of the record: whether they object to being fed by the sender
    (None: nothing is said), since when, whether they agreed to being read there. `patients` is who they are, () where
    nothing of it is done."""

    patients: tuple[PatientStatement, ...] = ()
    objects: bool | None = None
    at: datetime | None = None
    consultation: bool | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """A message, which transmits documents or says what a patient told, or every problem of it; the header in all
    cases, as far as there is one."""

    header: Header
    transmission: Transmission | None
    problems: tuple[Problem, ...] = ()
    wish: Wishes | None = None
