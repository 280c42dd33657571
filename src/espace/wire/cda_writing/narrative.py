"""Sections and their narrative: what people read, marked where a coded entry says the same thing."""

from dataclasses import dataclass
from uuid import UUID, uuid5

from espace.wire.cda_writing.xml import Element, coded, el, template
from espace.wire.xds import Coded

_SPACE = UUID("0d8f2a4e-6a52-5d0b-9c7e-2f6b1c9d4a10")


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of narrative that entries refer to by `id`, unique in the document."""

    text: str
    id: str


Text = str | Mark


@dataclass(frozen=True, slots=True)
class Paragraph:
    parts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Table:
    head: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]
    caption: str = ""


Block = Paragraph | Bullets | Table


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a structured body; `entries` are the coded statements of what `text` says."""

    code: Coded
    title: str
    templates: tuple[str, ...] = ()
    text: tuple[Block, ...] = ()
    entries: tuple[Element, ...] = ()
    sections: tuple["Section", ...] = ()


def said(*paragraphs: str) -> tuple[Block, ...]:
    """Plain paragraphs, one for each text."""
    return tuple(Paragraph((text,)) for text in paragraphs)


def identifier(document: str, name: str) -> Element:
    """An id for a part of a document: always the same for the same document and name."""
    return el("id", {"root": str(uuid5(_SPACE, f"{document}/{name}")).upper()})


def reference(mark: str) -> Element:
    return el("reference", {"value": f"#{mark}"})


def original(mark: str) -> Element:
    return el("originalText", None, reference(mark))


def _inline(text: Text) -> Element | str:
    return text if isinstance(text, str) else el("content", {"ID": text.id}, text.text)


def _row(tag: str, cells: tuple[Text, ...]) -> Element:
    return el("tr", None, *(el(tag, None, _inline(cell)) for cell in cells))


def _table(table: Table) -> Element:
    return el(
        "table",
        {"border": "0"},
        el("caption", None, table.caption) if table.caption else None,
        el("thead", None, _row("th", table.head)),
        el("tbody", None, *(_row("td", row) for row in table.rows)),
    )


def _block(block: Block) -> Element:
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Bullets):
        return el("list", None, *(el("item", None, _inline(item)) for item in block.items))
    return el("paragraph", None, *(_inline(part) for part in block.parts))


def _section(section: Section, document: str, path: str) -> Element:
    inner = (_section(part, document, f"{path}.{rank}") for rank, part in enumerate(section.sections))
    return el(
        "section",
        None,
        *template(*section.templates),
        identifier(document, f"section-{path}"),
        coded("code", section.code),
        el("title", None, section.title),
        el("text", None, *(_block(block) for block in section.text)) if section.text else None,
        *(el("entry", None, entry) for entry in section.entries),
        *(el("component", None, part) for part in inner),
    )


def structured_body(document: str, sections: tuple[Section, ...]) -> Element:
    """The body of the document of that id, at level 3."""
    parts = (_section(section, document, str(rank)) for rank, section in enumerate(sections))
    return el("structuredBody", None, *(el("component", None, part) for part in parts))
