"""« Suivi de l’enfant » at the workstation: examinations and growth, of what this professional may see."""

import re
from datetime import timedelta

import pytest

from cast import consents, professional
from espace.access import gate
from espace.clinical.actions import profile as actions
from espace.clinical.facts.profile import Section
from espace.edge import now
from espace.kernel.words import Grant, Purpose, Verb, Visibility
from espace.looks.words import local_day
from portal.helpers import Member, cda, file, member
from portal.test_child import SIX, six
from workstation.desk import Desk
from workstation.test_stated import plain

pytestmark = pytest.mark.usefixtures("db")


def states(leo: Member, grant: Grant) -> None:
    """That the examination of three years was done, and a weight of last month."""
    born = local_day(now()) - SIX
    actions.say_examined(grant, examination="a3", typed=f"{born.year + 3}", born=born)
    day = f"{local_day(now()) - timedelta(days=30):%d/%m/%Y}"
    actions.state(grant, section=Section.MEASURES, typed={"measure": "weight", "value": "20,5", "day": day})


def test_a_doctor_sees_what_is_due_what_was_done_and_how_the_child_grows() -> None:
    leo, morel, before = six(), professional("Morel", "Anne"), now() - timedelta(days=400)
    consents(leo.of, morel, at=now())
    account = file(leo.of, cda(leo.of), title="Examen de 5 ans", type_code="59283-2", on=before)
    masked = frozenset({Visibility.MASQUE_PS})
    file(leo.of, cda(leo.of), title="Masqué", type_code="59283-2", on=before - timedelta(days=365), visibility=masked)
    with gate.open_record(
        actor=leo.of.actor, patient=leo.of.patient, purpose=Purpose.HOLDER, verb=Verb.STATE, at=now()
    ) as grant:
        states(leo, grant)
    desk, record = Desk(morel), f"/pro/patients/{leo.of.patient}/"
    assert f'href="{record}enfant/"' in desk.get(record).content.decode()
    page = desk.get(f"{record}enfant/")
    shown = plain(page)
    assert re.search(r"À faire maintenant 6 ans à faire jusqu’au", shown)
    assert re.search(r"Déjà faits 3 ans fait : \d{4}, déclaré 5 ans fait : .* – Examen de 5 ans", shown)
    assert f'href="{record}documents/{account}/"' in page.content.decode()
    assert "Poids 20,5 kg à 6 ans" in shown and "Déclaré par le patient" in shown
    assert "Masqué" not in shown and "Dire qu’il est fait" not in shown and "Modifier" not in shown
    with gate.open_record(
        actor=leo.of.actor, patient=leo.of.patient, purpose=Purpose.HOLDER, verb=Verb.VISIBILITY, at=now()
    ) as grant:
        actions.show_section(grant, section=Section.VACCINATIONS, visible=False)
        actions.show_section(grant, section=Section.MEASURES, visible=False)
    shown = plain(desk.get(f"{record}enfant/"))
    assert "déclaré 5 ans" not in shown and "5 ans fait" in shown and "Aucune mesure pour l’instant" in shown


def test_an_adults_record_has_no_link_to_it_and_a_stranger_sees_nothing() -> None:
    camille, morel, stranger = member(), professional("Morel", "Anne"), professional("Petit", "Léa")
    file(camille.of, cda(camille.of))
    consents(camille.of, morel, at=now())
    record = f"/pro/patients/{camille.of.patient}/"
    assert f"{record}enfant/" not in Desk(morel).get(record).content.decode()
    assert "Ce suivi s’arrête à 18 ans" in plain(Desk(morel).get(f"{record}enfant/"))
    refused = Desk(stranger).get(f"{record}enfant/")
    assert refused.status_code == 403 and "Suivi de l’enfant" not in plain(refused)
