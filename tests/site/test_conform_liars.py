"""Every scenario of the conformance kit can fail: servers that say yes to everything, no to everything, or anything."""

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from conforming import card, context_of, served
from espace import edge
from espace.kernel.values import replace
from espace.site import certifying
from espace.site.conform import client
from espace.site.conform.announcing import announced
from espace.site.conform.answers import Answer
from espace.site.conform.client import Client, NoAnswer
from espace.site.conform.equipment import Equipment, Party, Patient
from espace.site.conform.facts import CannotRun, Door, Family, Request, Verdict
from espace.site.conform.making import ebxml, national
from espace.site.conform.playing import run
from espace.site.conform.scenarios import SCENARIOS
from espace.site.conform.staging import Stage
from espace.wire.fhir.statements import capability_statement

FHIR, SOAP, HL7 = "application/fhir+json", "application/soap+xml", "application/hl7-v2"
NOT_HERE = {"hl7-mllp"}
"""What these servers have no address for."""
ACTIONS = (
    ebxml.PROVIDE, ebxml.RETRIEVE, national.EXISTS, national.AUTHORISE, national.LIST, national.ADDRESS
)  # fmt: skip
Say = Callable[[dict[str, Any], bytes], tuple[str, str, bytes]]
"""From a request and its body to a status line, a content type and a body."""


def telling(say: Say) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """A server that announces everything truly, and then answers as it likes."""

    def application(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        path, query = environ["PATH_INFO"], environ["QUERY_STRING"]
        if path == "/fhir/metadata":
            statement = capability_statement(base="", token_url="", version="", date="2026-01-01", max_request=1)
            status, kind, said = "200 OK", FHIR, statement
        elif query == "wsdl":
            status, kind, said = "200 OK", "text/xml", described(path)
        else:
            status, kind, said = say(environ, body)
        start(status, [("Content-Type", kind), ("Content-Length", str(len(said)))])
        return [said]

    return application


def described(path: str) -> bytes:
    """A description of each address, but of one nothing that anybody could read."""
    actions = "".join(f'<input a="{one}"/>' for one in ACTIONS)
    wsdl = f'<definitions xmlns="http://schemas.xmlsoap.org/wsdl/">{actions}</definitions>'.encode()
    return b"ici le registre" if path.endswith("registry") else wsdl


def enveloped(body: str) -> bytes:
    space = "http://www.w3.org/2003/05/soap-envelope"
    return f'<e:Envelope xmlns:e="{space}"><e:Body>{body}</e:Body></e:Envelope>'.encode()


def acknowledged(body: bytes, outcome: str, more: str) -> bytes:
    number = body.split(b"|")[9].decode() if body else ""
    return f"MSH|^~\\&|||||||ACK|1|P|2.5\rMSA|{outcome}|{number}\r{more}\r".encode()


def yes(environ: dict[str, Any], body: bytes) -> tuple[str, str, bytes]:
    """Everything succeeds, and one thing is always found."""
    path = environ["PATH_INFO"]
    if path.startswith("/hl7"):
        return "200 OK", HL7, acknowledged(body, "AA", "ZAM|1|DESTDMP|FILED")
    if path.startswith("/xds"):
        return "200 OK", SOAP, enveloped('<RegistryResponse status="urn:x:ResponseStatusType:Success"/>')
    if path.startswith("/xdm"):
        return "200 OK", "application/xml", b'<x:RegistryResponse xmlns:x="x" status="urn:x:Success"/>'
    found: dict[str, Any] = {"resourceType": "DocumentReference"}
    if environ["REQUEST_METHOD"] == "POST" and path.rstrip("/") == "/fhir":
        kinds = ("List", "DocumentReference", "Binary")
        said = [{"response": {"status": "201 Created", "location": f"{kind}/{edge.new_id()}"}} for kind in kinds]
        found = {"resourceType": "Bundle", "type": "transaction-response", "entry": said}
    elif environ["REQUEST_METHOD"] == "GET":
        found = {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": found}]}
    return "200 OK", FHIR, json.dumps(found).encode()


def no(environ: dict[str, Any], body: bytes) -> tuple[str, str, bytes]:
    """Everything is refused, in the right form; nothing is found."""
    path = environ["PATH_INFO"]
    if path.startswith("/hl7"):
        return "422 Unprocessable Entity", HL7, acknowledged(body, "AE", "ERR||PID^1")
    if path.startswith("/xdm"):
        return "400 Bad Request", "application/xml", b'<x:RegistryResponse xmlns:x="x" status="urn:x:Failure"/>'
    if path == "/xds/registry" and b"AdhocQueryRequest" in body:
        return "200 OK", SOAP, enveloped('<AdhocQueryResponse status="urn:x:ResponseStatusType:Success"/>')
    if path.startswith("/xds"):
        refusal = "<e:Fault><e:Code><e:Value>e:Sender</e:Value></e:Code></e:Fault>"
        return "400 Bad Request", SOAP, enveloped(refusal)
    if environ["REQUEST_METHOD"] == "GET":
        return "200 OK", FHIR, b'{"resourceType": "Bundle", "type": "searchset", "total": 0}'
    issue = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "invalid"}]}
    return "422 Unprocessable Entity", FHIR, json.dumps(issue).encode()


