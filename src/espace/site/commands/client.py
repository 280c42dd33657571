"""`./espace client WHO KEYS.json`: let a software of a member of the cast ask for tokens with its own key."""

import argparse
import json
from pathlib import Path

from espace.site.commands.token import ORGANISATIONS
from espace.site.runtime import close_connections, opened
from espace.site.terminal import Failed


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("who", choices=ORGANISATIONS)
    parser.add_argument("keys", type=Path, help="a JWK set (RFC 7517) of public keys: RSA from 2048 bits, P-256, P-384")
    parser.epilog = (
        "Prints the client_id for POST /oauth/token (client_credentials, private_key_jwt); again replaces the keys. "
        "Demonstration and test homes only."
    )


def run(options: argparse.Namespace) -> int:
    try:
        keys = json.loads(options.keys.read_bytes())
    except OSError as error:
        raise Failed(f"{options.keys} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise Failed(f"{options.keys} is not JSON.") from error
    if not isinstance(keys, dict):
        raise Failed(f'{options.keys} is not a JWK set: {{"keys": […]}} is expected.')
    with opened(marked=True):
        from espace.site.demo import tokens

        try:
            print(tokens.register_client(options.who, keys))
        finally:
            close_connections()
    return 0
