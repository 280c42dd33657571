"""A vendor's messages in files: sound ones pass, every fault is told with its place and what to do, nothing breaks."""

from collections.abc import Callable
from pathlib import Path

import pytest

from conforming import card
from espace import edge
from espace.site import certifying
from espace.site.conform import traffic
from espace.site.conform.equipment import Equipment, Party, Patient
from espace.site.conform.facts import CannotRun, Door, Report, Request, Verdict
from espace.site.conform.making import ebxml
from espace.site.conform.making.bundles import bundle, document_of, encoded, published, reliability
from espace.site.conform.making.envelopes import send
from espace.site.conform.making.messages import message
from espace.site.conform.staging import Stage


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    authority = certifying.authority(tmp_path_factory.mktemp("authority"), at=edge.now())
    connection, signature = (card(one) for one in certifying.structure(authority, "1990000010", at=edge.now()))
    feeder = Party("", "1990000010", "1990000010", connection=connection, signature=signature)
    return Stage(Equipment("", Patient(), feeder, feeder, "2.25.7500.1", "https://localhost/xds"))


def read(folder: Path) -> Report:
    return traffic.run(folder, lambda _: None)


def with_headers(request: Request) -> bytes:
    head = f"POST /xds/repository HTTP/1.1\r\nHost: localhost\r\nContent-Type: {request.kind}\r\n\r\n"
    return head.encode() + request.body


def provided(stage: Stage, *, beside: bool = False) -> Request:
    content = stage.letter().content if beside else None
    return send(stage, Door.REPOSITORY, ebxml.PROVIDE, ebxml.provide(stage, inline=not beside), beside=content)


def test_messages_that_our_doors_take_pass(stage: Stage, tmp_path: Path) -> None:
    queries = (ebxml.find(stage), ebxml.get(stage))
    archived = ebxml.update(stage, edge.new_id().urn, ebxml.APPROVED, ebxml.ARCHIVED)
    messages = {
        "depot.json": encoded(bundle(stage)),
        "publication.json": encoded(published(stage)),
        "depot.xml": provided(stage).body,
        "lettre.xml": stage.letter().content,
        "sous/depot.mime": with_headers(provided(stage, beside=True)),
        "archive.xml": send(stage, Door.REGISTRY, ebxml.UPDATE, archived).body,
        "lecture.xml": send(stage, Door.REPOSITORY, ebxml.RETRIEVE, ebxml.retrieve(stage, "1.2.3")).body,
        "oru.hl7": message(stage, "R01"),
        "mdm.hl7": b"\x0b" + message(stage, "T02") + b"\x1c\r",
        "lisezmoi.txt": b"autre chose",
        **{
            f"requete{number}.xml": send(stage, Door.REGISTRY, ebxml.QUERY, body).body
            for number, body in enumerate(queries)
        },
    }
    for name, data in messages.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    report = read(tmp_path)
    assert [f"{one.id}: {each.reason} {each.where.fr}" for one in report.results for each in one.differences] == []
    assert [one.id for one in report.results] == sorted(messages.keys() - {"lisezmoi.txt"})
    assert report.count(Verdict.PASSED) == 11


def no_type(stage: Stage) -> bytes:
    made = bundle(stage)
    del document_of(made)["type"]
    return encoded(made)


def provisional(stage: Stage) -> bytes:
    made = bundle(stage)
    document_of(made)["contained"][0]["extension"] = [reliability("PROV")]
    return encoded(made)


def two_people(stage: Stage) -> bytes:
    made = bundle(stage)
    made["entry"][0]["resource"]["subject"]["identifier"]["value"] = "179079999900218"
    return encoded(made)


def no_mode(stage: Stage) -> bytes:
    return provided(stage).body.replace(b"Authentification_Mode", b"Authentification_Monde")


