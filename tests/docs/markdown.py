"""How parts of pages are written: tables, words in the fixed type."""

import re
from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [list(map(str, row)) for row in (head, ["---"] * len(head), *rows)]
    return "\n".join(re.sub(r"\|  (?=\|)", "| ", f"| {' | '.join(cells)} |") for cells in lines)


def plain(text: str) -> str:
    """A text of the code as words of a cell."""
    return text.replace("<", "&lt;").replace("|", "\\|")


def code(word: object) -> str:
    return f"`{word}`"
