"""Making a sandbox: one organisation, one client with its key, one professional, three patients; so many an hour."""

from datetime import datetime, timedelta
from functools import partial

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.db import connection, transaction
from joserfc.jwk import RSAKey

from espace import edge
from espace.access import gate
from espace.catalogue import actions as catalogue
from espace.catalogue.facts import PROFESSIONAL_SCOPES
from espace.catalogue.queries import registrations
from espace.enrolment import actions as enrolment
from espace.enrolment.facts import Candidate
from espace.identity import actions as identity
from espace.identity import queries
from espace.identity.facts import Ins, Professional, Traits
from espace.kernel.values import replace
from espace.kernel.words import ActorKind
from espace.site.demo.professionals import organisation_id, organisation_of, professional_of
from espace.site.demo.tokens import audience, record_consent
from espace.site.sandbox import inventing
from espace.site.sandbox.facts import Bounds, Full, Sandbox, Vendor
from espace.wire.cda_writing import Patient

PREFIX = "bac-a-sable-"
_BITS = 2048
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_LOCK = 0x5AB1E
"""One registration at a time: numbers follow each other, and the bounds hold."""


def register(vendor: Vendor, *, bounds: Bounds, at: datetime) -> Sandbox | Full:
    """A sandbox of their own, whose private key is told once; or why there is none now, and then nothing was made.

    Their professional has, for a day, a token and the consent of each patient.
    """
    private, public = _key()
    made = _register(vendor, private, public, bounds, at)
    if isinstance(made, Full):
        return made
    return replace(made, professional_token=_let_read(made, at))


def _key() -> tuple[str, dict[str, object]]:
    """A private key in PEM, and the set of its public half."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    known = RSAKey.import_key(pem)
    said = {"kid": known.thumbprint(), "use": "sig", "alg": "RS384"}
    return pem.decode("ascii"), {"keys": [{**known.as_dict(private=False), **said}]}


def _register(
    vendor: Vendor, private: str, public: dict[str, object], bounds: Bounds, at: datetime
) -> Sandbox | Full:
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        # Whoever waited for the lock counts what the one before has written.
        cursor.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        total, recent = registrations(prefix=PREFIX, since=at - _HOUR)
        if total >= min(bounds.most, inventing.MOST):
            return Full.MOST
        if recent >= bounds.hour:
            return Full.HOUR
        made = _sandbox(total + 1, vendor, private, public)
        _write(made, at)
    return made


def _sandbox(number: int, vendor: Vendor, private: str, public: dict[str, object]) -> Sandbox:
    structure = inventing.structure_of(number, vendor.organisation)
    return Sandbox(
        number=number,
        vendor=vendor,
        structure=structure,
        professional=inventing.professional_of(number, structure),
        patients=inventing.patients_of(number),
        client_id=f"{PREFIX}{number}",
        jwks=public,
        private_key=private,
    )


def _write(made: Sandbox, at: datetime) -> None:
    identity.put_organisation(organisation_of(made.structure))
    identity.put_professional(_listed(made))
    catalogue.register_client(
        client_id=made.client_id,
        organisation_id=organisation_id(made.structure),
        name=f"{made.vendor.software} ({made.vendor.organisation})",
        jwks=made.jwks,
        at=at,
    )
    for rank, patient in enumerate(made.patients, 1):
        enrolment.enrol(_candidate(patient, f"patient{rank}@{made.client_id}.example"), at=at)


def _candidate(patient: Patient, email: str) -> Candidate:
    born = (patient.birth_date, patient.sex, patient.birth_place)
    return Candidate(Ins(patient.ins, patient.authority), Traits(patient.birth_name, patient.given_names, *born), email)


def _listed(made: Sandbox) -> Professional:
    return professional_of(made.professional, made.structure)


def _let_read(made: Sandbox, at: datetime) -> str:
    """A day's token of the professional, to whom every patient of the sandbox has agreed."""
    professional = _listed(made)
    for patient in made.patients:
        known = queries.patient_of_number(patient.ins, test_identities=True)
        if known is not None:
            gate.run_again(partial(record_consent, professional, known))
    return catalogue.issue_token(
        actor_kind=ActorKind.PROFESSIONAL,
        actor_id=professional.id,
        organisation=professional.activities[0].organisation,
        audience=audience(),
        scope=" ".join(PROFESSIONAL_SCOPES),
        at=edge.now(),
        lifetime=_DAY,
    )
