"""POST /xdm: what an archive files is what the FHIR door sees, all of it or nothing; every refusal is a
RegistryResponse that names the file, the line and the element."""

from typing import Any
from uuid import uuid4

import pytest
from lxml import etree

from cast import Holder, holder, organisation
from door import Answer, call, feeder_token, holder_token, lines_of, post
from espace.identity.facts import Organisation
from espace.kernel.words import Purpose, Verb
from exchange.publishing import FEED, frame, letter
from soap_door import cx, traits
from xdm_made import archive, files, subset, zipped

pytestmark = pytest.mark.django_db
ZIP = "application/zip"
PLACE = "IHE_XDM/SUBSET01/METADATA.XML line 3 RegistryObjectList/ExtrinsicObject[1]"


@pytest.fixture
def hospital() -> Organisation:
    return organisation()


@pytest.fixture
def camille() -> Holder:
    return holder()


@pytest.fixture
def token(hospital: Organisation) -> str:
    return feeder_token(hospital, scope=FEED)


def of(patient: Holder, content: bytes = b"Analyses", **said: Any) -> dict[str, bytes]:
    """A set of one document of this person, its identifiers its own."""
    own = {"uid": f"urn:uuid:{uuid4()}", "set_uid": f"urn:uuid:{uuid4()}", "cx": cx(patient), "traits": traits(patient)}
    return subset(content, **{**own, **said})


def send(data: bytes, token: str, kind: str = ZIP) -> tuple[Answer, etree._Element]:
    answer = post("/xdm", data, token=token, kind=kind)
    assert answer.headers["Content-Type"] == "application/xml; charset=utf-8"
    return answer, etree.fromstring(answer.body)


def told(data: bytes, token: str, kind: str = ZIP) -> list[tuple[str, str, str]]:
    """HTTP status aside: code of IHE, our reason, and place of each error."""
    answer, root = send(data, token, kind)
    assert answer.status >= 400
    assert root.get("status", "").endswith(":Failure")
    errors = list(root.iter("{*}RegistryError"))
    return [
        (one.get("errorCode", ""), one.get("codeContext", "")[1:].partition("]")[0], one.get("location", ""))
        for one in errors
    ]


def seen(of: Holder) -> list[dict[str, Any]]:
    found = call("GET", "/fhir/DocumentReference", token=holder_token(of.patient)).json
    return [entry["resource"] for entry in found.get("entry", [])]


def test_what_an_archive_files_is_what_the_fhir_door_answers(camille: Holder, token: str) -> None:
    answer, root = send(archive(of(camille), of(camille, b"%PDF-1.4 x", mime="application/pdf")), token)
    assert (answer.status, root.get("status")) == (200, "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success")
    assert sorted(one["content"][0]["attachment"]["contentType"] for one in seen(camille)) == [
        "application/pdf", "text/plain",
    ]  # fmt: skip
    [line] = [one for one in lines_of(camille) if one.verb is Verb.DEPOSIT]
    assert (line.purpose, len(line.objects)) == (Purpose.FEED, 2)


def test_metadata_that_contradict_their_document_are_refused(camille: Holder, token: str) -> None:
    written = frame(camille)
    said = {"mime": "text/xml", "uid": written.id, "name": "DOC0001.XML"}
    assert told(archive(of(camille, letter(written), **said)), token)[0] == (
        "XDSRegistryMetadataError", "metadata_mismatch", f"{PLACE}/Classification[typeCode]",
    )  # fmt: skip
    assert seen(camille) == []


def test_an_archive_sent_again_files_nothing_more(camille: Holder, token: str) -> None:
    data = archive(of(camille), of(camille, b"other"))
    assert [send(data, token)[0].status for _ in range(2)] == [200, 200]
    assert len(seen(camille)) == 2


def test_an_archive_is_filed_whole_or_not_at_all(camille: Holder, token: str) -> None:
    first, uid = of(camille), f"urn:uuid:{uuid4()}"
    assert send(archive(of(camille, b"one", uid=uid)), token)[0].status == 200
    [(code, reason, place)] = told(archive(first, of(camille, b"two", uid=uid)), token)
    assert (code, reason) == ("XDSNonIdenticalHash", "unique_id_reused")
    assert place == (
        "IHE_XDM/SUBSET02/METADATA.XML line 3 RegistryObjectList/ExtrinsicObject[1]/ExternalIdentifier[uniqueId]"
    )
    assert len(seen(camille)) == 1


def test_two_patients_in_one_archive_are_refused(camille: Holder, token: str) -> None:
    [(code, reason, _)] = told(archive(of(camille), of(holder())), token)
    assert (code, reason) == ("XDSPatientIdDoesNotMatch", "identities_differ")
    assert seen(camille) == []


def test_files_that_were_exchanged_are_refused(camille: Holder, token: str) -> None:
    held = files(of(camille, b"first"), of(camille, b"other"))
    one, two = "IHE_XDM/SUBSET01/DOC0001.TXT", "IHE_XDM/SUBSET02/DOC0001.TXT"
    held[one], held[two] = held[two], held[one]
    place = f"{PLACE}/Slot[@name='hash']"
    assert told(zipped(held), token)[0] == ("XDSRepositoryMetadataError", "hash_mismatch", place)
    assert seen(camille) == []


def test_what_a_document_says_is_placed_in_its_file(camille: Holder, token: str) -> None:
    broken = of(camille, b"<ClinicalDocument", mime="text/xml", name="DOC0001.XML")
    assert told(archive(broken), token) == [
        ("XDSRepositoryMetadataError", "xml_malformed", "IHE_XDM/SUBSET01/DOC0001.XML line 1, column 18")
    ]


def test_somebody_elses_sending_is_refused(camille: Holder, token: str) -> None:
    made = of(camille)
    made["METADATA.XML"] = made["METADATA.XML"].replace(b'value="1.2.250.1.999.1.1"', b'value="1.2.250.1.999.77"')
    [(_, reason, place)] = told(archive(made), token)
    assert (reason, place) == (
        "source_not_yours",
        "IHE_XDM/SUBSET01/METADATA.XML line 4 RegistryObjectList/RegistryPackage[1]/ExternalIdentifier[sourceId]",
    )


BROKEN = {
    "noise": (b"noise", ZIP, 400, "archive_malformed"),
    "nothing": (b"", ZIP, 400, "archive_malformed"),
    "a path": (zipped({"../IHE_XDM/SUBSET01/METADATA.XML": b"<x/>"}), ZIP, 422, "archive_unsafe"),
    "a bomb": (zipped({"IHE_XDM/SUBSET01/METADATA.XML": bytes(30_000_000)}), ZIP, 413, "archive_outsized"),
    "another archive": (zipped({"README.TXT": b""}), ZIP, 422, "archive_without_metadata"),
    "another type": (b"<x/>", "text/xml", 415, "media_type_unsupported"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_archive_is_told(token: str, name: str) -> None:
    data, kind, status, reason = BROKEN[name]
    answer = post("/xdm", data, token=token, kind=kind)
    assert (answer.status, told(data, token, kind)[0][1]) == (status, reason)


def test_nobody_is_heard_without_a_token() -> None:
    answer = post("/xdm", b"noise", kind=ZIP)
    assert answer.status == 401
    assert b"[token_missing]" in answer.body


def test_a_holder_cannot_feed(camille: Holder) -> None:
    assert told(archive(of(camille)), holder_token(camille.patient))[0][1] == "holder_cannot_feed"
