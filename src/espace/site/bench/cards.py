"""The requests of each measurement, made beforehand: distinct people one after the other."""

import base64
import hashlib
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module

import msgspec
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.urls import reverse

from espace import edge
from espace.catalogue import actions as catalogue
from espace.catalogue.facts import HOLDER_SCOPES
from espace.kernel.words import ActorKind
from espace.site.bench import soap
from espace.site.bench.facts import DOCUMENT_BYTES, READINGS, What
from espace.site.bench.load import DATA, HASH, ID, SET, Card, cut
from espace.site.bench.people import NUMBER, SMALL_BYTES, Resident, document_of
from espace.site.bench.professionals import desks
from espace.site.demo import tokens
from espace.site.demo.structures import HOSPITAL
from espace.site.feeding import bundle_of
from espace.wire.fhir.writing import provide_bundle
from espace.wire.xds import Submission
from espace.workstation.paths import deposit_path, patient_path

LIFETIME = timedelta(days=1)
FHIR = "application/fhir+json"
SIZES = {what: DOCUMENT_BYTES if what in READINGS else SMALL_BYTES for what in What}
"""Of the documents that are there before: only a reading opens them."""


def cards_of(what: What, residents: list[Resident]) -> list[Card]:
    return _MAKERS[what](residents)


def _deposits(residents: list[Resident]) -> list[Card]:
    token = tokens.of_organisation("hospital", lifetime=LIFETIME)
    return [_deposit(one, token) for one in residents]


def _deposit(one: Resident, token: str) -> Card:
    """The bundle of a 50 KB document, cut where each deposit has something of its own."""
    _, content = document_of(one.person, DOCUMENT_BYTES)
    bundle = bundle_of(content, source_id=HOSPITAL.source_id, at=edge.now())
    body = bundle.replace(base64.b64encode(content), DATA)
    body = body.replace(base64.b64encode(hashlib.sha1(content, usedforsecurity=False).digest()), HASH)
    body = body.replace(_set_id(body), SET).replace(NUMBER.encode(), ID)
    return Card(cut(_posting(token, len(bundle)) + body), content.split(NUMBER.encode()))


def large_deposit(one: Resident, submission: Submission) -> Card:
    """A submission of one document as it is: once, for nothing of it is new each time. The bundle says who the patient
    is, for the content may be no CDA."""
    said = msgspec.json.decode(provide_bundle(submission, [edge.new_id() for _ in range(3)]))
    reference, who = said["entry"][1]["resource"], one.person.patient
    name = {"use": "official", "family": who.birth_name, "given": list(who.given_names)}
    sex = {"F": "female", "M": "male"}[who.sex]
    patient = {"resourceType": "Patient", "id": "patient", "identifier": [reference["subject"]["identifier"]],
               "name": [name], "gender": sex, "birthDate": who.birth_date.isoformat()}  # fmt: skip
    reference["contained"].append(patient)
    reference["context"]["sourcePatientInfo"] = {"reference": "#patient"}
    bundle = msgspec.json.encode(said)
    token = tokens.of_organisation("hospital", lifetime=LIFETIME)
    return Card([_posting(token, len(bundle)), bundle])


def _posting(token: str, length: int) -> bytes:
    return _head("POST", "/fhir", token) + f"Content-Type: {FHIR}\r\nContent-Length: {length}\r\n\r\n".encode()


def _set_id(bundle: bytes) -> bytes:
    """The UUID of the submission set: the List's identifier, the first of the bundle that is no fullUrl."""
    place = bundle.index(b'"identifier"')
    start = bundle.index(b"urn:uuid:", place) + len(b"urn:uuid:")
    return bundle[start : start + 36]


def _searches(residents: list[Resident]) -> list[Card]:
    return [_get("/fhir/DocumentReference?_count=20&status=current", _token(one)) for one in residents]


def _readings(residents: list[Resident]) -> list[Card]:
    """One document of everybody, then another one of everybody."""
    held = [(one, _token(one)) for one in residents]
    most = max(len(one.entries) for one in residents)
    return [
        _get(f"/fhir/Binary/{one.entries[rank]}", token)
        for rank in range(most)
        for one, token in held
        if rank < len(one.entries)
    ]


def _homes(residents: list[Resident]) -> list[Card]:
    """The page of everybody, in a session as signing in makes it. Who is signed out gets a page there too."""
    mark = f'href="{reverse("history")}"'
    sessions = import_module(settings.SESSION_ENGINE)
    accounts = {one.pk: one for one in get_user_model().objects.all()}
    cards = []
    for resident in residents:
        session = sessions.SessionStore()
        session[SESSION_KEY] = str(resident.account)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = accounts[resident.account].get_session_auth_hash()
        session.create()
        cards.append(_page(reverse("home"), session.session_key, mark))
    return cards


def _screens(residents: list[Resident]) -> list[Card]:
    """The first screen of everybody's record, each time by another professional. Only that screen of that record
    leads to where a document is deposited in it: it is the mark.
    """
    return [
        _page(patient_path(one.patient), key, f'href="{deposit_path(one.patient)}"') for one, key in desks(residents)
    ]


def _page(path: str, session_key: str, mark: str) -> Card:
    cookie = f"Cookie: {settings.SESSION_COOKIE_NAME}={session_key}"
    return Card([f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{cookie}\r\n\r\n".encode()], mark=mark.encode())


def _token(one: Resident) -> str:
    return catalogue.issue_token(
        actor_kind=ActorKind.HOLDER,
        actor_id=one.patient,
        patient=one.patient,
        audience=tokens.audience(),
        scope=" ".join(HOLDER_SCOPES),
        at=edge.now(),
        lifetime=LIFETIME,
    )


def _get(path: str, token: str) -> Card:
    return Card([_head("GET", path, token) + b"\r\n"])


def _head(method: str, path: str, token: str) -> bytes:
    return f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n".encode()


_MAKERS: dict[What, Callable[[list[Resident]], list[Card]]] = {
    What.DEPOSIT: _deposits,
    What.SEARCH: _searches,
    What.READ: _readings,
    What.HOME: _homes,
    What.SCREEN: _screens,
    What.ITI41: soap.deposits,
    What.ITI18: soap.searches,
    What.ITI43: soap.readings,
}
