"""A mail that brings an archive is read as it was sent, byte for byte, or refused: two archives, none, or a mail that
two readers could understand in two ways."""

import base64
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from espace.kernel.reasons import documents, identity, transport, xdm
from espace.kernel.words import Problem, Refused
from espace.wire.xdm import mail

SUBJECT = "XDM/1.0/DDM+Compte rendu"


def written(
    *attached: tuple[str, bytes], subject: str = SUBJECT, kind: tuple[str, str] = ("application", "zip")
) -> bytes:
    """As Python's own library writes it, with a text and a copy in PDF."""
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"] = "labo@deux-rives.mssante.fr", "depot@espace.mssante.fr", subject
    made.set_content("Bonjour,\nci-joint un compte rendu.")
    made.add_alternative("<p>Bonjour</p>", subtype="html")
    for name, data in attached:
        made.add_attachment(data, maintype=kind[0], subtype=kind[1], filename=name)
    made.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="copie.pdf")
    return made.as_bytes()


def refused(data: bytes) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        mail.archive_of(data)
    return caught.value.reason.code, caught.value.detail


@settings(max_examples=20, deadline=None)
@given(st.binary(max_size=400))
def test_no_byte_of_an_archive_is_changed(data: bytes) -> None:
    assert mail.archive_of(written(("IHE_XDM.ZIP", data))) == data


def test_every_byte_and_every_line_end_is_kept() -> None:
    data = bytes(range(256)) * 40 + b"\r\n.\r\n\n\r--x--\r\n\x00"
    for name in ("IHE_XDM.ZIP", "ihe_xdm.zip"):
        assert mail.archive_of(written((name, data), kind=("application", "octet-stream"))) == data


PART = (
    'Content-Type: application/zip\r\nContent-Disposition: attachment; filename="IHE_XDM.ZIP"\r\n'
    "Content-Transfer-Encoding: base64\r\n\r\nUEs=\r\n"
)


def by_hand(*parts: str, head: str = f"Subject: {SUBJECT}\r\n", boundary: str = "b") -> bytes:
    body = "".join(f"--{boundary}\r\n{part}" for part in parts)
    return f'{head}Content-Type: multipart/mixed; boundary="{boundary}"\r\n\r\nx\r\n{body}--{boundary}--\r\nz'.encode()


NAMED = [
    'Content-Disposition: attachment; filename="IHE_XDM.ZIP"',
    "Content-Disposition: attachment; filename=IHE_XDM.ZIP; size=3",
    "Content-Disposition: attachment; filename*=UTF-8''IHE%5FXDM.ZIP",
    "Content-Disposition: inline;\r\n filename=\"=?utf-8?B?SUhFX1hETS5aSVA=?=\"",
    "X: y",
]


@pytest.mark.parametrize("said", NAMED)
def test_the_name_is_read_wherever_it_is(said: str) -> None:
    kind = "application/zip" if "filename" in said else 'application/zip; name="IHE_XDM.ZIP"'
    part = f"Content-Type: {kind}\r\n{said}\r\nContent-Transfer-Encoding: BASE64\r\n\r\nUEs=\r\n"
    assert mail.archive_of(by_hand(part)) == b"PK"


def test_parts_in_parts_and_boundaries_that_begin_alike() -> None:
    inner = by_hand("\r\ntext\r\n", PART, head="", boundary="bb").decode()
    assert mail.archive_of(by_hand(inner + "\r\n")) == b"PK"


@pytest.mark.parametrize(
    "subject",
    [
        "XDM/1.0/DDM+Été", "xdm/1.0/ddm", "=?UTF-8?Q?XDM/1.0/DDM+_=C3=A9?=",
        "=?UTF-8?B?WERNLzEuMC9E?=\r\n =?UTF-8?Q?DM?=",
    ],
)
def test_the_subject_says_what_it_is(subject: str) -> None:
    assert mail.archive_of(by_hand(PART, head=f"Subject: {subject}\r\n")) == b"PK"


@pytest.mark.parametrize("subject", ["", "Re: XDM/1.0/DDM+x", "XDM/2.0", "[KO Intégration système !][902]"])
def test_another_subject_deposits_nothing(subject: str) -> None:
    assert refused(by_hand(PART, head=f"Subject: {subject}\r\n"))[0] == "mail_not_xdm"


