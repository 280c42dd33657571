"""`./espace seed`: the people and documents of the demonstration."""

import argparse

from espace.site.runtime import close_connections, opened
from espace.site.terminal import say


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "Demonstration and test homes only; done once, it does nothing."


def run(options: argparse.Namespace) -> int:
    with opened(marked=True):
        from espace.site.demo.seed import seed

        try:
            say(f"{seed()} documents of the demonstration are there.")
        finally:
            close_connections()
    return 0
