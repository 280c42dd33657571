"""Treatments and their reconciliation at the workstation: what is read, decided, read again, deposited once."""

import re
from datetime import timedelta

import pytest

from cast import AT, Holder, consents, holder, organisation, professional
from clinical.scene import deposit, frame, stated
from clinical.test_reconciling import read
from espace import edge
from espace.clinical.facts import Detail, Fact, Kind, State
from espace.clinical.rules.extraction import extract
from espace.identity.facts import Organisation, Professional
from espace.kernel.values import replace
from espace.kernel.words import Visibility
from espace.record import queries as record
from espace.record.facts import Status
from espace.wire.cda_writing import ORAL, Delivery, Medicine, dispensation, prescription
from espace.wire.cda_writing.models.reconciliation import TYPE, Reconciled, Reconciliation, reconciliation
from espace.wire.clinical_statements.values import Concept
from espace.wire.nomenclature import NO_PROFILE
from portal.helpers import member, signed_in
from workstation.desk import Desk
from workstation.test_depositing import deposit as sent_file
from workstation.test_depositing import stored
from workstation.test_summary_page import reads, sent_by_software

pytestmark = pytest.mark.usefixtures("db")
MASKED, HELD = frozenset({Visibility.MASQUE_PS}), frozenset({Visibility.INVISIBLE_PATIENT})
DAY = AT.date()


def medicine(name: str, atc: str, substance: str) -> Medicine:
    return Medicine(name, atc, substance, *(1, "{tablet}", 12, f"1 de {name}"), ORAL, DAY, DAY + timedelta(days=300))  # type: ignore[arg-type]


METFORMIN = medicine("Glucophage 1000 mg", "A10BA02", "Metformine")
GENERIC = medicine("Metformine Biogaran", "A10BA02", "Metformine")
RAMIPRIL = medicine("Triatec 5 mg", "C09AA05", "Ramipril")


@pytest.fixture
def camille() -> Holder:
    return holder()


def doctor_of(of: Holder, profession: str = "10", at: Organisation | None = None) -> Professional:
    who = professional(profession=profession, at=at)
    consents(of, who, at=edge.now(), until=edge.now() + timedelta(days=1))
    return who


def prescribed(of: Holder, *medicines: Medicine, hidden: frozenset[Visibility] = frozenset()) -> None:
    deposit(of, organisation(), stated(prescription(frame(of), medicines), hidden=hidden))


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def place(of: Holder, page: str) -> str:
    return f"/pro/patients/{of.patient}/{page}/"


def names(page: str) -> list[str]:
    return re.findall(r'<fieldset class="field decision[^"]*" id="t-([0-9a-f]{16})"', page)


def named(desk: Desk, of: Holder) -> list[str]:
    return names(desk.get(place(of, "conciliation")).content.decode())


def follow(who: Professional, answer: object) -> str:
    return str(Desk(who).get(answer["Location"]).content.decode())  # type: ignore[index]


def hidden(page: str, name: str) -> str:
    return page.split(f'name="{name}" value="')[1].split('"')[0]


def chosen(desk: Desk, of: Holder, *choices: str, **more: str) -> str:
    """The preview of these decisions, in the order of the form."""
    form = desk.get(place(of, "conciliation")).content.decode()
    given = {f"d-{name}": choice for name, choice in zip(names(form), choices, strict=True)}
    answer = desk.post(place(of, "conciliation"), {"etape": "apercu", "envoi": hidden(form, "envoi"), **given, **more})
    return str(answer.content.decode())


def send(desk: Desk, of: Holder, preview: str, step: str = "deposer") -> object:
    fields = {name: hidden(preview, name) for name in ("envoi", "choix")}
    return desk.post(place(of, "conciliation"), {"etape": step, **fields})


def filed(page: str) -> str:
    """Where the page says that the document just filed is read."""
    assert "La conciliation est déposée." in words(page)
    (path,) = re.findall(r'<a href="([^"]+)">Lire ce document</a>', page)
    return str(path)


def facts(content: bytes) -> list[tuple[Kind, State, str]]:
    document = read(content).document
    assert document is not None
    return [(one.kind, one.state, _name(one)) for one in extract(document).facts]


def _name(one: Fact) -> str:
    return (one.value.words if one.value else "") or one.what.display or one.what.words


