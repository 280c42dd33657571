"""The one way from bytes to an XML tree, for every door: bounded, inert, and no DOCTYPE in any encoding.

The bytes are first brought to UTF-8 by us, so that what is counted here is exactly what libxml2 reads
(one view, XML-11). Counting before parsing abandons a bomb while it is still only bytes;
libxml2's own limits are lifted (a 20 MB PDF in base64 is one text node) and imposed again here.
Nothing is fetched, expanded, included or executed.
"""

import re
from codecs import BOM_UTF8
from collections.abc import Callable
from dataclasses import dataclass
from threading import Thread
from typing import TypeVar

from lxml import etree

from espace.kernel.reasons import Reason
from espace.kernel.reasons.documents import XML_DOCTYPE, XML_LIMIT, XML_MALFORMED
from espace.kernel.words import Problem

Element = etree._Element
T = TypeVar("T")

_SIGNATURES = (
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xfe\xff", "utf-16"),
    (b"\xff\xfe", "utf-16"),
    (BOM_UTF8, "utf-8"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00<", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
)  # XML 1.0, appendix F: byte order marks first, then the shape of "<"
_CODECS = {
    "": "utf-8",
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "iso-8859-1": "iso-8859-1",
    "latin1": "iso-8859-1",
    "iso-8859-15": "iso-8859-15",
    "windows-1252": "cp1252",
}
_WIDE = frozenset({"", "utf-16", "utf-16le", "utf-16be", "utf-32", "utf-32le", "utf-32be"})
_DECLARED = re.compile(rb"""<\?xml\s[^>]{0,200}?\bencoding\s{0,9}=\s{0,9}["']([A-Za-z0-9._-]{1,40})["']""")
_ASIDE = re.compile(rb"[ \t\r\n]*+(<!--|<\?)")
_DOCTYPE = re.compile(rb"[ \t\r\n]*+(<!doctype)", re.IGNORECASE)
_ASIDES = {b"<!--": b"-->", b"<?": b"?>"}
_NOT_A_NAMESPACE = re.compile(rb"""xmlns[^\s=<>"']*+\s*+[^=\s]""")
_ERRORS = {getattr(etree.ErrorTypes, name): name for name in dir(etree.ErrorTypes) if name.startswith(("ERR", "NS_"))}
_LIMIT_ERRORS = frozenset({"ERR_RESOURCE_LIMIT", "ERR_NAME_TOO_LONG", "ERR_NO_MEMORY"})
_WINDOW = 512


@dataclass(frozen=True, slots=True)
class XmlLimits:
    """What a document may cost. The largest official CDA has 4 700 elements and 5 400 attributes.

    `max_bytes` counts the bytes received and their UTF-8 form alike; `max_elements` counts comments,
    instructions and CDATA sections with the elements; `max_attributes` is for the whole document;
    an aside is a comment or an instruction.
    """

    max_bytes: int = 50 * 1024 * 1024
    max_depth: int = 256
    max_elements: int = 420_000
    max_attributes: int = 150_000
    max_element_attributes: int = 256
    max_attribute_chars: int = 100_000
    max_references: int = 2_000_000
    max_asides: int = 20_000
    max_aside_bytes: int = 1_000_000
    max_namespaces: int = 10_000
    max_namespace_chars: int = 1_000


DEFAULT_LIMITS = XmlLimits()


@dataclass(frozen=True, slots=True)
class Parsed:
    """A root element, or the problems that prevent one: never both, never neither."""

    root: Element | None
    problems: tuple[Problem, ...] = ()


class _Stop(Exception):
    """Ends a reading with its problem; never leaves this module."""

    def __init__(self, reason: Reason, place: str, detail: str) -> None:
        super().__init__(reason.code)
        self.problem = Problem(reason, place, detail)


def parse_xml(data: bytes, limits: XmlLimits = DEFAULT_LIMITS) -> Parsed:
    """The tree of a document, or the reason why there is none; bad input never raises.

    Comments and processing instructions are not in the tree and CDATA sections are plain text, so
    that none of them can split a value (XML-09). Places are « line N, column M », details are names of rules.
    """
    return _read(data, limits, lambda text: apart(lambda: _parsed(text)))


def parse_here(data: bytes, limits: XmlLimits) -> Parsed:
    """The same in the thread of the caller, who is in one that ends soon (`apart`): for several small parses."""
    return _read(data, limits, _parsed)


def parse_again(data: bytes) -> Parsed:
    """The same for a piece of a tree that was bounded, as serialised here: it is not counted again."""
    root = _parsed(data)
    return Parsed(None, (root.problem,)) if isinstance(root, _Stop) else Parsed(root)


def apart(work: Callable[[], T]) -> T:
    """Work done in a thread of its own: libxml2 keeps every name it meets for the life of a thread.

    Measured: 15 MB kept for each document of 200 000 different names, for ever, in a long-lived worker.
    """
    answers: list[T] = []
    errors: list[Exception] = []

    def run() -> None:
        try:
            answers.append(work())
        except Exception as error:
            errors.append(error)

    thread = Thread(target=run, name="xml")
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return answers[0]


def _read(data: bytes, limits: XmlLimits, parse: Callable[[bytes], "Element | _Stop"]) -> Parsed:
    try:
        text = _as_utf8(data, limits)
        _check_prolog(text)
        _check_counts(text, limits)
        root = parse(text)
        if isinstance(root, _Stop):
            raise root
        _check_tree(root, text, limits)
    except _Stop as stop:
        return Parsed(None, (stop.problem,))
    return Parsed(root)


def _as_utf8(data: bytes, limits: XmlLimits) -> bytes:
    _check_size(data, limits)
    family = next((codec for mark, codec in _SIGNATURES if data.startswith(mark)), "utf-8")
    if family == "utf-8":
        declared = _declared(data[:300].removeprefix(BOM_UTF8))
        codec = _CODECS.get(declared)
        if codec == "utf-8":
            return data
        if codec is None or data.startswith(BOM_UTF8):
            raise _Stop(XML_MALFORMED, "line 1, column 1", "encoding declared: not accepted, or not the real one")
        return _transcoded(data, codec, limits)
    text = _transcoded(data, family, limits)
    if _declared(text[:300]) not in _WIDE:
        raise _Stop(XML_MALFORMED, "line 1, column 1", "encoding declared: not the real one")
    return text


def _declared(start: bytes) -> str:
    found = _DECLARED.match(start)
    return found[1].decode("ascii").lower() if found else ""


def _transcoded(data: bytes, codec: str, limits: XmlLimits) -> bytes:
    try:
        text = data.decode(codec).encode()
    except UnicodeError:
        raise _Stop(XML_MALFORMED, "line 1, column 1", f"bytes that are not {codec}") from None
    _check_size(text, limits)
    return text


def _check_size(data: bytes, limits: XmlLimits) -> None:
    if len(data) > limits.max_bytes:
        raise _Stop(XML_LIMIT, "line 1, column 1", f"more than {limits.max_bytes} bytes")


def _check_prolog(text: bytes) -> None:
    """A DOCTYPE can only stand before the root element: walk there as a parser does, and look."""
    at = len(BOM_UTF8) if text.startswith(BOM_UTF8) else 0
    while found := _ASIDE.match(text, at):
        end = text.find(_ASIDES[found[1]], found.end())
        if end < 0:
            return
        at = end + len(_ASIDES[found[1]])
    if found := _DOCTYPE.match(text, at):
        raise _Stop(XML_DOCTYPE, _place(text, found.start(1)), "DOCTYPE")


def _place(text: bytes, at: int) -> str:
    line = text.count(b"\n", 0, at) + 1
    column = at - text.rfind(b"\n", 0, at)
    return f"line {line}, column {column}"


def _check_counts(text: bytes, limits: XmlLimits) -> None:
    """Upper bounds of what the tree would hold, from the bytes: nothing is built for a bomb.

    An attribute needs an equals sign and two quotes; only a text full of both is counted too high.
    """
    counted = (
        (text.count(b"<") - text.count(b"</"), limits.max_elements, "elements"),
        (min(text.count(b"="), (text.count(b'"') + text.count(b"'")) // 2), limits.max_attributes, "attributes"),
        (text.count(b"<!--") + text.count(b"<?"), limits.max_asides, "comments and instructions"),
        (text.count(b"&"), limits.max_references, "character references"),
        (text.count(b"xmlns"), limits.max_namespaces, "namespace declarations"),
    )
    for count, limit, what in counted:
        if count > limit:
            raise _Stop(XML_LIMIT, "line 1, column 1", f"more than {limit} {what}")
    if len(text) > limits.max_aside_bytes:
        _check_asides(text, limits)
    _check_namespaces(text, limits)


def _check_asides(text: bytes, limits: XmlLimits) -> None:
    """libxml2 reads a comment or an instruction of 50 MB for two seconds; nobody needs one."""
    for start, stop in _ASIDES.items():
        at = text.find(start)
        while at >= 0:
            end = text.find(stop, at, at + limits.max_aside_bytes)
            if end < 0 and len(text) - at > limits.max_aside_bytes:
                detail = f"comment or instruction of more than {limits.max_aside_bytes} bytes"
                raise _Stop(XML_LIMIT, _place(text, at), detail)
            at = text.find(start, end) if end > 0 else -1


def _check_namespaces(text: bytes, limits: XmlLimits) -> None:
    """Every name of the tree repeats its namespace, so a long one declared once would be paid at each use."""
    short = re.compile(
        rb"""xmlns[^\s=<>"']*+\s*+=\s*+(?:"[^"]{0,%(n)d}"|'[^']{0,%(n)d}')""" % {b"n": limits.max_namespace_chars}
    )
    at = text.find(b"xmlns")
    while at >= 0:
        window = text[at : at + _WINDOW + limits.max_namespace_chars]
        if not short.match(window) and not _NOT_A_NAMESPACE.match(window):
            raise _Stop(XML_LIMIT, _place(text, at), f"namespace of more than {limits.max_namespace_chars} characters")
        at = text.find(b"xmlns", at + 5)


def _parsed(text: bytes) -> Element | _Stop:
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
        strip_cdata=True,
        collect_ids=False,
        recover=False,
    )
    try:
        return etree.fromstring(text, parser)
    except etree.LxmlError as error:
        name = _ERRORS.get(getattr(error, "code", 0), "ERR_SYNTAX")
        line, column = getattr(error, "position", (1, 1))
        reason = XML_LIMIT if name in _LIMIT_ERRORS else XML_MALFORMED
        return _Stop(reason, f"line {line}, column {column}", name)
    except MemoryError:
        return _Stop(XML_LIMIT, "line 1, column 1", "memory")


def _check_tree(root: Element, text: bytes, limits: XmlLimits) -> None:
    if root.getroottree().docinfo.internalDTD is not None:
        raise _Stop(XML_DOCTYPE, "line 1, column 1", "DOCTYPE")
    rules = (
        ("/*" * (limits.max_depth + 1), f"deeper than {limits.max_depth} elements", True),
        (
            f"descendant-or-self::*/@*[{limits.max_element_attributes + 1}]",
            f"an element of more than {limits.max_element_attributes} attributes",
            True,
        ),
        (
            f"descendant-or-self::*/@*[string-length() > {limits.max_attribute_chars}]",
            f"an attribute of more than {limits.max_attribute_chars} characters",
            len(text) > limits.max_attribute_chars,
        ),
    )
    for path, detail, possible in rules:
        found = possible and root.xpath(f"boolean({path})")
        if found:
            raise _Stop(XML_LIMIT, "line 1, column 1", detail)
