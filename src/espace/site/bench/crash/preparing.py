"""What a campaign makes before its first kill: people with a space, and what clients need to come as themselves."""

import re
from collections.abc import Callable
from datetime import timedelta

from espace import edge
from espace.site.bench.cards import cards_of
from espace.site.bench.crash.facts import Person
from espace.site.bench.facts import What
from espace.site.bench.people import NUMBER, Resident, document_of, settle
from espace.site.demo import tokens
from espace.site.demo.structures import HOSPITAL
from espace.site.feeding import bundle_of
from espace.site.terminal import Failed

LIFETIME = timedelta(days=1)
MOST_PEOPLE = 50
"""A doctor opens no more records than this in an hour without being stopped by their budget."""
SIZES = (4_000, 4_000, 4_000, 50_000)
"""Of the documents, in bytes, one person after the other: most are small, so that more is under way."""


def prepared(spaces: int, tell: Callable[[str], None]) -> list[Person]:
    """Open the spaces; the hospital may feed them, the holder read, and a doctor to whom each one consented."""
    residents = settle(spaces, 0, 0, tell)
    feeder = tokens.of_organisation("hospital", lifetime=LIFETIME)
    cookies = [_cookie(card.pieces[0]) for card in cards_of(What.HOME, residents)]
    return [
        _person(one, feeder, cookie, SIZES[rank % len(SIZES)])
        for rank, (one, cookie) in enumerate(zip(residents, cookies, strict=True))
    ]


def _cookie(request: bytes) -> str:
    found = re.search(rb"\r\nCookie: ([^\r]+)\r\n", request)
    if found is None:
        raise Failed("The pages of the bench come without a session.")
    return found[1].decode()


def _person(one: Resident, feeder: str, cookie: str, size: int) -> Person:
    who = one.person.patient
    _, content = document_of(one.person, size)
    holder = tokens.of_holder(who.ins, lifetime=LIFETIME, test_identities=True)
    doctor = tokens.of_professional("doctor", who.ins, lifetime=LIFETIME, test_identities=True)
    if holder is None or doctor is None:
        raise Failed("Somebody of the bench has no space.")
    return Person(
        patient=str(one.patient),
        named=f"urn:oid:{who.authority}|{who.ins}",
        feeder=feeder,
        holder=holder,
        doctor=doctor,
        cookie=cookie,
        bundle=bundle_of(content, source_id=HOSPITAL.source_id, at=edge.now()),
        document=content.split(NUMBER.encode()),
    )
