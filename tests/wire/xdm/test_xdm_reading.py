"""ITI TF-2, 3.32: the files of an archive are the submissions that ITI-41 would make of them; what its metadata say
and what it holds agree, or every difference is told where it is."""

import pytest

import soaping
from espace.kernel.values import replace
from espace.kernel.words import Problem
from espace.wire.ebxml import provide
from espace.wire.ebxml.provide import Provided
from espace.wire.xdm import reading
from espace.wire.xml import XmlLimits
from soaping import CONTENT
from wire.ebxml.asking import parsed
from xdm_made import DOCUMENT, files, metadata, subset, uri

LIMITS = XmlLimits(max_bytes=1_000_000)
PLACE = "IHE_XDM/SUBSET01/METADATA.XML"
FIRST = f"{PLACE} line 3 RegistryObjectList/ExtrinsicObject[1]"


def read(held: dict[str, bytes]) -> tuple[Provided, ...]:
    return reading.read(held, max_bytes=100_000, limits=LIMITS)


def told(held: dict[str, bytes]) -> list[tuple[str, str]]:
    """Reason and place of each problem of the first set."""
    [found, *_] = read(held)
    assert found.submission is None
    return [(one.reason.code, one.place) for one in found.problems]


def test_a_set_is_what_iti_41_makes_of_it() -> None:
    [found] = read(files(subset()))
    said = soaping.document(), soaping.submission_set(), soaping.member()
    request = parsed(soaping.provide(*said).encode())
    usual = provide.read(request, {}, max_bytes=100_000).submission
    assert found.problems == ()
    assert found.submission and usual
    [document], [other] = found.submission.documents, usual.documents
    assert document.content == CONTENT
    assert replace(document.entry, place="") == replace(other.entry, place="")
    assert document.entry.place == FIRST
    assert [one.number for one in document.patients] == [one.number for one in other.patients]
    assert (found.submission.unique_id, found.submission.source_id) == (usual.unique_id, usual.source_id)
    assert found.attached[0].place == f"IHE_XDM/SUBSET01/{DOCUMENT}"


def test_every_folder_is_a_set_of_its_own() -> None:
    one, two = subset(), subset(b"another", "DOC0002.TXT", uid="1.2.250.1.999.1.1.9", set_uid="1.2.250.1.999.1.1.10")
    first, second = read(files(one, two))
    assert first.submission and second.submission
    assert first.submission.documents[0].content == CONTENT
    assert second.submission.documents[0].content == b"another"
    assert second.submission.documents[0].entry.place.startswith("IHE_XDM/SUBSET02/METADATA.XML line 3 ")


@pytest.mark.parametrize("said", ["DOC0001.TXT", "doc0001.txt", "./DOC0001.TXT", "DOC%30001.TXT"])
def test_a_uri_names_a_file_beside_the_metadata(said: str) -> None:
    [found] = read(files(subset(more=uri(said))))
    assert found.problems == ()


def test_a_uri_may_lead_to_a_folder_of_the_set() -> None:
    [found] = read(files(subset(name="DOCS/DOC0001.TXT")))
    assert found.submission
    assert found.submission.documents[0].content == CONTENT


HOSTILE = [
    "/etc/passwd", "../SUBSET02/DOC0001.TXT", "%2e%2e/DOC0001.TXT", "file:///etc/passwd", "http://evil.example/x",
    "C:\\DOC0001.TXT", "..\\DOC0001.TXT", "METADATA.XML", "DOCS//DOC0001.TXT", "1|DOC0001.TXT:",
]  # fmt: skip


@pytest.mark.parametrize("said", HOSTILE)
def test_a_uri_leads_nowhere_else(said: str) -> None:
    assert told(files(subset(more=uri(said)))) == [
        ("file_unnamed", f"{FIRST}/Slot[@name='URI']"),
        ("file_undescribed", f"IHE_XDM/SUBSET01/{DOCUMENT}"),
    ]


def test_a_file_that_is_not_there_is_missed() -> None:
    held = files(subset())
    del held[f"IHE_XDM/SUBSET01/{DOCUMENT}"]
    assert told(held) == [("document_missing", f"{FIRST}/Slot[@name='URI']")]


