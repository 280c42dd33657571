"""A listener for the mails of a relay: SMTP over TLS (RFC 3207), nobody without a client certificate, a bounded number
of connections, each mail answered once it is done.

What goes on the wire is aiosmtpd's: it takes one end of data for one, and takes nothing that came before TLS for
something that came inside. What a mail deposits is done in threads, so that nobody waits for another's.
"""

import asyncio
import logging
import ssl
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from aiosmtpd.smtp import SMTP, Envelope, Session

from espace.edge import answering, new_id

SECONDS = 120.0
"""For a command to come, and for a mail to come whole and be done: whoever is cut short sends it again."""
HANDSHAKE_SECONDS = 10.0
"""To show a certificate, whatever else is said meanwhile: nobody else keeps a place."""
LEAVING_SECONDS = 10.0
"""How long those who are being answered are waited for at the end."""
MOST_RECIPIENTS = 50
UNKNOWN = "550 5.7.1 A client certificate of a structure is needed"
BUSY = "421 4.3.2 Too many connections, come again"
FAILED = "451 4.3.0 Come again"
_STEP = 0.05


@dataclass(frozen=True, slots=True)
class Delivering:
    """What is done with what comes: `deliver` a mail and the client's certificate (DER), which gives the reply;
    `turned_away` where a connection brought no certificate that is accepted; `release` after each mail."""

    deliver: Callable[[bytes, bytes], str]
    turned_away: Callable[[], None]
    release: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Listening:
    """Where, and how much at most: bytes of a mail, connections at once. TLS begins with STARTTLS or, `tls_first`, with
    the connection."""

    address: str
    port: int
    context: ssl.SSLContext
    most: int
    connections: int
    tls_first: bool = False


@dataclass(slots=True)
class _House:
    """Who is inside, and how many mails are being done."""

    doing: Delivering
    workers: ThreadPoolExecutor
    inside: set["_Relay"] = field(default_factory=set)
    busy: int = 0


class _Busy(asyncio.Protocol):
    """One connection too many."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.WriteTransport):
            transport.write(f"{BUSY}\r\n".encode())
            transport.close()


class _Relay(SMTP):
    """One connection, counted from its beginning to its end."""

    def __init__(self, house: _House, to: Listening) -> None:
        context = None if to.tls_first else to.context
        super().__init__(
            _Handler(house), data_size_limit=to.most, enable_SMTPUTF8=True, hostname="espace", ident="",
            tls_context=context, require_starttls=not to.tls_first, timeout=SECONDS,
            loop=asyncio.get_running_loop(),
        )  # fmt: skip
        self._house = house

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self not in self._house.inside:  # STARTTLS makes the connection a second time
            self._house.inside.add(self)
            self._waited = asyncio.get_running_loop().call_later(HANDSHAKE_SECONDS, self._leave_uncertified)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._house.inside.discard(self)
        self._waited.cancel()
        super().connection_lost(error)

    def _leave_uncertified(self) -> None:
        if self.transport and not self.certificate:
            self._house.doing.turned_away()
            self.transport.close()

    @property
    def certificate(self) -> bytes:
        """The client's, DER, of an authority that the context knows; b"" without one."""
        found = self.transport.get_extra_info("ssl_object") if self.transport else None
        return (found.getpeercert(binary_form=True) or b"") if found else b""


class _Handler:
    """What aiosmtpd asks at each command; the names are its own."""

    def __init__(self, house: _House) -> None:
        self._house = house

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, name: str, answers: list[str]
    ) -> list[str]:
        """There is no password here."""
        session.host_name = name
        return [one for one in answers if not one.startswith("250-AUTH")]

    async def handle_MAIL(
        self, server: _Relay, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """The address is whatever the relay says it is: nothing follows from it."""
        if not server.certificate:
            self._house.doing.turned_away()
            return UNKNOWN
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(
        self, server: _Relay, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Any address is as good as another: nobody learns which ones exist."""
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: _Relay, session: Session, envelope: Envelope) -> str:
        mail, certificate = envelope.original_content or b"", server.certificate
        envelope.content = envelope.original_content = None
        self._house.busy += 1
        try:
            work = partial(_done, self._house.doing, mail, certificate)
            return await asyncio.get_running_loop().run_in_executor(self._house.workers, work)
        finally:
            self._house.busy -= 1

    async def handle_exception(self, error: Exception) -> str:
        """Nothing of the inside is told."""
        return FAILED


def _done(doing: Delivering, mail: bytes, certificate: bytes) -> str:
    try:
        with answering(str(new_id())):
            return doing.deliver(mail, certificate)
    finally:
        doing.release()


async def serve(to: Listening, doing: Delivering, ready: Callable[[int], None], stopped: asyncio.Event) -> None:
    """Listen until `stopped` is set; `ready` is told the port. Raises OSError where nothing can listen there."""
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # of aiosmtpd: addresses, and lines of what comes
    house = _House(doing, ThreadPoolExecutor(to.connections, thread_name_prefix="mail"))
    server = await asyncio.get_running_loop().create_server(
        partial(_welcome, house, to),
        to.address,
        to.port,
        ssl=to.context if to.tls_first else None,
        ssl_handshake_timeout=HANDSHAKE_SECONDS if to.tls_first else None,
    )
    ready(int(server.sockets[0].getsockname()[1]))
    await stopped.wait()
    server.close()
    until = time.monotonic() + LEAVING_SECONDS
    while house.busy and time.monotonic() < until:
        await asyncio.sleep(_STEP)
    for one in list(house.inside):
        if one.transport:
            one.transport.close()
    await asyncio.sleep(_STEP)
    house.workers.shutdown(wait=False, cancel_futures=True)


def _welcome(house: _House, to: Listening) -> asyncio.Protocol:
    return _Relay(house, to) if len(house.inside) < to.connections else _Busy()
