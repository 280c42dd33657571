"""The entry of an imaging examination's manifest agrees with it (CI-SIS: application/dicom, IMG-KOS; IHE RAD TF-3,
4.68.4.1.2.3: uniqueId, referenceIdList). That its class is that of its type is a rule of every document."""

from collections.abc import Collection, Iterator, Mapping

from espace.kernel.reasons.dicom import DICOM_INCOMPLETE, DICOM_MISMATCH
from espace.kernel.words import Problem
from espace.wire.headers import Header
from espace.wire.kos import MEDIA_TYPE, KeyObjects
from espace.wire.nomenclature import KEY_OBJECT_SELECTION
from espace.wire.xds import Coded, DocumentEntry

_TYPE = "IMG-KOS"
_OID = "urn:oid:"
_STUDY = "urn:ihe:iti:xds:2016:studyInstanceUID"
_ACCESSION = "urn:ihe:iti:xds:2013:accession"
_ORDER = "urn:ihe:iti:xds:2013:order"
_DICOM_UID = "urn:dicom:uid"
"""The system under which FHIR states the UID of a study, where XDS has a kind."""
_TAGS: Mapping[str, str] = {_STUDY: "(0020,000D)", _ACCESSION: "(0008,0050)", _ORDER: "(0040,2016)"}


def manifest_problems(entry: DocumentEntry, header: Header | None) -> Iterator[Problem]:
    """What the entry of a manifest says otherwise than the manifest, element by element."""
    if entry.mime_type != MEDIA_TYPE:
        return
    if not isinstance(header, KeyObjects):
        yield Problem(DICOM_INCOMPLETE, f"{entry.place}.content[0].attachment")
        return
    for element, stated, known in (
        ("type", entry.type, _TYPE),
        ("content[0].format", entry.format, KEY_OBJECT_SELECTION),
    ):
        if stated and stated.code != known:
            yield Problem(DICOM_MISMATCH, f"{entry.place}.{element}", f"{stated.code[:40]} → {known}")
    if entry.unique_id.removeprefix(_OID) != header.sop_instance:
        yield Problem(DICOM_MISMATCH, f"{entry.place}.masterIdentifier", "≠ SOPInstanceUID (0008,0018)")
    yield from _references(entry, header)


def _references(entry: DocumentEntry, header: KeyObjects) -> Iterator[Problem]:
    """A number of a kind that the manifest states too is one of those; one of another kind says something else."""
    known = {_STUDY: header.studies, _ACCESSION: header.accessions, _ORDER: header.orders}
    wrong = {
        kind
        for one in entry.reference_ids
        if known.get(kind := _kind(one)) and one.code.removeprefix(_OID) not in known[kind]
    }
    for kind in sorted(wrong):
        yield Problem(DICOM_MISMATCH, f"{entry.place}.context.related", f"{kind} ≠ {_TAGS[kind]}")


def new_studies(before: Collection[Coded], after: Collection[Coded]) -> bool:
    """Whether references to a study, an accession or an order are there that were not, which only the manifest says."""
    known = {(_kind(one), one.code.removeprefix(_OID)) for one in before}
    return any((_kind(one), one.code.removeprefix(_OID)) not in known for one in after if _kind(one) in _TAGS)


def _kind(reference: Coded) -> str:
    return _STUDY if reference.system == _DICOM_UID else reference.display
