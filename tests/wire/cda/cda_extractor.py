"""An independent reading of narratives (standard library only) and of what HTML shows: shares no code with ours."""

import xml.etree.ElementTree as ET
from html.parser import HTMLParser

HL7 = "{urn:hl7-org:v3}"
VOID = {"br", "img"}


def narrative_text(data: bytes) -> str:
    """Titles and narratives of every section in document order, without spaces."""
    found: list[str] = []

    def visit(section: ET.Element) -> None:
        for child in section:
            if child.tag in (HL7 + "title", HL7 + "text"):
                found.extend(child.itertext())
            elif child.tag == HL7 + "component":
                for inner in child.findall(HL7 + "section"):
                    visit(inner)

    for body in ET.fromstring(data).iter(HL7 + "structuredBody"):
        for section in body.findall(f"{HL7}component/{HL7}section"):
            visit(section)
    return squeezed("".join(found))


def header_cells(data: bytes) -> int:
    """Header cells that are not empty, in the narratives."""
    sections = ET.fromstring(data).iter(HL7 + "section")
    texts = [text for section in sections for text in section.findall(HL7 + "text")]
    return sum(1 for text in texts for cell in text.iter(HL7 + "th") if "".join(cell.itertext()).strip() or len(cell))


def squeezed(text: str) -> str:
    return "".join(text.split())


class Shown(HTMLParser):
    """The text that an HTML fragment shows, our own notes apart, and its tags; refuses one that is not balanced."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[tuple[str, bool]] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        assert len(dict(attrs)) == len(attrs), "an attribute stands twice"
        if tag not in VOID:
            ours = "cda-note" in (dict(attrs).get("class") or "").split()
            self.open.append((tag, ours or self.hidden))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.text.append(data)

    @property
    def hidden(self) -> bool:
        return bool(self.open) and self.open[-1][1]

    @property
    def squeezed(self) -> str:
        return squeezed("".join(self.text))

    def ids(self) -> list[str]:
        return [value for _, attributes in self.tags if (value := attributes.get("id"))]
