"""Reasons → the errors of IHE (ITI TF-3, table 4.2.4.1-2), in one table for every transaction of this door."""

from collections.abc import Mapping

from django.conf import settings

from espace.kernel.reasons import (
    REASONS,
    Reason,
    care,
    decisions,
    dicom,
    documents,
    identity,
    querying,
    relations,
    signing,
    soap,
    transport,
    updating,
    vihf,
    xdm,
    xds,
)
from espace.kernel.words import Problem, Refused
from espace.wire.ebxml.responses import ERROR, FAILURE, RegistryError, registry_response
from espace.wire.fhir.outcome import problems_of

IHE_CODES = frozenset(
    {
        "XDSDocumentUniqueIdError",
        "XDSDuplicateUniqueIdInRegistry",
        "XDSMissingDocument",
        "XDSMissingDocumentMetadata",
        "XDSNonIdenticalHash",
        "XDSPatientIDReconciliationError",
        "XDSPatientIdDoesNotMatch",
        "XDSRegistryBusy",
        "XDSRegistryDeprecatedDocumentError",
        "XDSRegistryDuplicateUniqueIdInMessage",
        "XDSRegistryError",
        "XDSRegistryMetadataError",
        "XDSReplaceFailed",
        "XDSRepositoryBusy",
        "XDSRepositoryError",
        "XDSRepositoryMetadataError",
        "XDSRepositoryOutOfResources",
        "XDSExtraMetadataNotSaved",
        "XDSMetadataIdentifierError",
        "XDSMetadataUpdateError",
        "XDSMetadataUpdateOperationError",
        "XDSMetadataVersionError",
        "XDSStoredQueryMissingParam",
        "XDSStoredQueryParamNumber",
        "XDSTooManyResults",
        "XDSUnknownPatientId",
        "XDSUnknownRepositoryId",
        "XDSUnknownStoredQuery",
        "UnresolvedReferenceException",
    }
)
"""The codes of the table that are said here."""

_ACTORS = {True: "XDSRegistry", False: "XDSRepository"}
_METADATA, _PATIENT, _UNKNOWN = "XDSRegistryMetadataError", "XDSPatientIdDoesNotMatch", "XDSUnknownPatientId"
_BYTES, _UPDATE = "XDSRepositoryMetadataError", "XDSMetadataUpdateError"
CODES: Mapping[Reason, str] = {
    documents.HASH_MISMATCH: _BYTES,
    documents.SIZE_MISMATCH: _BYTES,
    documents.CONTENT_EMPTY: _BYTES,
    documents.CONTENT_TYPE_MISMATCH: _BYTES,
    documents.CONTENT_TYPE_UNSUPPORTED: _BYTES,
    documents.CONTENT_TOO_LARGE: "XDSRepositoryOutOfResources",
    dicom.DICOM_UNREADABLE: _BYTES,
    dicom.DICOM_UNSUPPORTED: _BYTES,
    dicom.DICOM_INCOMPLETE: _BYTES,
    dicom.DICOM_MISMATCH: _METADATA,
    documents.UNIQUE_ID_REUSED: "XDSDuplicateUniqueIdInRegistry",
    documents.REPLACE_REFUSED: "XDSReplaceFailed",
    relations.RELATION_UNRESOLVED: "UnresolvedReferenceException",
    relations.RELATION_OUTDATED: "XDSRegistryDeprecatedDocumentError",
    relations.RELATION_REFUSED: _METADATA,
    documents.XML_MALFORMED: _BYTES,
    documents.XML_DOCTYPE: _BYTES,
    documents.XML_LIMIT: _BYTES,
    documents.CDA_INCOMPLETE: _BYTES,
    documents.ELEMENT_MISSING: _METADATA,
    documents.ELEMENT_UNSUPPORTED: _METADATA,
    documents.VALUE_INVALID: _METADATA,
    documents.REFERENCE_UNRESOLVED: _METADATA,
    documents.CODE_UNKNOWN: _METADATA,
    documents.CLASS_MISMATCH: _METADATA,
    documents.METADATA_MISMATCH: _METADATA,
    documents.SOURCE_NOT_YOURS: _METADATA,
    documents.VISIBILITY_REFUSED: _METADATA,
    identity.IDENTITIES_DIFFER: _PATIENT,
    identity.TRAITS_DISAGREE: _PATIENT,
    identity.TRAITS_MISSING: _PATIENT,
    identity.TRAITS_FROZEN: _PATIENT,
    identity.INS_NOT_QUALIFIED: _PATIENT,
    identity.INS_MISSING: _UNKNOWN,
    identity.INS_MALFORMED: _UNKNOWN,
    identity.INS_KEY_WRONG: _UNKNOWN,
    identity.INS_AUTHORITY_UNKNOWN: _UNKNOWN,
    decisions.SPACE_UNKNOWN: _UNKNOWN,
    decisions.SPACE_NOT_OPEN: _UNKNOWN,
    decisions.DOCUMENT_UNKNOWN: "XDSDocumentUniqueIdError",
    transport.NOT_FOUND: "XDSDocumentUniqueIdError",
    decisions.CONTENT_ELSEWHERE: "XDSDocumentUniqueIdError",
    vihf.VIHF_OTHER_PATIENT: _PATIENT,
    soap.PART_UNKNOWN: "XDSMissingDocument",
    xds.DOCUMENT_MISSING: "XDSMissingDocument",
    xds.DOCUMENT_METADATA_MISSING: "XDSMissingDocumentMetadata",
    xdm.ARCHIVE_OUTSIZED: "XDSRepositoryOutOfResources",
    xdm.ARCHIVE_WITHOUT_METADATA: "XDSMissingDocumentMetadata",
    xdm.FILE_UNDESCRIBED: "XDSMissingDocumentMetadata",
    xdm.FILE_UNNAMED: "XDSMissingDocument",
    xds.UNIQUE_ID_TWICE: "XDSRegistryDuplicateUniqueIdInMessage",
    xds.ASSOCIATION_UNSUPPORTED: _METADATA,
    xds.EXTRA_NOT_KEPT: "XDSExtraMetadataNotSaved",
    signing.LOT_SIGNATURE_WRONG: _BYTES,
    signing.LOT_SIGNATURE_UNCHECKED: "XDSExtraMetadataNotSaved",
    care.CHANGE_REFUSED: _UPDATE,
    updating.UPDATE_UNKNOWN: _UPDATE,
    updating.UPDATE_STATUS_DIFFERS: _UPDATE,
    updating.ATTRIBUTE_KEPT: _UPDATE,
    updating.IDENTIFIER_KEPT: "XDSMetadataIdentifierError",
    updating.UPDATE_PATIENT_DIFFERS: "XDSPatientIDReconciliationError",
    updating.UPDATE_OUTDATED: "XDSMetadataVersionError",
    updating.UPDATE_NOT_UNDERSTOOD: "XDSMetadataUpdateOperationError",
    querying.STORED_QUERY_UNKNOWN: "XDSUnknownStoredQuery",
    querying.QUERY_PARAMETER_MISSING: "XDSStoredQueryMissingParam",
    querying.QUERY_PARAMETER_NUMBER: "XDSStoredQueryParamNumber",
    querying.TOO_MANY_RESULTS: "XDSTooManyResults",
    querying.PATIENT_UNSTATED: _UNKNOWN,
    querying.REPOSITORY_UNKNOWN: "XDSUnknownRepositoryId",
    querying.RETRIEVAL_TOO_LARGE: "XDSRepositoryOutOfResources",
}
"""Of the reasons that have a code of their own."""
_BY_TOLD = {reason.code: code for reason, code in CODES.items()}

