"""The stored queries of ITI-18 and their parameters (ITI TF-2, 3.18.4.1.2.3.7), as a table."""

from collections.abc import Mapping
from dataclasses import dataclass

from espace.wire.ebxml import query_forms as forms
from espace.wire.ebxml.query_forms import Form
from espace.wire.ebxml.schemes import StoredQuery


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: `many` takes a list, any of whose values will do; `repeats` may be said by several slots, all of
    which must hold."""

    form: Form
    required: bool = False
    many: bool = True
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """The parameters of one query; exactly one of `one_of` is said, where there are any."""

    parameters: Mapping[str, Parameter]
    one_of: tuple[str, ...] = ()


_PATIENT = Parameter(forms.PATIENT, required=True, many=False)
_STATUS = Parameter(forms.STATUS, required=True)
_CODE = Parameter(forms.CODE)
_EVERY_CODE = Parameter(forms.CODE, repeats=True)
_TIME = Parameter(forms.TIME, many=False)
_TYPES = Parameter(forms.OBJECT_TYPE)
_IDS = Parameter(forms.ID)
_NEEDED_IDS = Parameter(forms.ID, required=True)
_TEXTS = Parameter(forms.TEXT)
_ONE_ID = Parameter(forms.ID, many=False)
_ONE_TEXT = Parameter(forms.TEXT, many=False)
_ASIDE = {"$homeCommunityId": Parameter(forms.ASIDE), "$MetadataLevel": Parameter(forms.ASIDE)}
"""There is one community here, and one level of metadata."""

_ENTRY = "$XDSDocumentEntry"
_FOUND_ENTRIES: Mapping[str, Parameter] = {
    f"{_ENTRY}PatientId": _PATIENT,
    f"{_ENTRY}Status": _STATUS,
    f"{_ENTRY}ClassCode": _CODE,
    f"{_ENTRY}TypeCode": _CODE,
    f"{_ENTRY}PracticeSettingCode": _CODE,
    f"{_ENTRY}HealthcareFacilityTypeCode": _CODE,
    f"{_ENTRY}FormatCode": _CODE,
    f"{_ENTRY}EventCodeList": _EVERY_CODE,
    f"{_ENTRY}ConfidentialityCode": _EVERY_CODE,
    f"{_ENTRY}AuthorPerson": Parameter(forms.PATTERN),
    f"{_ENTRY}Type": _TYPES,
    f"{_ENTRY}DocumentAvailability": Parameter(forms.AVAILABILITY),
    **{
        f"{_ENTRY}{name}Time{bound}": _TIME
        for name in ("Creation", "ServiceStart", "ServiceStop")
        for bound in ("From", "To")
    },
    **_ASIDE,
}
_CONTENTS: Mapping[str, Parameter] = {
    f"{_ENTRY}FormatCode": _CODE,
    f"{_ENTRY}ConfidentialityCode": _EVERY_CODE,
    f"{_ENTRY}Type": _TYPES,
    **_ASIDE,
}
"""What narrows the documents that come with a set or a folder, or with everything."""

_LINKS = {"$XDSAssociationStatus": Parameter(forms.STATUS), **_ASIDE}
"""Of queries that answer associations."""


def _several(of: str, more: Mapping[str, Parameter] = _ASIDE) -> Shape:
    """Objects by entryUUID, by uniqueId or by logicalId."""
    by = {f"{of}EntryUUID": _IDS, f"{of}UniqueId": _TEXTS, f"{of}LogicalID": _IDS}
    return Shape({**by, **more}, tuple(by))


def _single(of: str, more: Mapping[str, Parameter]) -> Shape:
    """One object by entryUUID or by uniqueId, and what goes with it."""
    by = {f"{of}EntryUUID": _ONE_ID, f"{of}UniqueId": _ONE_TEXT}
    return Shape({**by, **more}, tuple(by))


QUERIES: Mapping[StoredQuery, Shape] = {
    StoredQuery.FIND_DOCUMENTS: Shape(_FOUND_ENTRIES),
    StoredQuery.FIND_DOCUMENTS_BY_REFERENCE: Shape(
        {**_FOUND_ENTRIES, f"{_ENTRY}ReferenceIdList": Parameter(forms.REFERENCE, required=True, repeats=True)}
    ),
    StoredQuery.FIND_SUBMISSION_SETS: Shape(
        {
            "$XDSSubmissionSetPatientId": _PATIENT,
            "$XDSSubmissionSetStatus": _STATUS,
            "$XDSSubmissionSetSourceId": _TEXTS,
            "$XDSSubmissionSetSubmissionTimeFrom": _TIME,
            "$XDSSubmissionSetSubmissionTimeTo": _TIME,
            "$XDSSubmissionSetAuthorPerson": Parameter(forms.PATTERN, many=False),
            "$XDSSubmissionSetContentType": _CODE,
            **_ASIDE,
        }
    ),
    StoredQuery.FIND_FOLDERS: Shape(
        {
            "$XDSFolderPatientId": _PATIENT,
            "$XDSFolderStatus": _STATUS,
            "$XDSFolderLastUpdateTimeFrom": _TIME,
            "$XDSFolderLastUpdateTimeTo": _TIME,
            "$XDSFolderCodeList": _EVERY_CODE,
            **_ASIDE,
        }
    ),
    StoredQuery.GET_ALL: Shape(
        {
            "$patientId": _PATIENT,
            f"{_ENTRY}Status": _STATUS,
            "$XDSSubmissionSetStatus": _STATUS,
            "$XDSFolderStatus": _STATUS,
            **_CONTENTS,
            **_LINKS,
        }
    ),
    StoredQuery.GET_DOCUMENTS: _several(_ENTRY),
    StoredQuery.GET_FOLDERS: _several("$XDSFolder"),
    StoredQuery.GET_ASSOCIATIONS: Shape({"$uuid": _NEEDED_IDS, **_LINKS}),
    StoredQuery.GET_DOCUMENTS_AND_ASSOCIATIONS: _several(_ENTRY, _LINKS),
    StoredQuery.GET_SUBMISSION_SETS: Shape({"$uuid": _NEEDED_IDS, **_LINKS}),
    StoredQuery.GET_SUBMISSION_SET_AND_CONTENTS: _single("$XDSSubmissionSet", {**_CONTENTS, **_LINKS}),
    StoredQuery.GET_FOLDER_AND_CONTENTS: _single("$XDSFolder", {**_CONTENTS, **_LINKS}),
    StoredQuery.GET_FOLDERS_FOR_DOCUMENT: _single(_ENTRY, _ASIDE),
    StoredQuery.GET_RELATED_DOCUMENTS: _single(
        _ENTRY, {"$AssociationTypes": Parameter(forms.RELATION, required=True), f"{_ENTRY}Type": _TYPES, **_LINKS}
    ),
}
