"""Talking to the person at the terminal: words, refusals, signals."""

import signal
import sys
from types import FrameType


class Failed(Exception):
    """A command cannot do what was asked; the message is a sentence for people."""


class Stopped(BaseException):
    """SIGTERM or SIGHUP arrived: leave, cleaning on the way."""


def say(line: str) -> None:
    """A line of progress, for people: standard output stays free for what was asked."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def stop_on_signals() -> None:
    """From now on SIGTERM and SIGHUP raise Stopped, and Ctrl-C KeyboardInterrupt.

    A shell starts what it puts in the background deaf to SIGINT: we listen all the same. `nohup` asks us to
    be deaf to SIGHUP: we obey.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _stop)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _stop)


def ignore_signals() -> None:
    """While cleaning: a second Ctrl-C must not leave half of it."""
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped
