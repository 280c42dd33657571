"""`./espace mail`: mails that bring an archive of documents (IHE XDM), from the relay of a secure mail operator."""

import argparse
import asyncio
import signal
import ssl
from pathlib import Path

from espace.site.runtime import close_connections, opened
from espace.site.terminal import Failed, say

PORT = 2525
AT_ONCE = 8


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--certificate", type=Path, required=True, help="of this server, with its chain (PEM)")
    parser.add_argument("--key", type=Path, required=True, help="the key of that certificate (PEM)")
    parser.add_argument("--address", default="127.0.0.1", help="where to listen (default: this machine alone)")
    parser.add_argument("--port", type=int, default=PORT, help=f"default: {PORT}")
    parser.add_argument("--connections", type=int, default=AT_ONCE, help=f"at once, at most (default: {AT_ONCE})")
    parser.add_argument("--tls-first", action="store_true", help="TLS from the first byte, without STARTTLS")
    parser.epilog = "The relay shows a certificate of a structure, made by an authority of ESPACE_AUTHORITIES."


def run(options: argparse.Namespace) -> int:
    if not 1 <= options.connections <= 1_000 or not 0 <= options.port <= 65_535:
        raise Failed("--connections is from 1 to 1000, --port from 0 to 65535.")
    with opened() as config:
        if not config.authorities:
            raise Failed("Nobody could be let in: name the authorities of client certificates in ESPACE_AUTHORITIES.")
        try:
            asyncio.run(_serve(options, Path(config.authorities), config.max_request_bytes))
        except (OSError, ssl.SSLError) as error:
            raise Failed(f"Mails cannot be taken: {error}.") from error
    return 0


async def _serve(options: argparse.Namespace, authorities: Path, most: int) -> None:
    from espace.exchange.xdm import mail as door
    from espace.site.mail_intake import Delivering, Listening, serve
    from espace.site.mllp import tls

    context = tls(options.certificate, options.key, authorities)
    # Whoever shows none is told so by SMTP: a relay makes nothing of a handshake that fails.
    context.verify_mode = ssl.CERT_OPTIONAL
    stopped, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    to = Listening(options.address, options.port, context, most, options.connections, options.tls_first)
    doing = Delivering(door.delivered, door.turned_away, close_connections)
    await serve(to, doing, lambda port: say(f"Taking mails at {options.address}:{port}. Ctrl-C stops it."), stopped)
