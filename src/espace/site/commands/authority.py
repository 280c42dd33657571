"""`./espace authority`: a certification authority for tests and its certificates, in a folder."""

import argparse
import re
from pathlib import Path

from espace.edge import now
from espace.site import certifying
from espace.site.terminal import Failed, say
from espace.wire.saml.certificates import is_person, is_structure

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", re.ASCII)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="where the authority is, or is made")
    parser.add_argument(
        "--structure",
        action="append",
        default=[],
        metavar="STRUCT_IDNAT",
        help="a structure (1 and its FINESS, 3 and its SIRET): a certificate to connect, another to sign",
    )
    parser.add_argument(
        "--person",
        action="append",
        default=[],
        metavar="PS_IDNAT",
        help="a professional (8 and the RPPS): the certificate of their card",
    )
    parser.add_argument("--server", action="append", default=[], metavar="NAME", help="a test server: for its proxy")


def run(options: argparse.Namespace) -> int:
    _check(options)
    at = now()
    try:
        by = certifying.authority(options.folder, at=at)
        made = [path for one in options.structure for path in certifying.structure(by, one, at=at)]
        made += [path for one in options.person for path in certifying.person(by, one, at=at)]
        made += [path for one in options.server for path in certifying.server(by, one, at=at)]
    except (OSError, ValueError) as error:
        raise Failed(f"{options.folder} cannot be used: {error}.") from error
    for path in made:
        say(f"made: {path} and its .key")
    say(f"to accept them: ESPACE_AUTHORITIES={options.folder.absolute() / certifying.AUTHORITY}.pem")
    return 0


def _check(options: argparse.Namespace) -> None:
    for kind, sound in (("structure", _is_file_name), ("person", is_person), ("server", _HOST.fullmatch)):
        for one in getattr(options, kind):
            if not sound(one):
                raise Failed(f"--{kind} {one}: not such a number or name.")


def _is_file_name(structure: str) -> bool:
    """The technical ids of some structures have what a file name may not."""
    return is_structure(structure) and structure.isalnum()
