"""The words of the feeder: who a document is about, who wrote it, what became of it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class State(StrEnum):
    """Where a document is. All but `waiting` are at rest."""

    QUARANTINED = "quarantined"
    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Identity:
    """The patient, as an establishment that qualified the identity knows them (RNIV).

    `ins` is the 13 characters and the key of 2 digits, `oid` its authority. `qualified` is said by people or by the
    software of identities, never guessed; None where nobody said. `birth_place` is the official code (INSEE).
    """

    ins: str = ""
    oid: str = ""
    birth_name: str = ""
    given_names: str = ""
    birth_date: date | None = None
    sex: str = ""
    birth_place: str = ""
    qualified: bool | None = None


@dataclass(frozen=True, slots=True)
class Organisation:
    """Where care was given: `id` in the national form (1 and FINESS, 3 and SIRET…), codes of JDV_J02 and JDV_J04."""

    id: str = ""
    name: str = ""
    facility: str = ""
    setting: str = ""


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote and answers for the document: `id` is 8 and RPPS; `specialty` of JDV_J01, such as G15_10/SM54."""

    id: str = ""
    family: str = ""
    given: str = ""
    specialty: str = ""


@dataclass(frozen=True, slots=True)
class Description:
    """All that a sidecar and the folder's settings say of a document; times are aware."""

    identity: Identity = field(default_factory=Identity)
    organisation: Organisation = field(default_factory=Organisation)
    author: Author = field(default_factory=Author)
    type: str = ""
    type_label: str = ""
    title: str = ""
    written: datetime | None = None
    began: datetime | None = None
    ended: datetime | None = None
    confidentiality: str = "N"
    hidden_from: tuple[str, ...] = ()
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """A reason told to people: its code, the French sentence, where, and what to do."""

    code: str
    sentence: str
    place: str = ""
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What will be sent, the same bytes at each sending. `stated` is the DocumentReference in JSON, without content;
    `replaces` is the identifier of a document that must be there before it."""

    key: str
    unique_id: str
    mime_type: str
    stated: str
    content: bytes = field(repr=False)
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class Deposit:
    """What became of a document: `document` is the id that the platform gave it, `why` what it or the feeder said."""

    name: str
    state: State
    unique_id: str = ""
    document: str = ""
    why: tuple[Why, ...] = ()


class Held(Exception):
    """A document that a person must look at before it may go: to the quarantine, with why."""

    def __init__(self, *why: Why) -> None:
        super().__init__(", ".join(one.code for one in why))
        self.why = why


class Unfit(Exception):
    """A file that can never be sent as it is: to `refused`, with why."""

    def __init__(self, *why: Why) -> None:
        super().__init__(", ".join(one.code for one in why))
        self.why = why
