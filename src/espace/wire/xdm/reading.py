"""The files of an archive → submissions, one for each folder of IHE_XDM (ITI TF-2, 3.32.4.1.2).

METADATA.XML is read as ITI-41 reads its request, each entry with the file that its URI names: the same values, the
same problems. Places are told as they are in the archive: METADATA.XML with the line, then XPath without prefixes.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast
from urllib.parse import unquote

from lxml import etree

from espace.kernel.reasons import documents, xds
from espace.kernel.reasons import xdm as reasons
from espace.kernel.values import defaults, is_value, replace
from espace.kernel.words import Problem
from espace.wire.ebxml import provide
from espace.wire.ebxml.objects import stated
from espace.wire.ebxml.provide import REQUEST, Provided
from espace.wire.ebxml.schemes import LCM, RIM, XDSB, XOP
from espace.wire.xml import Element, XmlLimits, parse_xml

FOLDER = "IHE_XDM/"
METADATA = "METADATA.XML"
MEDIA_TYPE = "application/zip"
MOST_SUBSETS = 20
_BESIDE = (".XSL", ".XSLT", ".CSS")
"""What shows documents and is none: left where it is."""
_LIST = f"{{{RIM}}}RegistryObjectList"
_SUBMIT = f"{{{LCM}}}SubmitObjectsRequest"
_OBJECT = re.compile(r"RegistryObjectList/(?P<tag>[A-Za-z]{1,39})\[(?P<number>[0-9]{1,5})\]")
_DOCUMENT = re.compile(r"Document\[(?P<number>[0-9]{1,5})\]")
_SAID = re.compile(r"[A-Z]{3,6}[0-9]{1,6}(\.[A-Z]{3})?")
"""Names that are those of the standard's own examples; what a sender called a file could tell of a patient."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Named:
    """The entries of a set by their URIs: the id of each and its file, and what is wrong with the others."""

    files: Mapping[str, tuple[str, bytes]]
    problems: tuple[Problem, ...]


def read(files: Mapping[str, bytes], *, max_bytes: int, limits: XmlLimits) -> tuple[Provided, ...]:
    """The submissions of an archive, in the order of their folders; `files` are those of its folder IHE_XDM, by their
    names in it, no two of which differ by case alone. Never raises; each has its own problems."""
    subsets = _subsets(files)
    if not subsets:
        return (_refused(Problem(reasons.ARCHIVE_WITHOUT_METADATA, FOLDER)),)
    if len(subsets) > MOST_SUBSETS:
        return (_refused(Problem(reasons.ARCHIVE_OUTSIZED, FOLDER, f"{MOST_SUBSETS} sets at most")),)
    return tuple(
        _subset(_shown(name, f"SUBSET[{number}]"), found, max_bytes, limits)
        for number, (name, found) in enumerate(sorted(subsets.items()), start=1)
    )


def _refused(*problems: Problem) -> Provided:
    return Provided(None, problems)


def _subsets(files: Mapping[str, bytes]) -> dict[str, dict[str, bytes]]:
    """Folder → its files by their names from there, both in capitals: names differ by more than case. What is in none
    of them is in no set."""
    found: dict[str, dict[str, bytes]] = {}
    for name, data in files.items():
        folder, inside, rest = name[len(FOLDER) :].upper().partition("/")
        if inside:
            found.setdefault(folder, {})[rest] = data
    return found


def _shown(name: str, instead: str) -> str:
    return name if _SAID.fullmatch(name) else instead


def _subset(shown: str, files: dict[str, bytes], max_bytes: int, limits: XmlLimits) -> Provided:
    place = f"{FOLDER}{shown}/{METADATA}"
    if METADATA not in files:
        return _refused(Problem(reasons.ARCHIVE_WITHOUT_METADATA, f"{FOLDER}{shown}"))
    parsed = parse_xml(files.pop(METADATA), limits)
    if parsed.root is None:
        return _refused(*(replace(one, place=f"{place} {one.place}") for one in parsed.problems))
    if parsed.root.tag != _SUBMIT:
        return _refused(Problem(documents.ELEMENT_MISSING, place, "lcm:SubmitObjectsRequest as the root"))
    return _provided(parsed.root, shown, files, max_bytes)


