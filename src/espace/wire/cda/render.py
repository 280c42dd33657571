"""A CDA document as accessible HTML, and as plain text. No XSLT, no style, no script, no outside address."""

from collections.abc import Callable, Iterator
from io import StringIO

from lxml import etree

from espace.wire.cda import html
from espace.wire.cda.finding import text_in
from espace.wire.cda.media import PLAIN
from espace.wire.cda.narrative import Page, media_html, write_narrative
from espace.wire.cda.values import HL7, CdaDocument, Section

_IDS = etree.XPath("descendant::h:section/h:text/descendant::*/@ID", namespaces={"h": HL7[1:-1]}, smart_strings=False)
_DEEPEST = 6
_LINES = frozenset(HL7 + name for name in ("paragraph", "tr", "item", "list", "table", "caption", "br", "footnote"))
_CELLS = frozenset({HL7 + "td", HL7 + "th"})


def render_html(document: CdaDocument, *, media_url: Callable[[str], str | None], cards: bool = False) -> str:
    """The body as an HTML fragment that begins at h2; the header is the page's business.

    `media_url` gives the address of a media id, or None where it must not be shown: no other address is
    requested. Words that are not the document's are marked with the class `cda-note`. With `cards`, tables say how a
    narrow page lays them out (`cards.card_attributes`).
    """
    by_id = {each.id: each for each in document.media}
    media = {name: by_id[identifier] for name, identifier in document.media_names.items()}
    page = Page(media, media_url, _anchors(document), cards)
    for section in document.sections:
        _write_section(section, 2, page)
    _write_attachments(document, page)
    return page.out.getvalue()


def _anchors(document: CdaDocument) -> dict[str, str]:
    """What a link of the narrative may point to: IDs of the narrative and of its sections."""
    names = [] if document.element is None else _IDS(document.element)
    found = {str(name): html.anchor(str(name)) for name in (names if isinstance(names, list) else ())}
    for section in _all(document.sections):
        found.setdefault(section.element.get("ID") or "", section.anchor)
    return {name: anchor for name, anchor in found.items() if name and anchor}


def _all(sections: tuple[Section, ...]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from _all(section.sections)


def _write_section(section: Section, level: int, page: Page) -> None:
    """Titles, narratives and sections below, in the order of the document."""
    label = f"{section.anchor}-t" if section.title else ""
    page.write(f"<section{html.attr('id', section.anchor)}>")
    titled, below, name = False, iter(section.sections), label or page.label
    for element in section.element.iterchildren():
        page.label = name
        if element.tag == HL7 + "title" and (title := text_in(element)):
            tag = "p" if titled else f"h{min(level, _DEEPEST)}"
            page.write(f"<{tag}{'' if titled else html.attr('id', label)}>{html.text(title)}</{tag}>")
            titled = True
        elif element.tag == HL7 + "text":
            page.write('<div class="cda-text">')
            write_narrative(element, page)
            page.write("</div>")
        elif element.tag == HL7 + "component":
            for _, inner in zip(element.iterchildren(HL7 + "section"), below, strict=False):
                _write_section(inner, level + bool(section.title), page)
    page.write("</section>")


def _write_attachments(document: CdaDocument, page: Page) -> None:
    """The body of level 1, and whatever the narrative did not show: nothing embedded is out of reach."""
    for media in document.media:
        if media.id in page.shown:
            continue
        if document.body_level == 1 and media.media_type == PLAIN:
            page.write(f'<pre class="cda-plain">{html.text(media.data.decode(errors="replace"))}</pre>')
        else:
            page.write(f'<p class="cda-attachment">{media_html(media, page, "")}</p>')


def text_of(document: CdaDocument) -> str:
    """Title and narrative as plain text, a line for each paragraph, row or item, for search."""
    out = StringIO()
    out.write(document.entry.title + "\n")
    for section in _all(document.sections):
        for element in section.element.iterchildren(HL7 + "title", HL7 + "text"):
            _write_lines(element, out)
    for media in document.media:
        if document.body_level == 1 and media.media_type == PLAIN:
            out.write(media.data.decode(errors="replace") + "\n")
    return out.getvalue()


def lines_of(text: etree._Element) -> str:
    """A narrative as plain text, a line for each paragraph, row or item."""
    out = StringIO()
    _write_lines(text, out)
    return out.getvalue()


def _write_lines(text: etree._Element, out: StringIO) -> None:
    for event, element in etree.iterwalk(text, events=("start", "end")):
        if event == "start":
            out.write(element.text or "")
            continue
        if element is text or element.tag in _LINES:
            out.write("\n")
        elif element.tag in _CELLS:
            out.write("\t")
        if element is not text:
            out.write(element.tail or "")
