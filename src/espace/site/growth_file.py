"""The CSV file of `./espace growth`: the percentiles of one measure, sex and age a line. Taken whole or not at all."""

import csv
from collections.abc import Iterator
from io import StringIO

from espace.clinical.facts.growth import Percentiles
from espace.clinical.rules.childhood.growing import MEASURES

HEADER = ["measure", "sex", "age_months", "p3", "p50", "p97"]
BYTES_MOST = 4 * 1024 * 1024
AGE_MOST = 18 * 12
VALUE_MOST = 300
FAULTS_MOST = 20
_NO_ROW = Percentiles("", "", 0, 0, 0, 0)


class NotAGrowthFile(Exception):
    """The file is not taken; `lines` are the sentences that say why."""

    def __init__(self, *lines: str) -> None:
        super().__init__(lines[0])
        self.lines = lines


def read(data: bytes) -> tuple[Percentiles, ...]:
    """Every row of a file, UTF-8, separated by commas or semicolons. Raises NotAGrowthFile with the lines that are
    wrong, the first twenty of them."""
    if len(data) > BYTES_MOST:
        raise NotAGrowthFile(f"The file is larger than {BYTES_MOST} bytes.")
    faults: list[str] = []
    found: dict[tuple[str, str, float], Percentiles] = {}
    for number, cells in _rows(data):
        row, wrong = _row(cells)
        key = (row.measure, row.sex, row.age)
        if not wrong and key in found:
            wrong = "this measure, sex and age are already in the file"
        if wrong:
            faults.append(f"line {number}: {wrong}")
        else:
            found[key] = row
    if not found and not faults:
        faults.append("The file has no curve.")
    if faults:
        raise NotAGrowthFile(*faults[:FAULTS_MOST])
    return tuple(found.values())


def _rows(data: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        text = data.decode("utf-8-sig")
        separator = ";" if ";" in text.partition("\n")[0] else ","
        reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
        if [one.strip().lower() for one in next(reader, [])] != HEADER:
            raise NotAGrowthFile(f"The first line is to be {','.join(HEADER)}.")
        for row in reader:
            if row:
                yield reader.line_num, [one.strip() for one in row]
    except UnicodeDecodeError as error:
        raise NotAGrowthFile("The file is not UTF-8.") from error
    except csv.Error as error:
        raise NotAGrowthFile(f"The file is not CSV: {error}.") from error


def _row(cells: list[str]) -> tuple[Percentiles, str]:
    """A row, and what is wrong with its line."""
    if len(cells) > len(HEADER):  # « 3,5 » between commas is two cells, and the curve another one
        return _NO_ROW, f"{len(HEADER)} cells, and not {len(cells)}"
    measure, sex, *numbers = (*cells, *[""] * len(HEADER))[: len(HEADER)]
    if measure not in MEASURES:
        return _NO_ROW, f"measure: one of {', '.join(MEASURES)}"
    if sex not in ("F", "M"):
        return _NO_ROW, "sex: F or M"
    read = [_number(one) for one in numbers]
    age, p3, p50, p97 = (-1.0 if one is None else one for one in read)
    if None in read or age > AGE_MOST:
        return _NO_ROW, f"age_months from 0 to {AGE_MOST} and three percentiles, decimal numbers"
    if not 0 < p3 < p50 < p97 <= VALUE_MOST:
        return _NO_ROW, f"the percentiles rise from p3 to p97, above 0 and not above {VALUE_MOST}"
    return Percentiles(measure, sex, age, p3, p50, p97), ""


def _number(text: str) -> float | None:
    """« 3,5 », « 3.5 »; None for what is no plain decimal number."""
    whole, _, rest = text.replace(",", ".").partition(".")
    plain = f"{whole}{rest}"
    return float(f"{whole or 0}.{rest or 0}") if plain.isascii() and plain.isdigit() and len(plain) < 10 else None