def test_each_medicine_says_what_was_prescribed_and_delivered(camille: Holder) -> None:
    prescribed(camille, METFORMIN, RAMIPRIL)
    given = dispensation(frame(camille), (Delivery(GENERIC, "LOT-7"),))
    deposit(camille, organisation(), stated(given))
    desk = Desk(doctor_of(camille))
    assert f'href="{place(camille, "traitements")}"' in desk.get(f"/pro/patients/{camille.patient}/").content.decode()
    page = desk.get(place(camille, "traitements")).content.decode()
    assert page.count('<li class="medicine">') == 2 and page.count("<h1") == 1
    (metformin,) = re.findall(r'<li class="medicine"><h3 lang="fr">Metformine</h3>.*?</ul></li>', page, re.DOTALL)
    assert re.search(
        r"Prescrit .*4 mars 2026 Glucophage 1000 mg .*Délivré .*Metformine Biogaran .*lot LOT-7", words(metformin)
    )
    links = re.findall(r'href="([^"]+/documents/[^"]+#[^"]+)"', metformin)
    assert len(links) == 2
    for path, _, anchor in (link.partition("#") for link in links):
        assert f'id="{anchor}"' in desk.get(path).content.decode()


def test_the_holder_reads_what_was_prescribed_to_them_and_what_they_noted() -> None:
    who = member()
    browser, here = signed_in(who), "/sante/medicaments/"
    assert "Aucun traitement pour l’instant" in browser.get(here).content.decode()
    for page in ("/sante/", "/sante/traitements/"):
        assert f'href="{here}"' in browser.get(page).content.decode()
    browser.post("/sante/traitements/ajouter/", {"name": "Millepertuis", "dosage": "1 tasse"})
    prescribed(who.of, METFORMIN)
    prescribed(who.of, RAMIPRIL, hidden=HELD)
    text = words(browser.get(here).content.decode())
    assert re.search(r"Millepertuis 1 tasse Déclaré par le patient .*Metformine .*Prescrit .*4 mars 2026", text)
    assert "Ramipril" not in text


def test_what_is_decided_is_deposited_and_reads_back(camille: Holder) -> None:
    prescribed(camille, METFORMIN, RAMIPRIL)
    anne = doctor_of(camille)
    desk, before = Desk(anne), len(stored(camille))
    preview = chosen(
        desk, camille, "garder", "arreter",
        **{"nom-1": "Millepertuis", "posologie-1": "1 tasse", "motif-1": "Dit ce jour"},
    )  # fmt: skip
    assert len(stored(camille)) == before
    text = words(preview)
    for said in (
        "Traitements gardés",
        "Traitements ajoutés",
        "Millepertuis 1 tasse",
        "Traitements arrêtés",
        "Triatec 5 mg",
    ):
        assert said in text
    done = send(desk, camille, preview)
    assert done["Location"].startswith(f"{place(camille, 'traitements')}?fait=")  # type: ignore[index]
    again = send(desk, camille, preview)
    links = [filed(desk.get(one["Location"]).content.decode()) for one in (done, again)]  # type: ignore[index]
    assert links[0] == links[1] and "Millepertuis" in desk.get(links[0]).content.decode()
    kept = [content for title, content in stored(camille) if title == "Conciliation médicamenteuse"]
    (content,) = kept
    assert facts(content) == [
        (Kind.TREATMENT, State.ACTIVE, "Metformine"),
        (Kind.TREATMENT, State.ACTIVE, "Millepertuis"),
        (Kind.TREATMENT, State.STOPPED, "Ramipril"),
    ]
    document = read(content).document
    assert document is not None and document.entry.authors[0].person_id == anne.national_id


def test_the_lines_say_when_and_what_it_is_taken_for(camille: Holder) -> None:
    why = Concept(words="diabète de type 2")
    taken = Reconciled(Concept(words="Glucophage 1000 mg"), "Glucophage 1000 mg", since="2024-02", reasons=(why,))
    deposit(camille, organisation(), stated(reconciliation(frame(camille), Reconciliation((taken,)))))
    desk = Desk(doctor_of(camille))
    assert "Pour : Diabète de type 2 depuis" in words(desk.get(place(camille, "conciliation")).content.decode())
    preview = chosen(desk, camille, "garder", **{f"m-{name}": "Bien toléré" for name in named(desk, camille)})
    assert re.search(
        "Glucophage 1000 mg - Diabète de type 2 depuis février 2024 noté le 4 mars 2026 Bien toléré",
        words(preview),
    )
    send(desk, camille, preview)
    document = read(next(content for _, content in stored(camille) if "Bien toléré".encode() in content)).document
    assert document is not None
    (fact,) = extract(document).facts
    assert [one.words for one in fact.details[Detail.INDICATION]] == ["diabète de type 2"]


