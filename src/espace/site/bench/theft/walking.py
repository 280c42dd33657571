"""`./espace bench theft`: nineteen stolen accounts walk through the numbers at the real doors, with the budgets that
come with the program (N13: 19 accounts, 510,000 people)."""

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from django.db import transaction

from espace import edge
from espace.access import actions as access
from espace.access import gate
from espace.access.facts import DOCTOR, Alert
from espace.access.queries import open_alerts
from espace.catalogue import actions as catalogue
from espace.catalogue.facts import PROFESSIONAL_SCOPES
from espace.enrolment import actions as enrolment
from espace.enrolment.facts import Candidate, Step
from espace.identity import actions as identity
from espace.identity.facts import Ins, Professional, Traits
from espace.identity.rules import ins_key
from espace.kernel.ids import PatientId
from espace.kernel.words import Actor, ActorKind, Purpose, Verb
from espace.site.bench.house import House, web
from espace.site.bench.load import Client
from espace.site.bench.professionals import desk
from espace.site.bench.theft.facts import Got, Theft, Walk
from espace.site.bench.theft.ways import SOFTWARE, WAYS, Answered, Asking, Thief
from espace.site.demo import tokens
from espace.site.demo.making import made_professional, made_structure
from espace.site.demo.people import CAMILLE
from espace.site.demo.professionals import organisation_of, professional_of
from espace.site.demo.structures import PRACTICE, Structure
from espace.wire.cda_writing import Professional as Stated

ACCOUNTS, NUMBERS = 19, 999
"""Accounts of one theft; births of one month and place, which have three digits."""
OWN_PATIENTS = 5
"""Of each stretch, who has the stolen account for attending doctor, where it is a doctor's."""
_LIFETIME = timedelta(days=1)
_RANKS = 300
"""Of the accounts and organisations: those of the cast come before."""
_SPECIALTIES = ("G15_10/SM54", "G15_10/SM54", "G15_21", "G15_50")
"""Doctors for half; pharmacists and midwives have budgets of their own. Some of each go every way."""


@dataclass(frozen=True, slots=True)
class Stolen:
    """A stolen account, and what its thief holds of it."""

    professional: Professional
    session: str
    token: str
    structure: Structure
    rank: int


def thefts(house: House, spaces: int, tell: Callable[[str], None]) -> Iterator[Theft]:
    """Through the same numbers: by accounts of one organisation, of as many as there are accounts, and by software that
    feeds."""
    tell(f"Opening {spaces} spaces, whose numbers follow each other…")
    people = _people(spaces)
    for rank, places in enumerate((1, ACCOUNTS)):
        accounts = [_stolen(rank * ACCOUNTS + one, places) for one in range(ACCOUNTS)]
        _name_doctors(accounts, people)
        with web(house):
            tell(f"{ACCOUNTS} accounts of {places} organisation{'s' if places > 1 else ''} walk…")
            yield Theft(places, spaces, _walks(house.config.port, accounts))
    with web(house):
        tell("The software of two organisations walks…")
        yield Theft(len(SOFTWARE), spaces, [_software(house.config.port, rank) for rank in range(len(SOFTWARE))])


def in_order(stretch: int) -> Iterator[Ins]:
    """The numbers of one account's walk: men born one after the other in one place, in one month of one year."""
    for birth in range(1, NUMBERS + 1):
        thirteen = f"1{40 + stretch % 60:02d}0135238{birth:03d}"
        yield Ins(thirteen + ins_key(thirteen), CAMILLE.patient.authority)


def walk(
    thief: Thief,
    found: Walk,
    numbers: Iterator[Ins],
    clock: Callable[[], float] = time.monotonic,
    ways: Mapping[str, Callable[[Thief, Ins], Got]] = WAYS,
) -> Walk:
    """By the account's own way until it is shut, then by each other way until all are: another door must not go on
    where one stopped. It ends before that where the limits are passed."""
    begun = clock()
    for way in (found.way, *(one for one in ways if one != found.way)):
        for ins in numbers:
            got = ways[way](thief, ins)
            found.note(ins.number, got)
            found.seconds = clock() - begun
            if found.passed:
                return found
            if got is Got.FROZEN:
                break
        else:
            return found
    found.stopped = True
    return found


def _walks(port: int, accounts: list[Stolen]) -> list[Walk]:
    """Of all the accounts at once, with the alerts that they raised."""
    ways, begun = list(WAYS), edge.now()
    with ThreadPoolExecutor(ACCOUNTS) as pool:
        doing = [pool.submit(_walk, port, one, ways[rank % len(ways)]) for rank, one in enumerate(accounts)]
        found = [one.result() for one in doing]
    for one, account in zip(found, accounts, strict=True):
        one.alerts = _alerts(account, begun)
    return found


def _walk(port: int, account: Stolen, way: str) -> Walk:
    client = Client(port)
    client.socket.setblocking(True)
    try:
        stated = _stated(account.rank, account.structure)
        thief = Thief(account.session, account.token, stated, account.structure, partial(_send, client))
        begun = Walk(account.rank % ACCOUNTS, account.professional.profession, way)
        return walk(thief, begun, in_order(account.rank % ACCOUNTS))
    finally:
        client.socket.close()


