"""Django's SMTP backend over connections that are prompt, and that end."""

import smtplib
import socket
from datetime import timedelta
from typing import Any

from django.core.mail.backends.smtp import EmailBackend

from espace import edge

LONGEST = timedelta(seconds=80)
"""All the answers to one connection, however many there are, take no longer; one of them, EMAIL_TIMEOUT at most."""

_LEAST_SECONDS = 0.1


class _Prompt(smtplib.SMTP):
    """Without TCP_NODELAY the kernel holds back the end of a mail until the server acknowledges its beginning,
    some 40 ms for each mail."""

    def connect(self, *words: Any, **named: Any) -> tuple[int, bytes]:
        self._until = edge.now() + LONGEST
        answer = super().connect(*words, **named)
        if self.sock is not None:
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return answer

    def getreply(self) -> tuple[int, bytes]:
        left = (self._until - edge.now()).total_seconds()
        if self.sock is not None:
            self.sock.settimeout(max(_LEAST_SECONDS, min(left, self.timeout)))
        return super().getreply()


class _PromptOverTls(_Prompt, smtplib.SMTP_SSL):
    """TLS from the first byte (RFC 8314)."""


class Backend(EmailBackend):
    """EMAIL_USE_SSL and EMAIL_USE_TLS as Django reads them: the latter means STARTTLS or no mail at all. The
    certificate is checked against the authorities of the system (or those of SSL_CERT_FILE), and the host name."""

    _partial_connection: smtplib.SMTP | None

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _PromptOverTls if self.use_ssl else _Prompt

    def open(self) -> bool | None:
        """As Django's; a connection that did not get as far as signing in is closed, not left to chance."""
        try:
            return super().open()
        finally:
            if self._partial_connection is not None:
                self._partial_connection.close()
                self._partial_connection = None
