"""`./espace test`."""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from espace.site.foreign import install
from espace.site.source import ROOT, tool_environment
from espace.site.terminal import Failed, say, stop_on_signals
from espace.site.testbed import throwaway_installation, without_settings
from espace.site.variables import text_default

PASSES_ON = "pytest"
OWN_PROCESSES = ("-n", "--numprocesses", "--pdb", "--dist")
PROXIES = {"nginx": "nginx-light", "haproxy": "haproxy"}
SYSTEM_PROGRAMS = "/usr/sbin"
TWO_WORKERS = ("-n", "2", "--dist", "worksteal")
"""Each begins with a half, in order, so that what a file makes for its tests is made once; who is done first takes from
the other. (pytest's usual way hands out long batches early: a worker waits more than a minute at the end.)"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "Other words go to pytest, for instance ./espace test -k portal. ESPACE_CHROMIUM names a browser; "
        "with CI=true a missing browser or node is a failure."
    )


def run(options: argparse.Namespace) -> int:
    stop_on_signals()
    missing = what_is_missing(os.environ)
    if not missing or os.environ.get("CI") != "true":
        missing += install(os.environ)
    if missing and os.environ.get("CI") == "true":
        raise Failed(f"Some tests cannot run here: {' '.join(missing)}")
    workers = () if any(word.startswith(OWN_PROCESSES) for word in options.more) else TWO_WORKERS
    say("Starting a throw-away database…")
    with throwaway_installation() as installation:
        environment = without_settings(tool_environment()) | installation | {"ESPACE_TESTBED": "1"}
        # The tests start hundreds of processes, and each would compile the program anew: four times the CPU to start.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        command = [sys.executable, "-m", "pytest", *workers, *options.more]
        ended = subprocess.run(command, cwd=ROOT, env=environment, check=False)  # noqa: S603  ours
    for line in missing:
        say(f"Could not run: {line}")
    return 1 if ended.returncode else 0


def what_is_missing(environment: Mapping[str, str]) -> list[str]:
    """A sentence for each tool that some tests need and that this machine has not."""
    browser = Path(environment.get("ESPACE_CHROMIUM", text_default("ESPACE_CHROMIUM")))
    lines = []
    if not os.access(browser, os.X_OK):
        lines.append(f"the browser journeys ({browser} is absent: apt-get install chromium, or ESPACE_CHROMIUM).")
    if shutil.which("node", path=environment.get("PATH")) is None:
        lines.append("the foreign judges that need node (apt-get install nodejs).")
    for proxy, package in PROXIES.items():
        if shutil.which(proxy, path=f"{environment.get('PATH', '')}:{SYSTEM_PROGRAMS}") is None:
            lines.append(f"the tests behind {proxy} (apt-get install {package}).")
    return lines
