"""What identity announces: what a holder's way in does, for the mails that tell them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from espace.outbox.facts import Event


@dataclass(frozen=True, slots=True)
class MailCodeMade(Event):
    """Somebody who gave the password asks for the code by mail; it is worth nothing after `until`.

    `inside`: they are signed in already, and prove that it is them, or that the address works."""

    patient: UUID
    code: str
    until: datetime
    inside: bool = False


@dataclass(frozen=True, slots=True)
class NewBrowser(Event):
    """The holder signed in from a browser that had never been theirs."""

    patient: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class SignInChanged(Event):
    """A way to sign in was added, removed or made again."""

    patient: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class PasswordChanged(Event):
    """The holder chose another password."""

    patient: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class NewAddressCode(Event):
    """The holder says that `address` is theirs: this code proves it, until `until`. `language` is "fr" or "en"."""

    patient: UUID
    address: str
    language: str
    code: str
    until: datetime


@dataclass(frozen=True, slots=True)
class AddressChanged(Event):
    """The mails of a holder go elsewhere; `old` is where they went, "" for nowhere."""

    patient: UUID
    old: str
    language: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PasswordTried(Event):
    """Wrong passwords came from one place for this identifier, which may be nobody's."""

    identifier: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RecoveryAsked(Event):
    """Somebody who cannot sign in typed this identifier or this address, which may be nobody's."""

    typed: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RecoveryTold(Event):
    """A step of a way back, a value of `RecoveryStep`. `token` makes its link, "" where there is none any more;
    `moment` is what the step leads to: the end of the link, the end of the wait; or when it was over."""

    patient: UUID
    step: str
    token: str
    moment: datetime


@dataclass(frozen=True, slots=True)
class HelpAsked(Event):
    """Whoever reads `address` is asked to help this person; `token` makes the link."""

    patient: UUID
    address: str
    language: str
    token: str


@dataclass(frozen=True, slots=True)
class HelpAnswered(Event):
    """The person who was asked to help answered: `who`, by name; `kind` is by what right, a value of `Helps`."""

    patient: UUID
    accepted: bool
    who: str = ""
    at: datetime | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class SessionOver(Event):
    """The time of a digital adviser's session is over: that of this mandate, unless it was ended before."""

    patient: UUID
    mandate: UUID


@dataclass(frozen=True, slots=True)
class MajorityNears(Event):
    """In so many days, 0 for today, this person is of age, and who stands for them has no access to their space."""

    patient: UUID
    days: int
    at: datetime


@dataclass(frozen=True, slots=True)
class HelpEnded(Event):
    """One of the two ended the help; `helper` is None where nobody had answered yet, `who` their name. `own`: it is the
    holder who did; `left`: whoever helped did."""

    patient: UUID
    helper: UUID | None
    who: str = ""
    own: bool = False
    at: datetime | None = None
    left: bool = False
    kind: str = ""
