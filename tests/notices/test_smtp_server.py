"""The mail server of ESPACE_MAIL_URL, a real one: encrypted where it must be, never asked for a password in clear."""

import logging
import smtplib
import socket
import ssl
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import get_connection

from espace.notices.adapters import send, smtp
from espace.notices.facts import Mail
from espace.outbox.facts import Hopeless
from notices.mailbox import PASSWORD, USER, WRITTEN, Mailbox, certificate, serving, use

MAIL = Mail("camille@example.org", "Activez votre espace de santé", "Bonjour")


@pytest.fixture
def box() -> Mailbox:
    return Mailbox()


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """What the server presents: a certificate for 127.0.0.1 that this process trusts, as an operator would make it."""
    chain, context = certificate(tmp_path, "127.0.0.1")
    monkeypatch.setenv("SSL_CERT_FILE", str(chain))
    return context


def test_in_clear_on_this_machine(box: Mailbox, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(box) as port:
        use(settings, monkeypatch, ESPACE_MAIL_URL=f"smtp://127.0.0.1:{port}")
        send(MAIL)
    assert box.encrypted == [False]
    assert box.taken[0]["Subject"] == "Activez votre espace de santé"
    assert box.taken[0]["Auto-Submitted"] == "auto-generated"


def test_with_a_password_on_this_machine(box: Mailbox, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    options = {"authenticator": box.authenticate, "auth_require_tls": False}
    with serving(box, **options) as port:
        use(settings, monkeypatch, ESPACE_MAIL_URL=f"smtp://{WRITTEN}@127.0.0.1:{port}")
        send(MAIL)
    assert (box.signed_in, box.encrypted) == ([USER], [False])


def test_starttls_then_the_password(
    box: Mailbox, trusted: ssl.SSLContext, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = {"authenticator": box.authenticate, "auth_required": True, "require_starttls": True}
    with serving(box, tls_context=trusted, **options) as port:
        use(settings, monkeypatch, ESPACE_MAIL_URL=f"smtp://{WRITTEN}@127.0.0.1:{port}?starttls=required")
        send(MAIL)
    assert (box.signed_in, box.encrypted) == ([USER], [True])


def test_tls_from_the_first_byte(
    box: Mailbox, trusted: ssl.SSLContext, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = {"authenticator": box.authenticate, "auth_require_tls": False}
    with serving(box, ssl_context=trusted, **options) as port:
        use(settings, monkeypatch, ESPACE_MAIL_URL=f"smtps://{WRITTEN}@127.0.0.1:{port}")
        send(MAIL)
    assert (box.signed_in, len(box.taken)) == ([USER], 1)


def test_a_server_that_hides_starttls_gets_no_mail_and_no_password(
    box: Mailbox, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody on the way who strips STARTTLS from the answer learns nothing."""
    options = {"authenticator": box.authenticate, "auth_require_tls": False}
    with serving(box, **options) as port:
        use(settings, monkeypatch, ESPACE_MAIL_URL=f"smtp://{WRITTEN}@127.0.0.1:{port}?starttls=required")
        with pytest.raises(smtplib.SMTPNotSupportedError):
            send(MAIL)
    assert (box.signed_in, box.taken) == ([], [])


@pytest.mark.parametrize(("scheme", "option"), [("smtp", "?starttls=required"), ("smtps", "")])
@pytest.mark.parametrize("names", [("autre.example",), ("127.0.0.1",)], ids=["another name", "not trusted"])
def test_a_certificate_that_is_not_the_servers_gets_no_mail(
    box: Mailbox,
    scheme: str,
    option: str,
    names: tuple[str, ...],
    tmp_path: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chain, context = certificate(tmp_path, *names)
    if names == ("autre.example",):
        monkeypatch.setenv("SSL_CERT_FILE", str(chain))
    how = {"ssl_context": context} if scheme == "smtps" else {"tls_context": context}
    with serving(box, **how) as port:
        use(settings, monkeypatch, ESPACE_MAIL_URL=f"{scheme}://127.0.0.1:{port}{option}")
        with pytest.raises(ssl.SSLCertVerificationError):
            send(MAIL)
    assert box.taken == []


def test_a_wrong_password_is_tried_again_later_and_is_written_nowhere(
    box: Mailbox, settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    options = {"authenticator": lambda *words: box.authenticate(*words[:4], None), "auth_require_tls": False}
    with serving(box, **options) as port, caplog.at_level(logging.DEBUG):
        use(settings, monkeypatch, ESPACE_MAIL_URL=f"smtp://{WRITTEN}@127.0.0.1:{port}")
        with pytest.raises(smtplib.SMTPAuthenticationError) as refused:
            send(MAIL)
    said = f"{caplog.text} {refused.value!r} {refused.value}"
    assert PASSWORD not in said
    assert WRITTEN.partition(":")[2] not in said


def test_a_server_that_never_answers_is_left_in_time(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long one answer may take, all of them together end before somebody else sends the mail."""
    monkeypatch.setattr(smtp, "LONGEST", timedelta(seconds=0.2))
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        use(settings, monkeypatch, ESPACE_MAIL_URL=f"smtp://127.0.0.1:{deaf.getsockname()[1]}")
        began = time.monotonic()
        with pytest.raises(smtplib.SMTPServerDisconnected):
            send(MAIL)
    assert time.monotonic() - began < settings.EMAIL_TIMEOUT / 2


def test_small_commands_are_sent_without_delay(
    box: Mailbox, trusted: ssl.SSLContext, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for scheme, how in (("smtp", {}), ("smtps", {"ssl_context": trusted})):
        with serving(box, **how) as port:
            use(settings, monkeypatch, ESPACE_MAIL_URL=f"{scheme}://127.0.0.1:{port}")
            backend = get_connection()
            backend.open()
            assert backend.connection.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1
            backend.close()


def test_mails_come_from_the_address_of_the_settings(
    box: Mailbox, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(box) as port:
        url = f"smtp://127.0.0.1:{port}"
        use(settings, monkeypatch, ESPACE_MAIL_URL=url, ESPACE_MAIL_FROM="Espace santé <espace@sante.example>")
        send(MAIL)
    assert str(box.taken[0]["From"]) == "Espace santé <espace@sante.example>"
    assert box.senders == ["espace@sante.example"]
    assert box.taken[0]["Message-ID"].endswith("@sante.example>")


def test_the_same_words_twice_are_two_mails_and_a_second_sending_is_known(
    box: Mailbox, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(box) as port:
        use(settings, monkeypatch, ESPACE_MAIL_URL=f"smtp://127.0.0.1:{port}")
        for name in ("1", "2", "2"):
            send(Mail("camille@example.org", "Sujet", "Bonjour", name))
    first, second, again = (message["Message-ID"] for message in box.taken)
    assert first != second == again


@pytest.mark.parametrize("to", ["a@example.org\r\nBcc: b@example.org", "a@example.org\nRCPT TO:<b@example.org>"])
def test_an_address_on_two_lines_forges_no_header(
    box: Mailbox, settings: Any, monkeypatch: pytest.MonkeyPatch, to: str
) -> None:
    with serving(box) as port:
        use(settings, monkeypatch, ESPACE_MAIL_URL=f"smtp://127.0.0.1:{port}")
        with pytest.raises(Hopeless, match="mail_malformed"):
            send(Mail(to, "Sujet", "Bonjour"))
    assert box.taken == []