def test_the_next_one_of_the_same_professional_replaces_the_first(camille: Holder) -> None:
    prescribed(camille, METFORMIN)
    anne, paul = doctor_of(camille), doctor_of(camille)
    first = chosen(Desk(anne), camille, "garder")
    assert "Cette version remplacera" not in first
    send(Desk(anne), camille, first)
    second = chosen(Desk(anne), camille, "arreter")
    assert "Cette version remplacera celle que vous avez déposée aujourd’hui à " in words(second)
    done = send(Desk(anne), camille, second)
    other = chosen(Desk(paul), camille, "garder")
    assert "Cette version remplacera" not in other and "reste dans le dossier" not in words(second)
    assert re.search(r"La conciliation du [^.(]+ reste dans le dossier, à côté de", words(other))
    send(Desk(paul), camille, other)
    found = sorted(reads(camille, anne, record.documents), key=lambda one: one.deposited_at)
    of_paul, of_anne, before = found[:0:-1]
    assert [one.status for one in (before, of_anne, of_paul)] == [
        Status.DEPRECATED, Status.APPROVED, Status.APPROVED,
    ]  # fmt: skip
    assert (of_anne.replaces, of_paul.replaces) == (before.id, None)
    assert (of_anne.entry.version, of_anne.entry.set_id) == ("2", before.entry.set_id)
    again = send(Desk(anne), camille, second)
    assert filed(follow(anne, again)) == filed(follow(anne, done))
    assert len(reads(camille, anne, record.documents)) == 4


def test_a_file_of_the_same_type_is_no_earlier_version(camille: Holder) -> None:
    """A PDF that the same professional deposited as a reconciliation stays beside."""
    prescribed(camille, METFORMIN)
    desk = Desk(doctor_of(camille))
    assert sent_file(desk, camille, type="80820-4").status_code == 302  # type: ignore[attr-defined]
    preview = chosen(desk, camille, "garder")
    assert "Cette version remplacera" not in preview
    send(desk, camille, preview)
    assert len(stored(camille)) == 3


def test_what_software_sent_in_the_same_name_stays_beside(camille: Holder) -> None:
    prescribed(camille, METFORMIN)
    anne = doctor_of(camille, at=organisation())
    taken = Reconciliation((Reconciled(Concept(words="Metformine"), "Metformine"),))
    theirs = sent_by_software(camille, anne, lambda frame: reconciliation(frame, taken))
    first = chosen(Desk(anne), camille, "garder")
    assert "Cette version remplacera" not in words(first)
    send(Desk(anne), camille, first)
    again = chosen(Desk(anne), camille, "arreter")
    assert "Cette version remplacera celle que vous avez déposée aujourd’hui à " in words(again)
    send(Desk(anne), camille, again)
    found = [one for one in reads(camille, anne, record.documents) if one.entry.type and one.entry.type.code == TYPE]
    ours = [one for one in found if one.id != theirs]
    assert {one.entry.format.code for one in found if one.entry.format} == {NO_PROFILE}
    assert {one.organisation for one in found} == {anne.activities[0].organisation}
    assert {one.status for one in found if one.id == theirs} == {Status.APPROVED}
    assert sorted(one.status for one in ours) == [Status.APPROVED, Status.DEPRECATED]
    assert len({one.entry.set_id for one in ours}) == 1 and len({one.entry.set_id for one in found}) == 2


def test_what_is_to_be_checked_is_asked_for_only(camille: Holder) -> None:
    prescribed(camille, METFORMIN)
    desk = Desk(doctor_of(camille, "21"))
    send(desk, camille, chosen(desk, camille, "verifier"))
    (content,) = [content for title, content in stored(camille) if title == "Conciliation médicamenteuse"]
    assert facts(content) == [(Kind.PLAN, State.PLANNED, "Traitement à vérifier : Glucophage 1000 mg")]


def test_a_decision_is_asked_of_every_treatment(camille: Holder) -> None:
    prescribed(camille, METFORMIN, RAMIPRIL)
    desk = Desk(doctor_of(camille))
    page = chosen(desk, camille, "garder", "n'importe", **{"posologie-2": "1 le soir"})
    assert words(page).count("Choisissez ce que devient ce traitement : Triatec 5 mg.") == 2
    assert 'href="#nom-1"' in page and "Écrivez le nom du médicament." in page
    assert 'value="garder" checked' in page and 'value="1 le soir"' in page


def test_a_reconciliation_can_be_corrected_before_it_is_deposited(camille: Holder) -> None:
    prescribed(camille, METFORMIN)
    desk = Desk(doctor_of(camille))
    page = send(desk, camille, chosen(desk, camille, "arreter", **{"nom-1": "Aspirine"}), "corriger")
    form = page.content.decode()  # type: ignore[attr-defined]
    assert 'value="arreter" checked' in form and 'value="Aspirine"' in form and "À corriger" not in form


def test_a_record_that_changed_is_read_again_first(camille: Holder) -> None:
    prescribed(camille, METFORMIN)
    desk = Desk(doctor_of(camille))
    preview = chosen(desk, camille, "garder")
    prescribed(camille, replace(GENERIC, since=DAY + timedelta(days=1)))
    again = send(desk, camille, preview).content.decode()  # type: ignore[attr-defined]
    assert "Rien n’est déposé" in again and "prescrit le 5 mars 2026" in again
    prescribed(camille, RAMIPRIL)
    page = send(desk, camille, again).content.decode()  # type: ignore[attr-defined]
    assert "Choisissez ce que devient ce traitement : Triatec 5 mg." in words(page)
    assert all(title != "Conciliation médicamenteuse" for title, _ in stored(camille))


