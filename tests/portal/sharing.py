"""Steps of the tests of « Partage et accès »: somebody reads, somebody decides, the pages are read an hour later."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cast import AT, caring
from espace.access import gate
from espace.edge import clock_at
from espace.identity.facts import Professional
from espace.kernel.words import Purpose, Verb
from espace.record import queries as record
from portal.helpers import Member, signed_in
from portal.test_reading_pages import text

LATER = AT + timedelta(hours=1)


def reads(who: Professional, of: Member, document: UUID | None = None, at: datetime = LATER) -> None:
    verb = Verb.READ if document else Verb.LIST
    with gate.open_record(
        actor=caring(who), patient=of.of.patient, purpose=Purpose.CARE, verb=verb, at=at
    ) as grant:
        if document:
            record.content(grant, document)
        else:
            record.documents(grant)


def page_of(camille: Member, path: str = "/partage/", at: datetime = LATER) -> str:
    with clock_at(at):
        return text(signed_in(camille).get(path))


def does(camille: Member, who: Professional | UUID, act: str, at: datetime = LATER) -> Any:
    who = who if isinstance(who, UUID) else who.id
    with clock_at(at):
        return signed_in(camille).post(f"/partage/professionnels/{who}/{act}/", follow=True)


def sections(camille: Member, at: datetime = LATER) -> dict[str, str]:
    """The page « Qui peut lire », cut at its second-level headings."""
    with clock_at(at):
        content = signed_in(camille).get("/partage/").content.decode()
    parts = re.split(r"<h2 id=\"(\w+)\">", content)
    return {name: re.sub(r"<[^>]*>", " ", words) for name, words in zip(parts[1::2], parts[2::2], strict=True)}
