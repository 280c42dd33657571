"""The ways in which a stolen account asks about a number, at the doors where a number may be asked about."""

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.conf import settings
from django.urls import reverse
from django.utils.html import escape

from espace import edge
from espace.identity.facts import Ins
from espace.kernel.ids import PatientId
from espace.kernel.reasons import care, decisions
from espace.kernel.values import replace
from espace.site.bench.theft.facts import Got
from espace.site.demo.people import CAMILLE, Person
from espace.site.demo.stories.telling import Teller, paris
from espace.site.demo.structures import CARDIOLOGIST, Structure
from espace.site.feeding import bundle_of
from espace.site.terminal import Failed
from espace.wire.cda_writing import Professional as Stated
from espace.wire.cda_writing import Stay, discharge
from espace.workstation.paths import consent_path, emergency_path, patient_path

FORM, FHIR = "application/x-www-form-urlencoded", "application/fhir+json"
CSRF = secrets.token_hex(16)
"""The cookie and the field that a browser sends back: of so many letters, and anything."""
_PATIENT = re.compile(r"/patients/([0-9a-f-]{36})/")
_SAID_FROZEN = (f'"{care.ACCOUNT_FROZEN.code}"', escape(care.ACCOUNT_FROZEN.professional.fr.partition(" :")[0]))
"""To a program, and in a page, which writes other spaces before a colon."""
_SAID_NOBODY = f'"{decisions.SPACE_UNKNOWN.code}"'
_TODAY = date(2026, 3, 2)
_NOT_FOUND, _MOVED, _OUR_FAULT = 404, 302, 500


@dataclass(frozen=True, slots=True)
class Asking:
    """One request of the thief."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answered:
    status: int
    location: str
    body: str


class Sender(Protocol):
    def __call__(self, asking: Asking) -> Answered: ...


@dataclass(frozen=True, slots=True)
class Thief:
    """Who holds a stolen account: its session in a browser, a token of its own, and the line to the server. `stated` is
    its professional as its documents name them."""

    session: str
    token: str
    stated: Stated
    structure: Structure
    send: Sender


def _by_consent(thief: Thief, ins: Ins) -> Got:
    """Find, record a consent that nobody gave, read."""
    said = {"whom": "seul", "how": "oral", "term": "visit", "informed": "on"}
    return _at_the_desk(thief, ins, consent_path, said)


def _by_emergency(thief: Thief, ins: Ins) -> Got:
    """Find, declare an emergency that is none, read."""
    return _at_the_desk(thief, ins, emergency_path, {"cause": "unconscious", "words": "Malaise.", "risk": "on"})


def _at_the_desk(thief: Thief, ins: Ins, opening: Callable[[PatientId], str], said: Mapping[str, str]) -> Got:
    found = _page(thief, reverse("pro_home"), {"ins": ins.number})
    if found.status != _MOVED:
        return _shut(found) or Got.NOTHING
    patient = _patient(found.location)
    opened = _page(thief, opening(patient), said)
    if opened.status != _MOVED:
        return Got.TOLD
    return Got.READ if _page(thief, patient_path(patient)).status < _MOVED else Got.TOLD


def _by_patient(thief: Thief, ins: Ins) -> Got:
    """The status of the space, by program."""
    return _got(_searched(thief, "/fhir/Patient/_search", {"identifier": _token(ins)}), otherwise=Got.TOLD)


def _by_documents(thief: Thief, ins: Ins) -> Got:
    """The documents of whoever already consented, or has the stolen account's doctor for their own."""
    said = {"patient.identifier": _token(ins), "status": "current"}
    return _got(_searched(thief, "/fhir/DocumentReference/_search", said), otherwise=Got.READ)


def _by_deposit(thief: Thief, ins: Ins) -> Got:
    """Whether a document about somebody of that number is taken, or refused for another reason than nobody's."""
    headers = {"Authorization": f"Bearer {thief.token}", "Content-Type": FHIR}
    return _got(thief.send(Asking("POST", "/fhir", headers, bundle(thief, ins))), otherwise=Got.TOLD)


WAYS: Mapping[str, Callable[[Thief, Ins], Got]] = {
    "consent": _by_consent,
    "emergency": _by_emergency,
    "Patient search": _by_patient,
    "document search": _by_documents,
    "deposit": _by_deposit,
}


SOFTWARE: Mapping[str, Callable[[Thief, Ins], Got]] = {
    "follow": lambda thief, ins: min(_by_documents(thief, ins), Got.TOLD, key=tuple(Got).index),
    "deposit": _by_deposit,
}
"""Those of an organisation's software, which reads nothing: a search of its deposits says whether there is a space."""


def bundle(thief: Thief, ins: Ins) -> bytes:
    """A document about that number, with the traits of somebody else: the thief knows no better."""
    person = Person("vol", replace(CAMILLE.patient, ins=ins.number))
    told = Teller(1, _TODAY).frame(person, CARDIOLOGIST, _TODAY - timedelta(days=7), encounter="IMP")
    own, series = (f"2.25.{uuid4().int}" for _ in range(2))
    by = thief.stated
    frame = replace(told, id=own, set_id=series, author=by, performer=by, written=paris(_TODAY, 9), attending=None)
    content = discharge(frame, Stay("Malaise.", ("Surveillance de quelques heures.",), ()))
    return bundle_of(content, source_id=thief.structure.source_id, at=edge.now())


def _searched(thief: Thief, path: str, said: Mapping[str, str]) -> Answered:
    headers = {"Authorization": f"Bearer {thief.token}", "Content-Type": FORM}
    return thief.send(Asking("POST", path, headers, urlencode(said).encode()))


def _page(thief: Thief, path: str, said: Mapping[str, str] | None = None) -> Answered:
    cookies = f"{settings.SESSION_COOKIE_NAME}={thief.session}; {settings.CSRF_COOKIE_NAME}={CSRF}"
    if said is None:
        return thief.send(Asking("GET", path, {"Cookie": cookies}))
    body = urlencode({**said, "csrfmiddlewaretoken": CSRF}).encode()
    return thief.send(Asking("POST", path, {"Cookie": cookies, "Content-Type": FORM}, body))


def _got(answered: Answered, *, otherwise: Got) -> Got:
    """What a program was told: a refusal for any reason but that there is nobody says that there is somebody."""
    if shut := _shut(answered):
        return shut
    if answered.status == _NOT_FOUND or _SAID_NOBODY in answered.body:
        return Got.NOTHING
    return otherwise if answered.status < _MOVED else Got.TOLD


def _shut(answered: Answered) -> Got | None:
    """FROZEN where the account was told so, by code or by sentence. Raises Failed for a fault of the server, which
    shuts nothing."""
    if answered.status >= _OUR_FAULT:
        raise Failed(f"The server failed under the walk: {answered.status}.")
    return Got.FROZEN if any(words in answered.body for words in _SAID_FROZEN) else None


def _patient(location: str) -> PatientId:
    found = _PATIENT.search(location)
    if found is None:
        raise Failed(f"The workstation led elsewhere than to a patient: {location}.")
    return PatientId(UUID(found[1]))


def _token(ins: Ins) -> str:
    return f"urn:oid:{ins.authority}|{ins.number}"
