"""`./espace check`."""

import argparse
import subprocess
import sys

from espace.site.mutants import LONGEST, TARGETS, run_mutants
from espace.site.source import ROOT, tool_environment
from espace.site.terminal import say

CHECKS: dict[str, tuple[str, ...]] = {
    "style": ("-m", "ruff", "check", "."),
    "types": ("-m", "mypy"),
    "architecture": ("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"),
}


LIGHTHOUSE: dict[str, tuple[str, ...]] = {
    "lighthouse": ("-P", "-m", "espace", "test", "-n0", "-q", "tests/foreign/lighthouse_pages.py"),
}
"""Minutes of a browser: asked for, never part of the others."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = f"Runs: {', '.join(CHECKS)}."
    parser.add_argument(
        "--lighthouse", action="store_true", help="judge the main pages instead (needs Chromium, node and npm)"
    )
    parser.add_argument(
        "--mutants", nargs="*", metavar="TARGET",
        help=f"put faults in a copy of the rules, to see that tests meet them: {', '.join(TARGETS)} (all), a file",
    )  # fmt: skip
    parser.add_argument(
        "--minutes", type=float, default=LONGEST, help="with --mutants: give up after these (%(default)s)"
    )
    parser.add_argument(
        "--processes", type=int, choices=(1, 2), default=2, help="with --mutants: how many at once (%(default)s)"
    )


def run(options: argparse.Namespace) -> int:
    if options.mutants is not None:
        return run_mutants(options.mutants, minutes=options.minutes, processes=options.processes)
    checks = LIGHTHOUSE if options.lighthouse else CHECKS
    failed = [name for name, words in checks.items() if not _passes(name, words)]
    say(f"Failed: {', '.join(failed)}." if failed else "All checks pass.")
    return 1 if failed else 0


def _passes(name: str, words: tuple[str, ...]) -> bool:
    say(f"— {name}")
    command = [sys.executable, *words]
    return subprocess.run(command, cwd=ROOT, env=tool_environment(), check=False).returncode == 0  # noqa: S603  ours
