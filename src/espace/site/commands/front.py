"""`./espace front`: TLS with client certificates in front of `./espace serve`, for demonstrations and tests."""

import argparse
from pathlib import Path

from espace.site.authorities import own_certificate
from espace.site.config import load
from espace.site.front import Behind, Front, context_of
from espace.site.terminal import Failed, Stopped, say, stop_on_signals


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "The server behind needs ESPACE_TRUSTED_PROXIES=1. In production, put nginx or HAProxy there."
    parser.add_argument(
        "certificate",
        nargs="?",
        type=Path,
        help="the certificate of this server, PEM; its key is beside, .key (default: that of the demonstration)",
    )
    parser.add_argument("--port", type=int, default=8443)
    parser.add_argument("--listen", default="127.0.0.1", help="an address of this machine; loopback by default")


def run(options: argparse.Namespace) -> int:
    stop_on_signals()
    config = load()
    if not config.authorities:
        raise Failed("ESPACE_AUTHORITIES names no file: whose client certificates are accepted?")
    behind = Behind(config.port, config.max_request_bytes)
    certificate = options.certificate or own_certificate(config.home)
    try:
        context = context_of(certificate, certificate.with_suffix(".key"), Path(config.authorities))
        front = Front((options.listen, options.port), behind, context)
    except (OSError, OverflowError) as error:
        raise Failed(f"The front cannot start: {error}.") from error
    with front:
        try:
            say(f"https://{options.listen}:{front.server_port} → http://localhost:{config.port}. Ctrl-C stops it.")
            front.serve_forever()
        except (KeyboardInterrupt, Stopped):
            say("stopped")
    return 0
