"""« Partage et accès »: who may read and why, blocks, the attending doctor; each act is said, done once, and undone."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from cast import AT, consents, names_doctor, professional
from espace.kernel.reasons import care
from espace.kernel.words import Refused, Visibility
from portal.helpers import Member, cda, file, member, signed_in
from portal.sharing import does, page_of, reads, sections
from portal.test_reading_pages import text

ACTS = ("bloquer", "debloquer", "designer", "retirer")


# --- who may read -------------------------------------------------------------------------------------------


def test_nobody_reads_at_first_and_the_page_says_how_somebody_would() -> None:
    page = page_of(member())
    assert "Aucun professionnel ne peut lire votre espace aujourd’hui." in page
    assert "quand un professionnel vous demande votre accord et l’enregistre, son nom apparaît ici" in page


def test_who_has_consent_is_named_with_profession_place_reason_and_last_access() -> None:
    camille, morel = member(), professional()
    consents(camille.of, morel)
    assert "Aucun accès récent." in sections(camille)["able"]
    reads(morel, camille)
    able = sections(camille)["able"]
    for words in (
        "Anne Morel",
        "Médecin · Cabinet des Tilleuls",
        "Accord donné de vive voix le mercredi 4 mars 2026, valable jusqu’au jeudi 5 mars 2026 à 10\u00a0h\u00a030.",
        "Dernier accès : mercredi 4 mars 2026 à 11\u00a0h\u00a030.",
    ):
        assert words in able


def test_a_consent_that_has_ended_lets_nobody_read() -> None:
    camille, morel = member(), professional()
    consents(camille.of, morel)
    parts = sections(camille, at=AT + timedelta(days=2))
    assert "Anne Morel" not in parts["able"]
    assert "Accord terminé depuis le jeudi 5 mars 2026." in parts["former"]


def test_the_attending_doctor_comes_first() -> None:
    camille, abel, zoe = member(), professional("Abel", "Luc"), professional("Zola", "Zoé")
    consents(camille.of, abel)
    names_doctor(camille.of, zoe)
    able = sections(camille)["able"]
    assert able.index("Zoé Zola") < able.index("Luc Abel")
    assert "Lit votre espace sans nouvel accord, documents masqués compris." in able


def test_an_access_to_what_the_holder_may_not_see_yet_is_no_last_access() -> None:
    """A line inherits the visibility of its documents: « last access » must not tell that there is one."""
    camille, morel = member(), professional()
    consents(camille.of, morel)
    held = file(camille.of, cda(camille.of), visibility=frozenset({Visibility.INVISIBLE_PATIENT}))
    reads(morel, camille, held)
    assert "Aucun accès récent." in sections(camille)["able"]


def test_a_refused_attempt_is_no_access() -> None:
    camille, morel = member(), professional()
    consents(camille.of, morel)
    does(camille, morel, "bloquer")
    with pytest.raises(Refused):
        reads(morel, camille)
    assert "Aucun accès récent." in sections(camille)["blocked"]


# --- blocks -------------------------------------------------------------------------------------------------


def test_blocking_says_what_happens_then_does_it_once() -> None:
    camille, morel = member(), professional()
    consents(camille.of, morel)
    asked = page_of(camille, f"/partage/professionnels/{morel.id}/bloquer/")
    assert "Bloquer Anne Morel ?" in asked
    assert "Cette personne ne pourra plus rien lire dans votre espace." in asked
    assert "Elle pourra encore y déposer des documents" in asked
    assert "L’accord que vous lui aviez donné prend fin." in asked
    assert "Anne Morel" in sections(camille)["able"]
    done = does(camille, morel, "bloquer")
    assert done.redirect_chain[0][0].startswith("/partage/?fait=")
    assert "C’est fait : Anne Morel ne peut plus lire votre espace." in text(done)
    parts = sections(camille)
    assert "Anne Morel" not in parts["able"]
    assert "Accès bloqué depuis le mercredi 4 mars 2026. Peut encore déposer des documents." in parts["blocked"]
    with pytest.raises(Refused) as refused:
        reads(morel, camille)
    assert refused.value.reason is care.PROFESSIONAL_BLOCKED
    assert does(camille, morel, "bloquer").status_code == 200


def test_unblocking_gives_no_access_by_itself() -> None:
    camille, morel = member(), professional()
    does(camille, morel, "bloquer")
    assert "il lui faudra d’abord votre accord" in page_of(camille, f"/partage/professionnels/{morel.id}/debloquer/")
    assert "pourra de nouveau lire votre espace, si vous donnez votre accord" in text(does(camille, morel, "debloquer"))
    assert "Aucun accord en cours." in sections(camille)["former"]
    with pytest.raises(Refused) as refused:
        reads(morel, camille)
    assert refused.value.reason is care.CONSENT_MISSING


def test_somebody_who_left_the_directory_can_still_be_unblocked() -> None:
    from django.db import connection

    camille, morel = member(), professional()
    does(camille, morel, "bloquer")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM identity_activity WHERE professional_id = %s", [morel.id])
        cursor.execute("DELETE FROM identity_professional WHERE id = %s", [morel.id])
    assert "Débloquer Anne Morel ?" in page_of(camille, f"/partage/professionnels/{morel.id}/debloquer/")
    assert "C’est fait : Anne Morel" in text(does(camille, morel, "debloquer"))


# --- the attending doctor -----------------------------------------------------------------------------------


def test_naming_a_doctor_says_that_masked_documents_show_and_takes_the_place_of_the_one_before() -> None:
    camille, first, second = member(), professional("Abel", "Luc"), professional()
    does(camille, first, "designer")
    asked = page_of(camille, f"/partage/professionnels/{second.id}/designer/")
    assert "Il verra aussi les documents que vous masquez aux professionnels." in asked
    assert "Luc Abel ne sera plus votre médecin traitant." in asked
    assert "Anne Morel est votre médecin traitant" in text(does(camille, second, "designer"))
    parts = sections(camille)
    assert "Anne Morel" in parts["able"] and "Luc Abel" in parts["former"]


def test_a_doctor_is_removed_and_loses_access() -> None:
    camille, morel = member(), professional()
    does(camille, morel, "designer")
    reads(morel, camille)
    assert "n’est plus votre médecin traitant" in text(does(camille, morel, "retirer"))
    with pytest.raises(Refused) as refused:
        reads(morel, camille)
    assert refused.value.reason is care.CONSENT_MISSING


def test_naming_a_blocked_doctor_says_that_the_block_is_lifted() -> None:
    camille, morel = member(), professional()
    does(camille, morel, "bloquer")
    assert "Le blocage de ce médecin est levé." in page_of(camille, f"/partage/professionnels/{morel.id}/designer/")
    does(camille, morel, "designer")
    assert "blocked" not in sections(camille)


def test_only_a_doctor_can_be_named() -> None:
    camille, nurse = member(), professional("Petit", "Léa", profession="60")
    path = f"/partage/professionnels/{nurse.id}/designer/"
    for answer in (signed_in(camille).get(path), signed_in(camille).post(path)):
        assert answer.status_code == 422
        assert "Seul un médecin peut être médecin traitant." in text(answer)


# --- done twice, or in two tabs -------------------------------------------------------------------------------


def written(camille: Member) -> list[Any]:
    """The relations as they are stored, and how many mails wait: whatever is sealed anew is other bytes."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, sealed, (SELECT count(*) FROM outbox_event) FROM access_relation WHERE patient_id = %s",
            [camille.of.patient],
        )
        return [(row[0], bytes(row[1]), row[2]) for row in cursor.fetchall()]


@pytest.mark.parametrize(
    ("before", "act", "said"),
    [
        ((), "bloquer", "Anne Morel ne peut plus lire votre espace"),
        (("bloquer",), "debloquer", "Anne Morel pourra de nouveau lire votre espace"),
        ((), "designer", "Anne Morel est votre médecin traitant"),
        (("designer",), "retirer", "Anne Morel n’est plus votre médecin traitant"),
    ],
)
def test_an_act_done_twice_answers_as_once_and_writes_nothing_more(
    before: tuple[str, ...], act: str, said: str
) -> None:
    camille, morel = member(), professional()
    for one in before:
        does(camille, morel, one)
    first, kept = does(camille, morel, act), written(camille)
    again = does(camille, morel, act)
    assert said in text(first) and said in text(again)
    assert again.redirect_chain[0][0].partition("?")[0] == first.redirect_chain[0][0].partition("?")[0]
    assert written(camille) == kept


def test_a_doctor_who_was_followed_by_another_is_not_removed_in_their_place() -> None:
    """The tab in which the first one was still named was left open."""
    camille, first, second = member(), professional("Abel", "Luc"), professional()
    for one in (first, second):
        does(camille, one, "designer")
    kept = written(camille)
    assert does(camille, first, "retirer").status_code == 404
    assert written(camille) == kept


# --- what does not apply ------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_and_whoever_an_act_does_not_apply_to_answer_alike(act: str, method: str) -> None:
    """Another holder's block or doctor shows nowhere."""
    camille, other, morel = member(), member(), professional()
    does(other, morel, "bloquer" if act == "debloquer" else "designer")
    browser = signed_in(camille)
    nobody, else_s = uuid4(), morel.id
    answers = [getattr(browser, method)(f"/partage/professionnels/{one}/{act}/") for one in (nobody, else_s)]
    assert answers[0].status_code == 404
    if act in ("debloquer", "retirer"):
        assert answers[1].status_code == 404
        words = [text(one).replace(str(nobody), "ID").replace(str(else_s), "ID") for one in answers]
        assert words[0] == words[1]


@pytest.mark.parametrize("act", ACTS)
def test_an_act_needs_its_form_and_somebody_signed_in(act: str) -> None:
    camille, morel = member(), professional()
    path = f"/partage/professionnels/{morel.id}/{act}/"
    assert Client().post(path).status_code == 302
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in(camille).cookies
    for address in (path, "/partage/notifications/", "/partage/professionnels/", f"/documents/{uuid4()}/masquer/"):
        assert strict.post(address).status_code == 403
    assert "Anne Morel" not in page_of(camille)
