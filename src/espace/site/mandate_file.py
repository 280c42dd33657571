"""Reading the CSV file of `./espace mandate attach`: one statement of an authority a line (A18, A25)."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from io import StringIO
from typing import TypeVar

from django.utils.timezone import get_default_timezone

from espace.identity.facts import Ins
from espace.identity.facts.mandates import Helps, Proof, Protection, Scope
from espace.identity.rules import ins_problem

HEADER = ["ins", "oid", "helper_ins", "helper_oid", "kind", "scope", "until", "measure", "decision"]
MOST_DECISION = 200
STATED = (Helps.PARENT, Helps.GUARDIAN)
Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Stated:
    """Who stands for whom, by an authority's word. `until` is its last moment."""

    helped: Ins
    helper: Ins
    kind: Helps
    scope: Scope
    until: datetime | None
    proof: Proof | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file, counted from 1: what it states, or why it is refused."""

    number: int
    stated: Stated | None
    refusal: str = ""


class NotAMandateFile(Exception):
    """The file as a whole cannot be read; the message is a sentence."""


def read(data: bytes, *, test_identities: bool) -> Iterator[Line]:
    """The lines after the header. Raises NotAMandateFile."""
    try:
        rows = csv.reader(StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        if next(rows, []) != HEADER:
            raise NotAMandateFile(f"The first line must be exactly: {','.join(HEADER)}")
        for row in rows:
            if row:
                yield _line(rows.line_num, [field.strip() for field in row], test_identities=test_identities)
    except UnicodeDecodeError as error:
        raise NotAMandateFile("The file is not UTF-8 text.") from error
    except csv.Error as error:
        raise NotAMandateFile(f"Line {rows.line_num} is not CSV: {error}.") from error


def _line(number: int, row: list[str], *, test_identities: bool) -> Line:
    if len(row) != len(HEADER):
        return Line(number, None, f"{len(row)} fields instead of {len(HEADER)}")
    ins, oid, helper_ins, helper_oid, kind_said, scope_said, until_said, measure_said, decision = row
    helped, helper = Ins(ins, oid), Ins(helper_ins, helper_oid)
    kind, scope = _word(Helps, kind_said), _word(Scope, scope_said or Scope.ACT)
    until, measure = _day(until_said), _word(Protection, measure_said)
    faults = (
        *_ins_faults("ins", helped, test_identities=test_identities),
        *_ins_faults("helper_ins", helper, test_identities=test_identities),
        ("kind: parent or guardian", kind in STATED),
        ("scope: read or act, or nothing for act", scope is not None),
        ("until: YYYY-MM-DD, or nothing", until is not None or not until_said),
        (f"measure: {', '.join(Protection)}, or nothing", measure is not None or not measure_said),
        (f"decision: {MOST_DECISION} characters at most", len(decision) <= MOST_DECISION and decision.isprintable()),
    )
    refusals = [fault for fault, holds in faults if not holds]
    if refusals or kind is None or scope is None:
        return Line(number, None, "; ".join(refusals))
    proof = Proof(measure, decision) if measure else None
    return Line(number, Stated(helped, helper, kind, scope, until, proof))


def _ins_faults(name: str, ins: Ins, *, test_identities: bool) -> tuple[tuple[str, bool], ...]:
    wrong = ins_problem(ins, test_identities=test_identities)
    return ((f"{name}: {wrong.code}: {wrong.professional.en}", False),) if wrong else ()


def _word(of: type[Word], said: str) -> Word | None:
    try:
        return of(said)
    except ValueError:
        return None


def _day(said: str) -> datetime | None:
    """The end of that day in France."""
    try:
        day = date.fromisoformat(said) if len(said) == 10 else None
        return datetime.combine(day + timedelta(days=1), time.min, get_default_timezone()) if day else None
    except (ValueError, OverflowError):
        return None
