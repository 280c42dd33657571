"""What a verified assertion must say, when it counts and for whom: one fact changed at a time."""

from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree

from attesting import AUDIENCE, CONFIDENTIALITY, NOW, PURPOSE, ROLE, Words, text_of
from espace.kernel.reasons import Reason
from espace.kernel.reasons import vihf as reasons
from espace.kernel.values import replace
from espace.kernel.words import Refused
from espace.wire.saml.signature import DS
from espace.wire.saml.validity import forgotten_at, require_valid
from espace.wire.saml.vihf import Vihf, read

PLAIN = Words(issuer="CN=x")
DATA = '<saml:SubjectConfirmationData NotOnOrAfter="2026-03-04T09:34:55Z" Recipient="https://sante.example.org/xds"{}/>'


def _read(text: str) -> Vihf:
    root = etree.fromstring(text.encode())
    root.remove(root.find(f"{DS}Signature"))
    return read(root)


def _confirmed(method: str, inside: str = "") -> str:
    urn = f"urn:oasis:names:tc:SAML:2.0:cm:{method}"
    return f'<saml:SubjectConfirmation Method="{urn}">{inside}</saml:SubjectConfirmation>'


UNREADABLE = {
    "version": replace(PLAIN, version="2.0"),
    "no version": replace(PLAIN, version=""),
    "mode": replace(PLAIN, mode="DIRECT"),
    "purpose": replace(PLAIN, ground="urgence"),
    "no structure": replace(PLAIN, place=""),
    "no subject": replace(PLAIN, subject=""),
    "no role": replace(PLAIN, role=""),
    "no beginning": replace(PLAIN, begins=None),
    "no end": replace(PLAIN, ends=None),
    "no time zone": replace(PLAIN, ends="2026-03-04T09:34:55"),
    "a date": replace(PLAIN, ends="2026-03-04"),
    "year 9999": replace(PLAIN, ends="9999-12-31T23:59:59-14:00"),
    "month 13": replace(PLAIN, begins="2026-13-04T09:34:55Z"),
    "a patient without authority": replace(PLAIN, patient="279035121518989"),
    "another confidentiality": replace(PLAIN, more={CONFIDENTIALITY: "MASQUE_PS^1.2.250.1.213.1.1.4.13"}),
    "an advice": replace(PLAIN, before="<saml:Advice/>"),
    "another statement": replace(PLAIN, before="<saml:AuthzDecisionStatement/>"),
    "no name": replace(PLAIN, subject="<x/>"),
    "a long text": replace(PLAIN, subject="8" * 501),
    "a bidirectional override": replace(PLAIN, more={"Mode_Acces_Raison": "abc\u202edef"}),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_not_a_vihf_is_refused(name: str) -> None:
    with pytest.raises(Refused) as caught:
        _read(text_of(UNREADABLE[name]))
    assert caught.value.reason is reasons.VIHF_MALFORMED


REWRITTEN = {
    "an attribute said twice": ('Name="LPS_Nom"', 'Name="LPS_Version"'),
    "an attribute without name": ('Name="LPS_Nom"', 'Name=""'),
    "two values": (">DIRECTE<", ">DIRECTE</saml:AttributeValue><saml:AttributeValue>INDIRECTE<"),
    "another condition": ("<saml:AudienceRestriction>", "<saml:ProxyRestriction/><saml:AudienceRestriction>"),
    "an audience that is none": ("<saml:Audience>", "<saml:Other/><saml:Audience>"),
    "SAML 1.1": ('Version="2.0"', 'Version="1.1"'),
    "an encrypted subject": ("<saml:NameID>", "<saml:EncryptedID/><saml:NameID>"),
    "a value inside a value": (">DIRECTE<", "><x>DIRECTE</x><"),
}


@pytest.mark.parametrize("name", REWRITTEN)
def test_what_is_said_twice_or_otherwise_is_refused(name: str) -> None:
    text = text_of(PLAIN)
    before, after = REWRITTEN[name]
    assert text.count(before) == 1
    with pytest.raises(Refused) as caught:
        _read(text.replace(before, after))
    assert caught.value.reason is reasons.VIHF_MALFORMED


def test_codes_are_read_as_elements_and_as_text() -> None:
    said = _read(text_of(PLAIN))
    plain = text_of(PLAIN)
    start, end = plain.index(f'<saml:Attribute Name="{ROLE}"'), plain.index(f'<saml:Attribute Name="{PURPOSE}"')
    role = (
        f'<saml:Attribute Name="{ROLE}"><saml:AttributeValue>10^Médecin^1.2.250.1.71.1.2.7</saml:AttributeValue>'
        "<saml:AttributeValue>SM26^Médecine générale^1.2.250.1.213.1.1.4.5</saml:AttributeValue></saml:Attribute>"
    )
    other = _read(plain[:start] + role + plain[end:])
    assert (said.role.code, other.role.code, other.role.system, other.role.display) == (
        "10", "10", "1.2.250.1.71.1.2.7", "Médecin",
    )  # fmt: skip


def test_a_secret_session_and_nobody_in_particular() -> None:
    code = "INVISIBLE_REPRESENTANTS_LEGAUX^1.2.250.1.213.1.1.4.13"
    secret = _read(text_of(replace(PLAIN, more={CONFIDENTIALITY: code})))
    nobody = _read(text_of(replace(PLAIN, patient="")))
    assert secret.secret and secret.patient is not None
    assert not nobody.secret and nobody.patient is None


def _valid(words: Words, *, at: datetime = NOW, certificate: bytes = b"der") -> None:
    require_valid(_read(text_of(words)), at=at, audiences={AUDIENCE}, certificate=certificate)


@pytest.mark.parametrize(
    "words",
    [
        PLAIN,
        replace(PLAIN, ends="2026-03-04T10:29:55Z"),
        replace(PLAIN, begins="2026-03-04T10:29:55.123456789+01:00"),
        replace(PLAIN, confirmation=""),
        replace(PLAIN, confirmation=_confirmed("bearer", DATA.format(""))),
        replace(PLAIN, begins="2026-03-04T09:30:59Z", issued="2026-03-04T09:30:59Z"),
        replace(PLAIN, ends="2026-03-04T09:29:56Z"),
    ],
)
def test_an_assertion_of_its_time_and_for_this_service_counts(words: Words) -> None:
    _valid(words)


OUTSIDE: dict[str, tuple[Words, Reason]] = {
    "over for a minute": (
        replace(PLAIN, begins="2026-03-04T09:00:00Z", issued="2026-03-04T09:00:00Z", ends="2026-03-04T09:29:00Z"),
        reasons.VIHF_EXPIRED,
    ),
    "not begun": (replace(PLAIN, begins="2026-03-04T09:31:01Z"), reasons.VIHF_EXPIRED),
    "made in the future": (replace(PLAIN, issued="2026-03-04T09:31:01Z"), reasons.VIHF_EXPIRED),
    "ten years": (replace(PLAIN, ends="2036-03-04T09:34:55Z"), reasons.VIHF_EXPIRED),
    "an hour and a second": (replace(PLAIN, ends="2026-03-04T10:29:56Z"), reasons.VIHF_EXPIRED),
    "backwards": (replace(PLAIN, ends="2026-03-04T09:29:55Z"), reasons.VIHF_EXPIRED),
    "another audience": (replace(PLAIN, audience="https://other.example.org/xds"), reasons.VIHF_AUDIENCE),
    "an audience that begins alike": (replace(PLAIN, audience=f"{AUDIENCE}.evil.example"), reasons.VIHF_AUDIENCE),
    "no audience": (replace(PLAIN, audience=None), reasons.VIHF_AUDIENCE),
    "another resource": (replace(PLAIN, more={"Ressource_URN": "urn:other"}), reasons.VIHF_AUDIENCE),
    "a bearer without data": (replace(PLAIN, confirmation=_confirmed("bearer")), reasons.VIHF_BINDING),
    "an unknown method": (replace(PLAIN, confirmation=_confirmed("other")), reasons.VIHF_BINDING),
    "an answer to nothing": (
        replace(PLAIN, confirmation=_confirmed("bearer", DATA.format(' InResponseTo="_1"'))),
        reasons.VIHF_BINDING,
    ),
    "another recipient": (
        replace(PLAIN, confirmation=_confirmed("bearer", DATA.format("").replace("sante.", "other."))),
        reasons.VIHF_AUDIENCE,
    ),
    "a confirmation that is over": (
        replace(PLAIN, confirmation=_confirmed("bearer", DATA.format("").replace("09:34:55", "09:28:00"))),
        reasons.VIHF_EXPIRED,
    ),
    "a key without its certificate": (replace(PLAIN, confirmation=_confirmed("holder-of-key")), reasons.VIHF_BINDING),
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_an_assertion_of_another_time_or_for_another_service_is_refused(name: str) -> None:
    words, reason = OUTSIDE[name]
    with pytest.raises(Refused) as caught:
        _valid(words)
    assert caught.value.reason is reason


def test_a_holder_of_key_is_the_holder_of_the_connection() -> None:
    data = "<ds:X509Data><ds:X509Certificate>ZGVy</ds:X509Certificate></ds:X509Data>"
    info = f'<ds:KeyInfo xmlns:ds="{DS[1:-1]}">{data}</ds:KeyInfo>'
    inside = f"<saml:SubjectConfirmationData>{info}</saml:SubjectConfirmationData>"
    words = replace(PLAIN, confirmation=_confirmed("holder-of-key", inside))
    _valid(words)
    with pytest.raises(Refused) as caught:
        _valid(words, certificate=b"other")
    assert caught.value.reason is reasons.VIHF_BINDING


def test_an_assertion_is_remembered_for_as_long_as_it_would_be_taken() -> None:
    said = _read(text_of(PLAIN))
    last = datetime(2026, 3, 4, 9, 35, 54, tzinfo=UTC)
    _valid(PLAIN, at=last)
    with pytest.raises(Refused):
        _valid(PLAIN, at=last + timedelta(seconds=1))
    assert forgotten_at(said) > last + timedelta(seconds=1)
