"""Children that never outlive us: started in their own session, told by the kernel when their parent dies."""

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from espace.site.places import Account

_PR_SET_PDEATHSIG = 1
BOUND = "ESPACE_BOUND_TO_PARENT"
_libc = ctypes.CDLL(None, use_errno=True)


def bound_to_parent(death_signal: int, parent: int) -> Callable[[], None]:
    """What a child runs before its program: the kernel sends it `death_signal` when `parent` ends."""

    def bind() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
        if os.getppid() != parent:
            os.kill(os.getpid(), death_signal)

    return bind


def bind_to_supervisor() -> None:
    """In a server's worker: end when the server ends. Only under our own supervision (`BOUND` is set).

    The server leads the session of its workers (`start_child`): one that was killed before this line has left its
    number there, and another parent.
    """
    if os.environ.get(BOUND) == "1":
        bound_to_parent(signal.SIGTERM, os.getsid(0))()


def start_child(
    command: Sequence[str | Path],
    *,
    account: Account | None = None,
    environment: Mapping[str, str] | None = None,
    output: IO[bytes] | int | None = None,
    death_signal: int = signal.SIGTERM,
    folder: Path | None = None,
) -> subprocess.Popen[bytes]:
    """A child in its own session: the terminal's Ctrl-C reaches only us, and we stop children in order."""
    identity = account or Account(None, None)
    return subprocess.Popen(  # noqa: S603  the command is ours, never read from outside
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        env=environment,
        cwd=folder,
        user=identity.uid,
        group=identity.gid,
        extra_groups=None if identity.uid is None else [],
        start_new_session=True,
        preexec_fn=bound_to_parent(death_signal, os.getpid()),
    )


def stop_child(child: subprocess.Popen[bytes], *, by: int = signal.SIGTERM, within: float = 15) -> None:
    """Ask the child to end; insist after the given seconds. Nothing of its session is left."""
    if child.poll() is None:
        child.send_signal(by)
        with suppress(subprocess.TimeoutExpired):
            child.wait(within)
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
