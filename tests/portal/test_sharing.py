"""« Partage et accès »: who may read and why, blocks, the attending doctor; each act is said, done once, and undone."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from cast import AT, caring, consents, names_doctor, organisation, professional
from espace.access import gate
from espace.edge import clock_at
from espace.identity.facts import Professional
from espace.kernel.reasons import care
from espace.kernel.words import Purpose, Refused, Verb, Visibility
from espace.record import queries as record
from portal.helpers import Member, cda, file, member, signed_in
from portal.test_reading_pages import text

LATER = AT + timedelta(hours=1)
ACTS = ("bloquer", "debloquer", "designer", "retirer")


def reads(who: Professional, of: Member, document: UUID | None = None, at: datetime = LATER) -> None:
    verb = Verb.READ if document else Verb.LIST
    with gate.open_record(
        actor=caring(who), patient=of.of.patient, purpose=Purpose.CARE, verb=verb, at=at
    ) as grant:
        if document:
            record.content(grant, document)
        else:
            record.documents(grant)


def page_of(camille: Member, path: str = "/partage/", at: datetime = LATER) -> str:
    with clock_at(at):
        return text(signed_in(camille).get(path))


def does(camille: Member, who: Professional | UUID, act: str, at: datetime = LATER) -> Any:
    who = who if isinstance(who, UUID) else who.id
    with clock_at(at):
        return signed_in(camille).post(f"/partage/professionnels/{who}/{act}/", follow=True)


def sections(camille: Member, at: datetime = LATER) -> dict[str, str]:
    """The page « Qui peut lire », cut at its second-level headings."""
    with clock_at(at):
        content = signed_in(camille).get("/partage/").content.decode()
    parts = re.split(r"<h2 id=\"(\w+)\">", content)
    return {name: re.sub(r"<[^>]*>", " ", words) for name, words in zip(parts[1::2], parts[2::2], strict=True)}


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


# --- the directory ------------------------------------------------------------------------------------------


def search(camille: Member, words: str) -> Any:
    return signed_in(camille).post("/partage/professionnels/", {"mots": words}, follow=True)


def test_somebody_who_never_came_is_found_by_name_and_can_be_blocked() -> None:
    camille, family = member(), f"Q{uuid4().hex[:8]}"
    wanted = professional(family, "Éléonore", at=organisation("Clinique du Port", source_id="1.2.3"))
    answer = search(camille, f"eleonore {family.upper()}")
    page, address = text(answer), answer.redirect_chain[0][0]
    assert f"Éléonore {wanted.family}" in page and "Clinique du Port, Nantes" in page and "1 professionnel" in page
    assert family.lower() not in address.lower()
    assert f"/partage/professionnels/{wanted.id}/bloquer/" in answer.content.decode()
    assert f"/partage/professionnels/{wanted.id}/designer/" in answer.content.decode()
    does(camille, wanted, "bloquer")
    again = search(camille, family)
    assert f"/partage/professionnels/{wanted.id}/debloquer/" in again.content.decode()
    assert f"/partage/professionnels/{wanted.id}/bloquer/" not in again.content.decode()


def test_a_nurse_is_found_and_cannot_be_named() -> None:
    family = f"Q{uuid4().hex[:8]}"
    nurse = professional(family, "Léa", profession="60")
    page = search(member(), family).content.decode()
    assert f"/{nurse.id}/bloquer/" in page and f"/{nurse.id}/designer/" not in page


HOSTILE = ["introuvable", "' OR 1=1 --", "\x00", "%", "& | ! :*", "é" * 500, "\U0001f600 \u202e"]


@pytest.mark.parametrize("words", HOSTILE)
def test_a_name_that_nobody_bears_finds_nobody(words: str) -> None:
    answer = search(member(), words)
    assert answer.status_code == 200
    assert "Personne de ce nom dans l’annuaire" in text(answer) or "au moins deux lettres" in text(answer)


def test_one_letter_is_too_little() -> None:
    assert "Écrivez au moins deux lettres." in text(search(member(), "a"))


@pytest.mark.parametrize("words", ["", "   "])
def test_a_search_for_nothing_asks_for_a_name(words: str) -> None:
    answer = search(member(), words)
    assert answer.status_code == 200 and "Écrivez un nom." in text(answer)
    assert 'aria-describedby="mots-erreur"' in answer.content.decode()
    assert "Écrivez un nom." not in text(signed_in(member()).get("/partage/professionnels/"))


# --- what is said of an act ---------------------------------------------------------------------------------


def test_what_is_said_is_for_its_reader_and_for_a_moment() -> None:
    camille, other, morel = member(), member(), professional()
    with clock_at(AT):
        address = signed_in(camille).post(f"/partage/professionnels/{morel.id}/bloquer/")["Location"]
    assert "Morel" not in address
    assert "C’est fait" in page_of(camille, address, at=AT + timedelta(minutes=4))
    assert "C’est fait" not in page_of(camille, address, at=AT + timedelta(minutes=6))
    assert "C’est fait" not in page_of(other, address, at=AT + timedelta(minutes=1))


@pytest.mark.parametrize("token", ["x", "%00", "A" * 5000, "é", "////", "===", "C’est fait"])
def test_a_forged_address_makes_the_page_say_nothing(token: str) -> None:
    answer = signed_in(member()).get("/partage/", {"fait": token})
    assert answer.status_code == 200 and 'role="status"' not in answer.content.decode()


# --- the history says it ------------------------------------------------------------------------------------


def test_the_history_has_a_sentence_for_every_act() -> None:
    camille, morel = member(), professional()
    consents(camille.of, morel)
    reads(morel, camille)
    for act in ("bloquer", "debloquer", "designer", "retirer"):
        does(camille, morel, act)
    with clock_at(LATER):
        signed_in(camille).post("/partage/notifications/", {"courriel": "sharing"})
    page = page_of(camille, "/partage/historique/")
    for sentence in (
        "Anne Morel, Cabinet des Tilleuls a enregistré votre accord pour lire votre espace, jusqu’au jeudi 5 mars 2026",
        "Anne Morel, Cabinet des Tilleuls a consulté la liste de vos documents",
        "Vous avez bloqué Anne Morel.",
        "Vous avez débloqué Anne Morel.",
        "Vous avez désigné Anne Morel comme médecin traitant.",
        "Vous n’avez plus de médecin traitant désigné ici.",
        "Vous avez changé vos notifications.",
        "C’est vous qui décidez.",
    ):
        assert sentence in page


def test_decisions_stay_when_one_s_own_comings_and_goings_are_hidden() -> None:
    camille, morel = member(), professional()
    does(camille, morel, "bloquer")
    page = page_of(camille, "/partage/historique/?sans=moi")
    assert "Vous avez bloqué Anne Morel." in page and "Vous avez regardé" not in page


# --- notifications ------------------------------------------------------------------------------------------


def test_mails_are_wanted_until_they_are_not_and_never_say_anything_of_health() -> None:
    browser = signed_in(member())
    first = browser.get("/partage/notifications/")
    assert first.content.decode().count(" checked") == 6
    assert "ne disent jamais rien de votre santé" in text(first)
    answer = browser.post("/partage/notifications/", {"courriel": ["sharing", "access"]}, follow=True)
    assert "C’est noté" in text(answer)
    page = browser.get("/partage/notifications/").content.decode()
    assert 'value="sharing" checked' in page and 'value="access" checked' in page and 'value="new_document">' in page
    browser.post("/partage/notifications/", {"courriel": ["emergency", "on", ""]})
    assert " checked" not in browser.get("/partage/notifications/").content.decode()


def test_every_page_of_the_place_leads_to_the_others() -> None:
    browser = signed_in(member())
    every = [
        "/partage/", "/partage/proches/", "/partage/historique/", "/partage/visibilite/", "/partage/voir-comme/",
        "/partage/urgences/", "/partage/notifications/", "/partage/copie/", "/securite/",
    ]  # fmt: skip
    for path in every:
        page = browser.get(path).content.decode()
        tabs = page[page.index('<nav class="tabs"') : page.index("</nav>", page.index('<nav class="tabs"'))]
        assert re.findall(r'href="([^"]+)"', tabs) == every
        place = page.split('href="/partage/"', 1)[1].split(">", 1)[0]
        assert "aria-current" in place
        assert f'href="{path}" aria-current="page"' in tabs
