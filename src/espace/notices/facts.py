"""The vocabulary of notices."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Mail:
    """One message in plain text. Its Message-ID is derived from `id`, or from the whole message without one."""

    to: str
    subject: str
    text: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Preferences:
    """Which mails a holder wants: new documents; who may read their space."""

    new_document: bool = True
    access: bool = True


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a holder's mails go, and the language of their account."""

    email: str
    language: str


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing that people are told of, in words that are always the same.

    `wish` is the preference that turns it off, "" for what is always told. A mail also tells what happens within
    `covers` after it; the next one is sent no sooner than `pause` after it.
    """

    code: str
    wish: str
    covers: timedelta
    pause: timedelta


@dataclass(frozen=True, slots=True)
class Told:
    """The mails sent to one holder on one topic: how many, the last one's time, and when the next one is due."""

    number: int
    mailed_at: datetime | None
    due_at: datetime | None
