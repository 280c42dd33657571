"""What a stored query narrows its answer by → what the record searches by, one slot a criterion."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from espace.record.facts import Attribute, Criterion, Search
from espace.wire.ebxml.queries import Query, Said
from espace.wire.ebxml.query_forms import Value
from espace.wire.ebxml.schemes import ONLINE, STABLE
from espace.wire.fhir.searching import Numbered, Pattern, Prefix, Token, When
from espace.wire.fhir.searching import Value as Wanted
from espace.wire.nomenclature import system_of
from espace.wire.xds import Coded

_INSTANT = timedelta(microseconds=1)
NOTHING = Criterion(Attribute.ID)
"""No value will do."""


def _code(value: Value) -> Wanted:
    assert isinstance(value, Coded)
    known = system_of(value.system)
    return Token(value.code, known.oid if known else value.system.removeprefix("urn:oid:"))


def _number(value: Value) -> Wanted:
    assert isinstance(value, Coded)
    return Numbered(value.code, value.system, value.display)


def _since(value: Value) -> Wanted:
    assert isinstance(value, datetime)
    return When(Prefix.GE, value, value + _INSTANT)


def _before(value: Value) -> Wanted:
    assert isinstance(value, datetime)
    return When(Prefix.LT, value, value)


def _pattern(value: Value) -> Wanted:
    return Pattern(str(value))


def _token(value: Value) -> Wanted:
    return Token(str(value))


def _unique(value: Value) -> Wanted:
    """An OID is bare in XDS; a UUID is kept in lower case."""
    text = str(value)
    return Token(text.lower() if text.lower().startswith("urn:uuid:") else text.removeprefix("urn:oid:") or text)


Row = tuple[Attribute, Callable[[Value], Wanted]]
_TIMES = {
    "$XDSDocumentEntryCreationTime": Attribute.CREATED,
    "$XDSDocumentEntryServiceStartTime": Attribute.SERVICE_START,
    "$XDSDocumentEntryServiceStopTime": Attribute.SERVICE_STOP,
    "$XDSSubmissionSetSubmissionTime": Attribute.SUBMITTED,
}
DOCUMENTS: Mapping[str, Row] = {
    "$XDSDocumentEntryEntryUUID": (Attribute.ID, _token),
    "$XDSDocumentEntryLogicalID": (Attribute.ID, _token),
    "$XDSDocumentEntryUniqueId": (Attribute.UNIQUE_ID, _unique),
    "$XDSDocumentEntryStatus": (Attribute.STATUS, _token),
    "$XDSDocumentEntryClassCode": (Attribute.CLASS, _code),
    "$XDSDocumentEntryTypeCode": (Attribute.TYPE, _code),
    "$XDSDocumentEntryPracticeSettingCode": (Attribute.PRACTICE_SETTING, _code),
    "$XDSDocumentEntryHealthcareFacilityTypeCode": (Attribute.FACILITY_TYPE, _code),
    "$XDSDocumentEntryFormatCode": (Attribute.FORMAT, _code),
    "$XDSDocumentEntryEventCodeList": (Attribute.EVENT, _code),
    "$XDSDocumentEntryConfidentialityCode": (Attribute.CONFIDENTIALITY, _code),
    "$XDSDocumentEntryAuthorPerson": (Attribute.AUTHOR_PERSON, _pattern),
    "$XDSDocumentEntryReferenceIdList": (Attribute.REFERENCE_ID, _number),
    **{f"{name}From": (of, _since) for name, of in _TIMES.items()},
    **{f"{name}To": (of, _before) for name, of in _TIMES.items()},
}
SETS: Mapping[str, Row] = {
    "$XDSSubmissionSetEntryUUID": (Attribute.ID, _token),
    "$XDSSubmissionSetUniqueId": (Attribute.UNIQUE_ID, _unique),
    "$XDSSubmissionSetStatus": (Attribute.STATUS, _token),
    "$XDSSubmissionSetSourceId": (Attribute.SOURCE_ID, _unique),
    "$XDSSubmissionSetAuthorPerson": (Attribute.AUTHOR_PERSON, _pattern),
    "$XDSSubmissionSetContentType": (Attribute.CONTENT_TYPE, _code),
    **{f"{name}From": (of, _since) for name, of in _TIMES.items()},
    **{f"{name}To": (of, _before) for name, of in _TIMES.items()},
}
FOLDERS: Mapping[str, Row] = {
    "$XDSFolderEntryUUID": (Attribute.ID, _token),
    "$XDSFolderLogicalID": (Attribute.ID, _token),
    "$XDSFolderUniqueId": (Attribute.UNIQUE_ID, _unique),
    "$XDSFolderStatus": (Attribute.STATUS, _token),
    "$XDSFolderCodeList": (Attribute.LIST_CODE, _code),
    "$XDSFolderLastUpdateTimeFrom": (Attribute.CHANGED, _since),
    "$XDSFolderLastUpdateTimeTo": (Attribute.CHANGED, _before),
}
_ALIKE = {"$XDSDocumentEntryType": STABLE, "$XDSDocumentEntryDocumentAvailability": ONLINE}
"""What every document has in common."""


def of_documents(query: Query) -> tuple[Criterion, ...]:
    """What the query asks of documents: nothing will do where it asks for other ones than are kept."""
    kept = all(_ALIKE[one.name] in one.values for one in query.slots if one.name in _ALIKE)
    return (*_of(query.slots, DOCUMENTS), *([] if kept else [NOTHING]))


def of_sets(query: Query) -> tuple[Criterion, ...]:
    return tuple(_of(query.slots, SETS))


def of_folders(query: Query) -> tuple[Criterion, ...]:
    return tuple(_of(query.slots, FOLDERS))


def _of(slots: Iterable[Said], rows: Mapping[str, Row]) -> Iterable[Criterion]:
    for said in slots:
        if said.name in rows:
            attribute, wanted = rows[said.name]
            yield Criterion(attribute, tuple(map(wanted, said.values)))


def among(ids: Iterable[str | UUID], *more: Criterion) -> Search:
    """What bears one of these ids of ours; of none, nothing does."""
    return Search((Criterion(Attribute.ID, tuple(Token(str(one)) for one in ids)), *more))
