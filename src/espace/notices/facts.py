"""The vocabulary of notices."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from espace.trace.facts import Audience


class Kind(StrEnum):
    """What a notice tells of."""

    FIRST_ACCESS = "first_access"
    ACCESS = "access"
    EMERGENCY = "emergency"
    NEW_DOCUMENT = "new_document"
    REPLACED = "replaced"
    DELETED = "deleted"
    UNMASKED = "unmasked"
    CORRECTED = "corrected"
    CONSENT = "consent"
    TEAM = "team"
    ADMINISTRATION = "administration"
    ATTENDING_DOCTOR = "attending_doctor"
    FEEDING = "feeding"
    HELP = "help"
    MAJORITY_NEARS = "majority_nears"
    MAJORITY = "majority"
    NEW_BROWSER = "new_browser"
    SIGN_IN_CHANGED = "sign_in_changed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a word, no password
    PASSWORD_TRIED = "password_tried"  # noqa: S105 - a word, no password
    ADDRESS_CHANGED = "address_changed"
    RECOVERY = "recovery"
    COPY = "copy"


class Wish(StrEnum):
    """Of what a holder may choose to be mailed, or not; the rest always is."""

    NEW_DOCUMENT = "new_document"
    REPLACED = "replaced"
    DELETED = "deleted"
    UNMASKED = "unmasked"
    FIRST_ACCESS = "first_access"
    ACCESS = "access"
    SHARING = "sharing"
    """Who may read or act: a consent, a care team, the attending doctor, somebody who helps."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One message in plain text. Its Message-ID is derived from `id`, or from the whole message without one."""

    to: str
    subject: str
    text: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Preferences:
    """Which mails a holder wants: all but one a day and a professional, as long as they did not choose. The portal
    tells everything, whatever was chosen."""

    mailed: frozenset[Wish] = frozenset(Wish) - {Wish.ACCESS}


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a holder's mails go, and the language of their account; or those of who stands for them (`helps`)."""

    email: str
    language: str
    helps: bool = False


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing that people are told of, in words that are always the same.

    `wish` is what a holder chooses to be told of or not, None for what is always told. A mail also tells what happens
    within `covers` after it; the next one is sent no sooner than `pause` after it.
    """

    code: str
    wish: Wish | None
    covers: timedelta
    pause: timedelta


@dataclass(frozen=True, slots=True)
class Told:
    """The mails sent to one holder on one topic: how many, the last one's time, and when the next one is due."""

    number: int
    mailed_at: datetime | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class About:
    """A document that a notice tells of, by its title of that day, "" for one without. `there`: it can be read now."""

    id: UUID
    title: str = ""
    there: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """What somebody is told in the portal: what happened, when, about what, and who did it (`who`, at `place`), by
    their names of that day. `detail` is a word of the kind's own: the step of a way back, the answer to a request.

    `audiences` are those who are told of it; of a notice about documents, those who might see one of them that day.
    """

    kind: Kind
    at: datetime
    audiences: frozenset[Audience]
    documents: tuple[About, ...] = ()
    who: str = ""
    place: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """A notice as its reader finds it."""

    id: UUID
    notice: Notice
    read: bool


@dataclass(frozen=True, slots=True)
class Centre:
    """The notices of one page, newest first; `older` is the id before which the next page begins, None at the end."""

    notices: tuple[Received, ...]
    older: UUID | None
