"""Measures as applications send them, and an application that a holder let in."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

from cast import Holder
from door import Answer, audience, call, holder_token, post
from espace import edge
from espace.access import gate
from espace.catalogue import actions
from espace.catalogue.facts import OWN_MEASURES
from espace.catalogue.queries import app_id
from espace.identity.facts import Organisation
from espace.kernel.words import ActorKind, Purpose, Verb

Json = dict[str, Any]
MES = "https://fhir.monespacesante.fr/ref/mesure/StructureDefinition/mes-observation-"
PHD = "http://hl7.org/fhir/uv/phd/StructureDefinition/PhdDevice"
UCUM = "http://unitsofmeasure.org"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
EXTENSION = "https://interop.esante.gouv.fr/ig/fhir/mesures/StructureDefinition/mesures-"
FASTING = [{"url": f"{EXTENSION}moment-of-measurement", "valueString": "à jeun"}]
ON_14_DAYS = [{"url": f"{EXTENSION}number-of-days", "valueInteger": 14}]
DEVICE_KEY = ("urn:oid:1.2.840.10004.1.1.1.0.0.1.0.0.1.2680", "FE-ED-AB-AA-DE-AD-77-C5")


def coded(code: str, system: str = "http://loinc.org") -> Json:
    return {"coding": [{"system": system, "code": code}]}


def amount(value: float, unit: str) -> Json:
    return {"value": value, "unit": unit, "system": UCUM, "code": unit}


def measure(of: Holder, code: str = "29463-7", profile: str = "bodyweight", **more: Any) -> Json:
    """A weight of 71 kg, unless something else is said; None takes an element away."""
    made: Json = {
        "resourceType": "Observation",
        "meta": {"profile": [f"{MES}{profile}"]},
        "status": "final",
        "category": [coded("vital-signs", CATEGORY)],
        "code": coded(code),
        "subject": {"identifier": {"system": f"urn:oid:{of.ins.authority}", "value": of.ins.number}},
        "effectiveDateTime": "2026-02-22T08:56:16+01:00",
        "valueQuantity": amount(71, "kg"),
    }
    return {name: one for name, one in {**made, **more}.items() if one is not None}


def pressure(of: Holder, high: float = 120, low: float = 60) -> Json:
    numbers = (("8480-6", high), ("8462-4", low))
    parts = [{"code": coded(code), "valueQuantity": amount(value, "mm[Hg]")} for code, value in numbers]
    return measure(of, "85354-9", "bp", valueQuantity=None, component=parts)


def device(id: str) -> Json:
    system, value = DEVICE_KEY
    resource = {
        "resourceType": "Device",
        "id": id,
        "meta": {"profile": [PHD]},
        "identifier": [{"system": system, "value": value}],
        "manufacturer": "OMRONHEALTHCARE",
        "modelNumber": "HEM-9200T",
    }
    request = {"method": "POST", "url": "Device", "ifNoneExist": f"identifier={system}|{value}"}
    return {"resource": resource, "request": request}


def entry(observation: Json) -> Json:
    request = {"method": "POST", "url": "Observation"}
    return {"fullUrl": f"urn:uuid:{uuid4()}", "resource": observation, "request": request}


def bundle(*entries: Json) -> Json:
    return {"resourceType": "Bundle", "type": "transaction", "entry": list(entries)}


def send(made: Json, token: str) -> Answer:
    return post("/fhir", json.dumps(made).encode(), token=token)


def kept(of: Holder) -> list[Json]:
    """The observations that their holder finds."""
    answer = call("GET", "/fhir/Observation", token=holder_token(of.patient), query="_sort=-date")
    return [one["resource"] for one in answer.json.get("entry", [])]


def told(one: Json) -> tuple[str, float, str]:
    """Its code, its number and its unit."""
    return one["code"]["coding"][0]["code"], one["valueQuantity"]["value"], one["valueQuantity"]["code"]


def registered(publisher: Organisation, name: str = "Carnet de tension") -> str:
    """The client of an application."""
    client = f"app-{uuid4()}"
    keys = {"keys": [{"kty": "EC", "crv": "P-256", "kid": "a", "x": _X, "y": _Y}]}
    actions.register_client(client_id=client, organisation_id=publisher.id, name=name, jwks=keys, at=edge.now())
    return client


_X, _Y = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"
"""The public point of RFC 7517, appendix A.1."""


def lets_in(of: Holder, client: str, scope: str = OWN_MEASURES) -> None:
    with _deciding(of, Verb.GIVE_ACCESS) as grant:
        actions.consent_to_app(grant, client_id=client, scope=scope)


def ends(of: Holder, client: str) -> None:
    with _deciding(of, Verb.END_ACCESS) as grant:
        actions.end_app_consent(grant, client_id=client)


def _deciding(of: Holder, verb: Verb) -> Any:
    return gate.open_record(actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=verb, at=edge.now())


def app_token(of: Holder, client: str, scope: str = OWN_MEASURES) -> str:
    return actions.issue_token(
        actor_kind=ActorKind.APP,
        actor_id=app_id(client),
        patient=of.patient,
        client=client,
        audience=audience(),
        scope=scope,
        at=edge.now(),
        lifetime=timedelta(hours=1),
    )
