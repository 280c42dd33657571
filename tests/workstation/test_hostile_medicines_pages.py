"""Medicines at the workstation before whoever sends twice, sends anything, or writes anything in a document."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

import pytest

from cast import AT, Holder, holder, organisation, professional
from clinical.scene import deposit, file, frame, stated
from espace.clinical import handlers
from espace.kernel.values import replace
from espace.kernel.words import Visibility
from espace.record import queries as record
from espace.record.events import DocumentsFiled
from espace.wire.cda_writing import Delivery, dispensation, prescription
from espace.wire.cda_writing.models.reconciliation import Reconciled, Reconciliation, reconciliation
from espace.wire.clinical_statements.values import Concept
from espace.wire.nomenclature.systems import ATC
from portal.helpers import member, signed_in
from workstation.desk import Desk
from workstation.test_reconciling_pages import (
    DAY,
    GENERIC,
    HELD,
    MASKED,
    METFORMIN,
    RAMIPRIL,
    canonical,
    chosen,
    doctor_of,
    filed,
    named,
    place,
    prescribed,
    send,
    words,
)
from workstation.test_summary_page import look, masks, open_to, reads, sign, summaries, told_filed

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def camille() -> Holder:
    return holder()


def read_by_the_worker(of: Holder, *entries: UUID) -> None:
    handlers.extract(DocumentsFiled(of.patient, of.patient, True, AT, to_read=entries))


def test_a_reconciliation_sent_again_after_it_was_read_is_the_same_document(camille: Holder) -> None:
    """What it adds is a treatment by then, of which nothing was decided."""
    prescribed(camille, METFORMIN)
    anne = doctor_of(camille)
    desk = Desk(anne)
    preview = chosen(desk, camille, "garder", **{"nom-1": "Millepertuis"})
    first = send(desk, camille, preview)
    every = [one.id for one in reads(camille, anne, record.documents)]
    read_by_the_worker(camille, *every)
    assert "Millepertuis" in desk.get(place(camille, "traitements")).content.decode()
    again = send(desk, camille, preview)
    pages = [desk.get(one["Location"]).content.decode() for one in (first, again)]  # type: ignore[index]
    assert filed(pages[0]) == filed(pages[1])
    assert [one.id for one in reads(camille, anne, record.documents)] == every


def test_a_summary_sent_again_when_nothing_of_it_is_left_is_the_same_document() -> None:
    anne = professional()
    camille, desk = open_to(anne), Desk(anne)
    preview = look(desk, camille)
    first = sign(desk, camille, preview)
    for one in reads(camille, anne, record.documents):
        masks(camille, one.id)
    again = sign(desk, camille, preview)
    assert told_filed(desk, again) == told_filed(desk, first)
    assert len(summaries(camille, anne)) == 1


def hide_what_speaks_of_ramipril(of: Holder, hidden: frozenset[Visibility]) -> None:
    """An earlier beginning, a delivery, a stop, a reconciliation, a prescription that is still to be read; and another
    medicine, which is asked about where it is typed."""
    early = replace(RAMIPRIL, since=DAY - timedelta(days=200))
    stopped = Reconciled(Concept("C09AA05", ATC.oid, "Ramipril", "Triatec 5 mg"), "Triatec 5 mg", why="Toux")
    for content in (
        prescription(frame(of), (early,)),
        prescription(frame(of), (GENERIC,)),
        dispensation(frame(of), (Delivery(RAMIPRIL, "LOT-9"),)),
        reconciliation(frame(of), Reconciliation(stopped=(stopped,))),
    ):
        deposit(of, organisation(), stated(content, hidden=hidden))
    file(of, organisation(), stated(prescription(frame(of), (METFORMIN,)), hidden=hidden))


def test_nothing_of_what_is_masked_shows_in_what_is_said_of_a_medicine(camille: Holder) -> None:
    prescribed(camille, RAMIPRIL)
    desk = Desk(doctor_of(camille))

    def world() -> list[str]:
        pages = ["", "traitements/", "conciliation/", "synthese/", "resume-etranger/"]
        found = [desk.get(f"/pro/patients/{camille.patient}/{page}") for page in pages]
        assert [one.status_code for one in found] == [200] * len(pages)
        read = [one.content.decode() for one in found]
        typed = chosen(desk, camille, "garder", **{"nom-1": "metformine"})
        return [canonical(page) for page in (*read, typed, look(desk, camille))]

    before = world()
    hide_what_speaks_of_ramipril(camille, MASKED)
    assert world() == before


def test_nothing_of_what_waits_for_an_announcement_shows_to_the_holder() -> None:
    who = member()
    prescribed(who.of, RAMIPRIL)
    browser = signed_in(who)

    def world() -> list[str]:
        pages = ("/sante/", "/sante/medicaments/", "/sante/fiche-urgence/", "/sante/resume-etranger/")
        found = [browser.get(page) for page in pages]
        assert [one.status_code for one in found] == [200] * len(pages)
        return [canonical(one.content.decode()) for one in found]

    before = world()
    hide_what_speaks_of_ramipril(who.of, HELD)
    assert world() == before and "Triatec" in before[1]


def test_what_is_not_masked_shows_in_all_of_it(camille: Holder) -> None:
    """What the two worlds would differ by."""
    prescribed(camille, RAMIPRIL)
    hide_what_speaks_of_ramipril(camille, frozenset())
    desk = Desk(doctor_of(camille))
    text = words(desk.get(f"/pro/patients/{camille.patient}/").content.decode())
    assert "délivré le" in text and "Dits arrêtés dans un document plus récent" in text
    assert "est en cours de lecture" in words(desk.get(place(camille, "traitements")).content.decode())
    assert "reste dans le dossier, à côté de celle-ci" in words(chosen(desk, camille, "garder", "garder"))
    typed = chosen(desk, camille, "garder", "garder", **{"nom-1": "metformine"})
    assert "est déjà dans la liste plus haut" in typed


def test_two_medicines_of_which_only_the_class_is_coded_are_read_and_decided_apart(camille: Holder) -> None:
    for name in ("Triatec 5 mg", "Renitec 20 mg"):
        taken = Reconciled(Concept("C09AA", ATC.oid, "IEC", name), name)
        deposit(camille, organisation(), stated(reconciliation(frame(camille), Reconciliation((taken,)))))
    desk = Desk(doctor_of(camille))
    page = desk.get(place(camille, "traitements")).content.decode()
    assert all(f'<h3 lang="fr">{name}</h3>' in page for name in ("Triatec 5 mg", "Renitec 20 mg"))
    preview = chosen(desk, camille, "garder", "garder")
    assert "Triatec 5 mg" in preview and "Renitec 20 mg" in preview


def test_the_title_of_what_is_being_read_turns_nothing_of_the_sentence(camille: Holder) -> None:
    waiting = stated(prescription(frame(camille), (METFORMIN,)), title="Lettre\u202e</a><script> \u2066»")
    file(camille, organisation(), waiting)
    page = Desk(doctor_of(camille)).get(place(camille, "traitements")).content.decode()
    assert "Lettre\ufffd&lt;/a&gt;&lt;script&gt; \ufffd»" in page and "est en cours de lecture" in page
    assert not set("\u202e\u2066") & set(page)


def test_of_what_a_form_says_more_than_once_or_of_nothing_the_last_is_read_again(camille: Holder) -> None:
    prescribed(camille, RAMIPRIL)
    desk, here = Desk(doctor_of(camille)), place(camille, "conciliation")
    (name,) = named(desk, camille)
    typed = [("etape", "apercu"), (f"d-{name}", "garder"), (f"d-{name}", "arreter"), ("d-0123456789abcdef", "garder")]
    typed += [("nom-5", "Cinquième"), ("nom-0", "Zéro"), ("autre-1", ""), ("posologie-5", "x"), ("nom-1", " \u200b")]
    preview = desk.post(here, urlencode(typed), content_type="application/x-www-form-urlencoded").content.decode()
    assert "Traitements arrêtés" in preview and "Triatec 5 mg" in preview
    assert not any(said in preview for said in ("Traitements gardés", "Traitements ajoutés", "Cinquième", "Zéro"))


def test_a_document_that_says_its_day_alone_was_written_on_that_day(camille: Holder) -> None:
    """Midnight here is the evening of the day before, as it is kept."""
    at = datetime(2026, 3, 3, 23, tzinfo=UTC)
    taken = Reconciled(Concept("C09AA05", ATC.oid, "Ramipril", "Triatec 5 mg"), "Triatec 5 mg")
    sent = stated(reconciliation(frame(camille), Reconciliation((taken,))))
    entry = replace(sent.entry, service_start=at, service_stop=at, creation_time=at)
    deposit(camille, organisation(), replace(sent, entry=entry))
    desk = Desk(doctor_of(camille))
    for page in ("", "traitements/", "conciliation/", "synthese/"):
        text = words(desk.get(f"/pro/patients/{camille.patient}/{page}").content.decode())
        assert "4 mars 2026" in text and "3 mars 2026" not in text
    assert "noté le 4 mars 2026" in words(chosen(desk, camille, "garder"))
