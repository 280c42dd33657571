"""One question at a real door for each operation of the model, and what came back."""

import html
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4
from zipfile import ZipFile

from django.test import Client

from cast import Holder, caring
from door import FHIR_JSON, FORM, Answer, call, deposit_of, named
from exchange.hl7_messages import TYPE as HL7
from exchange.hl7_messages import acknowledged, message
from exchange.publishing import IS_ARCHIVED, MERGE_PATCH, frame, report, whole
from reference_model.addresses import HOLDER
from reference_model.facts import ARCHIVED, CURRENT, DELETED, SUPERSEDED, Person
from reference_model.forms import DESK, FOLLOWED, PAGES, Json
from reference_model.worlds import Real
from soap_door import cx, traits
from xdm_made import archive, subset

_IDS = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_STATUSES = {"current": CURRENT, "superseded": SUPERSEDED, "entered-in-error": DELETED}


@dataclass(frozen=True)
class Heard:
    """What came back: of a FHIR answer its codes and the resources of a search, of a page its text."""

    status: int
    text: str
    codes: tuple[str, ...] = ()
    location: str = ""
    told: Mapping[UUID, str] | None = None
    """The documents of a search and their status; the ids that a page names, with no status."""


def ask(real: Real, who: Person, door: str, name: str, about: str) -> Heard:
    return _DOORS[door](real, who, name, about)


# --- FHIR


def _fhir(real: Real, who: Person, name: str, about: str) -> Heard:
    method, path = name.split(" ")
    tokens = {"holder": real.token, **real.crew.tokens}
    token = real.token_of(who.name) if who.helps else tokens[who.name]
    if path in ("/fhir", "/fhir/DocumentReference") and method == "POST":
        made = _bundle(real, who) if path == "/fhir" else _published(real.of)
        return _heard(call("POST", path, json.dumps(made).encode(), token=token, kind=FHIR_JSON))
    if path == "/hl7v2":
        return _acknowledged(call("POST", path, _message(real.of), token=token, kind=HL7))
    if path == "/xdm":
        return _registered(call("POST", path, _archive(real, who), token=token, kind="application/zip"))
    if "{id}" in path:
        return _heard(_about(real, method, path, about, token))
    if path.endswith("$summary") and method == "POST":
        stated = [{"name": "identifier", "valueString": named(real.of)["patient.identifier"]}]
        return _heard(call(method, path, _parameters(stated), token=token, kind=FHIR_JSON))
    query = urlencode(_patient(real.of, path))
    if method == "POST":
        return _heard(call("POST", path, query.encode(), token=token, kind=FORM))
    return _heard(call("GET", path, token=token, query=query))


def _patient(of: Holder, path: str) -> Mapping[str, str]:
    ins = named(of)["patient.identifier"]
    return {"identifier": ins} if "Patient" in path else {"patient.identifier": ins}


def _parameters(stated: list[Json]) -> bytes:
    return json.dumps({"resourceType": "Parameters", "parameter": stated}).encode()


def _bundle(real: Real, who: Person) -> Json:
    """A deposit in the caller's own name."""
    made = deposit_of(real.of, f"Contenu {uuid4()}".encode())
    pro, org = real.crew.professionals.get(who.name), real.crew.organisations.get(who.name)
    source = pro.national_id if pro else org.source_ids[0] if org else ""
    [stated] = [one for one in made["entry"][0]["resource"]["extension"] if one["url"].endswith("sourceId")]
    stated["valueIdentifier"] = {"system": "urn:ietf:rfc:3986", "value": f"urn:oid:{source}"}
    if pro:
        stated["valueIdentifier"] = {"system": "urn:oid:1.2.250.1.71.4.2.1", "value": source}
    return made


def _published(of: Holder) -> Json:
    return whole(of, f"Contenu {uuid4()}".encode(), mime="text/plain")


def _message(of: Holder) -> bytes:
    """A result of biology, as the other deposits are."""
    written = frame(of)
    return message(of, written, content=report(written), code="11502-2")


def _archive(real: Real, who: Person) -> bytes:
    """A deposit in the name of the caller's organisation."""
    pro, org = real.crew.professionals.get(who.name), real.crew.organisations.get(who.name)
    sends_as = caring(pro).sends_as if pro else org.source_ids if org else ()
    own = {"uid": f"urn:uuid:{uuid4()}", "set_uid": f"urn:uuid:{uuid4()}", "cx": cx(real.of), "traits": traits(real.of)}
    made = subset(f"Contenu {uuid4()}".encode(), **own)
    source = next((one for one in sends_as if one.startswith("1.2.250.")), "1.2.250.1.999.1.1")
    made["METADATA.XML"] = made["METADATA.XML"].replace(b'"1.2.250.1.999.1.1"', f'"{source}"'.encode())
    return archive(made)


