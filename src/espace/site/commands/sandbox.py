"""`./espace sandbox NAME`: a vendor's organisation, keys and patients, as files; the page of a demonstration gives them
too."""

import argparse
from pathlib import Path

from espace.site.private import write_private
from espace.site.runtime import close_connections, opened
from espace.site.terminal import Failed, say


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="your organisation")
    parser.add_argument("--software", default="logiciel", help="your software (default: logiciel)")
    parser.add_argument("--to", type=Path, default=Path("bac-a-sable"), help="the folder made (default: bac-a-sable)")
    parser.epilog = (
        "Prints the client id. Test identities only: demonstration and test homes. As many an hour, and in all, as "
        "ESPACE_SANDBOX_HOUR and ESPACE_SANDBOX_MOST say."
    )


def run(options: argparse.Namespace) -> int:
    from espace.site.sandbox.facts import is_name

    if not is_name(options.name) or not is_name(options.software):
        raise Failed("A name has 2 to 80 signs, one of them a letter.")
    if options.to.exists():
        raise Failed(f"{options.to} is there already: choose another folder with --to.")
    with opened(marked=True):
        try:
            return _make(options)
        finally:
            close_connections()


def _make(options: argparse.Namespace) -> int:
    from espace.edge import now
    from espace.site.sandbox.facts import Full, Vendor
    from espace.site.sandbox.giving import give

    given = give(Vendor(options.name, options.software), at=now())
    if isinstance(given, Full):
        raise Failed(_SENTENCES[given])
    try:
        options.to.mkdir(mode=0o700, parents=True)
        for name, content in given.files.items():
            write_private(options.to / name, content.decode())
    except OSError as error:
        raise Failed(f"{options.to} cannot be written: {error.strerror}.") from error
    say(f"{len(given.files)} files in {options.to}; begin with README.md.")
    print(given.sandbox.client_id)
    return 0


_SENTENCES = {
    "hour": "Too many sandboxes were made in the last hour: try again later.",
    "most": "This installation has all the sandboxes that it may have: ./espace reset makes room.",
}