FORWARDED = f"Content-Type: message/rfc822\r\n\r\n{by_hand(PART, boundary='c').decode()}\r\n"
NOT_XDM = {
    "no archive": (by_hand("\r\ntext\r\n"), "IHE_XDM.ZIP: 0"),
    "two archives": (by_hand(PART, PART), "IHE_XDM.ZIP: 2"),
    "another name": (by_hand(PART.replace("IHE_XDM", "XDM")), "IHE_XDM.ZIP: 0"),
    "in another mail": (by_hand(FORWARDED), "IHE_XDM.ZIP: 0"),
}
MALFORMED = {
    "a bare LF": (by_hand(PART).replace(b"x\r\n", b"x\n", 1), "CR and LF come together"),
    "a bare CR": (by_hand(PART) + b"\r", "CR and LF come together"),
    "no headers": (b"x" * 300_000, "headers without end, or too long"),
    "no body": (b"Subject: XDM/1.0/DDM", "headers without end, or too long"),
    "no field": (b"nothing\r\n\r\n", "headers"),
    "two subjects": (by_hand(PART, head="Subject: XDM/1.0/DDM\r\nSubject: other\r\n"), "headers"),
    "many headers": (by_hand(PART, head="X: y\r\n" * 1_001), "1000 headers at most"),
    "a long subject": (by_hand(PART, head=f"Subject: {'=?a?q?x?= ' * 2_000}\r\n"), "a header that is too long"),
    "an unknown charset": (by_hand(PART, head="Subject: =?x-none?Q?XDM/1.0/DDM?=\r\n"), "encoded words"),
    "no boundary": (by_hand(PART).replace(b'; boundary="b"', b""), "boundary"),
    "no end": (by_hand(PART).replace(b"--b--", b""), "no closing delimiter"),
    "many parts": (by_hand(*["\r\n"] * 102), "100 parts at most"),
    "two boundaries": (by_hand(PART).replace(b'="b"', b'="b"; boundary="c"'), "Content-Type"),
    "another encoding": (by_hand(PART.replace("base64", "quoted-printable")), "IHE_XDM.ZIP: base64 is expected"),
    "no encoding": (by_hand(PART.replace("Encoding", "X")), "IHE_XDM.ZIP: base64 is expected"),
    "no base64": (by_hand(PART.replace("UEs=", "UE*=")), "IHE_XDM.ZIP: base64"),
}


@pytest.mark.parametrize("name", NOT_XDM)
def test_one_archive_is_expected(name: str) -> None:
    data, detail = NOT_XDM[name]
    assert refused(data) == ("mail_not_xdm", detail)


@pytest.mark.parametrize("name", MALFORMED)
def test_a_mail_that_cannot_be_read_is_refused(name: str) -> None:
    data, detail = MALFORMED[name]
    assert refused(data) == ("mail_malformed", detail)


def test_parts_are_counted_before_they_are_read() -> None:
    deep = "text"
    for number in range(8):
        kind = f'Content-Type: multipart/mixed; boundary="d{number}"'
        deep = f"{kind}\r\n\r\n--d{number}\r\n{deep}\r\n--d{number}--\r\n"
    assert refused(f"Subject: {SUBJECT}\r\n{deep}".encode()) == ("mail_malformed", "parts in parts, 5 deep at most")


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 600))
def test_noise_is_refused_or_is_the_archive(noise: bytes, at: int) -> None:
    data = written(("IHE_XDM.ZIP", b"PK"))
    try:
        mail.archive_of(data[:at] + noise + data[at:])
    except Refused as refusal:
        assert refusal.reason in (xdm.MAIL_MALFORMED, xdm.MAIL_NOT_XDM)


def test_a_reply_names_reasons_and_places_and_nothing_else() -> None:
    problems = [Problem(documents.HASH_MISMATCH, "IHE_XDM/SUBSET01/METADATA.XML line 3", "Camille")] * 7
    told = mail.reply(documents.HASH_MISMATCH, problems, "https://espace.example/erreurs/").split("\r\n")
    assert told[0] == "554-5.6.0 [hash_mismatch] IHE_XDM/SUBSET01/METADATA.XML line 3"
    assert told[5:] == ["554-5.6.0 and 2 more", "554 5.6.0 https://espace.example/erreurs/hash_mismatch/"]
    assert "Camille" not in "".join(told)
    injected = mail.reply(xdm.MAIL_NOT_XDM, [Problem(xdm.MAIL_NOT_XDM, "a\r\n250 OK é" + "x" * 900)], "p/")
    assert injected.split("\r\n")[0].startswith("554-5.6.0 [mail_not_xdm] a??250 OK ?")
    assert max(map(len, injected.split("\r\n"))) < 512


@pytest.mark.parametrize(
    "reason, code",
    [
        (transport.TEMPORARILY_UNAVAILABLE, "451 4.3.0"),
        (documents.FILES_BUSY, "451 4.3.0"),
        (xdm.ARCHIVE_OUTSIZED, "552 5.3.4"),
        (identity.TRAITS_DISAGREE, "554 5.6.0"),
        (transport.SCOPE_INSUFFICIENT, "550 5.7.1"),
    ],
)
def test_what_passes_by_itself_may_be_tried_again(reason: object, code: str) -> None:
    assert mail.reply_code(reason) == code  # type: ignore[arg-type]  # they are reasons


def test_base64_may_be_cut_anywhere() -> None:
    data = bytes(range(256))
    text = base64.b64encode(data).decode()
    cut = "\r\n".join(text[at : at + 7] for at in range(0, len(text), 7))
    assert mail.archive_of(by_hand(PART.replace("UEs=", cut))) == data