ASKED = "PRPA_IN201307UV02"
EMPTY_LIST = (
    '<l:SubmitObjectsRequest xmlns:l="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0">'
    '<r:RegistryObjectList xmlns:r="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"/></l:SubmitObjectsRequest>'
)
PATIENT = "Bundle.entry[1].resource.contained[0]"
FAULTS: dict[str, tuple[str, Callable[[Stage], bytes], set[tuple[str, str]]]] = {
    "a type is missing": ("a.json", no_type, {("element_missing", "Bundle.entry[1].resource.type")}),
    "an identity that is not qualified": (
        "a.json", provisional, {("ins_not_qualified", f"{PATIENT}.identifier[0]")}
    ),
    "two people": ("a.json", two_people, {("identities_differ", f"{PATIENT}.identifier[0]")}),
    "no JSON": ("a.json", lambda _: b"{", {("json_malformed", "")}),
    "a CDA cut": ("a.xml", lambda stage: stage.letter().content[:-40], {("xml_malformed", "")}),
    "a wrong hash": (
        "a.xml",
        lambda stage: provided(stage).body.replace(stage.letter().sha1.hex().encode(), b"0" * 40),
        {("hash_mismatch", "RegistryObjectList/ExtrinsicObject[1]/Slot[@name='hash']")},
    ),
    "a part that is not there": (
        "a.mime",
        lambda stage: with_headers(provided(stage, beside=True)).replace(b"cid:document@", b"cid:autre@"),
        {("part_unknown", "")},
    ),
    "no blank line": ("a.mime", lambda _: b"Content-Type: multipart/related", {("multipart_malformed", "")}),
    "SOAP 1.1": (
        "a.xml",
        lambda _: b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"/>',
        {("soap_version", "Envelope")},
    ),
    "an unknown transaction": (
        "a.xml",
        lambda stage: send(stage, Door.REPOSITORY, "urn:x", "<x/>").body,
        {("action_unknown", "Envelope/Header/Action")},
    ),
    "the body of another transaction than the action says": (
        "a.xml",
        lambda stage: send(stage, Door.REGISTRY, ebxml.RETRIEVE, ebxml.find(stage)).body,
        {("action_unknown", "Envelope/Header/Action")},
    ),
    "a registration without its set": (
        "a.xml",
        lambda stage: send(stage, Door.REGISTRY, "urn:ihe:iti:2007:RegisterDocumentSet-b", EMPTY_LIST).body,
        {("element_missing", "")},
    ),
    "a national request without anything": (
        "a.xml",
        lambda stage: send(stage, Door.REGISTRY, "urn:x", f"<{ASKED} xmlns='urn:hl7-org:v3'/>").body,
        {("national_malformed", "")},
    ),
    "an assertion without its mode": ("a.xml", no_mode, {("vihf_malformed", "Envelope/Header/Security")}),
    "an HL7 message of another kind": (
        "a.hl7", lambda stage: message(stage, "A99"), {("hl7_message_unsupported", "")}
    ),
    "a query without its patient": (
        "a.xml",
        lambda stage: send(stage, Door.REGISTRY, ebxml.QUERY, ebxml.find(stage, patient=False)).body,
        {("query_parameter_missing", "")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_with_its_place_and_what_to_do(fault: str, stage: Stage, tmp_path: Path) -> None:
    name, make, expected = FAULTS[fault]
    (tmp_path / name).write_bytes(make(stage))
    [result] = read(tmp_path / name).results
    found = {(one.reason, one.where.fr) for one in result.differences}
    assert result.verdict is Verdict.FAILED
    assert {code for code, _ in found} == {code for code, _ in expected}, found
    assert all(one.fix.fr and one.expected.en for one in result.differences)
    assert {place for _, place in expected if place} <= {place for _, place in found}, found


def test_a_folder_without_messages_or_that_is_not_there_cannot_be_judged(tmp_path: Path) -> None:
    (tmp_path / "lisezmoi.txt").write_text("rien")
    for path in (tmp_path, tmp_path / "absent"):
        with pytest.raises(CannotRun):
            read(path)


@pytest.mark.parametrize("name", ["a.json", "a.xml", "a.mime", "a.hl7"])
@pytest.mark.parametrize("data", [b"", b"\x00" * 1_000, b"\xff\xfe<", b"A: b\n\n", b"MSH|", b"[[[", b"<a/>"])
def test_anything_is_judged_and_nothing_breaks(name: str, data: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    [result] = read(tmp_path).results
    assert result.verdict is Verdict.FAILED
