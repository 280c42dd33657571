"""`./espace demo`."""

import argparse
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from espace.edge import now
from espace.site import certifying
from espace.site.authorities import own_authority, own_certificate
from espace.site.config import BadConfiguration, Config, Mark, load, prepare_home, write_mark
from espace.site.databases import migrate
from espace.site.metrics import begin
from espace.site.places import places_of
from espace.site.postgres import running
from espace.site.runtime import close_connections, set_up_django
from espace.site.supervisor import (
    identity_provider,
    mail_catcher,
    supervised,
    wait_until_ready,
    watch,
    web_server,
    worker,
)
from espace.site.telemetry import require_packages
from espace.site.terminal import Failed, Stopped, ignore_signals, say, stop_on_signals
from espace.site.testbed import becomes_free


class AlreadyRunning(Exception):
    """Another demonstration runs in this home; the message is its port."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "Ctrl-C stops it. Its people and documents stay in ESPACE_HOME until ./espace reset."


def run(options: argparse.Namespace) -> int:
    stop_on_signals()
    config = _marked_home(load())
    require_packages(config.otlp_url)
    try:
        with _only_one(config):
            _check_ports(config)
            _make_authority(config)
            return _run(load())
    except AlreadyRunning as other:
        say(f"The demonstration is already running at http://localhost:{other}")
        return 0


def _run(config: Config) -> int:
    say("[1/4] Starting the database…")
    with running(config, patient=False, owning=True) as server:
        set_up_django()
        say("[2/4] Preparing the tables…")
        migrate(config)
        say("[3/4] Putting the people and documents of the demonstration…")
        _seed()
        close_connections()
        say("[4/4] Starting the server…")
        begin(config)
        with supervised([mail_catcher(config), identity_provider(config), web_server(config)]) as children:
            try:
                wait_until_ready(config, children)
                children.start(worker(config))
                _welcome(config)
                watch(children, server)
            except (KeyboardInterrupt, Stopped):
                say("Stopping…")
            finally:
                ignore_signals()
    return 0


def _marked_home(config: Config) -> Config:
    """The home prepared and marked. A real installation is never turned into a demonstration."""
    if config.mark is Mark.NONE and places_of(config.home).data.is_dir():
        raise BadConfiguration(f"{config.home} holds a real installation: choose another ESPACE_HOME for a demo.")
    prepare_home(config)
    try:
        write_mark(config.home, Mark.TEST if config.mark is Mark.TEST else Mark.DEMONSTRATION)
    except OSError as error:
        raise BadConfiguration(f"The folder {config.home} cannot be written ({error.strerror}).") from error
    return config


def _make_authority(config: Config) -> None:
    """Client certificates for vendors who try the demonstration, and one for its own TLS front."""
    pem, at = own_authority(config.home), now()
    try:
        by = certifying.authority(pem.parent, at=at)
        if not (own := own_certificate(config.home)).exists():
            certifying.server(by, own.stem, at=at)
    except (OSError, ValueError) as error:
        raise Failed(f"{pem.parent} cannot be used: {error}.") from error


@contextmanager
def _only_one(config: Config) -> Iterator[None]:
    """The lock of the demonstration; the file says at which port it runs."""
    path = config.home / "run" / "demo.lock"
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(path.read_text(encoding="ascii").strip() or config.port) from None
        lock.truncate(0)
        lock.write(str(config.port))
        lock.flush()
        yield


def _check_ports(config: Config) -> None:
    for port in (config.port, config.provider_port, config.mail_port):
        if not becomes_free(port):
            raise Failed(
                f"Port {port} is taken by another program: "
                "choose another with, for instance, ESPACE_PORT=8100 ./espace demo"
            )


def _seed() -> None:
    from espace.site.demo.seed import seed

    seed(tell=say)


def _welcome(config: Config) -> None:
    here = f"http://localhost:{config.port}"
    for line in (
        "",
        f"  Ready: {here}",
        f"  For professionals: {here}/pro/",
        f"  Demonstration sign-ins and caught mail: {here}/demo/",
        f"  For software: {here}/fhir/metadata",
        f"  A sandbox of your own: {here}/demo/bac-a-sable/",
        f"  Data: {config.home}",
        "",
        "  Ctrl-C stops everything.",
    ):
        say(line)
