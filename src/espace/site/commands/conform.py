"""`./espace conform`: the official scenarios against a server, or a vendor's messages, with a verdict each."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from espace.site.conform import gathering, junit, page, playing
from espace.site.conform.equipment import Patient
from espace.site.conform.facts import CannotRun, Report, Result, Scenario, Verdict
from espace.site.conform.scenarios import SCENARIOS
from espace.site.conform.words import COUNTS, VERDICTS, plain, rows, said
from espace.site.terminal import say

PASSED, FAILED, COULD_NOT = 0, 1, 2


def arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--target", metavar="URL", help="a server: http://… or https://…, without the path of its doors")
    what.add_argument("--traffic", type=Path, metavar="PATH", help="messages in files: .json, .xml, .mime, .hl7")
    what.add_argument("--list", action="store_true", help="the scenarios, and nothing else")
    what.add_argument("--patient", action="store_true", help="the test patient, as ./espace enrol reads people")
    parser.add_argument("--with", dest="file", type=Path, metavar="FILE", help="all that follows, in TOML")
    parser.add_argument("--token-command", metavar="COMMAND", help="prints the token of the structure that feeds")
    parser.add_argument("--reader-token-command", metavar="COMMAND", help="prints that of a reader of the record")
    parser.add_argument("--structure", metavar="STRUCT_IDNAT", help="the structure that feeds")
    parser.add_argument("--source-id", metavar="OID", help="its source of submissions")
    parser.add_argument("--certificate", metavar="PEM", help="with which it connects")
    parser.add_argument("--key", metavar="PEM", help="of that certificate (default: its name ending with .key)")
    parser.add_argument("--signing-certificate", metavar="PEM", help="with which it signs (default: the same)")
    parser.add_argument("--signing-key", metavar="PEM", help="of that certificate")
    parser.add_argument("--ca", metavar="PEM", help="authorities of the server’s certificate (default: the machine’s)")
    parser.add_argument("--audience", metavar="URL", help="whom assertions are for (default: the target, then /xds)")
    parser.add_argument("--mllp", metavar="HOST:PORT", help="the MLLP service, over TLS")
    parser.add_argument("--movements", action="store_true", help="PAM-FR too: for a moment the patient objects")
    parser.add_argument("--ins", metavar="INS", help="15 characters: the number of the test patient")
    parser.add_argument("--only", action="append", default=[], metavar="ID", help="a scenario or a family; repeatable")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="the verdicts in JUnit XML")
    parser.add_argument("--html", type=Path, metavar="FILE", help="the verdicts on a page")
    parser.add_argument("--lang", choices=("fr", "en"), default="fr", help="of titles and sentences")
    parser.epilog = "Exit code: 0 all passed, 1 something failed, 2 nothing could be judged."


def run(options: argparse.Namespace) -> int:
    if options.list or options.patient:
        return _told(options)
    try:
        report = _read(options) if options.traffic else _played(options)
        for path, write in ((options.junit, junit.written), (options.html, page.written)):
            if path:
                path.write_bytes(write(report, options.lang))
    except (CannotRun, OSError) as error:
        say(f"espace: {error}")
        return COULD_NOT
    counts = ", ".join(f"{report.count(one)} {said(COUNTS[one], options.lang)}" for one in Verdict)
    say(f"{plain(report.of)}: {counts}")
    return FAILED if report.count(Verdict.FAILED) else PASSED


def _told(options: argparse.Namespace) -> int:
    if options.patient:
        print("ins,oid,birth_name,given_names,birth_date,sex,birth_place,email")
        who = Patient()
        given = " ".join(who.given_names)
        print(f"{who.ins},{who.authority},{who.birth_name},{given},{who.birth_date},{who.sex},{who.birth_place},")
        return PASSED
    for one in SCENARIOS:
        print(f"{one.id:<28}{said(one.title, options.lang)}")
    return PASSED


def _read(options: argparse.Namespace) -> Report:
    from espace.site.conform import traffic  # the readers of all doors take half a second

    return traffic.run(options.traffic, _teller(options.lang))


def _played(options: argparse.Namespace) -> Report:
    return playing.run(gathering.equipment(options), _chosen(options.only), _teller(options.lang))


def _chosen(only: Sequence[str]) -> Sequence[Scenario]:
    """Raises CannotRun for a word that chooses nothing."""
    for word in only:
        if not any(word in (one.id, one.family) for one in SCENARIOS):
            raise CannotRun(f"--only {word}: no such scenario or family, see --list.")
    return [one for one in SCENARIOS if not only or one.id in only or one.family in only]


def _teller(language: str) -> Callable[[Result], None]:
    """Each verdict on the terminal as it comes; what failed with all that was wrong."""

    def tell(one: Result) -> None:
        title = said(one.title, language)
        name = "" if one.id in title else f"{plain(one.id):<28}"
        say(f"{said(VERDICTS[one.verdict], language):<16}{name}{said(one.why, language) if one.why else title}")
        for each in one.differences:
            for name, text in rows(each, language):
                say(f"{'':<16}{name}: {text}")

    return tell