def _registered(answer: Answer) -> Heard:
    text = answer.body.decode()
    return Heard(answer.status, text, tuple(re.findall(r'codeContext="\[(\w+)\]', text)))


def _acknowledged(answer: Answer) -> Heard:
    said = acknowledged(answer)
    return Heard(said.status, said.text, said.codes)


def _about(real: Real, method: str, path: str, about: str, token: str) -> Answer:
    ids: Mapping[str, UUID] = real.sets if "List" in path else real.ids
    id = real.of.patient if "Patient" in path else ids.get(about) or uuid4()
    address = path.replace("{id}", str(id))
    if address.endswith("$summary") and method == "POST":
        return call(method, address, _parameters([]), token=token, kind=FHIR_JSON)
    if method != "PATCH":
        return call(method, address, token=token)
    one = real.model.documents.get(about)
    is_archived = one is not None and one.status == ARCHIVED
    body = {"extension": [{"url": IS_ARCHIVED, "valueBoolean": is_archived}]}
    return call(method, address, json.dumps(body).encode(), token=token, kind=MERGE_PATCH)


def _heard(answer: Answer) -> Heard:
    text = answer.body.decode("utf-8", "replace")
    if answer.status >= 400:
        return Heard(answer.status, text, tuple(answer.codes))
    found = json.loads(text) if text.startswith("{") else {}
    return Heard(answer.status, text, told=_told(found))


def _told(found: Json) -> dict[UUID, str] | None:
    if found.get("resourceType") == "List":
        return {UUID(one["item"]["reference"].split("/")[-1]): "" for one in found.get("entry", [])}
    if found.get("resourceType") != "Bundle" or found.get("type") != "searchset":
        return None
    return {UUID(one["resource"]["id"]): _status(one["resource"]) for one in found.get("entry", [])}


def _status(resource: Json) -> str:
    if resource["resourceType"] != "DocumentReference":
        return ""
    archived = any(one.get("url") == IS_ARCHIVED for one in resource.get("extension", []))
    status = _STATUSES[resource["status"]]
    return ARCHIVED if archived and status == CURRENT else status


# --- Pages


def _page(response: Any) -> Heard:
    body = response.content if not response.streaming else b"".join(response.streaming_content)
    text = html.unescape(_unpacked(body) if body.startswith(b"PK") else body.decode("utf-8", "replace"))
    ids = {UUID(one): "" for one in _IDS.findall(text)}
    return Heard(response.status_code, text, location=response.headers.get("Location", ""), told=ids)


def _unpacked(archive: bytes) -> str:
    """The names and the bytes of its members: compressed, they would hide what they tell."""
    with ZipFile(BytesIO(archive)) as opened:
        return "\n".join(f"{one} {opened.read(one).decode('utf-8', 'replace')}" for one in opened.namelist())


def _portal(real: Real, who: Person, name: str, about: str) -> Heard:
    method, page = name.split(" ")
    path, form = PAGES[page](real, about)
    return _came(_browser(real, who), method, path, form, follow=page in FOLLOWED)


def _browser(real: Real, who: Person) -> Client:
    if who.name in real.helpers:
        return real.helpers[who.name].browser
    if who.name == "holder":
        return real.browser
    return real.crew.other_browser if who.name == "other_holder" else real.crew.nobody


def _came(client: Client, method: str, path: str, form: Json, *, follow: bool) -> Heard:
    return _page(client.get(path) if method == "GET" else client.post(path, form, follow=follow))


def _helping(real: Real, who: Person, name: str, about: str) -> Heard:
    """The pages in the space of whom one helps; who does not, at the address of somebody who does."""
    method, page = name.split(" ")
    path, form = PAGES[page](real, about)
    of = real.helpers.get(who.name) or next(iter(real.helpers.values()))
    return _came(_browser(real, who), method, f"/pour/{of.mandate}{path}", form, follow=page in FOLLOWED)


def _workstation(real: Real, who: Person, name: str, about: str) -> Heard:
    method, page, *variant = name.split(" ")
    path, form = DESK[page](real, about)
    form = {**form, "cause": "call"} if variant else form
    client: Client = real.crew.desks.get(who.name) or _signed_out(real, who)
    return _came(client, method, path, form, follow=page in FOLLOWED)


def _signed_out(real: Real, who: Person) -> Client:
    """Whoever is no professional: nobody, or a holder in the browser of their own space."""
    return real.browser if who.kind == HOLDER and who.own else real.crew.nobody


_DOORS: Mapping[str, Callable[[Real, Person, str, str], Heard]] = {
    "mhd": _fhir,
    "portal": _portal,
    "helping": _helping,
    "workstation": _workstation,
}
