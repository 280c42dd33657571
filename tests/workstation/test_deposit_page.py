"""The deposit page: whose record, what is missing beside its field, what to do after, and no more than may be told."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cast import Holder, blocks, consents, holder, organisation, professional
from espace import edge
from portal.helpers import PDF, cda
from workstation.desk import Desk
from workstation.test_depositing import deposit, record_of, stored

pytestmark = pytest.mark.usefixtures("db")
AGAIN = "Choisissez de nouveau le fichier"
DONE = "Le document est déposé."
WRONG_DAY = "Ce n’est pas la date de naissance de ce patient"


def errors(page: str) -> dict[str, str]:
    """What is said beside each field."""
    found = re.findall(r'<div class="error" id="id_(\w+)_error">(.*?)</div>', page, re.DOTALL)
    return {name: re.sub(r"<[^>]*>", "", words).strip() for name, words in found}


def sent(of: Holder, desk: Desk, **fields: object) -> tuple[int, str]:
    answer = deposit(desk, of, **fields)
    return answer.status_code, answer.content.decode()  # type: ignore[attr-defined]


def xml(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("bilan.xml", content, "text/xml")


def test_whose_record_it_is_by_name_where_it_is_open_and_by_the_end_of_the_ins_where_not() -> None:
    camille, anne = holder(), professional()
    desk = Desk(anne)
    page = desk.get(f"{record_of(camille)}deposer/").content.decode()
    assert "finissant par" in page and "Camille" not in page and "1985" not in page
    consents(camille, anne, at=edge.now())
    page = desk.get(f"{record_of(camille)}deposer/").content.decode()
    assert "Camille Duval" in page and "finissant par" not in page
    blocks(camille, anne, at=edge.now())
    assert "Camille" not in desk.get(f"{record_of(camille)}deposer/").content.decode()


def test_the_page_of_nobody_answers_as_the_page_of_consent_does() -> None:
    desk, nobody = Desk(professional()), uuid4()
    told = [desk.get(f"/pro/patients/{nobody}/{page}/") for page in ("deposer", "accord")]
    assert [one.status_code for one in told] == [422, 422]
    assert all("Aucun espace n’existe pour cette identité." in one.content.decode() for one in told)


def test_a_pdf_without_words_about_it_is_told_each_beside_its_field() -> None:
    camille, desk = holder(), Desk(professional())
    status, page = sent(camille, desk, type="", title=" ", happened="")
    assert status == 200 and stored(camille) == []
    assert errors(page) == {
        "file": "Choisissez de nouveau le fichier : le navigateur ne le garde pas.",
        "type": "Choisissez le genre du document.",
        "title": "Écrivez un titre.",
        "happened": "Écrivez la date de l’acte.",
    }
    _, page = sent(camille, desk, title="\u200b")
    assert set(errors(page)) == {"file", "title"} and "Écrivez un titre." not in page


def test_a_cda_needs_none_of_them() -> None:
    camille = holder()
    desk = Desk(professional(at=organisation()))
    assert sent(camille, desk, type="", title="", happened="", file=xml(cda(camille)))[0] == 302
    with_mark = holder()
    assert sent(with_mark, desk, type="", title="", happened="", file=xml(b"\xef\xbb\xbf" + cda(with_mark)))[0] == 302


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04" + b"x" * 50, "Un document Word ou une photo s’enregistre d’abord en PDF."),
        (b"\x89PNG\r\n", "Un document Word ou une photo s’enregistre d’abord en PDF."),
        (b" %PDF-1.4", "Un document Word ou une photo s’enregistre d’abord en PDF."),
        (b"<p>bonjour", "Choisissez un PDF ou un CDA. Le document n’est pas du XML bien formé."),
        (b"\xff\xfe<\x00", "Choisissez un PDF ou un CDA. Le document n’est pas du XML bien formé."),
    ],
)
def test_another_file_is_told_beside_the_file(content: bytes, words: str) -> None:
    camille = holder()
    status, page = sent(camille, Desk(professional()), file=SimpleUploadedFile("lettre.docx", content))
    assert words in errors(page)["file"] and AGAIN not in page
    assert status in (200, 422) and stored(camille) == []


def test_a_wrong_birth_date_is_told_beside_it_with_what_was_typed_kept() -> None:
    camille, desk = holder(), Desk(professional())
    status, page = sent(camille, desk, born="1985-03-08")
    assert status == 422 and stored(camille) == []
    assert WRONG_DAY in errors(page)["born"] and AGAIN in errors(page)["file"]
    assert 'value="1985-03-08"' in page and 'value="Lettre au chirurgien"' in page
    assert "n’a pas été déposé" not in page


def test_with_a_header_beside_it_which_of_them_disagrees_is_told_to_who_may_read_only() -> None:
    """Else it would tell that the rest agrees: a day of birth less to guess."""
    camille, other = holder(), holder(birth_name="MARTIN")
    anne = professional(at=organisation())
    desk = Desk(anne)
    own, stranger = cda(camille), cda(camille).replace(b"DUVAL", b"MARTIN")
    alerts = []
    for born, content in (("1985-03-08", own), ("1985-03-07", stranger)):
        status, page = sent(camille, desk, born=born, file=xml(content))
        assert (status, errors(page)) == (422, {})
        alerts.append(page[page.index('role="alert"') : page.index("<form class=")])
    assert alerts[0] == alerts[1] and "ne concordent pas" in alerts[0]
    consents(camille, anne, at=edge.now())
    assert WRONG_DAY in errors(sent(camille, desk, born="1985-03-08", file=xml(own))[1])["born"]
    assert stored(camille) == stored(other) == []


def groups(page: str) -> list[tuple[str, list[str]]]:
    found = re.findall(r'<optgroup label="([^"]*)">(.*?)</optgroup>', page, re.DOTALL)
    return [(name, re.findall(r'<option value="([^"]+)"', inside)) for name, inside in found]


def test_kinds_are_grouped_the_usual_first_each_once_and_none_is_for_machines() -> None:
    camille = holder()
    page = Desk(professional()).get(f"{record_of(camille)}deposer/").content.decode()
    found = groups(page)
    assert [name for name, _ in found][:4] == [
        "Les plus courants", "Résumés de santé", "Ordonnances et médicaments", "Analyses de laboratoire",
    ]  # fmt: skip
    assert found[0][1][:2] == ["11488-4", "57833-6"]
    codes = [code for _, inside in found for code in inside]
    assert len(codes) == len(set(codes)) > 60 and "34874-8" in codes
    assert "E1762" not in codes and "Full Document" not in page


def test_a_profession_that_writes_few_kinds_has_these_only() -> None:
    camille, dietician = holder(), professional(profession="95")
    found = groups(Desk(dietician).get(f"{record_of(camille)}deposer/").content.decode())
    assert sorted(code for _, inside in found for code in inside) == [
        "11506-3", "29274-8", "34120-6", "47420-5", "59284-0", "75496-0", "85208-7", "96349-6",
    ]  # fmt: skip
    assert all(inside for _, inside in found)


def test_after_a_deposit_a_link_where_it_may_be_read_and_a_sentence_where_not() -> None:
    camille, anne = holder(), professional()
    desk = Desk(anne)
    after = deposit(desk, camille)["Location"]  # type: ignore[index]
    page = desk.get(after).content.decode()
    assert "Le document est déposé." in page and "cet espace ne vous est pas ouvert" in page
    assert "/documents/" not in page
    consents(camille, anne, at=edge.now())
    page = desk.get(after).content.decode()
    [path] = re.findall(rf'<a href="({record_of(camille)}documents/[^"]+)">Lire ce document</a>', page)
    assert "Lettre au chirurgien" in desk.get(path).content.decode()


def test_a_document_of_others_filed_masked_has_no_link() -> None:
    camille, anne = holder(), professional(at=organisation())
    desk = Desk(anne)
    consents(camille, anne, at=edge.now())
    after = deposit(desk, camille, file=xml(cda(camille)), visibility="MASQUE_PS")["Location"]  # type: ignore[index]
    page = desk.get(after).content.decode()
    assert "Le document est déposé." in page
    assert "Votre accès ne permet pas forcément de le relire." in page and "/documents/" not in page


@pytest.mark.parametrize(
    "said", ["1", "0190a1b2-0000-7000-8000-000000000001", "x", "javascript:alert(1)", "0" * 5000, "<b>", "é"]
)
@pytest.mark.parametrize("page", ["deposer", "synthese", "traitements"])
def test_an_address_that_nobody_sealed_says_nothing(page: str, said: str) -> None:
    camille, anne = holder(), professional()
    consents(camille, anne, at=edge.now())
    answer = Desk(anne).get(f"{record_of(camille)}{page}/", {"fait": said})
    assert answer.status_code == 200 and 'role="status"' not in answer.content.decode()


def test_that_a_document_was_filed_is_said_to_its_author_of_this_patient_and_for_a_moment() -> None:
    camille, other, anne, paul = holder(), holder(), professional(), professional("Petit", "Paul")
    desk, here = Desk(anne), f"{record_of(camille)}deposer/"
    for who in (camille, other):
        consents(who, anne, at=edge.now())
    consents(camille, paul, at=edge.now())
    after = deposit(desk, camille)["Location"]  # type: ignore[index]
    token = after.removeprefix(f"{here}?")
    assert DONE in desk.get(after).content.decode()
    for reader, address in (
        (Desk(paul), after),
        (desk, f"{record_of(other)}deposer/?{token}"),
        (desk, f"{record_of(camille)}traitements/?{token}"),
        (desk, f"{record_of(camille)}synthese/?{token}"),
    ):
        answer = reader.get(address)
        assert (answer.status_code, 'class="done"' in answer.content.decode()) == (200, False)
    for late, told in ((4, True), (6, False)):
        with edge.clock_at(edge.now() + timedelta(minutes=late)):
            assert (DONE in desk.get(after).content.decode()) is told


def test_a_form_sent_to_an_address_that_says_so_is_not_told_as_filed() -> None:
    camille, desk = holder(), Desk(professional())
    after = deposit(desk, camille)["Location"]  # type: ignore[index]
    answer = desk.post(after, {"title": ""})
    assert answer.status_code == 200 and DONE not in answer.content.decode()


def test_a_file_that_is_both_is_read_as_what_it_begins_with() -> None:
    camille = holder()
    assert sent(camille, Desk(professional()), file=SimpleUploadedFile("x.xml", PDF + b"<a/>"))[0] == 302
    [(title, _)] = stored(camille)
    assert title == "Lettre au chirurgien"
