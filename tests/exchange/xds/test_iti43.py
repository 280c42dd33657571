"""ITI-43: the bytes as they were filed, as attachments; what may not be seen is nowhere, by the same statements."""

import re
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from cast import Holder, consents, holder, organisation, professional
from door import lines_of
from espace import edge
from espace.exchange.xds import iti43
from espace.identity.facts import Organisation, Professional
from espace.kernel.words import ActorKind, Verb
from espace.record.adapters import content_store
from espace.trace.facts import Outcome
from exchange.xds.consulting import Filed, Told, filed, find, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital() -> Organisation:
    return organisation()


@pytest.fixture
def camille() -> Holder:
    return holder()


@pytest.fixture
def anne(camille: Holder) -> Professional:
    found = professional()
    consents(camille, found, at=edge.now())
    return found


def here(*unique_ids: str) -> list[tuple[str, str]]:
    return [(settings.ESPACE_REPOSITORY_OID, one) for one in unique_ids]


def test_documents_come_back_to_the_byte(hospital: Organisation, camille: Holder, anne: Professional) -> None:
    one, two = filed(camille, hospital), filed(camille, hospital)
    [entry, _] = find(anne, camille).objects
    told = read(anne, camille, *here(two.unique_id, one.unique_id))
    assert told.status == "Success"
    assert told.contents == [(two.unique_id, two.content), (one.unique_id, one.content)]
    assert entry.slot("repositoryUniqueId") == settings.ESPACE_REPOSITORY_OID
    line = lines_of(camille)[0]
    assert (line.verb, line.actor_id, set(line.objects)) == (Verb.DOWNLOAD, anne.id, {one.id, two.id})


def test_what_is_not_there_is_said_of_each(hospital: Organisation, camille: Holder, anne: Professional) -> None:
    one, masked = filed(camille, hospital), filed(camille, hospital, "MASQUE_PS")
    elsewhere = ("1.2.3", one.unique_id)
    told = read(anne, camille, *here(masked.unique_id, one.unique_id, "1.2.250.9"), elsewhere)
    assert (told.status, told.contents) == ("PartialSuccess", [(one.unique_id, one.content)])
    assert told.errors == [
        ("XDSDocumentUniqueIdError", "not_found"),
        ("XDSDocumentUniqueIdError", "not_found"),
        ("XDSUnknownRepositoryId", "repository_unknown"),
    ]
    assert lines_of(camille)[0].objects == (one.id,)


def kinds(who: Professional, of: Holder, unique_id: str) -> tuple[bytes, list[str]]:
    """The answer, and the first words of each statement of either database."""
    with CaptureQueriesContext(connections["default"]) as main, CaptureQueriesContext(connections["keys"]) as keys:
        told = read(who, of, *here(unique_id))
    said = [" ".join(one["sql"].split()) for one in [*main.captured_queries, *keys.captured_queries]]
    return told.body, [re.sub(r"'.*|\d.*", "", sql)[:60] for sql in said]


def test_what_is_hidden_is_nowhere(hospital: Organisation, camille: Holder, anne: Professional) -> None:
    """A masked document, somebody else's that they may read, and nothing: one answer, by the same statements."""
    other = holder()
    consents(other, anne, at=edge.now())
    masked, theirs = filed(camille, hospital, "MASQUE_PS"), filed(other, hospital)
    assert read(anne, other, *here(theirs.unique_id)).contents == [(theirs.unique_id, theirs.content)]
    read(anne, camille, *here("1.2.250.9"))  # a first line makes the keys of a register
    nothing = kinds(anne, camille, f"urn:uuid:{uuid4()}")
    assert Told(nothing[0]).errors == [("XDSDocumentUniqueIdError", "not_found")]
    assert Told(nothing[0]).status == "Failure"
    assert kinds(anne, camille, masked.unique_id) == nothing
    assert kinds(anne, camille, theirs.unique_id) == nothing
    line = lines_of(camille)[0]
    assert (line.outcome, line.objects) == (Outcome.REFUSED, ())


def test_of_whom_nothing_may_be_read(hospital: Organisation, camille: Holder, anne: Professional) -> None:
    one = filed(camille, hospital)
    assert read(professional(), camille, *here(one.unique_id)).errors == [("XDSRepositoryError", "consent_missing")]
    assert read(anne, None, *here(one.unique_id)).errors == [("XDSUnknownPatientId", "patient_unstated")]
    assert read(anne, camille, ("1.2.3", one.unique_id)).errors == [("XDSUnknownRepositoryId", "repository_unknown")]
    assert ActorKind.ORGANISATION not in iti43.OPENINGS


def lose(document: Filed) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM record_entry WHERE id = %s", [document.id])
        content_store().remove([cursor.fetchone()[0]])


def test_a_content_that_is_lost_is_said(hospital: Organisation, camille: Holder, anne: Professional) -> None:
    one, lost = filed(camille, hospital), filed(camille, hospital)
    lose(lost)
    told = read(anne, camille, *here(lost.unique_id, one.unique_id))
    assert (told.status, told.contents) == ("PartialSuccess", [(one.unique_id, one.content)])
    assert told.errors == [("XDSRepositoryBusy", "content_unavailable")]
    assert lines_of(camille)[0].objects == (one.id,)
    assert read(anne, camille, *here(lost.unique_id)).errors == [("XDSRepositoryBusy", "content_unavailable")]


def test_more_than_an_answer_carries(
    hospital: Organisation, camille: Holder, anne: Professional, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = filed(camille, hospital), filed(camille, hospital)
    monkeypatch.setattr(iti43, "MAX_BYTES", 10)
    told = read(anne, camille, *here(one.unique_id, two.unique_id))
    assert told.errors == [("XDSRepositoryOutOfResources", "retrieval_too_large")]
    assert read(anne, camille, *here(one.unique_id)).status == "Success"