def _provided(root: Element, shown: str, files: Mapping[str, bytes], max_bytes: int) -> Provided:
    named = _named(root, files)
    left = sorted(set(files) - {name for name, _ in named.files.values()})
    places = _Places(root, shown, [name for name, _ in named.files.values()])
    request, parts = _request(root, named)
    found = provide.read(request, parts, max_bytes=max_bytes)
    unnamed = {one.place.removesuffix("/Slot[@name='URI']") for one in named.problems}
    said = [one for one in found.problems if not (one.reason is xds.DOCUMENT_MISSING and one.place in unnamed)]
    beside = [
        Problem(reasons.FILE_UNDESCRIBED, f"{FOLDER}{shown}/{_shown(name, '*')}")
        for name in left
        if not name.endswith(_BESIDE)
    ]
    problems = (*named.problems, *said)
    if problems or beside:
        found = replace(found, submission=None)
    moved = places.moved(replace(found, problems=problems))
    return replace(moved, problems=(*moved.problems, *beside))


def _request(root: Element, named: _Named) -> tuple[Element, dict[str, memoryview]]:
    """The same as a request of ITI-41 says it: the files are its parts."""
    request, parts = etree.Element(REQUEST), dict[str, memoryview]()
    request.append(root)
    for number, (of, (_, data)) in enumerate(named.files.items()):
        document = etree.SubElement(request, f"{{{XDSB}}}Document", id=of)
        etree.SubElement(document, f"{{{XOP}}}Include", href=f"cid:{number}")
        parts[str(number)] = memoryview(data)
    return request, parts


def _named(root: Element, files: Mapping[str, bytes]) -> _Named:
    """Each entry with the file of its URI; of an archive, hash and size are always stated (ITI TF-3, 4.3.1)."""
    found, problems, taken = dict[str, tuple[str, bytes]](), list[Problem](), set[str]()
    for listed in root.iterchildren(_LIST):
        for one in stated(listed):
            if one.tag != "ExtrinsicObject":
                continue
            problems += [
                Problem(documents.ELEMENT_MISSING, f"{one.place}/Slot[@name='{name}']")
                for name in ("hash", "size", "URI")
                if not one.slot(name)
            ]
            if not one.slot("URI"):
                continue
            name, place = _name(one.slots["URI"]), f"{one.place}/Slot[@name='URI']"
            if not name or name in taken or name == METADATA:
                problems.append(Problem(reasons.FILE_UNNAMED, place))
            elif name not in files:
                problems.append(Problem(xds.DOCUMENT_MISSING, place))
            elif one.id:
                found.setdefault(one.id, (name, files[name]))
            taken.add(name)
    return _Named(found, tuple(problems))


def _name(values: tuple[str, ...]) -> str:
    """The file that a URI names from the folder of METADATA.XML, in capitals; "" for anything else, an address
    among it. It is but looked up."""
    if len(values) != 1:
        return ""
    name = unquote(values[0]).removeprefix("./")
    hostile = ":" in name or "\\" in name or not {"", ".", ".."}.isdisjoint(name.split("/"))
    return "" if hostile else name.upper()


class _Places:
    """From places in a request of ITI-41 to those in the archive."""

    def __init__(self, root: Element, shown: str, names: list[str]) -> None:
        self._folder, self._names = f"{FOLDER}{shown}", names
        self._lines = dict(_lines(root))

    def moved(self, value: T) -> T:
        """The same value, whatever says its `place` saying where that is in the archive."""
        found: Any = value
        if isinstance(value, tuple):
            found = tuple(map(self.moved, value))
        elif is_value(found):
            held = {name: getattr(found, name) for name in defaults(type(found))}
            told = {
                name: self.place(one) if name == "place" and isinstance(one, str) else self.moved(one)
                for name, one in held.items()
            }
            changed = {name: one for name, one in told.items() if one is not held[name]}
            found = replace(found, **changed) if changed else found
        return cast(T, found)

    def place(self, place: str) -> str:
        if not place:
            return ""
        if document := _DOCUMENT.match(place):
            number = int(document["number"])
            name = _shown(self._names[number - 1], f"file[{number}]")
            return f"{self._folder}/{name}{place[document.end() :]}"
        told = f"{self._folder}/{METADATA}"
        if one := _OBJECT.match(place):
            line = self._lines.get((one["tag"], int(one["number"])))
            told += f" line {line}" if line else ""
        return f"{told} {place}"


def _lines(root: Element) -> Iterator[tuple[tuple[str, int], int]]:
    counts: dict[str, int] = {}
    for listed in root.iterchildren(_LIST):
        for one in listed:
            tag = etree.QName(one).localname
            counts[tag] = counts.get(tag, 0) + 1
            if isinstance(one.sourceline, int):
                yield (tag, counts[tag]), one.sourceline
