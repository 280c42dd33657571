"""Stored entries and their contents → an archive that any software of IHE XDM, and any person, can read (ITI TF-2,
3.32.4.1.2). The same documents, seen alike at the same moment, are the same bytes."""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from espace.kernel.values import replace
from espace.wire import zip
from espace.wire.ebxml import writing
from espace.wire.ebxml.schemes import LCM
from espace.wire.ebxml.writing import Known, KnownSet, Whose
from espace.wire.xdm.index import Line, index, readme

NAME = "IHE_XDM.ZIP"
_SUBSET = "IHE_XDM/SUBSET01"
_ENDINGS = {
    "text/xml": "XML",
    "application/xml": "XML",
    "application/pdf": "PDF",
    "text/plain": "TXT",
    "text/rtf": "RTF",
    "application/rtf": "RTF",
    "image/jpeg": "JPG",
    "image/png": "PNG",
    "image/tiff": "TIF",
    "application/dicom": "DCM",
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """A document to write, and its bytes."""

    known: Known
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What an archive says of itself: the set of its documents, whose they are, the traits of the patient as
    sourcePatientInfo has them (`PID-5|…`), and when it was made, as clocks show it there."""

    made: KnownSet
    whose: Whose
    traits: Sequence[str]
    moment: datetime


def archive(documents: Sequence[Chosen], outgoing: Outgoing) -> bytes:
    """The archive. ValueError for a document of 4 GiB or more."""
    named = [(f"DOC{number:04}.{_ending(one)}", one) for number, one in enumerate(documents, start=1)]
    lines = [_line(f"{_SUBSET}/{name}", one) for name, one in named]
    files = (
        ("INDEX.HTM", index(lines, outgoing.moment)),
        ("README.TXT", readme(len(lines), outgoing.moment)),
        (f"{_SUBSET}/METADATA.XML", _metadata(named, outgoing)),
        *((f"{_SUBSET}/{name}", one.content) for name, one in named),
    )
    return b"".join(_zipped(files, outgoing.moment))


def _zipped(files: Iterable[tuple[str, bytes]], moment: datetime) -> Iterable[bytes]:
    members, offset = [], 0
    for name, data in files:
        packed, member = zip.member(name, (data,), moment=moment, offset=offset)
        members.append(member)
        offset += len(packed)
        yield packed
    yield zip.directory(members, offset=offset)


def _ending(one: Chosen) -> str:
    return _ENDINGS.get(one.known.entry.mime_type, "BIN")


def _line(name: str, one: Chosen) -> Line:
    entry = one.known.entry
    authors = (" ".join(filter(None, (who.given, who.family))) or who.institution for who in entry.authors)
    return Line(
        name=name,
        title=entry.title,
        kind=entry.type.display if entry.type else "",
        at=entry.service_start or entry.creation_time,
        author=", ".join(filter(None, authors)),
    )


def _metadata(named: Sequence[tuple[str, Chosen]], outgoing: Outgoing) -> bytes:
    """SubmitObjectsRequest: the documents, their set, and what links them."""
    objects = [
        *(_entry(name, one, outgoing) for name, one in named),
        writing.submission_set(outgoing.made, outgoing.whose),
        *(writing.association(writing.membership(outgoing.made.id, one.known.id)) for _, one in named),
    ]
    # A line each: whoever is told of a line finds it.
    listed = writing.object_list(f"\n{one}" for one in objects)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<lcm:SubmitObjectsRequest xmlns:lcm="{LCM}">{listed}\n</lcm:SubmitObjectsRequest>\n'
    ).encode()


def _entry(name: str, one: Chosen, outgoing: Outgoing) -> str:
    """The entry as every query answers it, with what only an archive has: its file, and the traits of the patient. For
    whoever takes it in, it is a new one."""
    digest = base64.b64encode(hashlib.sha1(one.content, usedforsecurity=False).digest()).decode()
    stated = replace(one.known.entry, hash=digest)
    known = replace(one.known, entry=stated, size=len(one.content), status="Approved", version=1)
    head, _, rest = writing.document_entry(known, outgoing.whose).partition(">")
    return f"{head}>{_slot('URI', (name,))}{_slot('sourcePatientInfo', outgoing.traits)}{rest}"


def _slot(name: str, values: Sequence[str]) -> str:
    if not values:
        return ""
    said = "".join(f"<Value>{writing.text(one)}</Value>" for one in values)
    return f'<Slot name="{name}"><ValueList>{said}</ValueList></Slot>'
