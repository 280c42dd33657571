"""« Télécharger ensemble »: the documents ticked in the list leave in one archive of IHE XDM, which our own reader
takes back as it was; one line in the access log, nothing that the reader does not see, nothing for an adviser."""

from uuid import UUID, uuid4

import pytest

from cast import organisation
from door import lines_of
from espace.kernel.words import Verb, Visibility
from espace.portal.pages.own import exporting
from espace.wire import unzip
from espace.wire.ebxml.provide import Provided
from espace.wire.xdm import reading
from espace.wire.xml import XmlLimits
from portal.helpers import cda, file, member, signed_in
from portal.test_advising import adviser, begun, confirmed_lately
from portal.test_own_documents_arranged import chosen
from portal.test_reading_pages import text
from portal.test_statements import statements

pytestmark = pytest.mark.django_db
__all__ = ["confirmed_lately"]


def opened(data: bytes) -> tuple[list[str], Provided]:
    held = dict(unzip.members(data, most=10_000_000, wanted=lambda name: True))
    sets = {name: one for name, one in held.items() if name.startswith(reading.FOLDER)}
    [found] = reading.read(sets, max_bytes=1_000_000, limits=XmlLimits())
    return list(held), found


def test_what_is_ticked_leaves_in_one_archive_with_one_line() -> None:
    camille = member()
    first, second = cda(camille.of), b"Compte rendu"
    one, two = file(camille.of, first), file(camille.of, second, title="Lettre", by=organisation())
    masked = frozenset({Visibility.MASQUE_PS})
    three = file(camille.of, cda(camille.of), visibility=masked)
    browser = signed_in(camille)
    assert "Télécharger ensemble" in text(browser.get("/documents/"))
    answer = browser.post("/documents/choisis/", chosen("telecharger", two, one, three), follow=True)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    assert answer["Content-Disposition"] == 'attachment; filename="IHE_XDM.ZIP"'
    assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'self'; sandbox"
    names, found = opened(answer.content)
    assert names[:3] == ["INDEX.HTM", "README.TXT", "IHE_XDM/SUBSET01/METADATA.XML"]
    assert [one.rpartition("/")[2] for one in names[3:]] == ["DOC0001.TXT", "DOC0002.XML", "DOC0003.XML"]
    assert (found.problems, found.submission is not None) == ((), True)
    assert found.submission
    assert [one.content for one in found.submission.documents][:2] == [second, first]
    assert {one.entry.visibility for one in found.submission.documents} == {frozenset()}
    patients = {one.number for document in found.submission.documents for one in document.patients}
    assert patients == {camille.of.ins.number}
    [line] = [line for line in lines_of(camille.of) if line.verb is Verb.DOWNLOAD]
    assert (line.count, set(line.objects)) == (3, {one, two, three})


def test_the_same_statements_whatever_is_chosen() -> None:
    camille = member()
    ids = [file(camille.of, cda(camille.of)) for _ in range(4)]
    browser = signed_in(camille)
    one, all_of_them = (
        statements(browser, "/documents/archive/?" + "&".join(f"document={id}" for id in some))
        for some in (ids[:1], ids)
    )
    [few, more] = (
        [sql.split()[0] for sql in said if "INSERT INTO outbox_event" not in sql] for said in (one, all_of_them)
    )
    assert few == more
    assert len(all_of_them) - len(one) == 3, "a counter each"


def alone(document: UUID) -> str:
    return f"/documents/archive/?document={document}"


def test_what_the_reader_does_not_see_is_not_there() -> None:
    camille, other = member(), member()
    seen, invisible = file(camille.of, cda(camille.of)), frozenset({Visibility.INVISIBLE_PATIENT})
    unseen = file(camille.of, cda(camille.of), visibility=invisible)
    browser = signed_in(camille)
    answers = {
        browser.get(f"{alone(seen)}&document={one}").status_code
        for one in (unseen, uuid4(), file(other.of, cda(other.of)))
    }
    assert answers == {404}
    assert [browser.get(f"/documents/archive/{words}").status_code for words in ("", "?document=x")] == [404, 404]


def test_too_much_together_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    camille = member()
    one, two = (file(camille.of, cda(camille.of)) for _ in range(2))
    monkeypatch.setattr(exporting, "MOST_BYTES", 3_000)
    browser = signed_in(camille)
    refused = browser.get(f"{alone(one)}&document={two}")
    assert refused.status_code == 400
    assert "dépassent" in text(refused)
    assert browser.get(alone(one)).status_code == 200


def test_an_adviser_takes_nothing() -> None:
    camille, noemie = member(), adviser()
    browser, hers = signed_in(camille), signed_in(noemie)
    one = file(camille.of, cda(camille.of))
    root, _ = begun(browser, hers)
    assert "Télécharger ensemble" not in text(hers.get(f"{root}/documents/"))
    assert hers.get(f"{root}{alone(one)}").status_code == 403
