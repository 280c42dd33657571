"""Tables of a narrative that a narrow page can lay out as cards, a row below the other, each cell under its label.

Only those whose every cell stands under one title: what cannot be labelled for certain stays a table that scrolls. The
roles are those that the elements have anyway, said again because a page that lays them out otherwise takes them away.
"""

from collections.abc import Iterator

from espace.wire.cda import html
from espace.wire.cda.finding import text_in
from espace.wire.cda.values import HL7
from espace.wire.xml import Element

MOST_CELLS, MOST_LABEL = 2000, 200
"""Letters of a title: each cell below bears it."""
_EMPTY = frozenset({"", "-", "–", "—"})
_SPANS = ("colspan", "rowspan")
_CELLS = (HL7 + "td", HL7 + "th")


def card_attributes(table: Element) -> dict[Element, str]:
    """What the elements of a table say for it, by element; nothing where it cannot be laid out so.

    `data-cards` of the table, `data-label` of a cell, `data-empty` of one that says nothing."""
    head, bodies = table.findall(HL7 + "thead"), table.findall(HL7 + "tbody")
    (titles, *more), rows = (list(_rows(head)) or [[]]), list(_rows(bodies))
    labels = [text_in(one) for one in titles]
    titled = all(0 < len(label) <= MOST_LABEL for label in labels)
    plain = titled and not more and all(len(cells) == len(labels) for cells in rows)
    cells = [cell for row in (titles, *rows) for cell in row]
    if not (plain and rows and labels) or len(cells) > MOST_CELLS or any(map(_spans, cells)) or not _alone(table):
        return {}
    found = {table: ' role="table" data-cards'} | dict.fromkeys((*head, *bodies), ' role="rowgroup"')
    found |= {one: ' role="row"' for part in (*head, *bodies) for one in part.iterchildren(HL7 + "tr")}
    found |= dict.fromkeys(titles, ' role="columnheader"')
    return found | {cell: _of(cell, label) for row in rows for cell, label in zip(row, labels, strict=True)}


def _rows(parts: list[Element]) -> Iterator[list[Element]]:
    for part in parts:
        for row in part.iterchildren(HL7 + "tr"):
            yield list(row.iterchildren(*_CELLS))


def _alone(table: Element) -> bool:
    """Whether there is no row outside of its head and bodies, and no table in it."""
    outside = table.find(HL7 + "tr") is not None or table.find(HL7 + "tfoot") is not None
    return not outside and next(table.iterdescendants(HL7 + "table"), None) is None


def _spans(cell: Element) -> bool:
    return any(cell.get(name) not in (None, "1") for name in _SPANS)


def _of(cell: Element, label: str) -> str:
    role = "rowheader" if cell.tag == HL7 + "th" else "cell"
    empty = " data-empty" if not len(cell) and (cell.text or "").strip() in _EMPTY else ""
    return f' role="{role}"{html.attr("data-label", label)}{empty}'