@pytest.mark.parametrize("field", ["choix", "envoi"])
def test_what_is_not_ours_deposits_nothing(camille: Holder, field: str) -> None:
    prescribed(camille, METFORMIN)
    desk, other = Desk(doctor_of(camille)), Desk(doctor_of(camille))
    preview = chosen(desk, camille, "garder")
    fields = {name: hidden(preview, name) for name in ("envoi", "choix")} | {"etape": "deposer"}
    for spoilt in ("", "é", fields[field][:-5], "A" * 5000):
        assert desk.post(place(camille, "conciliation"), {**fields, field: spoilt}).status_code in (200, 422)
    assert other.post(place(camille, "conciliation"), fields).status_code == 422
    assert len(stored(camille)) == 1


def test_without_treatments_some_may_be_added(camille: Holder) -> None:
    desk = Desk(doctor_of(camille))
    page = desk.get(place(camille, "traitements")).content.decode()
    assert "Aucun traitement à lire ainsi" in page
    assert "écrivez-en au moins un" in chosen(desk, camille)
    assert "Traitements ajoutés" in chosen(desk, camille, **{"nom-4": "Aspirine"})


def test_only_who_writes_reconciliations_makes_them(camille: Holder) -> None:
    prescribed(camille, METFORMIN)
    nurse, stranger = Desk(doctor_of(camille, "60")), Desk(professional())
    assert "Faire une conciliation" not in nurse.get(place(camille, "traitements")).content.decode()
    for answer in (nurse.get(place(camille, "conciliation")), nurse.post(place(camille, "conciliation"))):
        assert answer.status_code == 403 and "Glucophage" not in answer.content.decode()
    for page in ("traitements", "conciliation"):
        answer = stranger.get(place(camille, page))
        assert answer.status_code == 403 and "Metformine" not in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("ramipril 5 mg", "Triatec 5 mg est déjà dans la liste plus haut : dites sur sa ligne ce qu’il devient."),
        ("TRIATEC", "Triatec 5 mg est déjà dans la liste plus haut : dites sur sa ligne ce qu’il devient."),
        ("Aspirine", "Ce médicament est déjà ajouté plus haut : gardez une seule ligne."),
    ],
)
def test_a_medicine_is_in_one_line_alone_unless_its_author_says_that_it_is_another(
    camille: Holder, typed: str, said: str
) -> None:
    prescribed(camille, RAMIPRIL)
    desk = Desk(doctor_of(camille))
    page = chosen(desk, camille, "arreter", **{"nom-1": "Aspirine 75 mg", "nom-2": typed})
    assert words(page).count(said) == 2 and 'href="#nom-2"' in page
    assert 'id="autre-2"' in page and 'id="autre-1"' not in page and "Traitements ajoutés" not in page
    preview = chosen(desk, camille, "arreter", **{"nom-1": "Aspirine 75 mg", "nom-2": typed, "autre-2": "oui"})
    assert re.search(f"Traitements ajoutés .*Aspirine 75 mg .*{typed} .*Traitements arrêtés", words(preview))
    again = send(desk, camille, preview, "corriger").content.decode()  # type: ignore[attr-defined]
    assert 'name="autre-2" value="oui" checked' in again


def canonical(page: str) -> str:
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[\w:-]{60,}={0,2}", "…", page)


def test_two_worlds(camille: Holder) -> None:
    """What is masked is in no page of whoever may not see it: as if it were not there."""
    prescribed(camille, METFORMIN)
    desk = Desk(doctor_of(camille))

    def world() -> list[str]:
        pages = [desk.get(place(camille, page)).content.decode() for page in ("traitements", "conciliation")]
        return [canonical(page) for page in (*pages, chosen(desk, camille, "garder"))]

    before = world()
    prescribed(camille, RAMIPRIL, hidden=MASKED)
    assert world() == before and "Ramipril" not in "".join(before)


def test_what_not_every_reader_sees_is_left_out_and_said_so(camille: Holder) -> None:
    prescribed(camille, METFORMIN)
    prescribed(camille, RAMIPRIL, hidden=HELD)
    desk = Desk(doctor_of(camille))
    assert "Ramipril" in desk.get(place(camille, "traitements")).content.decode()
    preview = chosen(desk, camille, "garder")
    assert "1 information n’est pas reprise" in words(preview) and "Ramipril" not in preview
    send(desk, camille, preview)
    (content,) = [content for title, content in stored(camille) if title == "Conciliation médicamenteuse"]
    assert "Ramipril" not in content.decode()
