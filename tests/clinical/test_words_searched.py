"""Words of files (PDF, rich text, plain text) are searched by whoever may read the file, and by nobody else."""

import itertools
from datetime import timedelta
from uuid import UUID

import pikepdf
import pytest

from cast import AT, Holder, document, entry, holder, organisation
from clinical.scene import as_holder, blocks, deposit, file, frame, lines, stated, told
from clinical.test_results_pages import HELD, MASKED, desk_of, searched, worlds
from espace import edge
from espace.clinical import handlers, queries
from espace.clinical.adapters import words
from espace.clinical.facts import Unread
from espace.kernel.values import replace
from espace.kernel.words import Visibility
from espace.looks.finding import sought
from espace.record.events import DocumentsFiled
from espace.site import worker
from espace.wire.cda_writing import pdf_letter, rtf_letter, text_letter
from espace.wire.xds import NewDocument
from portal.helpers import member, signed_in
from record.owning import add, upload
from wire.files_made import RTF, pdf_saying

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=1)
LOCKED = pikepdf.Encryption(owner="o", user="u", R=6)
_numbers = itertools.count()


def bare(content: bytes, mime_type: str, *, hidden: frozenset[Visibility] = frozenset()) -> NewDocument:
    title = f"Compte rendu {next(_numbers)}"
    return document(replace(entry(title=title, visibility=hidden), mime_type=mime_type), content)


def texts(of: Holder) -> list[str]:
    """What a search looks in, without the titles."""
    known = as_holder(of, lambda grant: queries.known(grant, texts=True))
    assert told(known) == []
    return sorted(text.strip().splitlines()[-1] for text in known.texts.values())


def test_words_of_bare_files_and_of_bodies_are_kept_and_make_no_fact() -> None:
    camille, hospital = holder(), organisation()
    bodies = [
        write(frame(camille), "11502-2", "Lettre", (f"Entorse {name}.",))
        for name, write in (("cda-pdf", pdf_letter), ("cda-rtf", rtf_letter), ("cda-texte", text_letter))
    ]
    file(
        camille, hospital,
        bare(pdf_saying("Fracture du fémur"), "application/pdf"),
        bare(RTF, "text/rtf"),
        bare("Œdème".encode(), "text/plain"),
        *(stated(body) for body in bodies),
    )  # fmt: skip
    with edge.clock_at(LATER):
        worker.run_until_idle()
    found = as_holder(camille, lambda grant: queries.known(grant, texts=True))
    for asked in ("fractures", "glycemie", "oedeme", "entorse cda-pdf", "entorse cda-rtf", "entorse cda-texte"):
        looked_for = sought(asked, found)
        assert [looked_for.has(one) for one in found.documents].count(True) == 1, asked
    assert (blocks(camille), len(lines(camille)), told(found)) == (6, 1, [])


def test_what_the_holder_adds_is_searched_and_states_nothing() -> None:
    camille = holder()
    add(
        camille,
        upload(pdf_saying("Arthroscopie du genou"), name="genou.pdf"),
        upload(RTF, name="bilan.rtf"),
        upload("Vélo".encode()),
    )  # fmt: skip
    with edge.clock_at(LATER):
        worker.run_until_idle()
    assert texts(camille) == ["Arthroscopie du genou", "Glycémie 5,1 mmol/L", "Vélo"]


def test_what_cannot_be_read_is_counted_and_not_tried_again() -> None:
    camille, hospital = holder(), organisation()
    file(
        camille, hospital,
        bare(b"%PDF-1.7 DUVAL CAMILLE", "application/pdf"),
        bare(pdf_saying("secret", protection=LOCKED), "application/pdf"),
        bare(pdf_saying(""), "application/pdf"),
        bare(pdf_saying("lisible"), "application/pdf"),
    )  # fmt: skip
    done = handlers.read(camille.patient)
    assert (done.documents, done.facts, done.more) == (4, 0, False)
    assert done.unread == {("", "", "", why): 1 for why in ("broken", "locked", "no_words")}
    assert texts(camille) == ["lisible"]
    assert handlers.read(camille.patient).documents == 0


def test_files_that_take_too_long_are_read_by_the_next_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    camille, hospital = holder(), organisation()
    sent = [bare(pdf_saying(f"page {number}"), "application/pdf") for number in range(3)]
    file(camille, hospital, *sent)
    first, real = iter((True,)), words._run

    def dies_once(files: list[words.File], most: int) -> tuple[list[words.Words], bool]:
        return ([], False) if next(first, False) else real(files, most)

    monkeypatch.setattr(words, "PATIENCE", 0)
    monkeypatch.setattr(words, "_run", dies_once)
    begun = handlers.read(camille.patient, goes_on=False)
    assert (begun.documents, begun.more, begun.unread) == (1, True, {("", "", "", Unread.TOO_LARGE.value): 1})
    assert handlers.read(camille.patient).documents == 2
    assert len(texts(camille)) == 2


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("hidden", [MASKED, HELD], ids=["masked", "held"])
def test_a_hidden_file_is_found_by_nobody_who_may_not_see_it(hidden: frozenset[Visibility]) -> None:
    """Two worlds: with the file, and before it was there; and it is found where it is not hidden."""
    camille, hospital = member(), organisation()
    deposit(camille.of, hospital, bare(pdf_saying("Bilan de la cheville"), "application/pdf"))
    reader = desk_of(camille.of) if hidden == MASKED else signed_in(camille)
    place = f"/pro/patients/{camille.of.patient}/" if hidden == MASKED else "/documents/"

    def world() -> list[str]:
        return [worlds(searched(reader, place, said)) for said in ("sérologie", "cheville", "compte rendu", "positive")]

    before = world()
    assert "<mark>cheville</mark>" in before[1] and "Aucun document ne correspond" in before[0]
    deposit(camille.of, hospital, bare(pdf_saying("Sérologie positive"), "application/pdf", hidden=hidden))
    assert world() == before
    deposit(camille.of, hospital, bare(pdf_saying("Sérologie positive"), "application/pdf"))
    assert "<mark>Sérologie</mark>" in world()[0]


def test_a_file_that_is_told_again_is_read_once() -> None:
    camille, hospital = holder(), organisation()
    ids: tuple[UUID, ...] = deposit(camille, hospital, bare(pdf_saying("TSH"), "application/pdf"))
    handlers.extract(DocumentsFiled(camille.patient, camille.patient, True, AT, to_read=ids))
    assert (blocks(camille), len(lines(camille))) == (1, 1)