def test_a_file_without_entry_is_told_and_a_stylesheet_is_left() -> None:
    held = files(subset())
    assert read(held | {"IHE_XDM/SUBSET01/CDA.XSL": b"<x/>"})[0].problems == ()
    assert told(held | {"IHE_XDM/SUBSET01/DOC0002.PDF": b"%PDF"}) == [
        ("file_undescribed", "IHE_XDM/SUBSET01/DOC0002.PDF")
    ]
    assert told(held | {"IHE_XDM/SUBSET01/Dupont Marie.pdf": b"%PDF"}) == [("file_undescribed", "IHE_XDM/SUBSET01/*")]


def test_a_file_has_one_entry() -> None:
    second = soaping.document("Document02", uid="1.2.250.1.999.1.1.9", more=uri())
    said = (
        soaping.document(more=uri()), second, soaping.submission_set(), soaping.member(), soaping.member("Document02"),
    )  # fmt: skip
    held = files({"METADATA.XML": metadata(*said), DOCUMENT: CONTENT})
    place = f"{PLACE} line 4 RegistryObjectList/ExtrinsicObject[2]/Slot[@name='URI']"
    assert told(held) == [("file_unnamed", place)]


@pytest.mark.parametrize("name", ["hash", "size", "URI"])
def test_an_archive_states_hash_size_and_file(name: str) -> None:
    made = subset()
    text = made["METADATA.XML"].decode()
    start = text.index(f'<rim:Slot name="{name}">')
    end = text.index("</rim:Slot>", start) + len("</rim:Slot>")
    held = files(made | {"METADATA.XML": (text[:start] + text[end:]).encode()})
    assert told(held)[0] == ("element_missing", f"{FIRST}/Slot[@name='{name}']")


def test_problems_of_every_kind_are_told_with_their_line() -> None:
    made = subset(uid="not an OID", labels=("SECRET",))
    made["METADATA.XML"] = made["METADATA.XML"].replace(b"20260304093000", b"yesterday")
    assert told(files(made)) == [
        ("code_unknown", f"{FIRST}/Classification[confidentialityCode]"),
        ("value_invalid", f"{FIRST}/ExternalIdentifier[uniqueId]"),
        ("value_invalid", f"{FIRST}/Slot[@name='creationTime']"),
        ("value_invalid", f"{PLACE} line 4 RegistryObjectList/RegistryPackage[1]/Slot[@name='submissionTime']"),
    ]


def test_metadata_that_are_not_there() -> None:
    assert told({}) == [("archive_without_metadata", "IHE_XDM/")]
    assert told({"IHE_XDM/METADATA.XML": b"<x/>"}) == [("archive_without_metadata", "IHE_XDM/")]
    assert told({"IHE_XDM/SUBSET01/DOC0001.TXT": b"x"}) == [("archive_without_metadata", "IHE_XDM/SUBSET01")]
    many = {f"IHE_XDM/SUBSET{number:02}/METADATA.XML": b"<x/>" for number in range(21)}
    assert told(many) == [("archive_outsized", "IHE_XDM/")]


DTD = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


@pytest.mark.parametrize(
    "data, reason, place",
    [
        (b"<x/>", "element_missing", PLACE),
        (b"<x>\n<y", "xml_malformed", f"{PLACE} line 2, column 3"),
        (b"\n" + DTD, "xml_doctype", f"{PLACE} line 2, column 1"),
        (b"<x>" + b" " * 1_000_000 + b"</x>", "xml_limit", f"{PLACE} line 1, column 1"),
        (metadata(), "element_missing", f"{PLACE} RegistryObjectList/RegistryPackage"),
    ],
)
def test_metadata_that_cannot_be_read(data: bytes, reason: str, place: str) -> None:
    assert (reason, place) in told(files({"METADATA.XML": data}))


def test_a_folder_called_as_somebody_is_not_repeated() -> None:
    assert told({"IHE_XDM/DUPONT MARIE/METADATA.XML": b"<x/>"}) == [
        ("element_missing", "IHE_XDM/SUBSET[1]/METADATA.XML")
    ]


def test_a_problem_is_a_value() -> None:
    [found] = read(files(subset(more="")))
    assert all(isinstance(one, Problem) for one in found.problems)
