"""Before a transaction: what the door refuses is a fault of SOAP, never a 5xx, and nothing is kept of it."""

import time
from collections.abc import Callable

import pytest
from django.db import OperationalError
from pytest_django.fixtures import Settings

import soap_door as soap
import soaping
from cast import Holder, holder, professional
from espace.exchange.xds import iti41
from espace.exchange.xds.door import ADDRESSES
from espace.identity.facts import Organisation
from soap_door import Answer, as_feeder, deposit, post, send

pytestmark = pytest.mark.django_db

KIND = "application/soap+xml"
PLAIN = soaping.envelope(soaping.request())
CERTIFICATE = b"some certificate"
QUERY = "urn:ihe:iti:2007:RegistryStoredQuery"
RENAMED = soaping.request().replace("ProvideAndRegisterDocumentSetRequest", "RetrieveDocumentSetRequest")

SENDER, UNKNOWN = ("s:Sender", ""), ("s:Sender", "a:ActionNotSupported")
ADDRESSING = ("s:Sender", "a:InvalidAddressingHeader")
NOT_UNDERSTOOD = soaping.envelope("<x/>", more='<m s:mustUnderstand="1"/>')
SOAP_11 = PLAIN.replace(soap.NAMES["s"], "http://schemas.xmlsoap.org/soap/envelope/")
ENTITY = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hosts">]><a>&x;</a>'
BEFORE: list[tuple[int, tuple[str, str], str, str, str]] = [
    (415, SENDER, "soap_type_unsupported", "text/xml", PLAIN),
    (415, SENDER, "soap_type_unsupported", f"{KIND}; charset=utf-16", PLAIN),
    (400, SENDER, "multipart_malformed", soaping.MULTIPART, PLAIN),
    (400, SENDER, "multipart_malformed", "multipart/related", PLAIN),
    (400, SENDER, "xml_malformed", KIND, "not xml"),
    (400, SENDER, "xml_doctype", KIND, ENTITY),
    (400, SENDER, "envelope_malformed", KIND, "<a/>"),
    (400, ("s:VersionMismatch", ""), "soap_version", KIND, SOAP_11),
    (400, ("s:MustUnderstand", ""), "header_not_understood", KIND, NOT_UNDERSTOOD),
    (400, ADDRESSING, "addressing_invalid", KIND, PLAIN.replace("/anonymous", "/canary")),
    (400, ADDRESSING, "addressing_invalid", f'{KIND}; action="urn:other"', PLAIN),
    (400, UNKNOWN, "action_unknown", KIND, soaping.envelope("<x/>", action="urn:nothing")),
    (400, UNKNOWN, "action_unknown", KIND, soaping.envelope(soaping.request(), action=QUERY)),
    (400, UNKNOWN, "action_unknown", KIND, soaping.envelope(RENAMED)),
    (400, ("s:Sender", "w:SecurityTokenUnavailable"), "vihf_missing", KIND, PLAIN),
]


@pytest.mark.parametrize(("http", "codes", "reason", "kind", "body"), BEFORE)
def test_what_comes_before_a_transaction_is_a_fault(
    http: int, codes: tuple[str, str], reason: str, kind: str, body: str
) -> None:
    answer = post(soap.REPOSITORY, kind, body.encode(), certificate=CERTIFICATE)
    assert (answer.http, answer.fault) == (http, (*codes, reason))
    assert answer.headers["Content-Type"] == f"{KIND}; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_connection_without_a_certificate_is_refused_before_its_body_is_read() -> None:
    answer = post(soap.REPOSITORY, "text/xml", b"whatever", certificate=None)
    assert (answer.http, answer.fault) == (400, ("s:Sender", "w:FailedAuthentication", "vihf_certificate_missing"))


@pytest.mark.parametrize(
    ("method", "path", "http", "reason"),
    [
        ("PUT", soap.REPOSITORY, 405, "method_not_allowed"),
        ("DELETE", soap.REGISTRY, 405, "method_not_allowed"),
        ("POST", "/xds/repository/", 404, "not_found"),
        ("POST", "/xds/else", 404, "not_found"),
    ],
)
def test_what_http_refuses_keeps_its_status(method: str, path: str, http: int, reason: str) -> None:
    answer = post(path, KIND, PLAIN.encode(), certificate=CERTIFICATE, method=method)
    assert (answer.http, answer.fault[2]) == (http, reason)
    if http == 405:
        assert answer.headers["Allow"] == "GET, HEAD, POST"


def test_a_message_is_bounded(settings: Settings) -> None:
    settings.ESPACE_MAX_REQUEST_BYTES = 100
    answer = post(soap.REPOSITORY, KIND, PLAIN.encode(), certificate=CERTIFICATE)
    assert (answer.http, answer.fault[2]) == (413, "payload_too_large")


@pytest.fixture
def hospital() -> Organisation:
    return soap.hospital()


@pytest.fixture
def camille() -> Holder:
    return holder()


def test_an_assertion_serves_once(hospital: Organisation, camille: Holder) -> None:
    who = as_feeder(hospital)
    body = deposit(camille)
    assert send(body, who).status == "Success"
    assert send(body, who).fault == ("s:Sender", "w:InvalidSecurityToken", "vihf_replayed")


