"""Who asks, for what purpose, and what was granted."""

from collections.abc import Set
from dataclasses import InitVar, dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from espace.kernel.ids import PatientId
from espace.kernel.reasons import Reason
from espace.kernel.seal import SEAL, Seal


class Purpose(StrEnum):
    """Why a record is opened: a closed list, from the start."""

    FEED = "feed"
    CARE = "care"
    BREAK_GLASS = "break_glass"
    DISPATCH = "dispatch"
    HOLDER = "holder"
    PROXY = "proxy"
    SUPPORT = "support"
    APP = "app"
    EXTRACTION = "extraction"
    POPULATION = "population"
    SECONDARY_USE = "secondary_use"


CARING = frozenset({Purpose.CARE, Purpose.BREAK_GLASS, Purpose.DISPATCH})
"""Purposes for which a professional reads a record."""
PERSONAL = frozenset({Purpose.HOLDER, Purpose.PROXY})
"""Purposes for which a person acts in their own record, or in that of somebody whom they help."""


class ActorKind(StrEnum):
    HOLDER = "holder"
    ORGANISATION = "organisation"
    PROFESSIONAL = "professional"
    APP = "app"
    SYSTEM = "system"


class Verb(StrEnum):
    """What is asked of a record; the access log has one sentence for each."""

    DEPOSIT = "deposit"
    LIST = "list"
    READ = "read"
    DOWNLOAD = "download"
    OWN_DEPOSITS = "own_deposits"
    AMEND = "amend"
    HISTORY = "history"
    STATUS = "status"
    CONSENT = "consent"
    WITHDRAW = "withdraw"
    MASK = "mask"
    UNMASK = "unmask"
    BLOCK = "block"
    UNBLOCK = "unblock"
    NAME_DOCTOR = "name_doctor"
    SETTINGS = "settings"
    ADD = "add"
    DESCRIBE = "describe"
    ARRANGE = "arrange"
    REMOVE = "remove"
    RESTORE = "restore"
    BREAK_GLASS = "break_glass"
    SWITCHES = "switches"
    ANNOUNCE = "announce"
    VISIBILITY = "visibility"
    INVITE = "invite"
    """Asking somebody to help: a carer, a second legal representative."""
    ANSWER = "answer"
    """What the invited person, or the first legal representative, says to it."""
    END_HELP = "end_help"
    NOTICES = "notices"
    """Marking what the portal told as read, or taking it away; it is read with HISTORY."""
    ADVISE = "advise"
    """Letting a digital adviser in for a session, with a code."""
    CONTEST = "contest"
    """Saying that somebody is not the representative that they declared to be."""
    STATE_HELP = "state_help"
    """What an authority says of who stands for whom, entered by the operator."""
    COPY = "copy"
    """Making a copy of the whole space, for whoever asked for it to download."""
    TAKE_COPY = "take_copy"
    NAME_ADMINISTRATOR = "name_administrator"
    """Giving a professional the same rights as the attending doctor; REMOVE_ADMINISTRATOR ends it."""
    REMOVE_ADMINISTRATOR = "remove_administrator"
    TEAM = "team"
    """Who is in a care team, for its members."""
    ADD_MEMBER = "add_member"
    END_TEAM = "end_team"
    GIVE_ACCESS = "give_access"
    """The holder's own consent for a professional; they end it with END_ACCESS, a place in a team too."""
    END_ACCESS = "end_access"
    SEE_AS = "see_as"
    """Looking at the documents as somebody else would see them."""
    UNVEIL = "unveil"
    """Showing to the representatives of a minor what was kept secret from them: for good."""
    CLOSE = "close"
    """Having the space closed; time does it in the end. REOPEN undoes it, at any moment."""
    REOPEN = "reopen"
    REPORT = "report"
    """The holder tells the operator of an access of which they do not see the reason."""
    FEEDING_WISH = "feeding_wish"
    """What the patient told an organisation: whether it may feed their space."""
    MAIL = "mail"
    """Having a document sent by secure mail that is not for the record."""
    EXTRACT = "extract"
    """Reading documents to know what they state of somebody's health: by the platform itself, shown to nobody by it."""
    STATE = "state"
    """What the holder states of their own health: their profile."""


class Visibility(StrEnum):
    """Restrictions of a document: JDV_J58, list TRE_A07 (OID 1.2.250.1.213.1.1.4.13)."""

    MASQUE_PS = "MASQUE_PS"
    INVISIBLE_PATIENT = "INVISIBLE_PATIENT"
    INVISIBLE_REPRESENTANTS_LEGAUX = "INVISIBLE_REPRESENTANTS_LEGAUX"


FROM_REPRESENTATIVES = frozenset({Visibility.INVISIBLE_REPRESENTANTS_LEGAUX})
"""What hides whatever belongs to the secret care of a minor."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody whose identity has been verified below the door.

    `name` is what the holder reads in the access log; "" for a holder whom nothing named yet: the gate does, with
    the record that it opens. `patient` is set for a holder,
    `organisation` for an organisation and for whoever acts in one, with its name, sector (JDV_J02) and region.
    `profession` (TRE_G15: "10" for a doctor) and `national_id` (PS_IdNat: "8" and the RPPS) are a professional's.
    `regulates`: the doctor handles the calls of an emergency call centre (Acces_Regulation_Medicale).
    `sends_as` holds the identifiers under which somebody who may deposit says that they do.
    """

    kind: ActorKind
    id: UUID
    name: str
    organisation: UUID | None = None
    patient: PatientId | None = None
    sector: str = ""
    region: str = ""
    organisation_name: str = ""
    profession: str = ""
    national_id: str = ""
    sends_as: frozenset[str] = frozenset()
    regulates: bool = False


