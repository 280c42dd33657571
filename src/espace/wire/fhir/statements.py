"""What the server says that it can do: CapabilityStatement (R4) and SMART configuration. Nothing that is not so."""

from collections.abc import Sequence

import msgspec

_PDSM = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/"
_SERVICES = "http://terminology.hl7.org/CodeSystem/restful-security-service"
_OAUTH_URIS = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"

_SEARCH_PARAMETERS = (
    ("patient.identifier", "token", "system|value of the INS; mandatory with an organisation's token"),
    ("identifier", "token", "masterIdentifier"),
    ("status", "token", "current, superseded, entered-in-error"),
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
                    "documentation": f"ITI-65 and ITI-68 (MHD 4.2, PDSm 3.1.1). A request has {max_request} bytes"
                    " at most. A search parameter that is not listed is refused.",
                    "security": _security(token_url),
                    "resource": _resources(),
                    "interaction": [{"code": "transaction", "documentation": "ITI-65, Comprehensive metadata"}],
                }
            ],
        }
    )


def _security(token_url: str) -> dict[str, object]:
    return {
        "service": [{"coding": [{"system": _SERVICES, "code": "SMART-on-FHIR"}]}],
        "extension": [{"url": _OAUTH_URIS, "extension": [{"url": "token", "valueUri": token_url}]}],
    }


def _resources() -> list[dict[str, object]]:
    return [
        {
            "type": "DocumentReference",
            "supportedProfile": [f"{_PDSM}pdsm-comprehensive-document-reference"],
            "interaction": [{"code": "read"}, {"code": "search-type"}],
            "searchParam": [
                {"name": name, "type": kind, "documentation": words} for name, kind, words in _SEARCH_PARAMETERS
            ],
        },
        {"type": "Binary", "interaction": [{"code": "read"}]},
        {"type": "List", "supportedProfile": [f"{_PDSM}pdsm-submissionset-comprehensive"]},
    ]


def smart_configuration(*, token_url: str, scopes: Sequence[str], algorithms: Sequence[str]) -> bytes:
    """SMART App Launch 2.2, « well-known/smart-configuration », for backend services only."""
    return msgspec.json.encode(
        {
            "token_endpoint": token_url,
            "grant_types_supported": ["client_credentials"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": list(algorithms),
            "scopes_supported": list(scopes),
            # Required by SMART App Launch 2.2 of every server, though no flow here has a code to challenge.
            "code_challenge_methods_supported": ["S256"],
            "capabilities": ["client-confidential-asymmetric", "permission-v2"],
        }
    )