def fault(environ: dict[str, Any], body: bytes) -> tuple[str, str, bytes]:
    return "500 Internal Server Error", "text/html", b"<h1>Oups</h1>"


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Equipment:
    """Everything that scenarios need, of an authority that these servers do not ask about."""
    folder = tmp_path_factory.mktemp("authority")
    authority = certifying.authority(folder, at=edge.now())
    connection, signature = (card(one) for one in certifying.structure(authority, "1990000010", at=edge.now()))
    feeder = Party("jeton", "1990000010", "1990000010", connection=connection, signature=signature)
    ours = folder / "authority.pem"
    return Equipment(
        "https://localhost", Patient(), feeder, feeder, "2.25.7500.1", "https://localhost/xds", ours, movements=True
    )  # fmt: skip


def verdicts(kit: Equipment, say: Say) -> dict[str, Verdict]:
    authority = certifying.authority(Path(kit.authorities or "").parent, at=edge.now())
    with served(telling(say), context_of(authority)) as target:
        report = run(replace(kit, target=target), SCENARIOS, lambda _: None)
    return {one.id: one.verdict for one in report.results}


def failed(found: dict[str, Verdict]) -> set[str]:
    return {name for name, verdict in found.items() if verdict is Verdict.FAILED}


def test_every_scenario_but_the_announcement_fails_where_everything_is_a_fault(kit: Equipment) -> None:
    found = verdicts(kit, fault)
    assert found.keys() - failed(found) == NOT_HERE | {"fhir-metadata"}


def test_what_must_be_refused_fails_where_everything_is_accepted_and_the_reverse(kit: Equipment) -> None:
    accepting, refusing = failed(verdicts(kit, yes)), failed(verdicts(kit, no))
    every = {one.id for one in SCENARIOS} - NOT_HERE - {"fhir-metadata"}
    assert accepting | refusing == every
    named = ("td03-attending", "td03-structure", "xdm-broken")
    refusals = {one for one in every if one.startswith(("fhir-iti65-", "vihf-", *named))} - {
        "fhir-iti65-deposit", "fhir-iti65-replace"
    }  # fmt: skip
    assert refusals <= accepting
    accepted = {
        "fhir-iti65-deposit", "fhir-iti105-publish", "soap-iti41-inline", "soap-iti41-folder", "soap-iti57-archive",
        "xdm-deposit", "hl7-mdm", "hl7-objection", "td02-exists", "td03-authorisation",
    }  # fmt: skip
    assert accepted <= refusing


