"""CSV files that operators load, UTF-8, separated by commas or semicolons: taken whole or not at all."""

import csv
from collections.abc import Collection, Iterator
from io import StringIO

FAULTS_MOST = 20
"""Lines that a refusal names, the first ones."""


class NotTaken(Exception):
    """The file is not taken; `lines` are the sentences that say why."""

    def __init__(self, *lines: str) -> None:
        super().__init__(lines[0])
        self.lines = lines[:FAULTS_MOST]


def rows(
    data: bytes, headers: Collection[list[str]], first: str, most: int, *, whole: bool = False
) -> Iterator[tuple[int, list[str]]]:
    """The number and the cells of each line after the first, which is one of `headers`, told as `first`.

    Raises NotTaken, where a line has more cells than the first too: a comma of a name or a number would cut it; where
    it has fewer as well, if lines are to be `whole`.
    """
    if len(data) > most:
        raise NotTaken(f"The file is larger than {most} bytes.")
    try:
        text = data.decode("utf-8-sig")
        separator = ";" if ";" in text.partition("\n")[0] else ","
        reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
        header = [one.strip().lower() for one in next(reader, [])]
        if header not in headers:
            raise NotTaken(f"The first line is to be {first}.")
        for row in reader:
            if len(row) > len(header) or (whole and row and len(row) < len(header)):
                raise NotTaken(f"line {reader.line_num}: {len(header)} cells, and not {len(row)}")
            if row:
                yield reader.line_num, [one.strip() for one in row]
    except UnicodeDecodeError as error:
        raise NotTaken("The file is not UTF-8.") from error
    except csv.Error as error:
        raise NotTaken(f"line {reader.line_num} is not CSV: {error}.") from error
