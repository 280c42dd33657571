"""`./espace serve`."""

import argparse

from espace.site.config import load
from espace.site.metrics import begin
from espace.site.runtime import hosted
from espace.site.supervisor import supervised, wait_until_ready, watch, web_server
from espace.site.telemetry import require_packages
from espace.site.terminal import Failed, Stopped, ignore_signals, say, stop_on_signals
from espace.site.testbed import becomes_free


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "Listens on loopback at ESPACE_PORT; put a reverse proxy in front. Run ./espace migrate first."


def run(options: argparse.Namespace) -> int:
    stop_on_signals()
    config = load()
    require_packages(config.otlp_url)
    with hosted(config) as database:
        if not becomes_free(config.port):
            raise Failed(f"Port {config.port} is taken by another program: choose another with ESPACE_PORT.")
        begin(config)
        with supervised([web_server(config)]) as children:
            try:
                wait_until_ready(config, children)
                say(f"Serving at http://localhost:{config.port}. Ctrl-C stops it.")
                watch(children, database)
            except (KeyboardInterrupt, Stopped):
                ignore_signals()
    return 0
