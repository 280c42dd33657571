"""Every page of both doors, read from their tables of addresses: a page that is added is looked at without being named.

An address that holds a word which `World` does not know fails with a sentence, so that nothing is left out in silence.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from cast import consents, holder, names_doctor, organisation, professional
from espace import edge
from espace.access import gate
from espace.enrolment import actions as enrolment
from espace.identity.facts import Professional
from espace.kernel.words import Purpose, Verb, Visibility
from espace.portal.urls import ROUTES as PORTAL
from espace.record import actions as record
from espace.workstation.urls import ROUTES as WORKSTATION
from portal.helpers import PDF, Member, cda, cda_with_file, member
from portal.helpers import file as file_for_holder
from workstation.desk import Desk
from workstation.desk import file as file_at_desk

VISITOR, HOLDER, DOCTOR = "visitor", "holder", "doctor"
WORDS = re.compile(r"<(?:\w+:)?(\w+)>")
HTML = "text/html"


@dataclass(frozen=True)
class Visit:
    """One page as one role sees it; `name` is that of the address."""

    role: str
    name: str
    path: str

    @property
    def label(self) -> str:
        return f"{self.role}-{self.name}"


@dataclass(frozen=True)
class World:
    """A furnished space, its holder, her attending doctor; `words` fill the holes of addresses, by role."""

    camille: Member
    anne: Professional
    words: dict[str, dict[str, object]]
    clients: dict[str, Client] = field(default_factory=dict)

    def client(self, role: str) -> Client:
        """A browser of that role, signed in where the role is somebody."""
        return self.clients[role]


def furnished() -> World:
    """Documents of every sort, an attending doctor, a nurse with consent, one whose consent ended, a new invitation."""
    camille, now = member(), edge.now()
    anne, nurse, former = professional("Morel", "Anne"), professional("Petit", "Léa", profession="60"), professional()
    laboratory = organisation("Laboratoire des Tilleuls")
    first = file_for_holder(camille.of, cda(camille.of), by=laboratory, on=now, at=now)
    file_for_holder(
        camille.of, cda_with_file(camille.of, PDF, "application/pdf"), title="Lettre de liaison à la sortie",
        type_code="11490-0", on=now - timedelta(days=40), at=now - timedelta(days=39),
    )  # fmt: skip
    file_for_holder(
        camille.of, cda(camille.of), title="Ordonnance de lunettes, verres progressifs et monture de remplacement",
        type_code="57833-6", on=now - timedelta(days=75), at=now - timedelta(days=70),
        visibility=frozenset({Visibility.MASQUE_PS}),
    )  # fmt: skip
    for title, code in (("Radiographie du thorax", "18748-4"), ("Vaccination contre la grippe", "87273-9")):
        file_at_desk(camille.of, title, type_code=code)
    names_doctor(camille.of, anne, at=now)
    consents(camille.of, nurse, at=now, until=now + timedelta(days=30))
    consents(camille.of, former, at=now - timedelta(days=9), until=now - timedelta(days=2))
    desk = Desk(anne)
    desk.get(f"/pro/patients/{camille.of.patient}/documents/{first}/")
    return World(
        camille, anne, _words(camille, first, nurse), {VISITOR: Client(), HOLDER: browsing(camille), DOCTOR: desk}
    )


def browsing(who: Member) -> Client:
    client = Client()
    account = get_user_model().objects.get(pk=who.account)
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _words(camille: Member, document: UUID, nurse: Professional) -> dict[str, dict[str, object]]:
    own: dict[str, object] = {"document_id": document, "number": 1, "word": "biology"}
    absent: dict[str, object] = {"session_id": edge.new_id(), "key_id": 1, "line_id": edge.new_id()}
    return {
        VISITOR: {"token": _invited()},
        HOLDER: {**own, **absent, "professional_id": nurse.id, "folder_id": _folder(camille)},
        DOCTOR: {**own, "patient_id": camille.of.patient},
    }


def _folder(of: Member) -> UUID:
    with gate.open_record(
        actor=of.of.actor, patient=of.of.patient, purpose=Purpose.HOLDER, verb=Verb.ARRANGE, at=edge.now()
    ) as grant:
        return record.make_folder(grant, name="Dentiste")


def _invited() -> str:
    """The token of somebody invited this minute."""
    someone, token = holder(), edge.new_token()
    made, edge.new_token = edge.new_token, lambda: token
    try:
        enrolment.invite(patient=someone.patient, at=edge.now())
    finally:
        edge.new_token = made
    return token


def visits(world: World) -> Iterator[Visit]:
    """Every address that can be asked for, as each role that it is for; files and redirections are left to `pages`."""
    for routes, role in ((PORTAL, HOLDER), (WORKSTATION, DOCTOR)):
        for route in routes:
            if "GET" in route.methods:
                yield from (_visit(world, one, route) for one in _roles(route, role))


def _roles(route: Any, role: str) -> tuple[str, ...]:
    known = (role,) if isinstance(route.purpose, Purpose) or role == DOCTOR else ()
    return (*known, *((VISITOR,) if route.public else ()))


def _visit(world: World, role: str, route: Any) -> Visit:
    known = world.words[role]
    words = WORDS.findall(route.path)
    missing = [word for word in words if word not in known]
    assert not missing, f"tests/browser/every.py: World does not know {missing} of {route.path} for the {role}"
    return Visit(role, route.name, reverse(route.name, kwargs={word: known[word] for word in words}))


def the(world: World, role: str, name: str) -> Visit:
    """The page of that name, as that role sees it."""
    routes = {DOCTOR: WORKSTATION}.get(role, PORTAL)
    return _visit(world, role, next(route for route in routes if route.name == name))


def answer(world: World, visit: Visit, language: str = "fr") -> HttpResponse:
    client = world.client(visit.role)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    found: HttpResponse = client.get(visit.path)
    return found


def pages(world: World) -> list[Visit]:
    """The visits that a page answers: neither a file nor a redirection."""
    found = ((one, answer(world, one)) for one in visits(world))
    return [one for one, said in found if "Location" not in said and said.headers["Content-Type"].startswith(HTML)]
