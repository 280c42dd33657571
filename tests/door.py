"""The FHIR and OAuth door, called as a WSGI server calls it."""

import base64
import copy
import hashlib
import io
import json
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings

import bundles
from cast import Holder
from espace import edge
from espace.access import gate
from espace.catalogue import actions
from espace.catalogue.facts import HOLDER_SCOPES, PROFESSIONAL_SCOPES
from espace.identity.facts import Organisation, Professional
from espace.kernel.ids import PatientId
from espace.kernel.words import ActorKind, Purpose, Verb
from espace.trace.facts import TraceEvent
from espace.trace.queries import history
from reading import reading_only

FEED = "system/DocumentReference.c system/DocumentReference.s"
PROFESSIONAL = " ".join(PROFESSIONAL_SCOPES)
FHIR_JSON = "application/fhir+json"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def codes(self) -> list[str]:
        """The reason codes told."""
        return [issue["details"]["coding"][0]["code"] for issue in self.json["issue"]]

    @property
    def places(self) -> list[str]:
        return [path for issue in self.json["issue"] for path in issue.get("expression", [])]


def call(
    method: str, path: str, body: bytes = b"", *, token: str = "", query: str = "", kind: str = "", **headers: str
) -> Answer:
    """One request; `headers` are named with underscores (accept_language)."""
    from espace.exchange.wsgi import application

    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_TYPE": kind,
        "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True,
    }
    if body or method == "POST":
        environ["CONTENT_LENGTH"] = str(len(body))
    if token:
        environ["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    environ |= {name.removeprefix("HTTP_"): environ.pop(name) for name in ("HTTP_CONTENT_LENGTH",) if name in environ}
    with reading_only() if method in ("GET", "HEAD") else nullcontext():
        return _run(application, environ)


def _run(application: Any, environ: dict[str, Any]) -> Answer:
    said: list[tuple[str, list[tuple[str, str]]]] = []
    body = b"".join(application(environ, lambda status, headers: said.append((status, headers))))
    [(status, headers)] = said
    return Answer(int(status.split()[0]), dict(headers), body)


def post(path: str, body: bytes, *, token: str = "", kind: str = FHIR_JSON, **headers: str) -> Answer:
    return call("POST", path, body, token=token, kind=kind, **headers)


def form(path: str, *, token: str = "", **fields: str) -> Answer:
    return post(path, urlencode(fields).encode(), token=token, kind=FORM)


def audience() -> str:
    return f"{settings.ESPACE_PUBLIC_URL}/fhir"


def feeder_token(of: Organisation, *, scope: str = FEED, lifetime: timedelta = timedelta(hours=1)) -> str:
    return actions.issue_token(
        actor_kind=ActorKind.ORGANISATION,
        actor_id=of.id,
        audience=audience(),
        scope=scope,
        at=edge.now(),
        lifetime=lifetime,
    )


def holder_token(patient: PatientId) -> str:
    return actions.issue_token(
        actor_kind=ActorKind.HOLDER,
        actor_id=patient,
        patient=patient,
        audience=audience(),
        scope=" ".join(HOLDER_SCOPES),
        at=edge.now(),
        lifetime=timedelta(hours=1),
    )


def patient_of(of: Holder) -> dict[str, Any]:
    return {
        "resourceType": "Patient",
        "id": "patient",
        "identifier": [{"system": f"urn:oid:{of.ins.authority}", "value": of.ins.number}],
        "name": [{"use": "official", "family": of.traits.birth_name, "given": list(of.traits.given_names)}],
        "gender": "female" if of.traits.sex == "F" else "male",
        "birthDate": of.traits.birth_date.isoformat(),
    }


def deposit_of(
    of: Holder, content: bytes = bundles.CONTENT, *, uid: str = "", mime: str = "text/plain"
) -> dict[str, Any]:
    """A bundle with one document of this person; `uid` is its masterIdentifier."""
    made = bundles.bundle()
    submission_set, document, binary = (entry["resource"] for entry in made["entry"])
    ins = {"system": f"urn:oid:{of.ins.authority}", "value": of.ins.number}
    submission_set["subject"] = {"identifier": ins}
    submission_set["identifier"][1]["value"] = f"urn:uuid:{uuid4()}"
    document["contained"][0] = patient_of(of)
    document["masterIdentifier"]["value"] = uid or f"urn:uuid:{uuid4()}"
    document["securityLabel"] = [bundles.coding("N")]
    del document["custodian"]
    attachment = document["content"][0]["attachment"]
    attachment |= {
        "contentType": mime,
        "size": len(content),
        "hash": base64.b64encode(hashlib.sha1(content).digest()).decode(),
    }
    binary |= {"contentType": mime, "data": base64.b64encode(content).decode()}
    return made


def with_another(made: dict[str, Any], *, uid: str = "") -> dict[str, Any]:
    """The same bundle with a second document of the same person and bytes, last of its entries."""
    submission_set, document, binary = (copy.deepcopy(entry) for entry in made["entry"][:3])
    document["fullUrl"], binary["fullUrl"] = f"urn:uuid:{uuid4()}", f"urn:uuid:{uuid4()}"
    document["resource"]["masterIdentifier"]["value"] = uid or f"urn:uuid:{uuid4()}"
    document["resource"]["content"][0]["attachment"]["url"] = binary["fullUrl"]
    submission_set["resource"]["entry"].append({"item": {"reference": document["fullUrl"]}})
    return {**made, "entry": [submission_set, *made["entry"][1:], document, binary]}


def lines_of(who: Holder) -> list[TraceEvent]:
    """Every line of the register of this person, newest first, hidden ones too."""
    with gate.open_record(
        actor=who.actor, patient=who.patient, purpose=Purpose.HOLDER, verb=Verb.HISTORY, at=edge.now()
    ) as grant:
        return [line.event for line in history(grant)]


def send(made: dict[str, Any], of: Organisation, **headers: str) -> Answer:
    return post("/fhir", json.dumps(made).encode(), token=feeder_token(of), **headers)


def own_deposits(who: Holder, of: Organisation, **more: str) -> Answer:
    query = urlencode({"patient.identifier": f"urn:oid:{who.ins.authority}|{who.ins.number}", **more})
    return call("GET", "/fhir/DocumentReference", token=feeder_token(of), query=query)


def professional_token(who: Professional, *, scope: str = PROFESSIONAL) -> str:
    """A token of theirs, where they practise."""
    return actions.issue_token(
        actor_kind=ActorKind.PROFESSIONAL,
        actor_id=who.id,
        organisation=who.activities[0].organisation,
        audience=audience(),
        scope=scope,
        at=edge.now(),
        lifetime=timedelta(hours=1),
    )


def named(who: Holder) -> dict[str, str]:
    """The parameter that says of whom a search is."""
    return {"patient.identifier": f"urn:oid:{who.ins.authority}|{who.ins.number}"}


def pages(first: dict[str, Any], token: str) -> list[str]:
    """The ids of every page, following the next links."""
    ids, page = [], first
    while True:
        ids += [one["resource"]["id"] for one in page.get("entry", [])]
        following = [one["url"] for one in page["link"] if one["relation"] == "next"]
        if not following:
            return ids
        path, _, query = following[0].removeprefix(audience().removesuffix("/fhir")).partition("?")
        page = call("GET", path, token=token, query=query).json
