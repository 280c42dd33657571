"""`espace-feed`: the command line."""

import argparse
import json
import signal
import sqlite3
import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from pathlib import Path
from threading import Event

from espace_feed import config, page
from espace_feed.credentials import NoToken, public_jwk, write_key
from espace_feed.facts import Held, State
from espace_feed.feeder import Feeder, Status
from espace_feed.folder import Folders, again, release
from espace_feed.net import Https


def main(words: Sequence[str] | None = None) -> int:
    """The code to exit with: 0 all well, 1 something waits or was stopped, 2 it could not be done."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # pages of code that lack a letter of a French sentence
    options = _parser().parse_args(words)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except FileNotFoundError as error:
        return _failed(f"no such file: {error.filename or error}")
    except Held as held:
        return _failed("; ".join(one.sentence for one in held.why))
    except (config.BadSettings, NoToken, OSError, sqlite3.Error) as error:
        return _failed(str(error))


def _failed(sentence: str) -> int:
    _say(sentence)
    return 2


def _say(sentence: str) -> None:
    sys.stderr.write(f"espace-feed: {sentence}\n")
    sys.stderr.flush()


def _tell(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("espace-feed", description="Feeds a personal health space from a folder.")
    orders = parser.add_subparsers(required=True, metavar="COMMAND")
    made = orders.add_parser("new", help="make a folder with its inbox and a settings file to fill in")
    made.add_argument("folder", type=Path)
    made.add_argument("--url", default=config.DEMONSTRATION, help="the FHIR door of the platform (%(default)s)")
    made.set_defaults(run=_new)
    key = orders.add_parser("key", help="make a private key and write the set of public keys to register")
    key.add_argument("file", type=Path)
    key.set_defaults(run=_key)
    watch = orders.add_parser("watch", help="send what is dropped in FOLDER/inbox, until stopped")
    watch.add_argument("--once", action="store_true", help="send what is there, then end")
    watch.set_defaults(run=_watch)
    submit = orders.add_parser("submit", help="send one file; its sidecar is FILE.json")
    submit.set_defaults(run=_submit)
    status = orders.add_parser("status", help="counts, what waits and what was stopped")
    status.set_defaults(run=_status)
    for one in (watch, submit, status):
        one.add_argument("folder", type=Path)
        one.add_argument("--url", help="the FHIR door of the platform")
        one.add_argument("--token-command", help="a command that writes a token")
    watch.add_argument("--page", type=int, help="port of the status page on this machine (0: none)")
    submit.add_argument("file", type=Path)
    for name, run, said in (
        ("release", _release, "out of the quarantine: the identity is qualified, and I say so"),
        ("again", _again, "a refused document, its cause put right"),
    ):
        back = orders.add_parser(name, help=said)
        back.add_argument("folder", type=Path)
        back.add_argument("name", help="of the file")
        back.set_defaults(run=run)
    return parser


def _new(options: argparse.Namespace) -> int:
    text = config.sample(options.url)
    Folders(options.folder)
    settings = options.folder / config.FILE
    if not settings.exists():
        settings.write_text(text, encoding="utf-8")
    _tell(str(settings))
    return 0


def _key(options: argparse.Namespace) -> int:
    if not options.file.exists():
        write_key(options.file)
    _tell(json.dumps({"keys": [public_jwk(options.file.read_bytes())]}))
    return 0


def _settings(options: argparse.Namespace) -> config.Settings:
    if not options.folder.is_dir():
        raise config.BadSettings(f"{options.folder} is not a folder: espace-feed new makes one")
    named = {name: getattr(options, name, None) for name in ("url", "token_command", "page")}
    return config.load(options.folder, named)


def _feeder(settings: config.Settings) -> Feeder:
    return Feeder(
        settings.url,
        settings.credentials,
        settings.folder,
        usual=settings.usual,
        keep_sent=settings.keep_sent,
        call=Https(settings.ca),
        say=_say,
    )


def _watch(options: argparse.Namespace) -> int:
    settings = _settings(options)
    feeder = _feeder(settings)
    if options.once:
        return _told(feeder.once())
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    if settings.page:
        served = page.serve(settings.page, feeder.status)
        _say(f"status page: http://localhost:{served.server_port}/")
    _say(f"watching {settings.folder / 'inbox'}")
    feeder.watch(settings.every, stop.is_set, stop.wait)
    return 0


def _submit(options: argparse.Namespace) -> int:
    deposit = _feeder(_settings(options)).submit(options.file)
    _tell(f"{deposit.name}: {deposit.state} {deposit.document or deposit.unique_id}".rstrip())
    for one in deposit.why:
        _tell(f"  {one.sentence} [{one.code}] {one.place} {one.fix}".rstrip())
    return 0 if deposit.state is State.SENT else 1


def _status(options: argparse.Namespace) -> int:
    return _told(_feeder(_settings(options)).status())


def _told(status: Status) -> int:
    stopped = (*status.quarantined, *status.refused)
    _tell(
        f"sent {status.sent}, waiting {status.waiting}, quarantine {len(status.quarantined)},"
        f" refused {len(status.refused)}, without sidecar {len(status.unaccompanied)}"
    )
    for name, text in stopped:
        _tell(f"\n{name}\n{text}".rstrip())
    return 1 if stopped or status.waiting or status.unaccompanied else 0


def _folders(options: argparse.Namespace) -> Folders:
    if not options.folder.is_dir():
        raise config.BadSettings(f"{options.folder} is not a folder")
    return Folders(options.folder)


def _release(options: argparse.Namespace) -> int:
    release(_folders(options), options.name)
    return 0


def _again(options: argparse.Namespace) -> int:
    again(_folders(options), options.name)
    return 0