def test_a_stranger_to_the_directory_is_nobody(camille: Holder) -> None:
    unknown = Organisation(professional().id, "x", "449999999", "", "SA01", "52", ())
    assert send(deposit(camille), as_feeder(unknown)).fault == (
        "s:Sender",
        "w:FailedAuthentication",
        "vihf_nobody",
    )


def test_whoever_only_feeds_retrieves_nothing(hospital: Organisation) -> None:
    body = '<RetrieveDocumentSetRequest xmlns="urn:ihe:iti:xds-b:2007"/>'
    answer = send(body, as_feeder(hospital), action="urn:ihe:iti:2007:RetrieveDocumentSet")
    assert (answer.http, answer.fault) == (400, ("s:Sender", "", "organisation_cannot_read"))


def test_a_query_has_no_parts(hospital: Organisation) -> None:
    body = '<q:AdhocQueryRequest xmlns:q="urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0"/>'
    answer = send(body, as_feeder(hospital), path=soap.REGISTRY, action=QUERY, parts={"a@x": b""})
    assert (answer.http, answer.fault[2]) == (400, "part_unknown")


CDA_DTD = b'<!DOCTYPE a SYSTEM "http://canary/x.dtd"><ClinicalDocument xmlns="urn:hl7-org:v3"/>'
AWAY = soaping.INCLUDE.format("x").replace("cid:x", "http://canary/")
TRICKS = [
    ("XDSMissingDocument", "Document[1]", AWAY, {}),
    ("XDSMissingDocument", "Document[1]", AWAY.replace("http://canary/", "file:///etc/hosts"), {}),
    ("XDSMissingDocument", "Document[1]", soaping.INCLUDE.format("y@x"), {"one@x": b"x"}),
    ("XDSRepositoryMetadataError", "Document[1] line 1, column 1", soaping.INCLUDE.format("one@x"), {"one@x": CDA_DTD}),
]


@pytest.mark.parametrize(("code", "location", "inside", "parts"), TRICKS)
def test_nothing_is_fetched_or_expanded_wherever_it_is_asked(
    hospital: Organisation, camille: Holder, code: str, location: str, inside: str, parts: dict[str, bytes]
) -> None:
    content = parts.get("one@x", b"x")
    entry = soaping.document(content=content, mime="text/xml", cx=soap.cx(camille), traits=soap.traits(camille))
    entries = (entry, soaping.submission_set(cx=soap.cx(camille)), soaping.member())
    answer = send(soaping.provide(*entries, contents={"Document01": inside}), as_feeder(hospital), parts=parts)
    assert (answer.http, answer.status) == (200, "Failure")
    assert (code, location) in answer.errors


BOMBS = [
    ("xml_limit", KIND, soaping.envelope("<x>" * 100_000 + "</x>" * 100_000).encode()),
    ("xml_limit", KIND, soaping.envelope("<x/>" * 500_000).encode()),
    ("multipart_malformed", soaping.MULTIPART, soaping.in_parts("<x/>", **{f"{n}@x": b"" for n in range(20_000)})),
    ("multipart_malformed", soaping.MULTIPART, soaping.in_parts("<x/>").replace(b"<root@test>", b"<" + b"a" * 10**6)),
]


@pytest.mark.parametrize(("reason", "kind", "body"), BOMBS, ids=["deep", "wide", "parts", "header"])
def test_a_bomb_is_refused_before_anything_is_built(reason: str, kind: str, body: bytes) -> None:
    begun = time.process_time()
    assert post(soap.REPOSITORY, kind, body, certificate=CERTIFICATE).fault[2] == reason
    assert time.process_time() - begun < 2


def _fails(error: Exception) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "code"), [(OperationalError(), "XDSRepositoryBusy"), (ZeroDivisionError(), "XDSRepositoryError")]
)
def test_our_faults_are_said_by_the_transaction_and_tell_nothing_of_the_inside(
    hospital: Organisation, camille: Holder, monkeypatch: pytest.MonkeyPatch, error: Exception, code: str
) -> None:
    monkeypatch.setattr(iti41.record, "submit", _fails(error))
    answer: Answer = send(deposit(camille), as_feeder(hospital))
    assert (answer.http, answer.status, [one for one, _ in answer.errors]) == (200, "Failure", [code])
    assert "ZeroDivision" not in answer.contexts[0]
    assert answer.root.findtext("s:Header/a:Action", namespaces=soap.NAMES) == f"{soaping.ACTION}Response"


def test_the_description_names_what_is_taken_and_where() -> None:
    names = {"w": "http://schemas.xmlsoap.org/wsdl/", "soap": "http://schemas.xmlsoap.org/wsdl/soap12/"}
    for path, transactions in ADDRESSES.items():
        answer = soap.described(path)
        actions = [one.get("soapAction") for one in answer.findall("w:binding/w:operation/soap:operation", names)]
        assert actions == list(transactions)
        operations = [one.get("name") for one in answer.findall("w:portType/w:operation", names)]
        assert operations == [action.rpartition(":")[2] for action in transactions]
        address = answer.find("w:service/w:port/soap:address", names)
        assert address is not None
        assert address.get("location", "").endswith(path)
    assert soaping.ACTION in ADDRESSES[soap.REPOSITORY]
