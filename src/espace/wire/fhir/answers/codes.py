"""Codes, names and moments as FHIR tells them.

Codes come again and again, in every document of an answer and from one answer to the next: what is told of one is
made once and kept (they are the same for everybody, and immutable).
"""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from espace.wire import nomenclature
from espace.wire.fhir.resources import CodeableConcept, Coding, Identifier
from espace.wire.fhir.values import URI_SYSTEM, is_oid
from espace.wire.xds import Coded

PDSM = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition"
MHD = "https://profiles.ihe.net/ITI/MHD/StructureDefinition"


def uri(unique_id: str, *, use: str | None = None) -> Identifier | None:
    """A uniqueId under the system of URIs; None where the row that held it was altered and is not believed."""
    if not unique_id:
        return None
    return Identifier(use=use, system=URI_SYSTEM, value=f"urn:oid:{unique_id}" if is_oid(unique_id) else unique_id)


@lru_cache(maxsize=1024)
def system_uri(name: str) -> str | None:
    """FHIR names a system by its URI: the published one, else its OID as a URN, else as stated."""
    known = nomenclature.system_of(name)
    if known:
        return known.uri
    return f"urn:oid:{name}" if is_oid(name) else name or None


def coding(coded: Coded | None) -> Coding | None:
    return _told(coded).coding[0] if coded else None


def concept(coded: Coded | None) -> CodeableConcept | None:
    return _told(coded) if coded else None


def concepts(many: Iterable[Coded | None]) -> tuple[CodeableConcept, ...]:
    return tuple([_told(one) for one in many if one])


@lru_cache(maxsize=2048)
def _told(coded: Coded) -> CodeableConcept:
    coding = Coding(system=system_uri(coded.system), code=coded.code, display=coded.display or None)
    return CodeableConcept(coding=(coding,))


def moment(found: datetime | None) -> str | None:
    return found.isoformat() if found else None
