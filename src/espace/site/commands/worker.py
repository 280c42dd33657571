"""`./espace worker`."""

import argparse

from espace.site.runtime import close_connections, opened
from espace.site.terminal import Stopped, stop_on_signals


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="do what waits, then stop")


def run(options: argparse.Namespace) -> int:
    with opened():
        from espace.site.worker import run_forever, run_until_idle

        stop_on_signals()
        try:
            run_until_idle() if options.once else run_forever()
        except (Stopped, KeyboardInterrupt):
            return 0
        finally:
            close_connections()
    return 0
