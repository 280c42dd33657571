"""The OID of this repository (repositoryUniqueId of XDS)."""

from uuid import NAMESPACE_URL, uuid5

from espace.wire.fhir.values import is_oid


def repository_oid(stated: str, public_url: str) -> str:
    """The OID stated, else one that nobody had to register, made from the address (ITU-T X.667, 2.25).

    Raises ValueError with a sentence.
    """
    if stated and not is_oid(stated):
        raise ValueError("ESPACE_REPOSITORY_OID must be an OID of 64 characters at most")
    return stated or f"2.25.{uuid5(NAMESPACE_URL, public_url).int}"
