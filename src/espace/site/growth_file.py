"""The CSV file of `./espace growth`: the percentiles of one measure, sex and age a line. Taken whole or not at all."""

from espace.clinical.facts.growth import Percentiles
from espace.clinical.rules.childhood.growing import MEASURES
from espace.site.csv_file import NotTaken, rows

HEADER = ["measure", "sex", "age_months", "p3", "p50", "p97"]
BYTES_MOST = 4 * 1024 * 1024
AGE_MOST = 18 * 12
VALUE_MOST = 300
_NO_ROW = Percentiles("", "", 0, 0, 0, 0)


def read(data: bytes) -> tuple[Percentiles, ...]:
    """Every row of a file, UTF-8, separated by commas or semicolons. Raises NotTaken with the lines that are
    wrong, the first twenty of them."""
    faults: list[str] = []
    found: dict[tuple[str, str, float], Percentiles] = {}
    for number, cells in rows(data, (HEADER,), ",".join(HEADER), BYTES_MOST):
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
        raise NotTaken(*faults)
    return tuple(found.values())


def _row(cells: list[str]) -> tuple[Percentiles, str]:
    """A row, and what is wrong with its line."""
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