ITSELF = Actor(ActorKind.SYSTEM, UUID(int=0), "espace-santé")
"""Who the access log names where nobody did anything but time passed."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """Kinds of documents by typeCode: those listed, or, with `others`, all but those listed."""

    listed: frozenset[str] = frozenset()
    others: bool = False

    def __contains__(self, type_code: str) -> bool:
        return (type_code in self.listed) is not self.others


EVERY_KIND = Kinds(others=True)


class Comparing(StrEnum):
    """What the comparison of a stated identity with the known one tells whoever stated it."""

    OPEN = "open"
    """Which traits disagree: to whoever may know them."""
    BLIND = "blind"
    """Whether all of it agrees, and no more: to whoever could guess."""
    FROZEN = "frozen"
    """Nothing: they guessed too often."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What a decision lets its reader see: the kinds they may read and write (entitlement matrix), whether the
    documents masked to professionals show, and by whose national id an author always sees their own. `secret`: nothing
    but what is hidden from a minor's representatives. `reader`: from whom the holder may have hidden documents by name;
    nobody (None) where an emergency shows those too."""

    reads: Kinds = EVERY_KIND
    writes: Kinds = EVERY_KIND
    masked: bool = False
    author: str = ""
    secret: bool = False
    reader: UUID | None = None


@dataclass(frozen=True, slots=True)
class Eyes:
    """With whose eyes a holder looks at their documents: a professional's, who would have that `sight`; without one,
    those of somebody who helps the holder. `shut`: of whoever would be refused, and sees nothing."""

    sight: Sight | None = None
    shut: bool = False


@dataclass(slots=True)
class Grant:
    """The proof of one decision, inside one transaction: no Grant, no row.

    Queries on patient data take it first and note on it the ids that they answer;
    the gate writes those ids in the trace line when the block ends.
    """

    seal: InitVar[Seal]
    patient: PatientId
    actor: Actor
    purpose: Purpose
    verb: Verb
    reason: Reason
    at: datetime
    noted: list[UUID] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    hidden_from: frozenset[Visibility] = frozenset()
    hidden_if_refused: frozenset[Visibility] = frozenset()
    """From whom the line is hidden too, should this be refused: a refusal may tell of what stood in its way."""
    secret: bool = False
    """A professional's session for the secret care of a minor: all that it leaves is hidden from representatives."""
    restricted: dict[UUID, frozenset[Visibility]] = field(default_factory=dict)
    """What hides documents that were read or filed, as it is at the end: each has a trace line of its own."""
    channel: str = ""
    asked: dict[str, str] = field(default_factory=dict)
    sight: Sight = Sight()
    linked: object | None = None
    """What links a professional to this record, read for the decision."""
    grounds: dict[str, str] = field(default_factory=dict)
    """What the decision stood on, for the line: whoever may read the line may know it."""
    eyes: Eyes | None = None
    """Whose, where the holder looks with others' than their own."""
    comparing: Comparing | None = None
    """None where the opening did not say that it compares."""
    disagreed: bool = False
    """Whether a stated identity was compared and did not agree."""
    added_by: str = ""
    """Who added the reader to the care team by whose consent they read, "" for nobody."""
    told: object | None = None
    """On which days the holder was last told that the reader reads."""
    nobody: bool = False
    """Whether what was asked about is nobody's: then it is refused."""
    invitation: str = ""
    """The token of whoever answers an invitation to help."""
    mandate: object | None = None
    """What lets the actor help this holder, read for the decision."""
    person: object | None = None
    """The holder, read once for the life of the grant by `identity.queries.own_person`."""
    keys: object | None = None
    """The patient's keys, opened once for the life of the grant by `keys.queries.keys_of`."""

    def __post_init__(self, seal: Seal) -> None:
        if seal is not SEAL:
            raise TypeError("a Grant is only made by the gate")

    def require(self, purpose: Purpose | Set[Purpose], *verbs: Verb) -> None:
        """What a query or an action is for; a grant given for something else is a fault of ours, not a refusal."""
        serves = {purpose} if isinstance(purpose, Purpose) else purpose
        if self.purpose not in serves or (verbs and self.verb not in verbs):
            raise TypeError(f"a grant for {self.purpose}/{self.verb} does not serve {' or '.join(sorted(serves))}")

    def note(self, *ids: UUID) -> None:
        """Remember the objects answered, for the trace line."""
        self.noted.extend(ids)

    def count(self, kind: str) -> None:
        """Remember that a document of this kind (typeCode) was filed or read, for the counters."""
        self.kinds.append(kind)


class Refused(Exception):
    """A refusal with its reason, to be rendered in the door's own form.

    `place` says where in what was sent (FHIRPath, XPath, field name), `detail` what was found there:
    never patient data, never contents.
    """

    def __init__(self, reason: Reason, *, place: str = "", detail: str = "") -> None:
        super().__init__(reason.code)
        self.reason = reason
        self.place = place
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of something sent: the rule (`reason`), the place and what was found there."""

    reason: Reason
    place: str
    detail: str = ""


class RefusedProblems(Refused):
    """A refusal that lists every problem found; its reason is the first one's."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        first = problems[0]
        super().__init__(first.reason, place=first.place, detail=first.detail)
        self.problems = problems
