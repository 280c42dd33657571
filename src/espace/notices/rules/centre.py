"""What the portal tells, to whom. A notice obeys the visibility of what it is about: what its reader may not see was
never told them (C52, D53, M05-M09)."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from espace.kernel.values import replace
from espace.kernel.words import Purpose, Visibility
from espace.notices.facts import About, Centre, Kind, Notice, Received
from espace.trace.facts import Audience
from espace.trace.rules.chains import shown_to

EVERYBODY = frozenset(Audience)
HOLDER_ALONE = frozenset({Audience.HOLDER})
"""The way in is the account's, and the account is one person's."""
MOST_COUNTED = 99
"""Beyond it, the number of those that were not read is no news."""


def audience(purpose: Purpose) -> Audience:
    """Who reads: the holder, or somebody who stands for them."""
    return Audience.HOLDER if purpose is Purpose.HOLDER else Audience.REPRESENTATIVES


def told_of_documents(
    kind: Kind, documents: Iterable[tuple[UUID, str, frozenset[Visibility]]], *, at: datetime, who: str, place: str = ""
) -> Notice | None:
    """The notice about documents (id, title, what hides them), without those that the holder may not see; None where
    that is all of them."""
    shown = [(id, title, shown_to(hidden)) for id, title, hidden in documents]
    seen = [(About(id, title), to) for id, title, to in shown if Audience.HOLDER in to]
    if not seen:
        return None
    audiences = frozenset().union(*(to for _, to in seen))
    return Notice(kind, at, audiences, tuple(about for about, _ in seen), who, place)


def seen(notice: Notice, reader: Audience, *, visible: Collection[UUID], readable: Collection[UUID]) -> Notice | None:
    """The notice as this reader may have it now, or None. `visible` are the documents that they may know of, those
    that were deleted among them, and `readable` those that they can open. What was told of a document while it was kept
    secret from a minor's representatives is not told them, though they see it since."""
    if reader not in notice.audiences:
        return None
    if not notice.documents:
        return notice
    known = tuple(replace(one, there=one.id in readable) for one in notice.documents if one.id in visible)
    return replace(notice, documents=known) if known else None


def page_of(found: Iterable[Received], *, most: int, last: UUID | None) -> Centre:
    """The first `most` of what was found; `last` is where the reading of the database stopped before the end."""
    every = tuple(found)
    full = len(every) > most
    return Centre(every[:most], every[most - 1].id if full else last)


def kept_since(at: datetime, days: int) -> datetime:
    """What is older is forgotten."""
    return at - timedelta(days=days)
