"""« Urgences »: the holder decides beforehand, and reads afterwards who declared what."""

from datetime import timedelta

import pytest

from cast import AT, caring, professional
from espace.access import actions as access
from espace.access import gate
from espace.access.facts import Cause
from espace.edge import clock_at
from espace.identity.facts import Professional
from espace.kernel.words import Purpose, Refused, Verb
from portal.helpers import Member, member, signed_in
from portal.test_reading_pages import text

pytestmark = pytest.mark.usefixtures("db")
LATER = AT + timedelta(hours=1)
WORDS = "Trouvée sans connaissance chez elle"


def declares(who: Professional, of: Member) -> None:
    with gate.open_record(
        actor=caring(who), patient=of.of.patient, purpose=Purpose.BREAK_GLASS, verb=Verb.BREAK_GLASS, at=LATER
    ) as grant:
        access.break_glass(grant, cause=Cause.UNCONSCIOUS, words=WORDS)


def test_the_three_choices_are_kept_and_said() -> None:
    browser = signed_in(member())
    first = browser.get("/partage/urgences/").content.decode()
    assert 'name="urgence" value="1" checked' in first and 'name="samu" value="1" checked' in first
    assert 'name="masques" value="1">' in first
    assert "C’est noté" in text(browser.post("/partage/urgences/", {"masques": "1"}, follow=True))
    after = browser.get("/partage/urgences/").content.decode()
    assert 'name="masques" value="1" checked' in after
    assert 'name="urgence" value="1">' in after and 'name="samu" value="1">' in after
    assert "Vous avez changé ce qui est permis en urgence." in text(browser.get("/partage/historique/"))


def test_what_the_holder_refused_is_refused_and_read_in_the_history() -> None:
    camille, anne = member(), professional()
    signed_in(camille).post("/partage/urgences/", {"samu": "1"})
    with pytest.raises(Refused):
        declares(anne, camille)
    page = text(signed_in(camille).get("/partage/historique/"))
    assert "Anne Morel" in page and "a essayé d’ouvrir votre espace en urgence" in page
    assert "Vous avez refusé que votre espace soit ouvert en urgence sans votre accord." in page


def test_who_opened_why_and_until_when_is_read_and_can_be_ended() -> None:
    camille, anne = member(), professional()
    declares(anne, camille)
    with clock_at(LATER + timedelta(minutes=1)):
        browser = signed_in(camille)
        history, sharing = text(browser.get("/partage/historique/")), text(browser.get("/partage/"))
        assert f"a ouvert votre espace en urgence, sans votre accord : « {WORDS} »" in history
        assert f"Accès en urgence, sans votre accord, jusqu’au mercredi 4 mars 2026 à 15 h 30 : « {WORDS} »" in sharing
        browser.post(f"/partage/professionnels/{anne.id}/bloquer/")
        assert "Accès bloqués" in text(browser.get("/partage/"))


