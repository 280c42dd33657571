"""What a profile must not tell, nor be made to do, whoever asks."""

from uuid import UUID, uuid4

import pytest

from cast import AT, consents, names_doctor, organisation, professional
from clinical.scene import deposit, results, stated, summary
from espace import edge
from espace.access import gate
from espace.clinical.actions import profile as actions
from espace.clinical.facts.profile import Section, Target
from espace.clinical.queries.profile import profile
from espace.kernel.words import Purpose, Refused, Verb
from portal.helpers import Member, member, signed_in
from portal.test_health import TYPED, states
from portal.test_reading_pages import text
from workstation.desk import Desk

pytestmark = pytest.mark.usefixtures("db")
EVIL = "\"><script>alert(1)</script>'{{7*7}}"
WRITTEN = "a complété son profil de santé"


def hides(of: Member, section: Section) -> None:
    with gate.open_record(
        actor=of.of.actor, patient=of.of.patient, purpose=Purpose.HOLDER, verb=Verb.VISIBILITY, at=AT
    ) as grant:
        actions.show_section(grant, section=section, visible=False)


def test_the_doctor_s_history_says_nothing_of_what_is_stated_in_a_hidden_section() -> None:
    camille, anne = member(), professional()
    names_doctor(camille.of, anne)
    hides(camille, Section.PROBLEMS)
    hides(camille, Section.MEASURES)
    item = states(camille, "sujets")
    with pytest.raises(Refused, match="item_refused"):
        states(camille, "sujets", name="")
    with gate.open_record(
        actor=camille.of.actor, patient=camille.of.patient, purpose=Purpose.HOLDER, verb=Verb.STATE, at=AT
    ) as grant:
        actions.link(grant, item=item, documents=[], items=[])
    browser = signed_in(camille)
    for path in (f"sujets/{item}/supprimer/", f"sujets/{item}/remettre/"):
        assert browser.post(f"/sante/{path}").status_code == 302
    with gate.open_record(
        actor=camille.of.actor, patient=camille.of.patient, purpose=Purpose.HOLDER, verb=Verb.STATE, at=AT
    ) as grant:
        actions.set_target(grant, measure="weight", target=Target("60", "65"))
    desk, path = Desk(anne), f"/pro/patients/{camille.of.patient}/historique/"
    assert "complét" not in text(desk.get(path))
    assert "profil de santé" in text(browser.get("/partage/historique/"))
    states(camille, "allergies")
    assert text(desk.get(path)).count(WRITTEN) == 1


@pytest.mark.parametrize("made_up", ["x", "../../", "", "%00", "é" * 40])
def test_what_is_made_up_in_an_address_puts_nothing_back(made_up: str) -> None:
    camille = member()
    browser = signed_in(camille)
    for section in ("allergies", "vaccinations"):
        item = states(camille, section)
        answer = browser.post(f"/sante/{section}/{item}/supprimer/")
        there = answer["Location"]
        assert b"remettre" in browser.get(there).content
        page = browser.get(there.replace(str(item), made_up))
        assert (page.status_code, b"remettre" in page.content) == (200, False)
        assert browser.post(f"/sante/{section}/{item}/remettre/").status_code == 302
    assert list(whose(camille).values()) == [False, False]


def test_hostile_words_of_documents_and_of_people_are_words() -> None:
    camille, anne, hospital = member(), professional(), organisation()
    consents(camille.of, anne, at=edge.now())
    written = EVIL.replace("<", "&lt;").replace('"', "&quot;").encode()
    blood = results(camille.of).replace("Glucose à jeun".encode(), written)
    deposit(camille.of, hospital, stated(blood), stated(summary(camille.of, "AGENT").replace(b"AGENT", written)))
    for section in ("allergies", "sujets", "volontes", "entourage"):
        words = {name: EVIL for name in TYPED[section] if name in ("name", "text", "reaction", "comment")}
        states(camille, section, **words)
    place, browser, desk = f"/pro/patients/{camille.of.patient}/", signed_in(camille), Desk(anne)
    pages = [desk.get(f"{place}{one}") for one in ("", "changements/?depuis=2020-01-01", "declare/")]
    pages += [browser.get(f"/sante/{one}/") for one in ("allergies", "sujets", "volontes", "entourage")]
    for page in pages:
        shown = page.content.decode()
        assert page.status_code == 200
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown and "{{7*7}}" in shown
        assert "<script>alert" not in shown


def test_what_is_stated_is_on_the_first_screen_though_no_document_shows() -> None:
    camille, anne = member(), professional()
    consents(camille.of, anne, at=edge.now())
    place = f"/pro/patients/{camille.of.patient}/"
    assert b"P\xc3\xa9nicilline" not in Desk(anne).get(place).content
    states(camille, "allergies")
    page = text(Desk(anne).get(place))
    assert "Pénicilline" in page and "Déclaré par le patient" in page


def whose(of: Member) -> dict[UUID, bool]:
    with gate.open_record(
        actor=of.of.actor, patient=of.of.patient, purpose=Purpose.HOLDER, verb=Verb.LIST, at=AT
    ) as grant:
        return {one.id: one.removed for one in profile(grant, removed=True).items}


def test_nobody_changes_the_item_of_another() -> None:
    camille, other = member(), member()
    item, browser = states(camille, "allergies"), signed_in(other)
    for made_up in (item, uuid4()):
        answers = [browser.get(f"/sante/allergies/{made_up}/").status_code]
        answers += [
            browser.post(f"/sante/allergies/{made_up}/{act}/").status_code for act in ("supprimer", "remettre", "liens")
        ]
        answers.append(browser.post(f"/sante/allergies/{made_up}/", {"name": "Iode"}).status_code)
        assert answers == [404] * 5
    assert (whose(camille), whose(other)) == ({item: False}, {})
