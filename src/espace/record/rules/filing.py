"""What may be filed. Sources: CI-SIS XDS metadata, JDV_J58, EX_2.1-1050, D20-D66."""

import base64
import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime

from espace.identity.rules.mandates import majority
from espace.kernel.reasons import care
from espace.kernel.reasons import documents as reasons
from espace.kernel.values import replace
from espace.kernel.words import EVERY_KIND, FROM_REPRESENTATIVES, Kinds, Problem, Visibility
from espace.record.facts import Kept, Restricted
from espace.record.rules.imaging import manifest_problems
from espace.record.rules.lengths import length_problems
from espace.record.rules.visibility import refused_together
from espace.wire import kos, nomenclature
from espace.wire.cda import CDA_TYPES, CdaDocument
from espace.wire.headers import Header, media_type_of
from espace.wire.xds import Coded, Data, DocumentEntry, NewDocument, Submission

SIGNATURES: dict[str, tuple[bytes, ...]] = {
    **dict.fromkeys(CDA_TYPES, ()),
    "application/pdf": (b"%PDF-",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/tiff": (b"II*\x00", b"MM\x00*"),
    "application/rtf": (b"{\\rtf",),
    "text/rtf": (b"{\\rtf",),
    "text/plain": (),
    kos.MEDIA_TYPE: (kos.BEGINNING,),
}
"""The media types that are filed, with the bytes their contents begin with."""
_BEGINNING = max(len(one) for every in SIGNATURES.values() for one in every)

MOST_ELSEWHERE = 2**31 - 1
"""Bytes of a document that another repository keeps: 2 GiB, far beyond any."""

STRUCTURE_AUTHORITY = "1.2.250.1.71.4.2.2|"
"""The authority of Struct_IdNat (CI-SIS, XON.6), as `system|value`."""

PERSON_AUTHORITY = "1.2.250.1.71.4.2.1|"
"""The authority of PS_IdNat (CI-SIS, XCN.9), as `system|value`."""


def problems(
    submission: Submission,
    headers: Sequence[Header | None],
    *,
    sends_as: Collection[str],
    adult: bool,
    at: datetime,
    writes: Kinds = EVERY_KIND,
) -> tuple[Problem, ...]:
    """Every reason why this submission may not be filed; `sends_as` are the depositor's identifiers, `writes` the
    kinds that the matrix lets them deposit."""
    found = [*_source(submission, {bare_id(one) for one in sends_as}), *_repeated_ids(submission)]
    found += length_problems(submission)
    for document, header in zip(submission.documents, headers, strict=True):
        found += _kept_elsewhere(document.entry) if document.entry.repository else _content(document, header)
        found += code_problems(document.entry, at)
        found += _visibility(document.entry, adult)
        found += () if document.signs or document.entry.repository else _header(document.entry, header)
        found += () if document.entry.repository else manifest_problems(document.entry, header)
        # The matrix knows kinds of health documents: whoever may deposit those of a lot may sign it.
        found += () if document.signs else entitlement_problems(document.entry, writes)
    return tuple(found)


def kept_secret(submission: Submission) -> Submission:
    """The submission of a minor's secret care: all of its documents are hidden from the representatives."""
    return replace(
        submission,
        documents=tuple(
            replace(one, entry=replace(one.entry, visibility=one.entry.visibility | FROM_REPRESENTATIVES))
            for one in submission.documents
        ),
    )


def labels_of(one: Kept) -> frozenset[Visibility]:
    """What its depositor or author set: never the holder's own mask, which is nobody else's to learn."""
    return labels(one.restricted)


def labels(restricted: Iterable[Restricted]) -> frozenset[Visibility]:
    """Of these restrictions, what depositors and authors set."""
    return frozenset(said.code for said in restricted if not said.by_holder)


def version_problems(document: NewDocument, replaced: Kept) -> Iterator[Problem]:
    """EX_2.1-1050 over versions: what a new version states stands beside what it inherits from the one replaced; and
    what a minor's representatives could see is kept from them by no new version."""
    inherited, place = labels_of(replaced), f"{document.entry.place}.securityLabel"
    if document.entry.visibility <= inherited:
        return
    if document.entry.visibility - inherited >= FROM_REPRESENTATIVES:
        yield Problem(reasons.VISIBILITY_REFUSED, place, "INVISIBLE_REPRESENTANTS_LEGAUX: not on the version replaced")
    if together := refused_together(inherited | document.entry.visibility):
        yield Problem(reasons.VISIBILITY_REFUSED, place, together)


def is_adult(birth_date: date, today: date) -> bool:
    """Eighteen on this local day; born on 29 February, from 1 March of other years (Code civil, art. 388)."""
    return today >= majority(birth_date)


def bare_id(identifier: str) -> str:
    """An identifier without its `urn:oid:` or `urn:uuid:`, a Struct_IdNat or PS_IdNat without its authority."""
    for prefix in ("urn:oid:", "urn:uuid:", STRUCTURE_AUTHORITY, PERSON_AUTHORITY):
        identifier = identifier.removeprefix(prefix)
    return identifier


def _source(submission: Submission, sends_as: Collection[str]) -> Iterator[Problem]:
    stated = [(f"{submission.place}.extension", submission.source_id)]
    stated += [(f"{d.entry.place}.custodian", d.entry.custodian_id) for d in submission.documents]
    stated += [(f"{d.entry.place}.repository", d.entry.repository) for d in submission.documents]
    for place, identifier in stated:
        if identifier and bare_id(identifier) not in sends_as:
            yield Problem(reasons.SOURCE_NOT_YOURS, place, f"→ {', '.join(sorted(sends_as))}")


def _repeated_ids(submission: Submission) -> Iterator[Problem]:
    seen: set[str] = set()
    for document in submission.documents:
        if document.entry.unique_id in seen:
            yield Problem(reasons.UNIQUE_ID_REUSED, f"{document.entry.place}.masterIdentifier")
        seen.add(document.entry.unique_id)


def _content(document: NewDocument, header: Header | None) -> Iterator[Problem]:
    entry, data = document.entry, document.content
    place = f"{entry.place}.content[0].attachment"
    if not data:
        yield Problem(reasons.CONTENT_EMPTY, place)
    if entry.size is not None and entry.size != len(data):
        yield Problem(reasons.SIZE_MISMATCH, f"{place}.size", f"{entry.size} ≠ {len(data)}")
    if entry.hash is not None and entry.hash != sha1_base64(data):
        yield Problem(reasons.HASH_MISMATCH, f"{place}.hash")
    signatures = SIGNATURES.get(entry.mime_type)
    if signatures is None:
        yield Problem(reasons.CONTENT_TYPE_UNSUPPORTED, f"{place}.contentType", entry.mime_type[:60])
    elif signatures and not bytes(data[:_BEGINNING]).startswith(signatures):
        yield Problem(reasons.CONTENT_TYPE_MISMATCH, f"{place}.contentType", entry.mime_type)
    elif header is not None and media_type_of(header) != entry.mime_type:
        yield Problem(reasons.CONTENT_TYPE_MISMATCH, f"{place}.contentType", media_type_of(header))


def _kept_elsewhere(entry: DocumentEntry) -> Iterator[Problem]:
    """Of bytes that are not here, only what is said of their type and number can be judged (ITI TF-2, 3.42)."""
    place = f"{entry.place}.content[0].attachment"
    if entry.mime_type not in SIGNATURES:
        yield Problem(reasons.CONTENT_TYPE_UNSUPPORTED, f"{place}.contentType", entry.mime_type[:60])
    if entry.size is not None and entry.size > MOST_ELSEWHERE:
        yield Problem(reasons.VALUE_INVALID, f"{place}.size", f"≤ {MOST_ELSEWHERE}")


def sha1_base64(data: Data) -> str:
    """The SHA-1 of XDS `hash`, in base64 as FHIR Attachment.hash has it."""
    return base64.b64encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()


def code_problems(entry: DocumentEntry, at: datetime) -> Iterator[Problem]:
    """What no nomenclature in force on the day of the document has, and a class that is not that of the type."""
    when = (entry.creation_time or at).date()
    known_type = nomenclature.type_in_force(entry.type.code, when) if entry.type else None
    if entry.type and known_type is None:
        yield Problem(reasons.CODE_UNKNOWN, f"{entry.place}.type", f"JDV_J07 : {entry.type.code[:20]}")
    class_code = nomenclature.class_of(entry.type.code) if entry.type else None
    if class_code and entry.class_ and class_code != entry.class_.code:
        detail = f"{entry.class_.code[:20]} → {class_code}"
        yield Problem(reasons.CLASS_MISMATCH, f"{entry.place}.category", detail)
    tables: tuple[tuple[str, str, Coded | None, Collection[str]], ...] = (
        ("category", "JDV_J57", entry.class_, nomenclature.CLASSES),
        ("context.facilityType", "JDV_J02", entry.facility_type, nomenclature.FACILITY_TYPES),
        ("context.practiceSetting", "JDV_J04", entry.practice_setting, nomenclature.PRACTICE_SETTINGS),
    )
    for element, table, coded, known in tables:
        if coded and coded.code not in known:
            yield Problem(reasons.CODE_UNKNOWN, f"{entry.place}.{element}", f"{table} : {coded.code[:20]}")
    if entry.confidentiality not in nomenclature.CONFIDENTIALITY:
        yield Problem(reasons.CODE_UNKNOWN, f"{entry.place}.securityLabel", "JDV_J58")


def entitlement_problems(entry: DocumentEntry, writes: Kinds) -> Iterator[Problem]:
    """A kind that the matrix does not let its sender deposit."""
    if entry.type and entry.type.code not in writes:
        yield Problem(care.NOT_ENTITLED, f"{entry.place}.type", entry.type.code[:20])


def _visibility(entry: DocumentEntry, adult: bool) -> Iterator[Problem]:
    place = f"{entry.place}.securityLabel"
    if together := refused_together(entry.visibility):
        yield Problem(reasons.VISIBILITY_REFUSED, place, together)
    if adult and Visibility.INVISIBLE_REPRESENTANTS_LEGAUX in entry.visibility:
        yield Problem(reasons.VISIBILITY_REFUSED, place, "INVISIBLE_REPRESENTANTS_LEGAUX, > 18")


def _header(entry: DocumentEntry, header: Header | None) -> Iterator[Problem]:
    """The type stated is the header's and no restriction of the header is left out (CI-SIS, CDA→XDS)."""
    if not isinstance(header, CdaDocument):
        if header is None and entry.mime_type in CDA_TYPES:
            yield Problem(reasons.CDA_INCOMPLETE, f"{entry.place}.content[0].attachment")
        return
    stated, written = entry.type, header.entry.type
    if stated and written and stated.code != written.code:
        yield Problem(reasons.METADATA_MISMATCH, f"{entry.place}.type", f"{stated.code[:20]} ≠ {written.code[:20]}")
    if unsaid := header.entry.visibility - entry.visibility:
        yield Problem(reasons.METADATA_MISMATCH, f"{entry.place}.securityLabel", ", ".join(sorted(unsaid)))
