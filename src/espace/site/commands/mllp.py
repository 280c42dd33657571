"""`./espace mllp`: HL7 v2 messages over MLLP and TLS, for whoever has a client certificate."""

import argparse
import ssl
from pathlib import Path

from espace.site.authorities import own_certificate
from espace.site.runtime import close_connections, opened
from espace.site.terminal import Failed, Stopped, say, stop_on_signals

PORT = 2575
"""The port of HL7 at IANA."""
AT_ONCE = 16


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--certificate", type=Path, help="of this server, with its chain (PEM; default: that of the demonstration)"
    )
    parser.add_argument("--key", type=Path, help="the key of that certificate (PEM; default: beside it, .key)")
    parser.add_argument("--address", default="127.0.0.1", help="where to listen (default: this machine alone)")
    parser.add_argument("--port", type=int, default=PORT, help=f"default: {PORT}")
    parser.add_argument("--connections", type=int, default=AT_ONCE, help=f"at once, at most (default: {AT_ONCE})")
    parser.epilog = "Clients show a certificate of a structure, made by an authority of ESPACE_AUTHORITIES."


def run(options: argparse.Namespace) -> int:
    if not 1 <= options.connections <= 1_000 or not 0 <= options.port <= 65_535:
        raise Failed("--connections is from 1 to 1000, --port from 0 to 65535.")
    with opened() as config:
        if not config.authorities:
            raise Failed("Nobody could be let in: name the authorities of client certificates in ESPACE_AUTHORITIES.")
        certificate = options.certificate or own_certificate(config.home)
        own = (certificate, options.key or certificate.with_suffix(".key"))
        _serve(options, own, Path(config.authorities), config.max_request_bytes)
    return 0


def _serve(options: argparse.Namespace, own: tuple[Path, Path], authorities: Path, most: int) -> None:
    from espace.exchange.hl7v2 import mllp as door
    from espace.site.mllp import Answering, Server, tls

    doing = Answering(door.answer, door.misframed, door.turned_away, close_connections)
    try:
        context = tls(*own, authorities)
        server = Server(
            options.address, options.port, context, doing, most=most, at_once=options.connections
        )
    except (OSError, ssl.SSLError) as error:
        raise Failed(f"MLLP cannot be served: {error}.") from error
    stop_on_signals()
    say(f"Serving MLLP at {options.address}:{server.port}. Ctrl-C stops it.")
    try:
        server.serve()
    except (KeyboardInterrupt, Stopped):
        server.close()
