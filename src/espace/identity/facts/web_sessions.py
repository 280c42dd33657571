"""Where a holder is signed in, in words coarse enough to say nothing else of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Browser:
    """What a browser says of itself, reduced to two words of closed lists ("" for anything else)."""

    name: str
    system: str


@dataclass(frozen=True, slots=True)
class WebSession:
    """A holder's open session. `key` is what `django_session` calls it; `last_at` is right to a quarter of an hour."""

    id: UUID
    key: str
    browser: Browser
    first_at: datetime
    last_at: datetime
