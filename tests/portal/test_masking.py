"""The holder masks a document to professionals and shows it again, from its page."""

from uuid import UUID, uuid4

import pytest
from django.db import connection

from cast import AT, blocks, caring, consents, holder, names_doctor, professional
from espace.access import gate
from espace.identity.facts import Professional
from espace.kernel.reasons import care
from espace.kernel.words import Purpose, Refused, Verb, Visibility
from espace.record import queries as record
from portal.helpers import Member, cda, file, member, signed_in
from portal.test_reading_pages import text
from workstation.desk import file as written

MARK = '<span class="mark">Masqué aux professionnels</span>'


def seen_by(who: Professional, of: Member) -> set[UUID]:
    with gate.open_record(
        actor=caring(who), patient=of.of.patient, purpose=Purpose.CARE, verb=Verb.LIST, at=AT
    ) as grant:
        return {one.id for one in record.documents(grant)}


def test_a_document_is_masked_and_shown_again() -> None:
    camille, petit = member(), professional("Petit", "Léa", profession="10")
    consents(camille.of, petit)
    one = file(camille.of, cda(camille.of))
    browser = signed_in(camille)
    assert f'href="/documents/{one}/masquer/"' in browser.get(f"/documents/{one}/").content.decode()
    asked = text(browser.get(f"/documents/{one}/masquer/"))
    for words in ("Analyses de sang", "Votre médecin traitant, si vous en avez désigné un, le verra aussi."):
        assert words in asked
    assert seen_by(petit, camille) == {one}
    done = browser.post(f"/documents/{one}/masquer/", follow=True)
    assert "C’est fait : ce document est masqué aux professionnels." in text(done)
    assert MARK in done.content.decode()
    assert MARK in browser.get("/documents/").content.decode()
    assert seen_by(petit, camille) == set()
    assert f'href="/documents/{one}/montrer/"' in done.content.decode()
    assert "Ce qu’ils auront lu ou copié ne pourra pas être repris." in text(browser.get(f"/documents/{one}/montrer/"))
    shown = browser.post(f"/documents/{one}/montrer/", follow=True)
    assert "C’est fait : ce document est visible" in text(shown) and MARK not in shown.content.decode()
    assert seen_by(petit, camille) == {one}


def test_masking_and_showing_twice_answer_as_once() -> None:
    camille = member()
    one, browser = file(camille.of, cda(camille.of)), signed_in(camille)
    for act, said in (("masquer", "est masqué aux professionnels."), ("montrer", "est visible")):
        kept = []
        for _ in range(2):
            assert f"C’est fait : ce document {said}" in text(browser.post(f"/documents/{one}/{act}/", follow=True))
            with connection.cursor() as cursor:
                cursor.execute("SELECT id, sealed FROM record_restriction WHERE entry_id = %s", [one])
                kept.append([(row, bytes(sealed)) for row, sealed in cursor.fetchall()])
        assert kept[0] == kept[1]


def marks_seen_by(who: Professional, of: Member) -> list[frozenset[Visibility]]:
    with gate.open_record(
        actor=caring(who), patient=of.of.patient, purpose=Purpose.CARE, verb=Verb.LIST, at=AT
    ) as grant:
        return [one.restrictions for one in record.documents(grant)]


def test_who_still_sees_a_masked_document_is_who_the_page_says() -> None:
    """Its author, with its mark and while they may read the space; the attending doctor; nobody else."""
    camille, author, doctor, other = member(), professional(), professional("Zola"), professional("Petit", "Léa")
    one = written(camille.of, "Lettre", author=author.national_id)
    asked = text(signed_in(camille).get(f"/documents/{one}/masquer/"))
    for words in (
        "Qui l’a écrit le verra encore, marqué comme masqué, si cette personne peut lire votre espace.",
        "Votre médecin traitant, si vous en avez désigné un, le verra aussi.",
    ):
        assert words in asked
    signed_in(camille).post(f"/documents/{one}/masquer/")
    with pytest.raises(Refused) as without:
        marks_seen_by(author, camille)
    assert without.value.reason is care.CONSENT_MISSING
    for who in (author, other):
        consents(camille.of, who)
    names_doctor(camille.of, doctor)
    masked = frozenset({Visibility.MASQUE_PS})
    assert [marks_seen_by(who, camille) for who in (author, doctor, other)] == [[masked], [masked], []]
    blocks(camille.of, author)
    with pytest.raises(Refused) as blocked:
        marks_seen_by(author, camille)
    assert blocked.value.reason is care.PROFESSIONAL_BLOCKED


def test_the_history_says_it() -> None:
    camille = member()
    one = file(camille.of, cda(camille.of))
    browser = signed_in(camille)
    browser.post(f"/documents/{one}/masquer/")
    browser.post(f"/documents/{one}/montrer/")
    page = text(browser.get("/partage/historique/"))
    assert "Vous avez masqué un document aux professionnels Analyses de sang" in page
    assert "Vous avez rendu un document visible aux professionnels Analyses de sang" in page


@pytest.mark.parametrize("act", ["masquer", "montrer"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_absent_hidden_and_somebody_else_s_documents_answer_alike(act: str, method: str) -> None:
    camille, other = member(), holder()
    browser = signed_in(camille)
    held = file(camille.of, cda(camille.of), visibility=frozenset({Visibility.INVISIBLE_PATIENT}))
    answers = {}
    for one in (uuid4(), held, file(other, cda(other))):
        path = f"/documents/{one}/{act}/"
        answer = getattr(browser, method)(path)
        assert answer.status_code == 404
        answers[text(answer).replace(path, "PATH")] = one
    assert len(answers) == 1


def test_asking_is_not_reading() -> None:
    """« Nouveau » stays: the page that asks shows the title, which the list shows too."""
    camille = member()
    one = file(camille.of, cda(camille.of))
    browser = signed_in(camille)
    browser.get(f"/documents/{one}/masquer/")
    assert "Nouveau" in text(browser.get("/documents/"))
