"""What an entry stated anew (ITI-57) has otherwise than the one kept, attribute by attribute."""

from collections.abc import Iterator, Mapping

from espace.kernel.values import replace
from espace.wire.ebxml import writing
from espace.wire.ebxml.entries import read_entry
from espace.wire.ebxml.objects import stated
from espace.wire.ebxml.writing import Known, Whose
from espace.wire.nomenclature import system_of
from espace.wire.report import Report
from espace.wire.xds import Author, Coded, DocumentEntry
from espace.wire.xml import parse_xml

_OURS_IF_UNSAID = frozenset({"hash", "size"})
PLACES: Mapping[str, str] = {
    "unique_id": "/ExternalIdentifier[uniqueId]",
    "mime_type": "/@mimeType",
    "type": "/Classification[typeCode]",
    "class_": "/Classification[classCode]",
    "format": "/Classification[formatCode]",
    "title": "/Name",
    "comments": "/Description",
    "language": "/Slot[@name='languageCode']",
    "creation_time": "/Slot[@name='creationTime']",
    "service_start": "/Slot[@name='serviceStartTime']",
    "service_stop": "/Slot[@name='serviceStopTime']",
    "authors": "/Classification[author]",
    "legal_authenticator": "/Slot[@name='legalAuthenticator']",
    "facility_type": "/Classification[healthcareFacilityTypeCode]",
    "practice_setting": "/Classification[practiceSettingCode]",
    "confidentiality": "/Classification[confidentialityCode]",
    "event_codes": "/Classification[eventCodeList]",
    "reference_ids": "/Slot[@name='urn:ihe:iti:xds:2013:referenceIdList']",
    "hash": "/Slot[@name='hash']",
    "size": "/Slot[@name='size']",
}
"""Every attribute of a DocumentEntry, by its field, and where it is said; of the confidentiality codes, the one of N,
R, V: the others are the document's visibility."""


def differences(sent: DocumentEntry, kept: Known) -> Iterator[str]:
    """The attributes (fields of DocumentEntry) that an entry stated anew has otherwise than the one kept, which a
    search tells in these very forms: displays and the order of codes say nothing, nor does a hash or size that is left
    out."""
    text = writing.object_list([writing.document_entry(kept, Whose("", ""))])
    root = parse_xml(text.encode()).root
    told = next(stated(root), None) if root is not None else None
    known = read_entry(replace(told, status="", logical_id=""), Report())[0] if told else kept.entry
    for name in PLACES:
        said = getattr(sent, name)
        if plain(said) != plain(getattr(known, name)) and not (said is None and name in _OURS_IF_UNSAID):
            yield name


def plain(value: object) -> object:
    """A value as it is compared: displays, the form of a system and the order of several values say nothing."""
    if isinstance(value, Coded):
        known = system_of(value.system)
        return value.code, known.oid if known else value.system.removeprefix("urn:oid:")
    if isinstance(value, Author):
        bare = replace(value, role=None, specialty=None, later=False)
        return bare, plain(value.role), plain(value.specialty)
    return frozenset(map(plain, value)) if isinstance(value, tuple) else value
