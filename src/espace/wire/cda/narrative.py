"""The narrative block of CDA (StrucDoc.Text) to HTML, element by element, through closed lists.

The tree is walked once and each opening is written at once, so time and memory grow with the text
and no second tree is held. Every text node is written exactly once, in order: an element that is not
known, or stands where HTML forbids it, keeps its text. HTML moves a stray text out of a table, so
inside tables and lists whatever is not a row, a cell or an item is put into one.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from io import StringIO
from typing import NamedTuple
from urllib.parse import quote

from lxml import etree

from espace.wire.cda import html
from espace.wire.cda.cards import card_attributes
from espace.wire.cda.finding import text_in
from espace.wire.cda.values import HL7, Media
from espace.wire.xml import Element

FLOW, LIST, LIST_HEAD, TABLE, ROWS, CELLS = "flow", "list", "list head", "table", "rows", "cells"
_WRAP = {
    LIST: ("<li>", "</li>"),
    LIST_HEAD: ("<p>", "</p>"),
    TABLE: ("<tbody><tr><td>", "</td></tr></tbody>"),
    ROWS: ("<tr><td>", "</td></tr>"),
    CELLS: ("<td>", "</td>"),
}
_ALLOWED = {
    model: frozenset(HL7 + name for name in names.split())
    for model, names in (
        (LIST, "item"),
        (LIST_HEAD, "caption"),
        (TABLE, "caption thead tbody tfoot tr"),
        (ROWS, "tr"),
        (CELLS, "td th"),
    )
}
_PHRASES = frozenset(
    HL7 + name
    for name in (
        "content",
        "linkHtml",
        "sub",
        "sup",
        "br",
        "footnote",
        "footnoteRef",
        "renderMultiMedia",
        "caption",
    )
)
_BLOCKS = frozenset(HL7 + name for name in ("paragraph", "list", "table"))
_MOST_PHRASES = 32
_NUMBERING = {"Arabic": "1", "LittleRoman": "i", "BigRoman": "I", "LittleAlpha": "a", "BigAlpha": "A"}
_EMPHASIS = (("bold", "strong"), ("ital", "em"), ("emphasis", "em"))
_REVISED = {"delete": "del", "insert": "ins"}
_MOST_COLUMNS, _MOST_ROWS = 100, 1000
_FILES = {"application/pdf": "PDF", "application/rtf": "RTF", "text/plain": "texte", "image/tiff": "image TIFF"}
_SHOWN = frozenset({"image/png", "image/jpeg", "image/gif"})


class Frame(NamedTuple):
    """An element being written: what closes it, what HTML allows in it, the scope of its header cells."""

    closing: str
    model: str
    scope: str = ""
    linked: bool = False


@dataclass(slots=True)
class Page:
    """What is being written, and what the narrative may point to. `cards`: tables say how a narrow page lays them out;
    `beside` is what each of their elements says for it."""

    media: dict[str, Media]
    media_url: Callable[[str], str | None]
    anchors: dict[str, str]
    cards: bool = False
    beside: dict[Element, str] = field(default_factory=dict)
    out: StringIO = field(default_factory=StringIO)
    used: set[str] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)
    label: str = ""
    write: Callable[[str], int] = field(init=False)

    def __post_init__(self) -> None:
        self.write = self.out.write

    def attributes(self, element: Element, *fixed: str) -> str:
        """Its id and its classes."""
        beside = self.beside.get(element, "")
        if not element.keys():
            return html.attr("class", " ".join(fixed)) + beside
        return self.id_of(element) + html.classes(element, *fixed) + beside

    def bare(self, element: Element) -> bool:
        """Whether it says nothing but what it is."""
        return not (element.keys() or self.beside)

    def id_of(self, element: Element) -> str:
        """The id attribute of an element that has an ID, the first time only."""
        anchor = html.anchor(element.get("ID") or "")
        if not anchor or anchor in self.used:
            return ""
        self.used.add(anchor)
        return html.attr("id", anchor)


def write_narrative(text: Element, page: Page) -> None:
    stack = [Frame("", FLOW)]
    for event, element in etree.iterwalk(text, events=("start", "end")):
        if event == "start":
            if element is not text:
                stack.append(_open(element, stack[-1], page))
            _write(element.text, stack[-1], page)
        elif element is not text:
            page.write(stack.pop().closing)
            if stack[-1].model == LIST_HEAD:
                stack[-1] = stack[-1]._replace(model=LIST)
            _write(element.tail, stack[-1], page)


def _write(value: str | None, frame: Frame, page: Page) -> None:
    if not value:
        return
    if frame.model == FLOW:
        page.write(html.text(value))
    elif not value.isspace():
        before, after = _WRAP[frame.model]
        page.write(f"{before}{html.text(value)}{after}")


def _open(element: Element, parent: Frame, page: Page) -> Frame:
    """Write the opening of an element and say how it closes."""
    tag = element.tag
    opener = _OPENERS.get(tag)
    if parent.model == FLOW:
        return opener(element, parent, page) if opener else parent._replace(closing="")
    if tag in _ALLOWED[parent.model]:
        return _STRUCTURE[tag](element, parent, page)
    if opener is None or opener is _br:
        return parent._replace(closing="")
    before, after = _WRAP[parent.model]
    page.write(before)
    inner = opener(element, Frame("", FLOW, "", parent.linked), page)
    return Frame(inner.closing + after, inner.model, inner.scope, inner.linked)


def _phrasing(element: Element) -> bool:
    """Whether it holds phrases only: HTML would close a `p` at anything else. Looks at 32 elements at most."""
    for number, each in enumerate(element.iterdescendants()):
        if number == _MOST_PHRASES or each.tag not in _PHRASES:
            return False
    return True


def _paragraph(element: Element, parent: Frame, page: Page) -> Frame:
    if _phrasing(element):
        return _P(element, parent, page)
    return _BLOCK(element, parent, page)


def _content(element: Element, parent: Frame, page: Page) -> Frame:
    block = len(element) > 0 and any(each.tag in _BLOCKS for each in element)
    if not element.keys():
        return (_DIV if block else _SPAN)(element, parent, page)
    style = (element.get("styleCode") or "").lower()
    tag = "div" if block else next((tag for word, tag in _EMPHASIS if word in style), "span")
    revised = _REVISED.get(element.get("revised") or "", "")
    opening, closing = (f"<{revised}>", f"</{revised}>") if revised else ("", "")
    page.write(f"{opening}<{tag}{page.attributes(element)}>")
    return Frame(f"</{tag}>{closing}", FLOW, "", parent.linked)


def _plain(tag: str, *fixed: str, model: str = FLOW) -> "Opener":
    """An opener for an element that has one tag and nothing of its own but an id and classes."""
    bare = f"<{tag}{html.attr('class', ' '.join(fixed))}>"
    frame = Frame(f"</{tag}>", model, "col" if tag == "thead" else "")
    linked = frame._replace(linked=True)

    def opener(element: Element, parent: Frame, page: Page) -> Frame:
        page.write(bare if page.bare(element) else f"<{tag}{page.attributes(element, *fixed)}>")
        return linked if parent.linked else frame

    return opener


_P, _BLOCK, _DIV, _SPAN = _plain("p"), _plain("div", "cda-paragraph"), _plain("div"), _plain("span")


def _br(element: Element, parent: Frame, page: Page) -> Frame:
    page.write("<br>")
    return Frame("", FLOW, linked=parent.linked)


def _list(element: Element, parent: Frame, page: Page) -> Frame:
    first = next(element.iterchildren(), None)
    headed = first is not None and first.tag == HL7 + "caption" and not (element.text or "").strip()
    tag = "ol" if element.get("listType") == "ordered" else "ul"
    page.write(f'<div{page.id_of(element)} class="cda-list">')
    frame = Frame(f"</{tag}></div>", LIST_HEAD if headed else LIST, linked=parent.linked)
    if not headed:
        page.write(_list_opening(element))
    return frame


def _list_opening(element: Element) -> str:
    if element.get("listType") != "ordered":
        return "<ul>"
    styles = (element.get("styleCode") or "").split()
    return f"<ol{html.attr('type', next((_NUMBERING[code] for code in styles if code in _NUMBERING), ''))}>"


def _table(element: Element, parent: Frame, page: Page) -> Frame:
    """A table in a box that scrolls by itself and can be reached by keyboard, named by its section."""
    name = html.attr("aria-labelledby", page.label) or html.attr("aria-label", "Tableau")
    if page.cards:
        page.beside |= card_attributes(element)
    beside = page.beside.get(element, "")
    page.write(f'<div class="cda-table" role="group" tabindex="0"{name}><table{page.id_of(element)}{beside}>')
    return Frame("</table></div>", TABLE, linked=parent.linked)


def _caption(element: Element, parent: Frame, page: Page) -> Frame:
    """A caption that HTML accepts where it stands: first in a table, before a list."""
    owner = element.getparent()
    if parent.model == LIST_HEAD and owner is not None:
        page.write(f'<p{page.id_of(element)} class="cda-caption">')
        return Frame(f"</p>{_list_opening(owner)}", FLOW, linked=parent.linked)
    first = element.getprevious() is None and owner is not None and not (owner.text or "").strip()
    if first:
        page.write(f"<caption{page.id_of(element)}>")
        return Frame("</caption>", FLOW, linked=parent.linked)
    before, after = _WRAP[TABLE]
    page.write(before)
    return Frame(after, FLOW, linked=parent.linked)


def _row(element: Element, parent: Frame, page: Page) -> Frame:
    """A header cell heads its column in thead, or in a row of headers; elsewhere its row."""
    page.write("<tr>" if page.bare(element) else f"<tr{page.attributes(element)}>")
    scope = parent.scope or ("row" if next(element.iterchildren(HL7 + "td"), None) is not None else "col")
    return Frame("</tr>", CELLS, scope, parent.linked)


_CELL_FRAMES = {(tag, linked): Frame(f"</{tag}>", FLOW, "", linked) for tag in ("td", "th") for linked in (False, True)}


def _cell(element: Element, parent: Frame, page: Page) -> Frame:
    head = element.tag == HL7 + "th" and (len(element) > 0 or bool((element.text or "").strip()))
    tag, scope = ("th", parent.scope) if head else ("td", "")
    if page.bare(element):
        page.write(f'<th scope="{scope}">' if scope else f"<{tag}>")
        return _CELL_FRAMES[tag, parent.linked]
    stated = element.get("scope") or ""
    scope = stated if head and stated in ("row", "col", "rowgroup", "colgroup") else scope
    extra = html.attr("scope", scope) + html.attr("abbr", (element.get("abbr") or "") if head else "")
    spans = html.span(element, "colspan", _MOST_COLUMNS) + html.span(element, "rowspan", _MOST_ROWS)
    page.write(f"<{tag}{page.attributes(element)}{extra}{spans}>")
    return _CELL_FRAMES[tag, parent.linked]


def _link(element: Element, parent: Frame, page: Page) -> Frame:
    """https leaves the site with a warning, #ID stays in the document, every other link loses its target."""
    href = element.get("href") or ""
    outside, inside = html.external(href), page.anchors.get(href[1:]) if href[:1] == "#" else None
    if parent.linked or not (outside or inside):
        page.write(f'<span{page.id_of(element)} class="cda-link-removed">')
        return Frame("</span>", FLOW, linked=parent.linked)
    if inside:
        page.write(f"<a{page.id_of(element)}{html.attr('href', '#' + quote(inside))}>")
        return Frame("</a>", FLOW, linked=True)
    page.write(f'<a{page.id_of(element)} class="cda-external" rel="noopener noreferrer"{html.attr("href", outside)}>')
    if not text_in(element):
        page.write(html.note(outside))
    return Frame(f"{html.note(' (site externe)')}</a>", FLOW, linked=True)