_RELATIONS = frozenset({relations.RELATION_UNRESOLVED, relations.RELATION_OUTDATED, relations.RELATION_REFUSED})
_NAME = ".masterIdentifier"
_STEPS = {
    ".content[0].attachment.hash": "/Slot[@name='hash']",
    ".content[0].attachment.size": "/Slot[@name='size']",
    ".content[0].attachment.contentType": "/@mimeType",
    ".repository": "/Slot[@name='repositoryUniqueId']",
    ".content[0].attachment.title": "/Name",
    ".content[0].attachment.language": "/Slot[@name='languageCode']",
    ".content[0].attachment": "",
    ".title": "/Name",
    ".description": "/Description",
    ".author": "/Classification[author]",
    ".authenticator": "/Slot[@name='legalAuthenticator']",
    ".context.event": "/Classification[eventCodeList]",
    ".content[0].format": "/Classification[formatCode]",
    ".type": "/Classification[typeCode]",
    ".category": "/Classification[classCode]",
    ".context.facilityType": "/Classification[healthcareFacilityTypeCode]",
    ".context.practiceSetting": "/Classification[practiceSettingCode]",
    ".context.related": "/Slot[@name='urn:ihe:iti:xds:2013:referenceIdList']",
    ".securityLabel": "/Classification[confidentialityCode]",
    _NAME: "/ExternalIdentifier[uniqueId]",
    ".identifier": "/ExternalIdentifier[uniqueId]",
    ".extension": "/ExternalIdentifier[sourceId]",
    ".relatesTo": "/Association[RPLC]",
}
"""What the record's rules add to the place of a document or a set, and the same in ebXML."""


def code_of(problem: Problem, *, registry: bool) -> str:
    """The code of a problem, said by the registry or by the repository; what has none of its own is the actor's error,
    and what passes by itself, that it is busy.

    That a uniqueId of one's own was filed with other bytes has a code of its own; that somebody else's was has not, nor
    that of a set.
    """
    reason = problem.reason
    if reason is documents.UNIQUE_ID_REUSED and problem.place.endswith(_NAME) and not problem.detail:
        return "XDSNonIdenticalHash"
    known = _BY_TOLD.get(reason.told_code)
    if known:
        return known
    return f"{_ACTORS[registry]}{'Busy' if reason.status == transport.TEMPORARILY_UNAVAILABLE.status else 'Error'}"


def error_of(problem: Problem, *, registry: bool, severity: str = ERROR) -> RegistryError:
    """What people read is in French, the code of our reason before it, what to do about it and its page behind it."""
    told = REASONS.get(problem.reason.told_code, problem.reason)
    fix = told.fix.fr if told.fix else ""
    found = f"({problem.detail})" if problem.detail else ""
    page = f"{settings.ESPACE_PUBLIC_URL}/erreurs/{told.code}/"
    said = " ".join(part for part in (f"[{told.code}]", told.professional.fr, found, fix, page) if part)
    place = _location(problem.place)
    if problem.reason in _RELATIONS:
        place = place.replace("[RPLC]", "")
    return RegistryError(code_of(problem, registry=registry), said, place, severity)


def failure(refused: Refused, *, registry: bool) -> bytes:
    """The RegistryResponse of a request that did nothing."""
    return registry_response(FAILURE, [error_of(one, registry=registry) for one in problems_of(refused)])


def _location(place: str) -> str:
    for ending, step in _STEPS.items():
        if "RegistryObjectList/" in place and place.endswith(ending):
            return place.removesuffix(ending) + step
    return place
