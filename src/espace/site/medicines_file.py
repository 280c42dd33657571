"""The CSV file of `./espace medicines`: one box a line. A list is taken whole or not at all."""

from espace.clinical.facts.profile import Medicine
from espace.clinical.rules.medicines import cip_of
from espace.site.csv_file import NotTaken, rows

HEADERS = (["cip13", "name"], ["cip13", "name", "substance"], ["cip13", "name", "substance", "atc"])
BYTES_MOST = 64 * 1024 * 1024
WORDS_MOST = 300
ATC_MOST = 7


def read(data: bytes) -> tuple[Medicine, ...]:
    """Every box of a file, UTF-8, separated by commas or semicolons. Raises NotTaken with the lines that are
    wrong, the first twenty of them."""
    faults: list[str] = []
    found: dict[str, Medicine] = {}
    for number, row in rows(data, HEADERS, "cip13,name[,substance[,atc]]", BYTES_MOST):
        box, wrong = _box(row)
        if box.cip in found:
            wrong = "this code is already in the file"
        found.setdefault(box.cip, box)
        if wrong:
            faults.append(f"line {number}: {wrong}")
    if not found:
        faults.append("The file has no medicine.")
    if faults:
        raise NotTaken(*faults)
    return tuple(found.values())


def _box(row: list[str]) -> tuple[Medicine, str]:
    """A box, and what is wrong with its line."""
    cip, name, substance, atc = (*row, "", "", "", "")[:4]
    box = Medicine(cip, name, substance, atc)
    if cip_of(cip) != cip:
        return box, "cip13: 13 digits that begin with 3400, the last one its key"
    if not name or max(len(name), len(substance)) > WORDS_MOST or len(atc) > ATC_MOST:
        return box, f"a name, and a substance, of {WORDS_MOST} characters at most; an ATC code of {ATC_MOST}"
    return box, ""
