"""`./espace token WHO [--ins INS]`: one hour's bearer token, alone on standard output."""

import argparse
from datetime import timedelta

from espace.site.config import Config
from espace.site.runtime import close_connections, opened
from espace.site.terminal import Failed

ORGANISATIONS = ("hospital", "laboratory", "pharmacy")
PROFESSIONALS = ("doctor", "stranger", "nurse")
WITH_INS = ("holder", "app", "doctor", "nurse")
LIFETIME = timedelta(hours=1)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("who", choices=(*ORGANISATIONS, *PROFESSIONALS, "holder", "app"))
    parser.add_argument(
        "--ins",
        help="the 15 characters of an INS. With holder: whose token it is (default: Camille). "
        "With app: who lets the demonstration's application add measures (default: Camille). "
        "With doctor or nurse: that patient's consent is recorded for them, for a day",
    )
    parser.epilog = "Works whether the server is up or not; demonstration and test homes only."


def run(options: argparse.Namespace) -> int:
    if options.ins and options.who not in WITH_INS:
        raise Failed("--ins goes with holder, app, doctor or nurse.")
    with opened(marked=True) as config:
        try:
            token = _token(options.who, options.ins, config)
        finally:
            close_connections()
    if token is None:
        raise Failed("nobody has a space under this INS: see ./espace enrol.")
    print(token)
    return 0


def _token(who: str, ins: str | None, config: Config) -> str | None:
    from espace.site.demo import tokens

    if who in ORGANISATIONS:
        return tokens.of_organisation(who, lifetime=LIFETIME)
    if who in PROFESSIONALS:
        return tokens.of_professional(who, ins, lifetime=LIFETIME, test_identities=config.test_identities)
    if who == "app":
        return tokens.of_app(ins, lifetime=LIFETIME, test_identities=config.test_identities)
    return tokens.of_holder(ins, lifetime=LIFETIME, test_identities=config.test_identities)
