"""What the holder adds, and for how long they may put back what they removed. Sources: D20, D26, D29-D35."""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from uuid import UUID

from espace.kernel.reasons import documents as reasons
from espace.kernel.values import replace
from espace.kernel.words import Problem, Refused
from espace.record.facts import Document, Status, Upload
from espace.wire import nomenclature
from espace.wire.entries import described
from espace.wire.files import OWN_TYPES, plain, title_of
from espace.wire.xds import Author, Coded, DocumentEntry

TITLE_LENGTH = 120
FOLDER_NAME_LENGTH = 60
FOLDERS_AT_MOST = 100
TOPIC_NAME_LENGTH = 80
TOPICS_AT_MOST = 12
"""Of a minor, twelve of their own and twelve that their representatives know of (our choice: what a document is linked
to is sealed in one length)."""
REMOVED_AT_ONCE = 10
"""D26: at most ten documents are removed at once."""
ADDED_AT_ONCE = 20
ARRANGED_AT_ONCE = 100

_EARLIEST = date(1900, 1, 1)
_LANGUAGE = "fr-FR"
_PATIENT = "EXP_PATIENT"


def stated_problems(*, title: str, type_code: str, day: date | None, today: date) -> Iterator[Problem]:
    """Why what the holder says of a document may not be so, at `type`, `title` or `day`."""
    if type_code not in OWN_TYPES:
        yield Problem(reasons.OWN_TYPE_UNKNOWN, "type")
    if len(plain(title)) > TITLE_LENGTH:
        yield Problem(reasons.TITLE_TOO_LONG, "title")
    if day is not None and not _EARLIEST <= day <= today:
        yield Problem(reasons.DAY_REFUSED, "day")


def own_entry(
    upload: Upload, media_type: str, *, unique_id: str, author: Author, at: datetime, zone: tzinfo
) -> DocumentEntry:
    """The entry of what the holder adds: they wrote it, in no institution; a format that no profile describes."""
    kept = nomenclature.FORMATS[nomenclature.NO_PROFILE]
    entry = DocumentEntry(
        place="",
        unique_id=unique_id,
        mime_type=media_type,
        format=Coded(kept.code, kept.system, kept.label_fr),
        language=_LANGUAGE,
        creation_time=at,
        authors=(author,),
        facility_type=nomenclature.FACILITY_TYPES[_PATIENT],
        practice_setting=nomenclature.PRACTICE_SETTINGS[_PATIENT],
    )
    title = plain(upload.title) or title_of(upload.name)[:TITLE_LENGTH]
    stated = restated(entry, title=title, type_code=upload.type_code, day=upload.day, zone=zone)
    return described(stated, upload.data)


def restated(entry: DocumentEntry, *, title: str, type_code: str, day: date | None, zone: tzinfo) -> DocumentEntry:
    """The entry as the holder now says what it is; the class follows from the type (X04), the day is that of the act.

    Without a title it is shown under its type.
    """
    known = nomenclature.TYPES[type_code]
    return replace(
        entry,
        title=plain(title),
        type=Coded(known.code, known.system, known.label_fr),
        class_=nomenclature.CLASSES[known.class_code],
        service_start=datetime.combine(day, time(), zone).astimezone(UTC) if day else None,
    )


def has_room(count: int, size: int, *, most: int, most_bytes: int) -> bool:
    """Whether a holder may have so many documents of their own, of so many bytes."""
    return count <= most and size <= most_bytes


def folder_name(said: str) -> str | None:
    """The name of a folder as it is kept; None where it will not do."""
    name = plain(said)
    return name if 0 < len(name) <= FOLDER_NAME_LENGTH else None


def in_known_folders(documents: Iterable[Document], known: Collection[UUID]) -> tuple[Document, ...]:
    """Documents as they lie for a reader who knows of these folders: what lies in another is in none."""
    return tuple(one if one.folder in known else replace(one, folder=None) for one in documents)


def topic_name(said: str) -> str | None:
    """The name of a health topic as it is kept; None where it will not do."""
    name = plain(said)
    return name if 0 < len(name) <= TOPIC_NAME_LENGTH else None


def removed_lately(document: Document, *, at: datetime, days: int) -> bool:
    """What the holder removed of their own, not longer ago than they may put it back. `document` as it is stored: one
    that was forgotten has no byte left, and no file without a byte is ever added."""
    gone = document.own and not document.damaged and document.status is Status.DELETED and document.size > 0
    return gone and document.changed_at is not None and at - document.changed_at <= timedelta(days=days)


def restorable(own: Iterable[tuple[Document, str]], *, at: datetime, days: int) -> tuple[Document, ...]:
    """What may be put back of the holder's own documents, each with the digest of its bytes: the last removed first.

    Never a duplicate: of the same bytes, only the last removed, and none where they are there again.
    """
    everything = tuple(own)
    there = {digest for one, digest in everything if one.status is not Status.DELETED}
    found: list[Document] = []
    for one, digest in sorted(everything, key=_removed_at, reverse=True):
        if removed_lately(one, at=at, days=days) and digest not in there:
            there.add(digest)
            found.append(one)
    return tuple(found)


def _removed_at(known: tuple[Document, str]) -> tuple[datetime, str]:
    document, _ = known
    return (document.changed_at or document.deposited_at, str(document.id))


def require_own(document: Document) -> None:
    """Refused(NOT_YOUR_DOCUMENT) for a document that others deposited: only its depositor changes it (D26)."""
    if not document.own:
        raise Refused(reasons.NOT_YOUR_DOCUMENT)
