"""`./espace token WHO [--ins INS]`: one hour's bearer token, alone on standard output."""

import argparse
from datetime import timedelta

from espace.site.runtime import close_connections, opened
from espace.site.terminal import Failed

ORGANISATIONS = ("hospital", "laboratory", "pharmacy")
NOT_YET = ("doctor", "stranger", "nurse", "app")
LIFETIME = timedelta(hours=1)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("who", choices=(*ORGANISATIONS, "holder", *NOT_YET))
    parser.add_argument("--ins", help="with holder: the 15 characters of the INS of that holder (default: Camille)")
    parser.epilog = "Works whether the server is up or not; demonstration and test homes only."


def run(options: argparse.Namespace) -> int:
    if options.who in NOT_YET:
        raise Failed(f"{options.who}: professionals and applications do not read yet; there is no token to give.")
    if options.ins and options.who != "holder":
        raise Failed("--ins goes with holder.")
    with opened(marked=True) as config:
        from espace.site.demo import tokens

        try:
            token = (
                tokens.of_holder(options.ins, lifetime=LIFETIME, test_identities=config.test_identities)
                if options.who == "holder"
                else tokens.of_organisation(options.who, lifetime=LIFETIME)
            )
        finally:
            close_connections()
    if token is None:
        raise Failed("nobody has a space under this INS: see ./espace enrol.")
    print(token)
    return 0
