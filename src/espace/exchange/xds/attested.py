"""Who calls by a VIHF: from a SAML assertion and the certificate of its connection to an actor, and for what.

Nothing is believed of an assertion but bytes under a verified signature, nothing of an actor but what the directory
says of the number that was verified.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import transaction

from espace import edge
from espace.access import actions as access
from espace.access import gate
from espace.access.facts import BY_ID, Cause, Found, Standing
from espace.access.queries import relation
from espace.access.rules.emergency import glass_standing
from espace.catalogue import actions as catalogue
from espace.exchange.callers import Caller, Opening, called
from espace.exchange.xds.trusting import reading
from espace.identity import queries as identity
from espace.identity.facts import Ins
from espace.identity.rules import actor_of, bears, ins_problem
from espace.kernel.ids import PatientId
from espace.kernel.reasons import emergency
from espace.kernel.reasons import vihf as reasons
from espace.kernel.values import replace
from espace.kernel.words import Actor, ActorKind, Grant, Purpose, Refused, Verb
from espace.wire.saml import signature, vihf
from espace.wire.saml.certificates import Bearer, Use, names
from espace.wire.saml.validity import forgotten_at, require_valid
from espace.wire.saml.vihf import Ground, Mode, Vihf
from espace.wire.xds import PatientStatement
from espace.wire.xml import Element

CHANNEL = "xds"
_PATHS = ("xds", "xds/registry", "xds/repository", "xds/patients", "xds/habilitations")


@dataclass(frozen=True, slots=True)
class Attested:
    """Whom an assertion attests, all of it verified, and what it asks.

    `actor` is an organisation (it feeds, and nothing else) or a professional who acts in `actor.organisation`.
    `purpose` is FEED for an organisation, and for a professional CARE (normal), BREAK_GLASS or DISPATCH: the ground,
    where the transaction's opening is for CARE. `patient` is whom the assertion is about (resource-id), None where it
    names nobody. `reason` are the words that came with `bris_de_glace` or `centre_15`. `secret`: a session for the
    secret care of a minor. `software` is its name and version, as stated. `mode` is None where a token attests
    the professional, and no assertion.
    """

    actor: Actor
    purpose: Purpose
    mode: Mode | None
    patient: PatientStatement | None = None
    reason: str = ""
    secret: bool = False
    software: str = ""


def attested(security: Element | None, *, certificate: bytes | None, at: datetime) -> Attested:
    """Whom the assertion of a wsse:Security header attests (None: there is no header); `certificate` is the client
    certificate of the connection, DER, as a trusted proxy passed it, None without one.

    The assertion serves once: called again with the same one, it is refused. Callers hold no transaction. Raises
    Refused with a reason of `kernel.reasons.vihf`.
    """
    if certificate is None:
        raise Refused(reasons.VIHF_CERTIFICATE_MISSING)
    if security is None:
        raise Refused(reasons.VIHF_MISSING, place="Envelope/Header")
    trusted = reading()
    shown = trusted.bearer(certificate, use=Use.CONNECTION, at=at)
    signer, assertion = signature.verified(security, partial(trusted.bearer, use=Use.SIGNATURE, at=at))
    said = vihf.read(assertion)
    _require_bound(said, shown, signer)
    require_valid(said, at=at, audiences=_audiences(), certificate=certificate)
    actor = gate.run_again(partial(_ACTORS[said.mode], said))
    if actor is None:
        raise Refused(reasons.VIHF_NOBODY)
    purpose = _purpose(said)
    gate.run_again(partial(_use, said, signer, at))
    return Attested(
        replace(actor, regulates=purpose is Purpose.DISPATCH),
        purpose,
        said.mode,
        said.patient,
        said.reason,
        said.secret,
        said.software,
    )


def _audiences() -> frozenset[str]:
    """The addresses of this door; an assertion is for one of them."""
    base = settings.ESPACE_PUBLIC_URL
    return frozenset({base, *(f"{base}/{path}" for path in _PATHS)})


def _require_bound(said: Vihf, shown: Bearer, signer: Bearer) -> None:
    """The connection, the signature and the words are of the same person, or of the same structure."""
    if not names(signer.subject, said.issuer):
        raise Refused(reasons.VIHF_BINDING, place="Assertion/Issuer", detail="Issuer")
    if said.mode is Mode.DIRECT:
        told, one, other = said.subject, shown.person, signer.person
    else:
        told, one, other = said.structure, shown.structure, signer.structure
    if not told or not told == one == other:
        raise Refused(reasons.VIHF_BINDING, place="Assertion", detail=said.mode)


def _organisation(said: Vihf) -> Actor | None:
    found = identity.organisation_of(said.structure)
    return actor_of(found) if found else None


def professional_in(structure: str, national_id: str) -> Actor | None:
    """The professional of that number (PS_IdNat), where they act in that structure (Struct_IdNat), at one place."""
    found = identity.professional_of(national_id)
    places = [one for one in found.activities if bears(one, structure)] if found else []
    return identity.actor_of_professional(found.id, places[0].organisation) if found and len(places) == 1 else None


def _professional(said: Vihf) -> Actor | None:
    """A profession that the directory does not have for them is not theirs."""
    actor = professional_in(said.structure, said.subject)
    return actor if actor and actor.profession == said.role.code else None


_ACTORS: Mapping[Mode, Callable[[Vihf], Actor | None]] = {
    Mode.DIRECT: _professional,
    Mode.INDIRECT: _organisation,
    Mode.REINFORCED: _professional,
}
_PURPOSES: Mapping[tuple[Mode, Ground], Purpose] = {
    (Mode.INDIRECT, Ground.NORMAL): Purpose.FEED,
    (Mode.REINFORCED, Ground.NORMAL): Purpose.CARE,
    (Mode.REINFORCED, Ground.DISPATCH): Purpose.DISPATCH,
    (Mode.DIRECT, Ground.NORMAL): Purpose.CARE,
    (Mode.DIRECT, Ground.BREAK_GLASS): Purpose.BREAK_GLASS,
    (Mode.DIRECT, Ground.DISPATCH): Purpose.DISPATCH,
}


def _purpose(said: Vihf) -> Purpose:
    """What the mode allows of what is asked. Raises Refused."""
    found = _PURPOSES.get((said.mode, said.ground))
    if found is None or (said.secret and found is not Purpose.CARE):
        raise Refused(reasons.VIHF_MODE_FORBIDS, place="Assertion/purposeofuse", detail=said.ground)
    if found is Purpose.BREAK_GLASS and not said.reason:
        raise Refused(emergency.EMERGENCY_UNSAID, place="Assertion/Mode_Acces_Raison")
    if found is Purpose.DISPATCH and said.structure not in settings.ESPACE_DISPATCH_CENTRES:
        raise Refused(reasons.VIHF_NOT_A_CENTRE, place="Assertion/Identifiant_Structure")
    return found


def _use(said: Vihf, signer: Bearer, at: datetime) -> None:
    """Committed on its own: whatever becomes of the request, its assertion has served."""
    who = f"vihf:{signer.person or signer.structure}"
    with transaction.atomic(durable=True):
        first = catalogue.use_assertion(client_id=who, jti=said.id, expires_at=forgotten_at(said), at=at)
    if not first:
        raise Refused(reasons.VIHF_REPLAYED, place="Assertion")


def caller_of(said: Attested, openings: Mapping[ActorKind, Opening], channel: str) -> Caller:
    """The caller with the opening that the transaction gives to such an actor, their session secret where the
    assertion says so. Raises Refused: why this kind of actor has no opening here."""
    return called(said.actor, openings, channel, secret=said.secret)


def declare(said: Attested, opening: Opening) -> None:
    """Where the assertion comes in an emergency (BREAK_GLASS, DISPATCH) and the opening is for CARE: declare it for
    the patient of the assertion, as the workstation does, before the record is read; once as long as it lasts. In all
    other cases nothing is done. To be called when the whole request was read, just before its work, outside of any
    transaction. Raises Refused."""
    if said.purpose not in _CAUSES or opening.purpose is not Purpose.CARE:
        return
    if opening.verb is Verb.CONSENT:  # who cannot express their will agrees to nothing
        raise Refused(reasons.VIHF_MODE_FORBIDS, place="Assertion/purposeofuse")
    if opening.verb is Verb.STATUS:  # it reads nothing that an emergency would open
        return
    if said.patient is None:
        raise Refused(reasons.VIHF_PATIENT_MISSING, place="Assertion/resource-id")
    ins = Ins(said.patient.number, said.patient.authority)
    if wrong := ins_problem(ins, test_identities=settings.ESPACE_TEST_IDENTITIES):
        raise Refused(wrong, place=said.patient.place)
    patient = identity.patient_of(ins)
    if not gate.run_again(partial(_declared_already, said, patient)):
        gate.run_again(partial(_declare, said, patient))


_CAUSES = {Purpose.BREAK_GLASS: Cause.CANNOT_SPEAK, Purpose.DISPATCH: Cause.CALL}
"""The law has one ground for breaking the glass, that the patient cannot express their will: no VIHF says more."""


def _declared_already(said: Attested, patient: PatientId | None) -> bool:
    with _opened(said, patient, Purpose.CARE, Verb.STATUS) as grant:
        glass = relation(grant).glass
        called_in = said.purpose is Purpose.DISPATCH
        return glass_standing(glass, grant.at) is Standing.IN_FORCE and bool(glass and glass.dispatch is called_in)


def _declare(said: Attested, patient: PatientId | None) -> None:
    with _opened(said, patient, said.purpose, Verb.BREAK_GLASS) as grant:
        access.break_glass(grant, cause=_CAUSES[said.purpose], words=said.reason or Ground.DISPATCH)


def _opened(
    said: Attested, patient: PatientId | None, purpose: Purpose, verb: Verb
) -> AbstractContextManager[Grant]:
    """Found by the INS of the assertion, at what that costs at every door: a space that answers as none costs what an
    INS that nobody bears does."""
    found = Found(ins=said.patient.number) if said.patient else BY_ID
    return gate.open_record(
        actor=said.actor, patient=patient, purpose=purpose, verb=verb, at=edge.now(), channel=CHANNEL, found=found
    )


def require_about(patient: PatientStatement | None, number: str) -> None:
    """Where the assertion names a patient, a request is about no other. Raises Refused (VIHF_OTHER_PATIENT)."""
    if patient is not None and patient.number != number:
        raise Refused(reasons.VIHF_OTHER_PATIENT)