def _footnote_ref(element: Element, parent: Frame, page: Page) -> Frame:
    target = page.anchors.get(element.get("IDREF") or "")
    if target and not parent.linked:
        page.write(f'<a class="cda-note"{html.attr("href", "#" + quote(target))} aria-label="Voir la note">*</a>')
    return Frame("", FLOW, linked=parent.linked)


def _multimedia(element: Element, parent: Frame, page: Page) -> Frame:
    page.write(f'<span{page.id_of(element)} class="cda-media">')
    caption = text_in(next(element.iterchildren(HL7 + "caption"), None))
    for name in (element.get("referencedObject") or "").split()[:20]:
        page.write(media_html(page.media.get(name), page, caption, linked=parent.linked))
    return Frame("</span>", FLOW, linked=parent.linked)


def media_html(media: Media | None, page: Page, caption: str, *, linked: bool = False) -> str:
    """An image where browsers show it, else a link to the file; a sentence where there is nothing to show."""
    url = page.media_url(media.id) if media else None
    page.shown.add(media.id if media else "")
    if media is None or not url:
        return html.note("Pièce jointe qui ne peut pas être affichée.")
    if media.media_type in _SHOWN:
        return f'<img{html.attr("src", url)}{html.attr("alt", caption or "Image jointe au document")} loading="lazy">'
    label = f"Ouvrir la pièce jointe ({_FILES[media.media_type]})"
    return html.note(label) if linked else f'<a class="cda-note"{html.attr("href", url)}>{label}</a>'


Opener = Callable[[Element, Frame, Page], Frame]
_INSIDE: dict[str, Opener] = {
    "item": _plain("li"),
    "caption": _caption,
    "tr": _row,
    "td": _cell,
    "th": _cell,
    "thead": _plain("thead", model=ROWS),
    "tbody": _plain("tbody", model=ROWS),
    "tfoot": _plain("tfoot", model=ROWS),
}
_ANYWHERE: dict[str, Opener] = {
    **dict.fromkeys(_INSIDE, _plain("div", "cda-loose")),
    "caption": _plain("span", "cda-caption"),
    "paragraph": _paragraph,
    "content": _content,
    "br": _br,
    "list": _list,
    "table": _table,
    "linkHtml": _link,
    "sub": _plain("sub"),
    "sup": _plain("sup"),
    "footnote": _plain("span", "cda-footnote"),
    "footnoteRef": _footnote_ref,
    "renderMultiMedia": _multimedia,
}
_STRUCTURE = {HL7 + name: opener for name, opener in _INSIDE.items()}
_OPENERS = {HL7 + name: opener for name, opener in _ANYWHERE.items()}