def _software(port: int, rank: int) -> Walk:
    """A stolen key of the software of an organisation, one way each; it is alone there."""
    way, member = list(SOFTWARE)[rank], list(tokens.MEMBERS)[rank]
    structure, begun = tokens.MEMBERS[member], edge.now()
    token = tokens.of_organisation(member, lifetime=_LIFETIME)
    client = Client(port)
    client.socket.setblocking(True)
    try:
        thief = Thief("", token, _stated(2 * ACCOUNTS + rank, structure), structure, partial(_send, client))
        found = Walk(rank, "software", way, feeds=True)
        walk(thief, found, in_order(rank), ways={way: SOFTWARE[way]})
    finally:
        client.socket.close()
    mine = [one for one in open_alerts() if one.organisation == organisation_of(structure).id and not one.professional]
    found.alerts = _since(mine, begun)
    return found


def _send(client: Client, asking: Asking) -> Answered:
    lines = [f"{asking.method} {asking.path} HTTP/1.1", "Host: localhost"]
    lines += [f"{name}: {value}" for name, value in asking.headers.items()]
    if asking.method == "POST":
        lines.append(f"Content-Length: {len(asking.body)}")
    client.received.clear()
    client.expected = 0
    client.socket.sendall("\r\n".join([*lines, "", ""]).encode() + asking.body)
    while not (status := client.take()):
        pass
    head, _, body = bytes(client.received).partition(b"\r\n\r\n")
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    return Answered(status, fields.get(b"location", b"").decode(), body.decode("utf-8", "replace"))


def _alerts(account: Stolen, begun: datetime) -> Mapping[str, float]:
    """Of this account, those that say when they began: an emergency is dated to the hour, for its patient's sake."""
    mine = [one for one in open_alerts() if one.professional == account.professional.id and not one.reference]
    return _since(mine, begun)


def _since(alerts: list[Alert], begun: datetime) -> Mapping[str, float]:
    return {str(one.kind): (one.first_at - begun).total_seconds() for one in alerts}


def _people(spaces: int) -> dict[int, list[PatientId]]:
    """Who bears the first numbers of each stretch."""
    found: dict[int, list[PatientId]] = {}
    for stretch in range(ACCOUNTS):
        share = spaces // ACCOUNTS + (stretch < spaces % ACCOUNTS)
        found[stretch] = [_opened(ins) for ins, _ in zip(in_order(stretch), range(share), strict=False)]
    return found


def _opened(ins: Ins) -> PatientId:
    at = edge.now() - timedelta(days=1)
    born = date(1900 + int(ins.number[1:3]), 1, int(ins.number[10:13]) % 28 + 1)
    traits = Traits("RIVIÈRE", ("YANN",), born, "M", "35238")
    with transaction.atomic():
        _, patient = enrolment.open_space(Candidate(ins, traits, ""), at=at)
        enrolment.move(patient=patient, step=Step.ACTIVATE, at=at)
    return patient


def _stolen(rank: int, places: int) -> Stolen:
    """An account in the directory, signed in, and with a token of its own."""
    structure = _structure(rank) if places > 1 else PRACTICE
    with transaction.atomic():
        identity.put_organisation(organisation_of(structure))
        who = identity.put_professional(professional_of(_stated(rank, structure), structure))
        token = catalogue.issue_token(
            actor_kind=ActorKind.PROFESSIONAL,
            actor_id=who.id,
            organisation=who.activities[0].organisation,
            audience=tokens.audience(),
            scope=" ".join(PROFESSIONAL_SCOPES),
            at=edge.now(),
            lifetime=_LIFETIME,
        )
    return Stolen(who, desk(who, edge.now()).session_key, token, structure, rank)


def _stated(rank: int, structure: Structure) -> Stated:
    specialty = _SPECIALTIES[rank % ACCOUNTS // len(WAYS)]
    return made_professional(_RANKS + rank, ("MME", "Gaëlle", f"KERVELLA-{rank}"), specialty, structure)


def _structure(rank: int) -> Structure:
    address, number = PRACTICE.organisation.address, _RANKS + rank
    return made_structure(number, f"cabinet-{rank}", f"Cabinet {rank}", address, "SA08", "AMBULATOIRE")


def _name_doctors(accounts: list[Stolen], people: Mapping[int, list[PatientId]]) -> None:
    """Some of each stretch have the account for their attending doctor: it reads them without a word of theirs."""
    for stretch, account in enumerate(accounts):
        if account.professional.profession == DOCTOR:
            for patient in people[stretch][:OWN_PATIENTS]:
                gate.run_again(partial(_name_doctor, patient, account.professional))


def _name_doctor(patient: PatientId, who: Professional) -> None:
    actor = Actor(ActorKind.HOLDER, edge.new_id(), "", patient=patient)
    with gate.open_record(
        actor=actor, patient=patient, purpose=Purpose.HOLDER, verb=Verb.NAME_DOCTOR, at=edge.now()
    ) as grant:
        access.name_attending_doctor(grant, who)
