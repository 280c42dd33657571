"""The people of a bench and their documents: invented, filed through the gate as a hospital files them."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha1
from uuid import UUID, uuid4

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.db import transaction

from espace import edge
from espace.access import gate
from espace.enrolment import actions as enrolment
from espace.enrolment.facts import Candidate, Step
from espace.identity import actions as identity
from espace.identity.facts import Ins, Traits
from espace.identity.rules import actor_of, ins_key
from espace.kernel.ids import PatientId
from espace.kernel.values import replace
from espace.kernel.words import Actor, Purpose, Verb
from espace.record import actions as record
from espace.site.demo.people import CAMILLE, Person
from espace.site.demo.stories.telling import Teller, paris
from espace.site.demo.structures import CARDIOLOGIST, HOSPITAL
from espace.site.demo.tokens import organisation_of
from espace.site.feeding import ZONE
from espace.wire.cda import parse
from espace.wire.cda_writing import Frame, Stay, discharge
from espace.wire.xds import NewDocument

SMALL_BYTES = 4_000
NO_PASSWORD = make_password(None)
"""Nobody signs in: their sessions are made."""
NUMBER = "1" + "0" * 37
"""The id of the document of a card, replaced in every deposit by another one as long."""

_TODAY = date(2026, 3, 2)
_FAMILIES = ("LE BRAS", "QUÉMÉNER", "TANGUY", "ROLLAND", "GUÉGUEN", "PRIGENT", "HERVÉ", "CLOAREC", "BODIN", "JAOUEN")
_GIVEN = ("ANNE", "YVES", "SOAZIG", "RONAN", "NOLWENN", "ERWAN", "GWENAËLLE", "TUGDUAL", "MAËLLE", "CORENTIN")
_SENTENCES = (
    "Patient admis pour une douleur thoracique apparue au repos, sans irradiation, cédant en vingt minutes.",
    "À l’entrée, la tension est de 148/86 mmHg aux deux bras, le pouls régulier à 78, la saturation de 97 %.",
    "L’électrocardiogramme montre un rythme sinusal, sans trouble de la repolarisation ni de la conduction.",
    "Les dosages de troponine répétés à trois heures d’intervalle sont restés normaux.",
    "L’échographie retrouve une fraction d’éjection de 58 %, sans trouble de la cinétique segmentaire.",
    "L’épreuve d’effort, maximale, est négative cliniquement et électriquement jusqu’à 160 watts.",
    "Le traitement antihypertenseur a été adapté ; il a été bien toléré pendant le séjour.",
    "Un contrôle du bilan lipidique et de la fonction rénale est demandé dans un mois.",
)


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody with an open space, an account, and documents: their ids here, and their uniqueIds."""

    person: Person
    patient: PatientId
    account: UUID
    entries: tuple[UUID, ...]
    names: tuple[str, ...]


def settle(
    spaces: int, documents: int, size: int, tell: Callable[[str], None], *, first: int = 0
) -> list[Resident]:
    """Open the spaces, activate them and file their documents of about `size` bytes: one submission for each space.

    `first` is the rank of the first one.
    """
    at = edge.now() - timedelta(days=1)
    identity.put_organisation(organisation_of(HOSPITAL))
    found = []
    for rank in range(first, first + spaces):
        found.append(_settled(rank, documents, size, at))
        if len(found) * 10 // spaces > (len(found) - 1) * 10 // spaces:
            tell(f"{len(found)} spaces of {documents} documents")
    accounts = get_user_model().objects
    accounts.bulk_create(
        accounts.model(id=one.account, identifier=one.account.hex, password=NO_PASSWORD, patient_id=one.patient)
        for one in found
    )
    return found


def _settled(rank: int, documents: int, size: int, at: datetime) -> Resident:
    person = invented(rank)
    who = person.patient
    traits = Traits(who.birth_name, who.given_names, who.birth_date, who.sex, who.birth_place)
    with transaction.atomic():
        _, patient = enrolment.open_space(Candidate(Ins(who.ins, who.authority), traits, person.email), at=at)
        enrolment.move(patient=patient, step=Step.ACTIVATE, at=at)
    entries, names = _filed(person, patient, documents, size, at)
    return Resident(person, patient, uuid4(), entries, names)


def invented(rank: int) -> Person:
    """Somebody whose INS, under the OID of test numbers, is right and nobody else's of the bench."""
    woman, year, month, order = rank % 2, rank // 2 % 90, rank // 180 % 12 + 1, rank // 2160 % 999 + 1
    thirteen = f"{1 + woman}{(1930 + year) % 100:02d}{month:02d}35238{order:03d}"
    who = replace(
        CAMILLE.patient,
        ins=thirteen + ins_key(thirteen),
        birth_name=_FAMILIES[rank % len(_FAMILIES)],
        given_names=(_GIVEN[rank // 10 % len(_GIVEN)],),
        birth_date=date(1930 + year, month, rank % 28 + 1),
        sex="F" if woman else "M",
    )
    return Person(f"habitant-{rank}", who)


def document_of(person: Person, size: int) -> tuple[Frame, bytes]:
    """A discharge letter of about `size` bytes, whose id ends with NUMBER."""
    told = Teller(1, _TODAY).frame(person, CARDIOLOGIST, _TODAY - timedelta(days=7), encounter="IMP")
    frame = replace(told, id=f"2.25.{NUMBER}", set_id="2.25.1", written=paris(_TODAY, 9), attending=None)
    bare = len(discharge(frame, Stay("Douleur thoracique.", _course(0), ())))
    return frame, discharge(frame, Stay("Douleur thoracique.", _course(size - bare), ()))


def _course(size: int) -> tuple[str, ...]:
    """Paragraphs of real sentences, about so many bytes in a document."""
    found, left = [_SENTENCES[0]], size
    while left > 0:
        sentence = _SENTENCES[len(found) % len(_SENTENCES)]
        found.append(sentence)
        left -= len(sentence.encode()) + len("<paragraph></paragraph>")
    return tuple(found)


def _filed(
    person: Person, patient: PatientId, documents: int, size: int, at: datetime
) -> tuple[tuple[UUID, ...], tuple[str, ...]]:
    """Ids of the documents, all in one submission: one opening of the gate for each space; and their uniqueIds."""
    if documents == 0:
        return (), ()
    frame, content = document_of(person, size)
    teller = Teller(1, _TODAY)
    first = teller.file(person, frame, "11490-0", "Lettre de liaison", content, templates=("1.2.250.1.213.1.1.1.29",))
    header = parse(content, zone=ZONE).document
    of_one = first.submission.documents[0]
    numbered = tuple(_numbered(of_one, f"1{uuid4().int % 10**37:037d}") for _ in range(documents))
    submission = replace(first.submission, unique_id=f"urn:uuid:{uuid4()}", documents=numbered)
    with gate.open_record(
        actor=sender(), patient=patient, purpose=Purpose.FEED, verb=Verb.DEPOSIT, at=at, channel="bench"
    ) as grant:
        filed = record.submit(grant, submission=submission, headers=[header] * documents)
    return filed.documents, tuple(one.entry.unique_id for one in numbered)


def _numbered(document: NewDocument, number: str) -> NewDocument:
    """The same document under another id."""
    content = bytes(document.content).replace(NUMBER.encode(), number.encode())
    digest = b64encode(sha1(content, usedforsecurity=False).digest()).decode()
    entry = replace(document.entry, unique_id=f"urn:oid:2.25.{number}", hash=digest)
    return replace(document, content=content, entry=entry)


def sender() -> Actor:
    return actor_of(organisation_of(HOSPITAL))
