"""The SOAP door, called as a WSGI server calls it behind a proxy that checks client certificates."""

import itertools
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

from django.conf import settings
from lxml import etree

import soaping
from attesting import Card, Words, attest, person, structure
from cast import Holder
from espace import edge
from espace.identity import actions as identity
from espace.identity.facts import Organisation, Professional
from espace.kernel.values import replace
from espace.wire.soap import mtom
from espace.wire.xml import Element, parse_xml

REPOSITORY, REGISTRY = "/xds/repository", "/xds/registry"
SUCCESS = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"
FAILURE = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Failure"
NAMES = {
    "s": "http://www.w3.org/2003/05/soap-envelope",
    "a": "http://www.w3.org/2005/08/addressing",
    "rs": "urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0",
}
_numbers = itertools.count(int.from_bytes(os.urandom(3)) % 9_000_000)


@dataclass(frozen=True)
class Answer:
    """What came back; `parts` by Content-ID."""

    http: int
    headers: Mapping[str, str]
    root: Element
    parts: Mapping[str, bytes]

    @property
    def body(self) -> Element:
        return self.root[1][0]

    @property
    def status(self) -> str:
        """Of the RegistryResponse, its last word."""
        found = next(self.body.iter("{*}RegistryResponse", "{*}AdhocQueryResponse"), None)
        return "" if found is None else found.get("status", "").rpartition(":")[2]

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Code and location of each error."""
        return [(one.get("errorCode", ""), one.get("location", "")) for one in self.body.iter("{*}RegistryError")]

    @property
    def contexts(self) -> list[str]:
        return [one.get("codeContext", "") for one in self.body.iter("{*}RegistryError")]

    @property
    def fault(self) -> tuple[str, str, str]:
        """Code, subcode and our reason of a fault."""
        reason = self.body.find("s:Detail/{urn:espace:refused}refused", NAMES)
        return (
            self.body.findtext("s:Code/s:Value", "", NAMES),
            self.body.findtext("s:Code/s:Subcode/s:Value", "", NAMES),
            "" if reason is None else reason.get("code", ""),
        )


def hospital(name: str = "Hôpital des Remparts") -> Organisation:
    """An organisation whose number nobody else bears in this run."""
    found = Organisation(edge.new_id(), name, f"44{next(_numbers):07d}", "", "SA01", "52", ("1.2.250.1.999.1.1",))
    identity.put_organisation(found)
    return found


def struct_id(of: Organisation) -> str:
    return f"1{of.finess}"


def post(
    path: str, kind: str, body: bytes, *, certificate: bytes | None, method: str = "POST", query: str = "", **more: str
) -> Answer:
    """`more` are headers, as HTTP_AUTHORIZATION."""
    from espace.exchange.wsgi import application

    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
        **more,
    }
    if certificate is not None:
        environ["espace.client_certificate"] = certificate
    said: list[tuple[str, list[tuple[str, str]]]] = []
    answered = b"".join(application(environ, lambda status, headers: said.append((status, headers))))
    [(status, headers)] = said
    return _answer(int(status.split()[0]), dict(headers), answered)


def described(path: str) -> Element:
    """The WSDL of an address."""
    return post(path, "", b"", certificate=None, method="GET", query="wsdl").root


def _answer(http: int, headers: dict[str, str], body: bytes) -> Answer:
    kind, parts = mtom.media_type(headers["Content-Type"]), dict[str, bytes]()
    if kind.name == mtom.MULTIPART:
        package = mtom.unpack(kind, body)
        body, parts = package.root, {name: bytes(data) for name, data in package.parts.items()}
    root = parse_xml(body).root
    assert root is not None
    return Answer(http, headers, root, parts)


def utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def words(**said: Any) -> Words:
    """An assertion of this minute that nobody used."""
    now = edge.now()
    begun, ends = utc(now - timedelta(seconds=5)), utc(now + timedelta(minutes=4))
    usual = Words(id=f"_{uuid4()}", issued=begun, begins=begun, ends=ends, audience=f"{settings.ESPACE_PUBLIC_URL}/xds")
    return replace(usual, **said)


def as_feeder(of: Organisation, **said: Any) -> tuple[Card, Words]:
    """The software of an organisation that only deposits (indirect authentication)."""
    number = struct_id(of)
    return structure(number), words(mode="INDIRECTE", subject=number, place=number, **{"patient": "", **said})


def as_doctor(who: Professional, of: Organisation, **said: Any) -> tuple[Card, Words]:
    """A professional with their card, where they practise."""
    return person(who.national_id), words(subject=who.national_id, place=struct_id(of), **{"patient": "", **said})


def security(card: Card, said: Words) -> str:
    return etree.tostring(attest(said, card)).decode()


def send(
    body: str,
    who: tuple[Card, Words],
    *,
    path: str = REPOSITORY,
    action: str = soaping.ACTION,
    parts: Mapping[str, bytes] | None = None,
    more: str = "",
) -> Answer:
    """One message; in parts where there are some (an empty mapping has but the root)."""
    card, said = who
    message = soaping.envelope(body, action=action, security=security(card, said), more=more)
    if parts is None:
        return post(path, "application/soap+xml; charset=utf-8", message.encode(), certificate=card.der)
    return post(path, soaping.MULTIPART, soaping.in_parts(message, **parts), certificate=card.der)


def cx(of: Holder) -> str:
    return f"{of.ins.number}^^^&amp;{of.ins.authority}&amp;ISO^NH"


def traits(of: Holder) -> tuple[str, ...]:
    known = of.traits
    return (
        f"PID-5|{known.birth_name}^{known.given_names[0]}^{' '.join(known.given_names)}^^^^L",
        f"PID-7|{known.birth_date:%Y%m%d}",
        f"PID-8|{known.sex}",
    )


def deposit(of: Holder, *, more: str = "", **said: Any) -> str:
    """A request with one document of this person, its identifiers its own; `said` as `soaping.document` has it."""
    stated = {"uid": f"urn:uuid:{uuid4()}", "cx": cx(of), "traits": traits(of), **said}
    return soaping.provide(
        soaping.document(**stated),
        soaping.submission_set(uid=f"urn:uuid:{uuid4()}", cx=cx(of)),
        soaping.member(),
        more,
    )
