"""The children of a statement by name, in one pass: most of the fifty names that one may hold are not there."""

from itertools import islice

from espace.wire.cda.finding import child
from espace.wire.cda.values import HL7
from espace.wire.xml import Element

MOST_PARTS = 200
_START = len(HL7)


class Children:
    """HL7's own, by local name, in the order of the document; at most 200 of each are told."""

    def __init__(self, element: Element) -> None:
        self._named: dict[str, list[Element]] = {}
        for each in element.iterchildren():
            if each.tag.startswith(HL7):
                self._named.setdefault(each.tag[_START:], []).append(each)

    def all(self, name: str) -> list[Element]:
        return list(islice(self._named.get(name, ()), MOST_PARTS))

    def first(self, path: str) -> Element | None:
        """The first element at a path of names, such as `consumable/manufacturedProduct`."""
        name, _, rest = path.partition("/")
        found = self._named.get(name)
        return None if not found else child(found[0], rest) if rest else found[0]
