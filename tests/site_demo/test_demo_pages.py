"""What the demonstration's own documents say of somebody is found on the pages where it is looked for first."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import count
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth import get_user_model

from cast import Holder, consents, fresh_ins, professional
from espace import edge
from espace.access import gate
from espace.clinical import handlers as clinical
from espace.enrolment import actions as enrolment
from espace.enrolment.facts import Candidate
from espace.identity import actions as identity
from espace.identity.queries import patient_of
from espace.identity.rules import actor_of
from espace.kernel.values import replace
from espace.kernel.words import Actor, ActorKind, Purpose, Verb
from espace.portal.codes import add_authenticator
from espace.record import actions as record
from espace.site.demo.people import CAMILLE, Person
from espace.site.demo.professionals import organisation_of
from espace.site.demo.stories import Deposit
from espace.site.demo.stories import camille as story
from espace.site.demo.stories.telling import Teller
from espace.wire.cda import parse
from portal.helpers import PASSWORD, SECRET, Member, signed_in
from site_demo.telling import TODAY, traits
from workstation.desk import Desk
from workstation.test_first_screen import panel

pytestmark = pytest.mark.usefixtures("db")
NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 9, 30, tzinfo=UTC)
STRUCTURED = frozenset({"SYNTH", "57833-6", "60593-1", "11490-0", "87273-9"})
"""Her summaries, what was prescribed and delivered, her letter of discharge, her vaccinations."""
PARIS = ZoneInfo("Europe/Paris")
_numbers = count(7001)


def opened(person: Person) -> Member:
    """A space of before the story, and an account."""
    ins, account, identifier = fresh_ins(), uuid4(), f"camille.{uuid4().hex[:10]}"
    enrolment.enrol(Candidate(ins, traits(person), person.email), at=NOW - timedelta(days=1200))
    patient = patient_of(ins)
    assert patient is not None
    identity.add_account(account_id=account, identifier=identifier, password=PASSWORD, email="", patient=patient)
    add_authenticator(get_user_model().objects.get(pk=account), SECRET, 0)
    actor = Actor(ActorKind.HOLDER, account, person.name, patient=patient)
    return Member(Holder(patient, ins, traits(person), actor), account, identifier)


def put(to: Holder, told: Deposit) -> None:
    header, by = parse(told.content, zone=PARIS).document, organisation_of(told.structure)
    identity.put_organisation(by)
    with (
        edge.clock_at(told.at),
        gate.open_record(
            actor=actor_of(by), patient=to.patient, purpose=Purpose.FEED, verb=Verb.DEPOSIT, at=told.at
        ) as grant,
    ):
        record.submit(grant, submission=told.submission, headers=[header])


@pytest.fixture
def camille(monkeypatch: pytest.MonkeyPatch) -> Member:
    """The story of Camille, told of somebody who bears her name and has a number of their own."""
    found = opened(CAMILLE)
    monkeypatch.setattr(story, "CAMILLE", replace(CAMILLE, patient=replace(CAMILLE.patient, ins=found.of.ins.number)))
    teller = Teller(7, TODAY, branch=str(next(_numbers)))
    story.tell(teller)
    for told in sorted(teller.told, key=lambda one: one.at):
        if told.entry.type and told.entry.type.code in STRUCTURED:
            put(found.of, told)
    while clinical.read(found.of.patient, goes_on=False).more:
        pass
    return found


def said(page: str, start: str, end: str) -> str:
    """The words of a part of a page."""
    part = page[page.index(start) : page.index(end, page.index(start))]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", part)).split())


def read_by_a_doctor(of: Holder, place: str) -> str:
    """A page of the record that a doctor with her consent opens that day."""
    with edge.clock_at(NOW):
        anne = professional()
        consents(of, anne, at=NOW)
        return str(Desk(anne).get(f"/pro/patients/{of.patient}/{place}").content.decode())


def test_the_first_screen_says_what_an_allergy_does_and_when_a_medicine_was_delivered(camille: Member) -> None:
    page = read_by_a_doctor(camille.of, "")
    assert "Pénicillines urticaire et gonflement des lèvres Lire dans" in panel(page, "allergies")
    taken = panel(page, "treatments")
    delivered = r"délivré le Lire dans « [^»]+ », [0-9]+"
    assert re.search(rf"depuis février 2023 {delivered} fév\. 2025 Lire dans", taken)
    assert re.search(rf"Sumatriptan .* depuis mars 2025 {delivered} mars 2025 Lire dans", taken)


def test_the_emergency_sheet_says_it_too(camille: Member) -> None:
    with edge.clock_at(NOW):
        page = signed_in(camille).get("/sante/fiche-urgence/").content.decode()
    sheet = said(page, "<article", "</article>")
    assert "Pénicillines urticaire et gonflement des lèvres" in sheet


def test_a_medical_summary_is_begun_with_it(camille: Member) -> None:
    page = read_by_a_doctor(camille.of, "synthese/")
    assert "gonflement des lèvres" in page
