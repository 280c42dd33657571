"""Who calls the SOAP door: professionals with cards, structures with certificates, what their software signs now."""

import itertools
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from lxml import etree

import attesting
from attesting import Card, Words, envelope, security, signed, text_of
from cast import Holder, professional
from espace import edge
from espace.identity import actions as identity
from espace.identity.facts import Organisation, Professional
from espace.kernel.values import replace
from espace.wire.xml import Element

_numbers = itertools.count(int.from_bytes(os.urandom(3)) % 9_000_000)


def authorities(folder: Path) -> str:
    """The file of ESPACE_AUTHORITIES that has the test authority."""
    path = folder / "authorities.pem"
    path.write_bytes(attesting.authority().certificate.public_bytes(Encoding.PEM))
    return str(path)


def practice(name: str = "Cabinet des Tilleuls") -> Organisation:
    """A structure with a FINESS of its own, "99…"."""
    number = next(_numbers)
    source = f"1.2.250.1.999.3.{number}"
    found = Organisation(edge.new_id(), name, f"99{number % 10_000_000:07d}", "", "SA07", "52", (source,))
    identity.put_organisation(found)
    return found


def doctor(at: Organisation, **said: str) -> Professional:
    return professional(at=at, **said)


@cache
def card_of(number: str) -> Card:
    return attesting.person(number) if number.startswith("8") else attesting.structure(number)


@dataclass(frozen=True)
class Sent:
    """What one request brings: its assertion and the certificate of its connection."""

    assertion: Element
    certificate: bytes

    @property
    def header(self) -> Element:
        """The wsse:Security of a message, as the door reads it."""
        return security(envelope(self.assertion))

    @property
    def text(self) -> str:
        """That header in XML, to put in a message."""
        space = attesting.WSSE[1:-1]
        inside = etree.tostring(self.assertion).decode()
        return f'<wsse:Security xmlns:wsse="{space}">{inside}</wsse:Security>'


def _now(at: datetime, **more: object) -> Words:
    begins, ends = ((at + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ") for minutes in (0, 5))
    said = Words(
        id=f"_{edge.new_id()}", issued=begins, begins=begins, ends=ends, audience=f"{settings.ESPACE_PUBLIC_URL}/xds"
    )
    return replace(said, **more)  # type: ignore[arg-type]


def about(of: Holder | None) -> str:
    return f"{of.ins.number}^^^&{of.ins.authority}&ISO^NH" if of else ""


def direct(who: Professional, at: Organisation, *, of: Holder | None = None, **more: object) -> Sent:
    """A professional with their own card, in this structure."""
    card = card_of(who.national_id)
    words = replace(
        _now(edge.now()), subject=who.national_id, place=f"1{at.finess}", role=who.profession, patient=about(of)
    )
    return _sent(words, card, more)


def indirect(by: Organisation, *, of: Holder | None = None, **more: object) -> Sent:
    """A structure that feeds, somebody named in it."""
    words = replace(_now(edge.now()), mode="INDIRECTE", place=f"1{by.finess}", patient=about(of))
    return _sent(words, card_of(f"1{by.finess}"), more)


def reinforced(who: Professional, by: Organisation, *, of: Holder | None = None, **more: object) -> Sent:
    """A professional for whom their structure answers."""
    said = {"mode": "INDIRECTE_RENFORCEE", "subject": who.national_id, "role": who.profession, **more}
    return indirect(by, of=of, **said)


def _sent(words: Words, card: Card, more: dict[str, object]) -> Sent:
    said = replace(words, **{"issuer": card.name, **more})  # type: ignore[arg-type]
    return Sent(signed(text_of(said), card), card.der)
