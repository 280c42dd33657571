"""What the entries point to in the narrative: the words under an ID, and the anchor that our rendering gives it."""

from typing import cast

from lxml import etree

from espace.wire.cda.finding import attribute, child, text_in
from espace.wire.cda.html import anchor
from espace.wire.cda.render import lines_of
from espace.wire.cda.values import HL7
from espace.wire.xml import Element

MOST_WORDS = 4_000
MOST_NODES = 4_000
_NAMED = etree.XPath("descendant::h:section/h:text/descendant::*[@ID]", namespaces={"h": HL7[1:-1]})


class Narrative:
    """The elements of the narrative by ID. The words under each are read once, whatever the entries that point there:
    what a document costs does not grow with how often its entries say the same reference."""

    def __init__(self, cda: Element) -> None:
        self._named: dict[str, Element] = {}
        self._words: dict[str, str] = {}
        for element in cast("list[Element]", _NAMED(cda)):
            self._named.setdefault((element.get("ID") or "").strip(), element)

    def words(self, element: Element | None) -> str:
        """What an ED, an ST or an originalText says: its own words, else those that its reference names."""
        if element is None or attribute(element, "representation") == "B64":
            return ""
        return text_in(element)[:MOST_WORDS] or self._words_at(_target(element))

    def anchor(self, element: Element | None) -> str:
        """The HTML id of what a reference names, "" where the narrative does not have it."""
        named = self._named.get(_target(element))
        return "" if named is None else anchor(named.get("ID") or "")

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
