"""Django's SMTP backend over connections that send small commands without waiting for one another's answers."""

import smtplib
import socket
from typing import Any

from django.core.mail.backends.smtp import EmailBackend


class _Prompt(smtplib.SMTP):
    """Without TCP_NODELAY the kernel holds back the end of a mail until the server acknowledges its beginning,
    some 40 ms for each mail."""

    def connect(self, *words: Any, **named: Any) -> tuple[int, bytes]:
        answer = super().connect(*words, **named)
        if self.sock is not None:
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return answer


class _PromptOverTls(_Prompt, smtplib.SMTP_SSL):
    """TLS from the first byte (RFC 8314)."""


class Backend(EmailBackend):
    """EMAIL_USE_SSL and EMAIL_USE_TLS as Django reads them: the latter means STARTTLS or no mail at all. The
    certificate is checked against the authorities of the system (or those of SSL_CERT_FILE), and the host name."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _PromptOverTls if self.use_ssl else _Prompt
