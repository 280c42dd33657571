"""The judgment of a certificate is kept; what depends on the hour, on the lists or on the files never is."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.hazmat.primitives.serialization import Encoding

from attesting import NOW, PERSON, Card, authority, foreign, made, person, subject, usage
from espace.exchange.xds import trusting
from espace.kernel.reasons import vihf as reasons
from espace.kernel.words import Refused
from espace.wire.saml import certificates
from espace.wire.saml.certificates import Judged, Trust, Use

DAY = timedelta(days=1)


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The certificates that were judged, in order."""
    seen: list[bytes] = []

    def counting(der: bytes, trust: Trust, *, use: Use) -> Judged:
        seen.append(der)
        return certificates.judge(der, trust, use=use)

    monkeypatch.setattr(trusting, "judge", counting)
    trusting._kept.clear()
    return seen


def _person(card: Card, *, use: Use = Use.CONNECTION, at: datetime = NOW) -> str:
    """"" where it is refused."""
    try:
        return trusting.reading().bearer(bytes(bytearray(card.der)), use=use, at=at).person
    except Refused as refused:
        assert refused.reason is reasons.VIHF_CERTIFICATE
        assert refused.place == f"certificate/{use}"
        return ""


def test_a_certificate_is_judged_once_for_each_use(judged: list[bytes]) -> None:
    card = person()
    assert [_person(card), _person(card), _person(card, use=Use.SIGNATURE)] == [PERSON] * 3
    assert judged == [card.der] * 2


def test_a_judgment_for_one_use_is_none_for_another(judged: list[bytes]) -> None:
    signing = made(subject(PERSON), issuer=authority(), extensions=((usage("content_commitment"), True),))
    assert (_person(signing, use=Use.SIGNATURE), _person(signing)) == (PERSON, "")


def test_what_is_refused_is_not_kept(judged: list[bytes]) -> None:
    stranger = person(issuer=foreign())
    assert [_person(stranger), _person(stranger)] == ["", ""]
    assert judged == [stranger.der] * 2


def test_the_hour_counts_at_each_use(judged: list[bytes]) -> None:
    card = made(subject(PERSON), issuer=authority(), extensions=((usage("digital_signature"), True),), ends=NOW + DAY)
    hours = (NOW, NOW + DAY, NOW + DAY + timedelta(seconds=1), NOW - 11 * DAY, NOW)
    assert [_person(card, at=at) for at in hours] == [PERSON, PERSON, "", "", PERSON]
    assert judged == [card.der]


def test_the_hour_of_the_authority_counts_too(judged: list[bytes], settings: Any, tmp_path: Path) -> None:
    extensions = ((x509.BasicConstraints(ca=True, path_length=0), True), (usage("key_cert_sign"), True))
    issuer = made(subject("AC brève"), extensions=extensions, ends=NOW + DAY)
    settings.ESPACE_AUTHORITIES = _written(tmp_path / "brief.pem", issuer.certificate.public_bytes(Encoding.PEM))
    card = person(issuer=issuer)
    assert [_person(card, at=NOW + days * DAY) for days in (0, 2, 0)] == [PERSON, "", PERSON]


def _written(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    return str(path)


def _list(*revoked: Card) -> bytes:
    builder = x509.CertificateRevocationListBuilder().issuer_name(authority().certificate.subject)
    builder = builder.last_update(NOW - DAY).next_update(NOW + DAY)
    for card in revoked:
        number = card.certificate.serial_number
        entry = x509.RevokedCertificateBuilder().serial_number(number).revocation_date(NOW).build()
        builder = builder.add_revoked_certificate(entry)
    return builder.sign(authority().key, SHA384()).public_bytes(Encoding.PEM)


def test_a_list_that_is_over_stops_what_was_judged(judged: list[bytes], settings: Any, tmp_path: Path) -> None:
    card, lost = person(), person()
    settings.ESPACE_REVOCATIONS = _written(tmp_path / "lists.pem", _list(lost))
    assert [_person(card, at=NOW + days * DAY) for days in (0, 1, 0)] == [PERSON, "", PERSON]
    assert _person(lost) == ""


def test_files_brought_anew_are_judged_by_anew(judged: list[bytes], settings: Any, tmp_path: Path) -> None:
    card = person()
    assert _person(card) == PERSON
    settings.ESPACE_REVOCATIONS = _written(tmp_path / "lists.pem", _list())
    assert _person(card) == PERSON
    _written(tmp_path / "lists.pem", _list(card))
    assert _person(card) == ""
    settings.ESPACE_REVOCATIONS = ""
    assert _person(card) == PERSON
    settings.ESPACE_AUTHORITIES = _written(tmp_path / "other.pem", foreign().certificate.public_bytes(Encoding.PEM))
    assert _person(card) == ""


def test_only_so_many_judgments_are_kept() -> None:
    kept: Any = trusting.reading()._judge
    assert kept.cache_info().maxsize == trusting.MOST_JUDGED == 512
