"""The command line: finds the command's module, and turns whatever goes wrong into one sentence."""

import argparse
import errno
import importlib
import sys
from collections.abc import Sequence

from espace.kernel.words import Refused
from espace.site.commands import COMMANDS
from espace.site.config import BadConfiguration
from espace.site.terminal import Failed, Stopped, say

OK, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130
DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


def main(words: Sequence[str]) -> int:
    """Exit code: 0 done, 1 refused or failed with a sentence on standard error, 2 usage, 130 interrupted."""
    parser, rest = _parser(), list(words)
    chosen, _ = parser.parse_known_args(rest[:1])
    if chosen.command is None:
        parser.print_help(sys.stderr)
        return USAGE
    module = importlib.import_module(f"espace.site.commands.{chosen.command}")
    mine = argparse.ArgumentParser(prog=f"./espace {chosen.command}", description=_sentence(chosen.command))
    module.arguments(mine)
    options, more = mine.parse_known_args(rest[1:])
    if more and not hasattr(module, "PASSES_ON"):
        mine.error(f"unknown: {' '.join(more)}")
    options.more = more
    try:
        return int(module.run(options))
    except (BadConfiguration, Failed) as error:
        return _say(str(error))
    except Refused as refusal:
        return _say(f"{refusal.reason.professional.fr} ({refusal.reason.code}) {refusal.place}".rstrip())
    except OSError as error:
        if error.errno not in DISK_FULL:
            raise
        return _say("The disk is full: free some room, then run the same command again.")
    except (KeyboardInterrupt, Stopped):
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    width = max(map(len, COMMANDS)) + 2
    table = "\n".join(f"  {name:<{width}}{summary}" for name, summary in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="./espace",
        usage="./espace COMMAND [--help] …",
        description=f"An open platform for a country's personal health space.\n\ncommands:\n{table}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", nargs="?", choices=tuple(COMMANDS), metavar="COMMAND")
    return parser


def _sentence(command: str) -> str:
    summary = COMMANDS[command]
    return f"{summary[0].upper()}{summary[1:]}."


def _say(sentence: str) -> int:
    say(f"espace: {sentence}")
    return FAILED
