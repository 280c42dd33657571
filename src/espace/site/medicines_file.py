"""The CSV file of `./espace medicines`: one box a line. A list is taken whole or not at all."""

import csv
from collections.abc import Iterator
from io import StringIO

from espace.clinical.facts.profile import Medicine
from espace.clinical.rules.medicines import cip_of

HEADERS = (["cip13", "name"], ["cip13", "name", "substance"], ["cip13", "name", "substance", "atc"])
BYTES_MOST = 64 * 1024 * 1024
WORDS_MOST = 300
ATC_MOST = 7
FAULTS_MOST = 20


class NotAMedicinesFile(Exception):
    """The file is not taken; `lines` are the sentences that say why."""

    def __init__(self, *lines: str) -> None:
        super().__init__(lines[0])
        self.lines = lines


def read(data: bytes) -> tuple[Medicine, ...]:
    """Every box of a file, UTF-8, separated by commas or semicolons. Raises NotAMedicinesFile with the lines that are
    wrong, the first twenty of them."""
    if len(data) > BYTES_MOST:
        raise NotAMedicinesFile(f"The file is larger than {BYTES_MOST} bytes.")
    faults: list[str] = []
    found: dict[str, Medicine] = {}
    for number, row in _rows(data):
        box, wrong = _box(row)
        if box.cip in found:
            wrong = "this code is already in the file"
        found.setdefault(box.cip, box)
        if wrong:
            faults.append(f"line {number}: {wrong}")
    if not found:
        faults.append("The file has no medicine.")
    if faults:
        raise NotAMedicinesFile(*faults[:FAULTS_MOST])
    return tuple(found.values())


def _rows(data: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        text = data.decode("utf-8-sig")
        separator = ";" if ";" in text.partition("\n")[0] else ","
        reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
        header = [one.strip().lower() for one in next(reader, [])]
        if header not in HEADERS:
            raise NotAMedicinesFile("The first line is to be cip13,name[,substance[,atc]].")
        for row in reader:
            if len(row) > len(header):  # a comma of a name would cut it
                raise NotAMedicinesFile(f"line {reader.line_num}: {len(header)} cells, and not {len(row)}")
            if row:
                yield reader.line_num, [one.strip() for one in row]
    except UnicodeDecodeError as error:
        raise NotAMedicinesFile("The file is not UTF-8.") from error
    except csv.Error as error:
        raise NotAMedicinesFile(f"The file is not CSV: {error}.") from error


def _box(row: list[str]) -> tuple[Medicine, str]:
    """A box, and what is wrong with its line."""
    cip, name, substance, atc = (*row, "", "", "", "")[:4]
    box = Medicine(cip, name, substance, atc)
    if cip_of(cip) != cip:
        return box, "cip13: 13 digits that begin with 3400, the last one its key"
    if not name or max(len(name), len(substance)) > WORDS_MOST or len(atc) > ATC_MOST:
        return box, f"a name, and a substance, of {WORDS_MOST} characters at most; an ATC code of {ATC_MOST}"
    return box, ""
