"""What the entries point to in the narrative: the words under an ID, and the anchor that our rendering gives it."""

from itertools import islice
from typing import cast

from lxml import etree

from espace.wire.cda.finding import attribute, child, text_in
from espace.wire.cda.html import anchor
from espace.wire.cda.render import lines_of
from espace.wire.cda.values import HL7
from espace.wire.xml import Element

MOST_WORDS = 4_000
MOST_NODES = 4_000
MOST_COLUMNS = 50
_POSOLOGY = frozenset({"posologie", "directions", "dose instructions", "sig", "posologia", "dosierung"})
_NAMED = etree.XPath("descendant::h:section/h:text/descendant::*[@ID]", namespaces={"h": HL7[1:-1]})


class Narrative:
    """The elements of the narrative by ID. The words under each are read once, whatever the entries that point there:
    what a document costs does not grow with how often its entries say the same reference."""

    def __init__(self, cda: Element) -> None:
        self._named: dict[str, Element] = {}
        self._words: dict[str, str] = {}
        self._columns: dict[Element, tuple[int, int]] = {}
        self._posologies: dict[Element, str] = {}
        for element in cast("list[Element]", _NAMED(cda)):
            self._named.setdefault((element.get("ID") or "").strip(), element)
        self._named.pop("", None)  # « # » alone, which documents write where they have nothing to say, names nothing

    def words(self, element: Element | None) -> str:
        """What an ED, an ST or an originalText says: its own words, else those that its reference names."""
        if element is None or attribute(element, "representation") == "B64":
            return ""
        return text_in(element)[:MOST_WORDS] or self._words_at(_target(element))

    def anchor(self, element: Element | None) -> str:
        """The HTML id of what a reference names, "" where the narrative does not have it."""
        named = self._named.get(_target(element))
        return "" if named is None else anchor(named.get("ID") or "")

    def posology(self, element: Element | None) -> str:
        """What stands under « Posologie » in the row of what a reference names: models without coded amounts have it
        there alone. "" where the row and the head of its table do not match cell by cell."""
        named = self._named.get(_target(element))
        row = None if named is None else _above(named, "tr")
        if row is None:
            return ""
        if row not in self._posologies:
            self._posologies[row] = self._posology_of(row)
        return self._posologies[row]

    def _posology_of(self, row: Element) -> str:
        table = _above(row, "table")
        if table is None:
            return ""
        if table not in self._columns:
            self._columns[table] = _column(table)
        place, width = self._columns[table]
        cells = list(islice(row.iterchildren(HL7 + "td", HL7 + "th"), width + 1))
        if len(cells) != width or any(each.get("colspan") or each.get("rowspan") for each in cells):
            return ""
        words = _bounded(cells[place])
        return words if any(map(str.isalnum, words)) else ""

    def _words_at(self, name: str) -> str:
        if name in self._named and name not in self._words:
            self._words[name] = _bounded(self._named[name])
        return self._words.get(name, "")


def section_text(section: Element) -> str:
    """The narrative of a section as plain text, a line for each paragraph, row or item."""
    text = child(section, "text")
    if text is None:
        return ""
    lines = (" ".join(line.split()) for line in lines_of(text).splitlines())
    return "\n".join(line for line in lines if line)


def _above(element: Element, name: str) -> Element | None:
    """The element itself, or the nearest one around it, of a name."""
    found: Element | None = element
    while found is not None and found.tag != HL7 + name:
        found = found.getparent()
    return found


def _column(table: Element) -> tuple[int, int]:
    """Which column of a table says how a medicine is taken, and how many there are; (0, 0) for none."""
    head = list(islice(table.iterchildren(HL7 + "thead"), 1))
    rows = list(islice(head[0].iterchildren(HL7 + "tr"), 2)) if head else []
    cells = list(islice(rows[0].iterchildren(HL7 + "th", HL7 + "td"), MOST_COLUMNS)) if len(rows) == 1 else []
    if any(each.get("colspan") or each.get("rowspan") for each in cells):
        return (0, 0)
    titles = [" ".join(text_in(each).split()).casefold() for each in cells]
    place = next((number for number, title in enumerate(titles) if title in _POSOLOGY), None)
    return (0, 0) if place is None else (place, len(cells))


def _target(element: Element | None) -> str:
    return attribute(child(element, "reference"), "value").removeprefix("#")


def _bounded(element: Element) -> str:
    """The words of an element: its first ones, and of its first nodes, since those of one may stand in many others."""
    found: list[str] = []
    for number, (event, node) in enumerate(etree.iterwalk(element, events=("start", "end"))):
        if number >= MOST_NODES:
            break
        found.append((node.text if event == "start" else node.tail if node is not element else "") or "")
        if event == "end" and node.tag in _APART:
            found.append(" ")
    return " ".join("".join(found).split())[:MOST_WORDS]


_APART = frozenset(HL7 + name for name in ("paragraph", "tr", "td", "th", "item", "caption", "br", "table", "list"))
