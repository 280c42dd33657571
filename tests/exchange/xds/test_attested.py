"""Who calls by a VIHF: what each mode gives, and every near miss, which gives nothing; an assertion serves once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

import attesting
from attesting import CONFIDENTIALITY
from carded import Sent, card_of, direct, doctor, indirect, practice, reinforced
from cast import Holder, blocks, consents, holder
from door import lines_of
from espace import edge
from espace.exchange.callers import Opening
from espace.exchange.xds.attested import Attested, attested, caller_of, declare, require_about
from espace.identity import actions as identity
from espace.identity.facts import Organisation, Professional
from espace.identity.queries import organisation_of
from espace.kernel.reasons import Reason, care, decisions, emergency, transport
from espace.kernel.reasons import vihf as reasons
from espace.kernel.values import replace
from espace.kernel.words import ActorKind, Purpose, Refused, Verb
from espace.wire.saml.vihf import Mode

pytestmark = pytest.mark.django_db

READING = Opening(Purpose.CARE, Verb.LIST, "")
FEEDING = Opening(Purpose.FEED, Verb.DEPOSIT, "")
WORDS = {"Mode_Acces_Raison": "Inconsciente aux urgences"}


@dataclass(frozen=True)
class Place:
    """A practice, its doctor, a patient; another practice with its own."""

    practice: Organisation
    anne: Professional
    camille: Holder
    other: Organisation
    paul: Professional


@pytest.fixture
def place() -> Place:
    here, there = practice(), practice("Cabinet des Ormes")
    return Place(here, doctor(here), holder(), there, doctor(there, family="Petit", given="Paul"))


def _take(sent: Sent, *, certificate: bytes | None = None) -> Attested:
    return attested(sent.header, certificate=certificate or sent.certificate, at=edge.now())


def _refused(sent: Sent, **said: Any) -> Reason:
    with pytest.raises(Refused) as caught:
        _take(sent, **said)
    return caught.value.reason


def test_a_professional_with_their_card_is_who_the_directory_says(place: Place) -> None:
    found = _take(direct(place.anne, place.practice, of=place.camille))
    assert (found.actor.kind, found.actor.id) == (ActorKind.PROFESSIONAL, place.anne.id)
    assert (found.actor.name, found.actor.organisation) == ("Anne Morel", place.practice.id)
    assert (found.mode, found.purpose, found.secret) == (Mode.DIRECT, Purpose.CARE, False)
    assert found.patient is not None and found.patient.number == place.camille.ins.number
    assert (found.software, found.actor.regulates) == ("Cabinet 12.1", False)


def test_a_structure_feeds_and_reads_nothing(place: Place) -> None:
    found = _take(indirect(place.practice))
    assert (found.actor.kind, found.actor.id) == (ActorKind.ORGANISATION, place.practice.id)
    assert (found.purpose, found.patient) == (Purpose.FEED, None)
    both = {ActorKind.PROFESSIONAL: READING}
    with pytest.raises(Refused) as caught:
        caller_of(found, both, "xds")
    assert caught.value.reason is decisions.ORGANISATION_CANNOT_READ
    assert caller_of(found, {ActorKind.ORGANISATION: FEEDING}, "xds").opening is FEEDING


def test_a_structure_answers_for_its_professional(place: Place) -> None:
    found = _take(reinforced(place.anne, place.practice))
    assert (found.actor.id, found.actor.organisation) == (place.anne.id, place.practice.id)
    assert (found.mode, found.purpose) == (Mode.REINFORCED, Purpose.CARE)


Near = Callable[[Place], tuple[Sent, bytes | None]]


def _sent(sent: Sent, certificate: bytes | None = None) -> tuple[Sent, bytes | None]:
    return sent, certificate


def _number(of: Organisation) -> str:
    return f"1{of.finess}"


def _of(number: str) -> bytes:
    return card_of(number).der


NEAR: dict[str, tuple[Near, Reason]] = {
    "another's connection": (
        lambda p: _sent(direct(p.anne, p.practice), _of(p.paul.national_id)), reasons.VIHF_BINDING,
    ),
    "the structure's connection": (
        lambda p: _sent(direct(p.anne, p.practice), _of(_number(p.practice))), reasons.VIHF_BINDING,
    ),
    "another named": (lambda p: _sent(direct(p.anne, p.practice, subject=p.paul.national_id)), reasons.VIHF_BINDING),
    "another issuer": (lambda p: _sent(direct(p.anne, p.practice, issuer="CN=x")), reasons.VIHF_BINDING),
    "a card said a structure's": (lambda p: _sent(direct(p.anne, p.practice, mode="INDIRECTE")), reasons.VIHF_BINDING),
    "a card that answers for itself": (
        lambda p: _sent(direct(p.anne, p.practice, mode="INDIRECTE_RENFORCEE")), reasons.VIHF_BINDING,
    ),
    "a structure said a card": (
        lambda p: _sent(indirect(p.practice, mode="DIRECTE", subject=p.anne.national_id)), reasons.VIHF_BINDING,
    ),
    "another structure named": (
        lambda p: _sent(indirect(p.practice, place=_number(p.other))), reasons.VIHF_BINDING,
    ),
    "another structure's connection": (
        lambda p: _sent(indirect(p.practice), _of(_number(p.other))), reasons.VIHF_BINDING,
    ),
    "a place of another": (lambda p: _sent(direct(p.anne, p.other)), reasons.VIHF_NOBODY),
    "a place that does not exist": (
        lambda p: _sent(direct(p.anne, p.practice, place="1000000000")), reasons.VIHF_NOBODY,
    ),
    "somebody else's professional": (lambda p: _sent(reinforced(p.paul, p.practice)), reasons.VIHF_NOBODY),
    "nobody's number": (
        lambda p: _sent(reinforced(replace(p.anne, national_id="810000000007"), p.practice)), reasons.VIHF_NOBODY,
    ),
    "another profession": (lambda p: _sent(direct(p.anne, p.practice, role="21")), reasons.VIHF_NOBODY),
    "an emergency of a structure": (
        lambda p: _sent(indirect(p.practice, ground="bris_de_glace", more=WORDS)), reasons.VIHF_MODE_FORBIDS,
    ),
    "an emergency for whom another answers": (
        lambda p: _sent(reinforced(p.anne, p.practice, ground="bris_de_glace", more=WORDS)), reasons.VIHF_MODE_FORBIDS,
    ),
    "a secret of a structure": (
        lambda p: _sent(indirect(p.practice, more={CONFIDENTIALITY: "INVISIBLE_REPRESENTANTS_LEGAUX"})),
        reasons.VIHF_MODE_FORBIDS,
    ),
    "an emergency without words": (
        lambda p: _sent(direct(p.anne, p.practice, ground="bris_de_glace")), emergency.EMERGENCY_UNSAID,
    ),
    "a call taken elsewhere": (
        lambda p: _sent(direct(p.anne, p.practice, ground="centre_15")), reasons.VIHF_NOT_A_CENTRE,
    ),
    "another service": (
        lambda p: _sent(direct(p.anne, p.practice, audience="https://other.example/xds")), reasons.VIHF_AUDIENCE,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NEAR)
def test_a_near_miss_gives_nothing(place: Place, name: str) -> None:
    near, reason = NEAR[name]
    sent, certificate = near(place)
    assert _refused(sent, certificate=certificate) is reason


def test_without_a_certificate_or_an_assertion_nobody_calls(place: Place) -> None:
    sent = direct(place.anne, place.practice)
    cases = (
        (sent.header, None, reasons.VIHF_CERTIFICATE_MISSING),
        (None, sent.certificate, reasons.VIHF_MISSING),
        (sent.header, b"", reasons.VIHF_CERTIFICATE),
        (sent.header, attesting.foreign().der, reasons.VIHF_CERTIFICATE),
    )
    for header, certificate, reason in cases:
        with pytest.raises(Refused) as caught:
            attested(header, certificate=certificate, at=edge.now())
        assert caught.value.reason is reason


def test_whoever_left_is_nobody(place: Place) -> None:
    identity.put_professional(replace(place.anne, active=False))
    identity.put_organisation(replace(place.other, active=False))
    assert _refused(direct(place.anne, place.practice)) is reasons.VIHF_NOBODY
    assert _refused(direct(place.paul, place.other)) is reasons.VIHF_NOBODY
    assert _refused(indirect(place.other)) is reasons.VIHF_NOBODY


def test_a_number_that_two_structures_bear_names_neither(place: Place) -> None:
    found = organisation_of(_number(place.practice))
    assert found is not None and found.id == place.practice.id
    identity.put_organisation(replace(place.practice, id=edge.new_id(), source_ids=()))
    assert organisation_of(_number(place.practice)) is None
    assert organisation_of(f"3{place.practice.finess}") is None
    assert _refused(indirect(place.practice)) is reasons.VIHF_NOBODY


def test_an_assertion_serves_once(place: Place) -> None:
    sent = direct(place.anne, place.practice)
    _take(sent)
    assert _refused(sent) is reasons.VIHF_REPLAYED
    later = edge.now() + timedelta(minutes=5)
    with pytest.raises(Refused) as caught:
        attested(sent.header, certificate=sent.certificate, at=later)
    assert caught.value.reason is reasons.VIHF_REPLAYED


def test_it_serves_once_for_every_process(place: Place) -> None:
    """Another connection sees the use as soon as it was said: what a restart or another process would see."""
    sent = direct(place.anne, place.practice)
    _take(sent)
    connections["default"].close()
    assert _refused(sent) is reasons.VIHF_REPLAYED


def test_the_same_name_of_another_signer_is_another_assertion(place: Place) -> None:
    _take(direct(place.anne, place.practice, id="_same"))
    _take(direct(place.paul, place.other, id="_same"))


def test_files_that_cannot_be_read_let_nobody_in(place: Place, settings: Any) -> None:
    settings.ESPACE_AUTHORITIES = "/nowhere/authorities.pem"
    assert _refused(direct(place.anne, place.practice)) is transport.TEMPORARILY_UNAVAILABLE
    settings.ESPACE_AUTHORITIES = ""
    assert _refused(direct(place.anne, place.practice)) is reasons.VIHF_CERTIFICATE


# --- in an emergency ----------------------------------------------------------------------------------------


def _in_emergency(place: Place, **more: Any) -> Attested:
    said = {"ground": "bris_de_glace", "more": WORDS, **more}
    return _take(direct(place.anne, place.practice, of=place.camille, **said))


def _reads(said: Attested, of: Holder) -> Reason:
    with caller_of(said, {ActorKind.PROFESSIONAL: READING}, "xds").open(of.patient) as grant:
        return grant.reason


def test_breaking_the_glass_opens_the_record_with_the_words_said_and_once(place: Place) -> None:
    said = _in_emergency(place)
    with pytest.raises(Refused):
        _reads(said, place.camille)
    declare(said, READING)
    assert _reads(said, place.camille) is emergency.GLASS_IN_FORCE
    declare(_in_emergency(place), READING)
    lines = [line for line in lines_of(place.camille) if line.verb is Verb.BREAK_GLASS]
    assert [(line.asked["words"], line.purpose) for line in lines] == [
        ("Inconsciente aux urgences", Purpose.BREAK_GLASS)
    ]


def test_nothing_is_declared_to_feed_nor_in_ordinary_care(place: Place) -> None:
    declare(_in_emergency(place), FEEDING)
    declare(_take(direct(place.anne, place.practice, of=place.camille)), READING)
    assert [line for line in lines_of(place.camille) if line.verb is Verb.BREAK_GLASS] == []


def test_an_emergency_is_about_somebody(place: Place) -> None:
    said = _take(direct(place.anne, place.practice, ground="bris_de_glace", more=WORDS))
    with pytest.raises(Refused) as caught:
        declare(said, READING)
    assert caught.value.reason is reasons.VIHF_PATIENT_MISSING


def test_who_was_blocked_breaks_no_glass(place: Place) -> None:
    blocks(place.camille, place.anne, at=edge.now())
    said = _in_emergency(place)
    with pytest.raises(Refused):
        declare(said, READING)


def test_the_doctor_of_a_centre_that_is_listed_reads(place: Place, settings: Any) -> None:
    settings.ESPACE_DISPATCH_CENTRES = (_number(place.practice),)
    for sent in (direct, reinforced):
        said = _take(sent(place.anne, place.practice, of=place.camille, ground="centre_15"))
        assert (said.purpose, said.actor.regulates) == (Purpose.DISPATCH, True)
        declare(said, READING)
        assert _reads(said, place.camille) is emergency.DISPATCH_IN_FORCE


def test_a_secret_session_is_the_callers(place: Place) -> None:
    more = {CONFIDENTIALITY: "INVISIBLE_REPRESENTANTS_LEGAUX^1.2.250.1.213.1.1.4.13"}
    said = _take(direct(place.anne, place.practice, of=place.camille, more=more))
    assert said.secret and caller_of(said, {ActorKind.PROFESSIONAL: READING}, "xds").secret
    consents(place.camille, place.anne, at=edge.now())
    with pytest.raises(Refused) as caught:
        _reads(said, place.camille)
    assert caught.value.reason is care.SECRET_FOR_MINORS


def test_a_request_is_about_whom_the_assertion_names(place: Place) -> None:
    said = _take(direct(place.anne, place.practice, of=place.camille))
    require_about(said.patient, place.camille.ins.number)
    require_about(None, "285054499900161")
    with pytest.raises(Refused) as caught:
        require_about(said.patient, "285054499900161")
    assert caught.value.reason is reasons.VIHF_OTHER_PATIENT
