"""What the server says that it can do: CapabilityStatement (R4) and SMART configuration. Nothing that is not so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from espace.wire.fhir.facts.ips import OPERATION as IPS_SUMMARY
from espace.wire.fhir.facts.parameters import SEARCHES
from espace.wire.fhir.measures import MEASURED
from espace.wire.fhir.searching import DOCUMENTS, LISTS, PATIENTS, Parameter, Table

_PDSM = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/"
_SERVICES = "http://terminology.hl7.org/CodeSystem/restful-security-service"
_OAUTH_URIS = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"

_MEASURES = "https://fhir.monespacesante.fr/ref/mesure/StructureDefinition/mes-observation-"
_MHD = "https://profiles.ihe.net/ITI/MHD/StructureDefinition/"


@dataclass(frozen=True, slots=True)
class Ability:
    """What can be done with one type of resource: R4 interactions, and the parameters of its search."""

    type: str
    interactions: tuple[str, ...]
    table: Table | None = None
    profiles: tuple[str, ...] = ()
    more: Mapping[str, object] = field(default_factory=dict)
    """Other elements of CapabilityStatement.rest.resource."""


def _facts(name: str, table: Table) -> Ability:
    """Facts are searched and read; measures are added too."""
    if name != "Observation":
        return Ability(name, ("read", "search-type"), table)
    profiles = tuple(f"{_MEASURES}{one}" for one in MEASURED)
    return Ability(name, ("create", "read", "search-type"), table, profiles)


ABILITIES = (
    Ability(
        "DocumentReference",
        ("create", "read", "patch", "delete", "search-type"),
        DOCUMENTS,
        (f"{_MHD}IHE.MHD.Comprehensive.DocumentReference", f"{_PDSM}pdsm-comprehensive-document-reference"),
        {"versioning": "no-version", "conditionalCreate": True},
    ),
    Ability(
        "List",
        ("read", "search-type"),
        LISTS,
        (f"{_MHD}IHE.MHD.Comprehensive.SubmissionSet", f"{_PDSM}pdsm-submissionset-comprehensive"),
    ),
    Ability(
        "Patient",
        ("read", "search-type"),
        PATIENTS,
        more={"operation": [{"name": "summary", "definition": IPS_SUMMARY}]},
    ),
    Ability("Binary", ("read",)),
    *(_facts(name, searched.table) for name, searched in SEARCHES.items()),
)
"""Every one of them is a route of the door, and the door has no other (tests/exchange/test_capability.py)."""

_WORDS = (
    "MHD 4.2 and PDSm 3.1.1: ITI-65, ITI-66, ITI-67, ITI-68, ITI-105. PATCH (JSON Patch, FHIRPath Patch, merge patch)"
    " changes status, securityLabel and isArchived of one's own deposit. A request has {max_request} bytes at most."
    " A search"
    " parameter that is not listed is refused, unless Prefer: handling=lenient. x.identifier may be said x:identifier."
    " _count (500 at most), _sort, _summary and _total are taken; _include and _revinclude where they are listed. Facts"
    " (AllergyIntolerance to Provenance) come from the documents that the reader may see, and from what the patient"
    " states: meta.tag says which, Provenance says where. Patient/<id>/$summary, or Patient/$summary"
    " with identifier, answers the International Patient Summary (uv.ips 2.0.0). A professional names"
    " the patient; an organisation follows its own deposits by patient.identifier, identifier, status, _id and"
    " _lastUpdated."
)

_TRANSACTION = (
    "ITI-65, Comprehensive metadata, for those who feed; for a holder's own software, and applications that they let"
    " in: API Mesures, Observation and PhdDevice, 100 entries at most"
)


def capability_statement(*, base: str, token_url: str, version: str, date: str, max_request: int) -> bytes:
    """The CapabilityStatement of this installation; `date` is the day of this version of the door."""
    return msgspec.json.encode(
        {
            "resourceType": "CapabilityStatement",
            "status": "active",
            "date": date,
            "kind": "instance",
            "software": {"name": "espace-sante", "version": version},
            "implementation": {"description": "Espace numérique de santé", "url": base},
            "fhirVersion": "4.0.1",
            "format": ["application/fhir+json"],
            "rest": [
                {
                    "mode": "server",
                    "documentation": _WORDS.format(max_request=max_request),
                    "security": _security(token_url),
                    "resource": [_resource(one) for one in ABILITIES],
                    "interaction": [{"code": "transaction", "documentation": _TRANSACTION}],
                }
            ],
        }
    )


def _security(token_url: str) -> dict[str, object]:
    return {
        "service": [{"coding": [{"system": _SERVICES, "code": "SMART-on-FHIR"}]}],
        "extension": [{"url": _OAUTH_URIS, "extension": [{"url": "token", "valueUri": token_url}]}],
    }


def _resource(ability: Ability) -> dict[str, object]:
    said: dict[str, object] = {
        "type": ability.type,
        "supportedProfile": list(ability.profiles),
        "interaction": [{"code": code} for code in ability.interactions],
        **ability.more,
        "searchInclude": _includes(ability, "_include"),
        "searchRevInclude": _includes(ability, "_revinclude"),
        "searchParam": [_parameter(one) for one in (ability.table.parameters.values() if ability.table else ())],
    }
    return {name: value for name, value in said.items() if value != []}


def _includes(ability: Ability, name: str) -> list[str]:
    return list(ability.table.includes.get(name, ())) if ability.table else []


def _parameter(parameter: Parameter) -> dict[str, object]:
    modifiers = f" (:{', :'.join(sorted(parameter.modifiers))})" if parameter.modifiers else ""
    return {"name": parameter.name, "type": parameter.kind.value, "documentation": parameter.about + modifiers}


def smart_configuration(
    *, token_url: str, revocation_url: str, scopes: Sequence[str], algorithms: Sequence[str]
) -> bytes:
    """SMART App Launch 2.2, « well-known/smart-configuration », for backend services only."""
    return msgspec.json.encode(
        {
            "token_endpoint": token_url,
            "revocation_endpoint": revocation_url,
            "grant_types_supported": ["client_credentials"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": list(algorithms),
            "scopes_supported": list(scopes),
            # Required by SMART App Launch 2.2 of every server, though no flow here has a code to challenge.
            "code_challenge_methods_supported": ["S256"],
            "capabilities": ["client-confidential-asymmetric", "permission-v2"],
        }
    )
