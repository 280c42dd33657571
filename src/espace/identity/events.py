"""What identity announces: what a holder's way in does, for the mails that tell them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from espace.outbox.facts import Event


@dataclass(frozen=True, slots=True)
class MailCodeMade(Event):
    """Somebody who gave the password asks for the code by mail; it is worth nothing after `until`."""

    patient: UUID
    code: str
    until: datetime


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
