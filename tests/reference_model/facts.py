"""The vocabulary of the independent model: a document, a space, somebody who asks, an answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from espace.kernel.values import replace
from reference_model.addresses import HOLDER

NONE, LAPSED, IN_FORCE = "none", "lapsed", "in_force"
WAITING, DECLINED, UNANSWERED, ENDED, OVER = "waiting", "refused", "lapsed", "ended", "over"
PARENT, GUARDIAN, CARER, ADVISER = "parent", "guardian", "carer", "adviser"
CURRENT, ARCHIVED, DELETED, SUPERSEDED = "current", "archived", "deleted", "superseded"

_SHUT = ("not_invited", "informed", "closed", "erasure_requested", "erased", "deceased")
STATES = dict.fromkeys(_SHUT, ("space_not_open", "space_not_open")) | {
    **dict.fromkeys(("opened", "activated"), ("", "")),
    "opposed": ("space_opposed", "space_opposed"),
    "suspended": ("", "space_suspended"),
}
"""Why a space in this state may not be fed, and may not be read; "" where it may."""
VISIBILITIES = frozenset({"MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX"})

DOCTOR, HEALTH_PROFESSIONS = "10", frozenset({"10", "21", "40", "60"})
"""Of the enumeration's; a social worker is no health profession (CSP L1111-17 I is for those)."""
READS = {
    **dict.fromkeys(("11502-2", "DOCPAT02"), HEALTH_PROFESSIONS),
    "68599-0": frozenset({"10", "93"}),
    "ATTEST-RESID": frozenset({"41"}),
}
WRITES = {"11502-2": frozenset({"10", "21"}), "80820-4": frozenset({"10", "21"}), "SYNTH": frozenset({"10"})}
"""Which of the professions of the enumeration read, and write, a kind (order of 26 October 2023, as published)."""


@dataclass(frozen=True)
class Document:
    """`by` deposited it and `author` wrote it (names of people or organisations; "holder" for what the holder added).
    `masked_by` holds "depositor", "holder", "rule" (everything, or what arrives, is masked) or several; `hidden_from`
    are those from whom the holder hides it by name; `held` is a disclosure hold in force; `from_parents` (of a
    minor) hides from whoever helps."""

    name: str
    kind: str = "11502-2"
    by: str = "hospital"
    author: str = ""
    masked_by: frozenset[str] = frozenset()
    hidden_from: frozenset[str] = frozenset()
    held: bool = False
    from_parents: bool = False
    status: str = CURRENT
    replaces: str = ""
    set: str = ""

    @property
    def own(self) -> bool:
        return self.by == HOLDER


@dataclass(frozen=True)
class World:
    """One space. The switches are the holder's, and so are the rules that mask everything, or whatever arrives."""

    name: str
    state: str
    documents: Mapping[str, Document] = field(default_factory=dict)
    emergencies: bool = True
    calls: bool = True
    masked_in_emergency: bool = False
    all_masked: bool = False
    new_masked: bool = False
    people: Mapping[str, "Person"] = field(default_factory=dict)
    helpers: Mapping[str, "Person"] = field(default_factory=dict)

    def with_document(self, document: Document) -> "World":
        return replace(self, documents={**self.documents, document.name: document})


@dataclass(frozen=True)
class Person:
    """Whoever asks, and what links them to the world: `own` is the holder of this very record; `secret` is a consent to
    the secret care of a minor; `helps` is by what right somebody acts here, which is worth `help`; `acts` its
    scope. `among`: in the team of the person named "team"; the others that are in a team began their own."""

    name: str
    kind: str
    own: bool = False
    profession: str = ""
    consent: str = NONE
    team: str = NONE
    among: bool = False
    attending: bool = False
    administrator: bool = False
    blocked: bool = False
    emergency: str = NONE
    call: str = NONE
    regulates: bool = False
    frozen: bool = False
    secret: str = NONE
    helps: str = ""
    help: str = NONE
    acts: bool = True

    @property
    def linked(self) -> bool:
        links = {self.consent, self.team, self.emergency, self.call, self.secret}
        return links != {NONE} or self.attending or self.administrator or self.blocked

    @property
    def decides(self) -> bool:
        return self.own or (self.helps in (PARENT, GUARDIAN) and self.acts)

    @property
    def named(self) -> bool:
        """Whom the holder named reads without asking again, masked documents too."""
        administers = self.administrator and self.profession in HEALTH_PROFESSIONS
        return administers or (self.attending and self.profession == DOCTOR)


@dataclass(frozen=True)
class Answer:
    """What must come back: the code told ("" when allowed), its status, and the documents that it lists (`seen`), each
    with the status in which it is told; None where the answer lists none."""

    status: int
    code: str = ""
    seen: Mapping[str, str] | None = None
    to_signin: bool = False
