"""Lists of medicines while a document is being read, and the words of a reconciliation on an English page."""

import re

import pytest

from cast import AT, Holder, holder, organisation
from clinical.scene import as_holder, deposit, file, frame, results, stated
from espace.clinical import handlers
from espace.clinical.actions import switch_extraction
from espace.kernel.words import Verb
from espace.record.events import DocumentsFiled
from espace.wire.cda_writing import prescription
from espace.wire.cda_writing.models.reconciliation import Reconciled, Reconciliation, reconciliation
from espace.wire.clinical_statements.values import Concept
from portal.helpers import member, signed_in
from workstation.desk import Desk
from workstation.test_reconciling_pages import (
    GENERIC,
    HELD,
    MASKED,
    METFORMIN,
    RAMIPRIL,
    doctor_of,
    place,
    prescribed,
    words,
)

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def camille() -> Holder:
    return holder()


def test_while_a_document_is_being_read_the_list_says_so(camille: Holder) -> None:
    """Of documents that this reader sees, of those that may state facts, and where the holder lets them be read."""
    prescribed(camille, METFORMIN)
    desk, here = Desk(doctor_of(camille)), place(camille, "traitements")
    reading = "est en cours de lecture : cette liste peut changer dans un moment."
    assert "en cours de lecture" not in desk.get(here).content.decode()
    waiting = stated(prescription(frame(camille), (RAMIPRIL,)))
    file(camille, organisation(), stated(prescription(frame(camille), (RAMIPRIL,)), hidden=MASKED))
    assert "en cours de lecture" not in desk.get(here).content.decode()
    (first,) = file(camille, organisation(), waiting)
    page = desk.get(here).content.decode()
    assert f"« Ordonnance de médicaments » {reading}" in words(page)
    assert f'<a href="{here}">Regarder à nouveau</a>' in page
    (second,) = file(camille, organisation(), stated(prescription(frame(camille), (GENERIC,))))
    several = "2 documents sont en cours de lecture : cette liste peut changer dans un moment."
    assert several in words(desk.get(here).content.decode())
    handlers.extract(DocumentsFiled(camille.patient, camille.patient, True, AT, to_read=(first, second)))
    assert "en cours de lecture" not in desk.get(here).content.decode()


def test_what_is_not_to_be_read_does_not_wait(camille: Holder) -> None:
    """What was read and says nothing of medicines, and what a holder does not want to be read."""
    desk, here = Desk(doctor_of(camille)), place(camille, "traitements")
    deposit(camille, organisation(), stated(results(camille)), stated(prescription(frame(camille), ())))
    assert "en cours de lecture" not in desk.get(here).content.decode()
    file(camille, organisation(), stated(prescription(frame(camille), (RAMIPRIL,))))
    assert "en cours de lecture" in desk.get(here).content.decode()
    as_holder(camille, lambda grant: switch_extraction(grant, on=False), Verb.SETTINGS)
    assert "en cours de lecture" not in desk.get(here).content.decode()


def test_the_holder_is_told_too_of_what_they_may_see() -> None:
    who = member()
    browser, here = signed_in(who), "/sante/medicaments/"
    file(who.of, organisation(), stated(prescription(frame(who.of), (RAMIPRIL,)), hidden=HELD))
    assert "en cours de lecture" not in browser.get(here).content.decode()
    file(who.of, organisation(), stated(prescription(frame(who.of), (METFORMIN,))))
    page = browser.get(here).content.decode()
    assert "« Ordonnance de médicaments » est en cours de lecture" in words(page)
    assert f'<a href="{here}">Regarder à nouveau</a>' in page


def test_the_english_page_says_that_the_document_is_in_french_and_marks_its_words(camille: Holder) -> None:
    why = Concept(words="diabète de type 2")
    taken = Reconciled(Concept(words="Glucophage 1000 mg"), "Glucophage 1000 mg", since="2024-02", reasons=(why,))
    deposit(camille, organisation(), stated(reconciliation(frame(camille), Reconciliation((taken,)))))
    desk = Desk(doctor_of(camille))
    assert desk.get(place(camille, "conciliation")).content.decode().count('class="soft">') == 1
    desk.cookies["django_language"] = "en"
    page = desk.get(place(camille, "conciliation")).content.decode()
    assert page.count('class="soft">') == 2 and '<html lang="en"' in page
    assert '<span lang="fr">Diabète de type 2</span>' in page
    fields = re.findall(r'<input type="text"[^>]*>', page)
    assert len(fields) == 13 and all('lang="fr"' in one for one in fields)