def test_an_announcement_that_is_a_fault_fails_and_nothing_else_is_asked(kit: Equipment) -> None:
    def application(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        start("500 Internal Server Error", [("Content-Type", "text/plain"), ("Content-Length", "0")])
        return [b""]

    with served(application) as target:
        fhir = [one for one in SCENARIOS if one.family is Family.FHIR]
        report = run(replace(kit, target=target), fhir, lambda _: None)
    assert {one.id: one.verdict for one in report.results if one.verdict is not Verdict.NOT_APPLICABLE} == {
        "fhir-metadata": Verdict.FAILED
    }


def test_national_requests_and_movements_are_asked_where_they_may_be(kit: Equipment) -> None:
    """Addresses without a description: of XDS.b everything is asked, of national requests nothing."""
    with served(fault) as target:
        known = announced(Client(replace(kit, target=target)))
    assert {ebxml.PROVIDE, ebxml.QUERY, ebxml.REGISTER, ebxml.UPDATE} <= known
    assert known.isdisjoint({national.EXISTS, national.AUTHORISE, national.LIST, national.ADDRESS})
    chosen = [one for one in SCENARIOS if one.id in ("hl7-objection", "hl7-oru")]
    with served(telling(fault)) as target:
        report = run(replace(kit, target=target, movements=False), chosen, lambda _: None)
    assert [one.verdict for one in report.results] == [Verdict.FAILED, Verdict.NOT_APPLICABLE]


# --- servers that say anything ------------------------------------------------------------------------------

JUNK = (
    b"", b"{", b"[1]", b"null", b'{"entry": 3, "rest": "x", "issue": {"a": 1}}', b"[" * 5_000, b"\xff\xfe\x00",
    b'{"entry": [3, null, {"response": []}, {"resource": {"content": [[]]}}]}', b"MSA", b"MSA|AA\rERR\rZAM", b"<a>",
    b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', enveloped(""), enveloped("<x/>"), enveloped("<RegistryError/>"),
    enveloped("<Fault><Value/></Fault>"), enveloped('<Include href="http://autre.example.org/"/>'),
)  # fmt: skip
KINDS = (";;;", SOAP, 'multipart/related; boundary="x"')


@pytest.mark.parametrize("body", JUNK, ids=range(len(JUNK)))
def test_no_expectation_breaks_on_what_a_server_says(body: bytes, kit: Equipment) -> None:
    stage = Stage(kit)
    every = {each.said: each for scenario in SCENARIOS for step in scenario.steps for each in step.expects}
    for kind in KINDS:
        answer = Answer(200, {"content-type": kind}, body)
        for one in every.values():
            found = one.found(stage, answer)
            assert len(found) < 1_000
            assert found.isprintable()


def test_a_redirection_is_not_followed(kit: Equipment) -> None:
    asked = list[str]()

    def elsewhere(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        asked.append(environ["PATH_INFO"])
        start("302 Found", [("Location", "/ailleurs"), ("Content-Length", "0")])
        return [b""]

    with served(elsewhere) as target:
        answer = Client(replace(kit, target=target)).ask(Request(Door.FHIR))
    assert (answer.status, asked) == (302, ["/fhir"])


def test_an_answer_without_end_is_left(kit: Equipment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "MOST_BYTES", 100_000)

    def endless(environ: dict[str, Any], start: Any) -> Iterator[bytes]:
        start("200 OK", [("Content-Type", FHIR)])
        return iter(lambda: b"a" * 65_536, b"")

    with served(endless) as target, pytest.raises(NoAnswer, match="more than 100000 bytes"):
        Client(replace(kit, target=target)).ask(Request(Door.FHIR))


def test_an_answer_that_drips_is_left(kit: Equipment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "SECONDS", 0.2)
    leave = threading.Event()

    def dripping(environ: dict[str, Any], start: Any) -> Iterator[bytes]:
        start("200 OK", [("Content-Type", FHIR)])
        return iter(lambda: b"" if leave.wait(0.05) else b"a", b"")

    with served(dripping) as target:
        with pytest.raises(NoAnswer, match=r"more than 0\.2 seconds"):
            Client(replace(kit, target=target)).ask(Request(Door.FHIR))
        leave.set()


@pytest.mark.parametrize("target", ["ftp://localhost", "localhost:8000", "http://", "http://localhost:99999999/"])
def test_an_address_that_is_none_is_told(target: str, kit: Equipment) -> None:
    with pytest.raises(CannotRun):
        run(replace(kit, target=target), SCENARIOS, lambda _: None)


def test_nobody_there_is_told(kit: Equipment) -> None:
    with served(fault) as target:
        pass
    with pytest.raises(CannotRun, match="Nobody answers"):
        run(replace(kit, target=target), SCENARIOS, lambda _: None)
