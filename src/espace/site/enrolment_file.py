"""Reading the CSV file of `./espace enrol`: one person a line, every fault with its line and its reason."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import StringIO

from espace.enrolment.facts import Candidate
from espace.identity.facts import Ins, Traits
from espace.identity.rules import ins_problem

HEADER = ["ins", "oid", "birth_name", "given_names", "birth_date", "sex", "birth_place", "email"]
NAME_MOST = 100

_PLACE = re.compile(r"(?:[0-9]{2}|2[AB])[0-9]{3}", re.ASCII)
_EMAIL = re.compile(r"[^@\s,;:<>\"]{1,64}@[^@\s,;:<>\"]{1,190}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file, counted from 1: somebody to open a space for, or why it is refused."""

    number: int
    candidate: Candidate | None
    refusal: str = ""


class NotAnEnrolmentFile(Exception):
    """The file as a whole cannot be read; the message is a sentence."""


def read(data: bytes, *, test_identities: bool) -> Iterator[Line]:
    """The lines after the header. Raises NotAnEnrolmentFile."""
    try:
        rows = csv.reader(StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        header = next(rows, [])
        if header != HEADER:
            raise NotAnEnrolmentFile(f"The first line must be exactly: {','.join(HEADER)}")
        for row in rows:
            if row:
                yield _line(rows.line_num, row, test_identities=test_identities)
    except UnicodeDecodeError as error:
        raise NotAnEnrolmentFile("The file is not UTF-8 text.") from error
    except csv.Error as error:
        raise NotAnEnrolmentFile(f"Line {rows.line_num} is not CSV: {error}.") from error


def _line(number: int, row: list[str], *, test_identities: bool) -> Line:
    if len(row) != len(HEADER):
        return Line(number, None, f"{len(row)} fields instead of {len(HEADER)}")
    ins, oid, birth_name, given_names, birth_date, sex, birth_place, email = (field.strip() for field in row)
    if wrong := ins_problem(Ins(ins, oid), test_identities=test_identities):
        return Line(number, None, f"{wrong.code}: {wrong.professional.en}")
    born = _date(birth_date)
    faults = (
        ("birth_name: 1 to 100 letters", _is_name(birth_name)),
        ("given_names: names separated by spaces", _is_name(given_names)),
        ("birth_date: YYYY-MM-DD, a day that exists, from 1850 on", born is not None),
        ("sex: M or F", sex in ("M", "F")),
        ("birth_place: five characters of the INSEE code, or nothing", not birth_place or _is_place(birth_place)),
        ("email: an address, or nothing", not email or bool(_EMAIL.fullmatch(email))),
    )
    refusals = [fault for fault, holds in faults if not holds]
    if refusals or born is None:
        return Line(number, None, "; ".join(refusals))
    traits = Traits(birth_name, tuple(given_names.split()), born, sex, birth_place)
    return Line(number, Candidate(Ins(ins, oid), traits, email))


def _is_name(text: str) -> bool:
    return 0 < len(text) <= NAME_MOST and any(c.isalpha() for c in text) and all(c.isprintable() for c in text)


def _is_place(text: str) -> bool:
    return bool(_PLACE.fullmatch(text))


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
    return found if found and found.year >= 1850 else None
