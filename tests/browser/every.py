"""Every page of both doors, read from their tables of addresses: a page that is added is looked at without being named.

An address that holds a word which `World` does not know fails with a sentence, so that nothing is left out in silence.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from cast import adds_member, begins_team, cares, consents, holder, names_doctor, organisation, professional, represents
from espace import edge
from espace.access import gate
from espace.access import queries as access
from espace.clinical.actions import profile as health
from espace.clinical.facts.profile import Section, Target
from espace.enrolment import actions as enrolment
from espace.identity.actions.advising import name_adviser, new_code
from espace.identity.actions.mandates import answer_help, ask_adviser, ask_help, end_session
from espace.identity.actions.people import set_address
from espace.identity.facts import Professional
from espace.identity.facts.mandates import Helps, Scope
from espace.identity.queries.advising import code_token
from espace.kernel.values import replace
from espace.kernel.words import Purpose, Verb, Visibility
from espace.looks.trends import sealed_key
from espace.notices import actions as tell
from espace.notices import queries as told
from espace.notices.facts import About, Kind, Notice
from espace.notices.rules import EVERYBODY
from espace.portal.urls import ROUTES as PORTAL
from espace.record import actions as record
from espace.site.refusals.urls import ROUTES as REFUSALS
from espace.workstation.urls import ROUTES as WORKSTATION
from exchange.measuring import lets_in, registered
from portal.helpers import PDF, Member, cda, cda_with_file, member
from portal.helpers import file as file_for_holder
from record.secret import agrees, minor
from record.test_secret_care import files
from workstation.desk import Desk
from workstation.desk import file as file_at_desk

VISITOR, HOLDER, DOCTOR = "visitor", "holder", "doctor"
SECRET = "secret"
"""In the names of the pages of a minor's secret care; their addresses name the child, and a document of that care."""
WORDS = re.compile(r"<(?:\w+:)?(\w+)>")
HTML = "text/html"
WEIGHT = ("2.16.840.1.113883.6.1", "29463-7")


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
    letter = file_for_holder(
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
    _hides(camille, letter, nurse)
    consents(camille.of, former, at=now - timedelta(days=9), until=now - timedelta(days=2))
    begins_team(camille.of, anne, at=now)
    adds_member(camille.of, anne, nurse, at=now)
    desk = Desk(anne)
    desk.get(f"/pro/patients/{camille.of.patient}/documents/{first}/")
    _told(camille, now, first)
    lets_in(camille.of, registered(laboratory, "Carnet de tension"))
    return World(
        camille, anne, _words(camille, first, nurse, anne), {VISITOR: Client(), HOLDER: browsing(camille), DOCTOR: desk}
    )


def _told(camille: Member, now: datetime, document: UUID) -> None:
    """A notice of every kind; every third one was read."""
    for number, kind in enumerate(Kind):
        about = (About(document, "Analyses de sang"),) if kind in _OF_DOCUMENTS else ()
        said = Notice(kind, now, EVERYBODY, about, "Anne Morel", "Cabinet des Tilleuls")
        tell.note(patient=camille.of.patient, notice=said, about=str(number))
    with gate.open_record(
        actor=camille.of.actor, patient=camille.of.patient, purpose=Purpose.HOLDER, verb=Verb.NOTICES, at=now
    ) as grant:
        tell.mark_read(grant, [one.id for one in told.centre(grant, most=50).notices][::3])


_OF_DOCUMENTS = frozenset({Kind.NEW_DOCUMENT, Kind.REPLACED, Kind.DELETED, Kind.UNMASKED, Kind.CORRECTED})


def browsing(who: Member) -> Client:
    client = Client()
    account = get_user_model().objects.get(pk=who.account)
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _words(camille: Member, document: UUID, nurse: Professional, anne: Professional) -> dict[str, dict[str, object]]:
    own: dict[str, object] = {"document_id": document, "number": 1, "word": "biology", "profession": "60"}
    absent: dict[str, object] = {"session_id": edge.new_id(), "key_id": 1, "line_id": _last_line(camille)}
    return {
        VISITOR: {"token": _invited(), "code": "hash_mismatch"},
        HOLDER: {**own, **absent, **_helps(camille), "team_id": _team(camille), "professional_id": nurse.id}
        | {"folder_id": _folder(camille), "topic_id": _topic(camille, document)}
        | {
            "section": "mesures",
            "item_id": _measured(camille),
            "analyte": sealed_key(WEIGHT, camille.account),
            "code": "a6",
        },
        DOCTOR: {**own, "token": edge.new_token(), "patient_id": camille.of.patient, "professional_id": nurse.id}
        | {"analyte": sealed_key(WEIGHT, anne.id)},
        SECRET: {**_kept_secret(anne), "analyte": sealed_key(WEIGHT, anne.id)},
    }


def _helps(camille: Member) -> dict[str, object]:
    """She stands for her son, has a carer, and is asked to help a neighbour; the words of the carer and of the link."""
    hers, theirs = f"{edge.new_id()}@exemple.fr", f"{edge.new_id()}@exemple.fr"
    marie = member(given="MARIE", email=hers)
    son, neighbour, token = member(given="LÉO", born=date(edge.now().year - 15, 3, 22)), member(), edge.new_token()
    represents(camille.of, son.of, at=edge.now())
    set_address(account_id=camille.account, email=theirs)
    _was_advised(camille)
    with gate.open_record(
        actor=neighbour.of.actor, patient=neighbour.of.patient, purpose=Purpose.HOLDER, verb=Verb.INVITE, at=edge.now()
    ) as grant:
        ask_help(grant, kind=Helps.CARER, scope=Scope.READ, address=theirs, language="fr", token=token)
    return {"mandate_id": cares(marie.of, camille.of, address=hers, at=edge.now()), "token": token}


def _was_advised(camille: Member) -> None:
    """She is a digital adviser, and another one helped her this minute."""
    noemie, code, at = member(given="NOÉMIE"), new_code(), edge.now()
    for who in (camille, noemie):
        name_adviser(account=who.account, structure="France services de Saint-Junien")
    with gate.open_record(
        actor=camille.of.actor, patient=camille.of.patient, purpose=Purpose.HOLDER, verb=Verb.ADVISE, at=at
    ) as grant:
        ask_adviser(grant, scope=Scope.READ, code=code)
    actor = replace(noemie.of.actor, name="")
    with gate.open_record(
        actor=actor, patient=camille.of.patient, purpose=Purpose.PROXY, verb=Verb.ANSWER, at=at,
        invitation=code_token(code),
    ) as grant:  # fmt: skip
        answer_help(grant, accepts=True)
    with gate.open_record(
        actor=camille.of.actor, patient=camille.of.patient, purpose=Purpose.HOLDER, verb=Verb.END_HELP, at=edge.now()
    ) as grant:
        end_session(grant)


def _last_line(of: Member) -> UUID:
    """The last line of the access log: the doctor read a document."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM trace_event WHERE patient_id = %s ORDER BY id DESC LIMIT 1", [of.of.patient])
        return UUID(str(cursor.fetchone()[0]))


def _kept_secret(anne: Professional) -> dict[str, object]:
    """A child who agreed to secret care by this doctor, and what she filed of it."""
    child = minor()
    agrees(child, anne, at=edge.now())
    return {"patient_id": child.patient, "document_id": files(child, anne, "Entretien confidentiel"), "number": 1}


def _team(of: Member) -> UUID:
    with gate.open_record(
        actor=of.of.actor, patient=of.of.patient, purpose=Purpose.HOLDER, verb=Verb.HISTORY, at=edge.now()
    ) as grant:
        return next(one.team.team for one in access.relations(grant) if one.team)


def _hides(of: Member, document: UUID, who: Professional) -> None:
    with gate.open_record(
        actor=of.of.actor, patient=of.of.patient, purpose=Purpose.HOLDER, verb=Verb.MASK, at=edge.now()
    ) as grant:
        record.hide_from(grant, document, who.id)


def _folder(of: Member) -> UUID:
    with gate.open_record(
        actor=of.of.actor, patient=of.of.patient, purpose=Purpose.HOLDER, verb=Verb.ARRANGE, at=edge.now()
    ) as grant:
        return record.make_folder(grant, name="Dentiste")


def _topic(of: Member, document: UUID) -> UUID:
    """A masked topic with one document; others have a word of its name."""
    with gate.open_record(
        actor=of.of.actor, patient=of.of.patient, purpose=Purpose.HOLDER, verb=Verb.VISIBILITY, at=edge.now()
    ) as grant:
        topic = record.make_topic(grant, name="Radiographies")
        record.link(grant, topic, [document])
        record.mask_topic(grant, topic)
        return topic


def _measured(of: Member) -> UUID:
    """A weight, one before it, its target, an allergy, a vaccine, and a treatment that professionals do not see."""
    stated = (
        (Section.ALLERGIES, {"name": "Pénicilline", "kind": "DINT", "severity": "H", "since": "2010"}),
        (Section.TREATMENTS, {"name": "Ventoline", "dosage": "2 bouffées si besoin", "since": "2001"}),
        (Section.VACCINATIONS, {"name": "Repevax", "day": "2019", "lot": "B7"}),
        (Section.MEASURES, {"measure": "weight", "value": "64,5", "day": "04/03/2025"}),
        (Section.MEASURES, {"measure": "weight", "value": "63", "day": "04/06/2025"}),
    )
    with gate.open_record(
        actor=of.of.actor, patient=of.of.patient, purpose=Purpose.HOLDER, verb=Verb.STATE, at=edge.now()
    ) as grant:
        made = [health.state(grant, section=section, typed=typed) for section, typed in stated]
        health.set_target(grant, measure="weight", target=Target("60", "65"))
        health.say_unconcerned(grant, section=Section.STAYS, on=True)
    with gate.open_record(
        actor=of.of.actor, patient=of.of.patient, purpose=Purpose.HOLDER, verb=Verb.VISIBILITY, at=edge.now()
    ) as grant:
        health.show_section(grant, section=Section.TREATMENTS, visible=False)
    return made[-1]


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
    for routes, role in ((PORTAL, HOLDER), (WORKSTATION, DOCTOR), (REFUSALS, VISITOR)):
        for route in routes:
            if "GET" in route.methods:
                yield from (_visit(world, one, route) for one in _roles(route, role))


def _roles(route: Any, role: str) -> tuple[str, ...]:
    known = (role,) if isinstance(route.purpose, Purpose) or role == DOCTOR else ()
    return (*known, *((VISITOR,) if route.public else ()))


def _visit(world: World, role: str, route: Any) -> Visit:
    known = world.words[SECRET if role == DOCTOR and SECRET in route.name else role]
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
