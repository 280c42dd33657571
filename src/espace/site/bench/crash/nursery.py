"""A process that has read the programs and forks them when told: `python -m espace.site.bench.crash.nursery FOLDER`.

Reading them takes seconds, and a campaign starts them hundreds of times. What is forked runs as `serve` and `worker`
run: the same granian with the same words, the same worker. One line in, « web WORDS… » or « worker »; one line out, the
number of the process.
"""

import gc
import os
import runpy
import select
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from espace.site.bench.crash.points import Armed, install
from espace.site.processes import BOUND, bound_to_parent

REAP_SECONDS = 0.1


def main(folder: Path) -> None:
    import granian.cli
    from django.urls import reverse

    import_module("espace.site.wsgi")  # read here, once, for every child
    reverse("home")  # and so are the pages
    install(Armed(folder))
    if (count := threading.active_count()) != 1:
        raise RuntimeError(f"{count} threads: what is forked would miss them")
    gc.collect()
    gc.freeze()  # what is read here is never looked at again: its memory stays shared
    runs: dict[str, Callable[[], object]] = {"web": granian.cli.entrypoint, "worker": _worker}
    _say("ready")
    while (line := _line()) is not None:
        name, *words = line.split()
        _say(str(_forked(runs[name], ["espace", *(words or [name])])))


def _line() -> str | None:
    """The next order; what died meanwhile is let go of. None once nobody can give any."""
    while not select.select([sys.stdin], [], [], REAP_SECONDS)[0]:
        _reap()
    _reap()
    return sys.stdin.readline() or None


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def _forked(run: Callable[[], object], words: list[str]) -> int:
    parent = os.getpid()
    if pid := os.fork():
        return pid
    code = 1
    try:
        os.setsid()
        bound_to_parent(signal.SIGKILL, parent)()
        os.environ[BOUND] = "1"
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        sys.argv = words
        run()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except BaseException:
        traceback.print_exc()
    os._exit(code)


def _worker() -> None:
    """`./espace worker`, whose words are in `sys.argv`."""
    runpy.run_module("espace", run_name="__main__")


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    from espace.site.runtime import set_up_django

    set_up_django()
    main(Path(sys.argv[1]))
