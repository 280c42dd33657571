"""The crowd put by several processes at once: this one, and children that never outlive it."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from espace.site.processes import start_child, stop_child
from espace.site.source import tool_environment
from espace.site.terminal import Failed


def shared(shares: int, work: Callable[[int], None]) -> None:
    """Every share done: the first by `work` here, each other in a process. Raises Failed when one of those fails."""
    with _children(shares) as children:
        work(0)
        if any(child.wait() for child in children):
            raise Failed("A part of the demonstration could not be put: run the same command again, it goes on.")


@contextmanager
def _children(shares: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """One child for each other share; all gone after the block, whatever happens in it."""
    children: list[subprocess.Popen[bytes]] = []
    try:
        for share in range(1, shares):
            command = (sys.executable, "-P", "-m", "espace.site.demo.share", str(share))
            children.append(start_child(command, environment=tool_environment()))
        yield children
    finally:
        for child in children:
            stop_child(child)
