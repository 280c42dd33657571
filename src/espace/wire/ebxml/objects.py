"""Registry objects as ebRIM 3.0 has them, before anybody asks what they mean: elements → values."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from espace.wire.ebxml.schemes import RIM
from espace.wire.xml import Element

_R = f"{{{RIM}}}"
_SLOT, _VALUES, _VALUE = f"{_R}Slot", f"{_R}ValueList", f"{_R}Value"
_CLASSIFICATION, _IDENTIFIER, _VERSION = f"{_R}Classification", f"{_R}ExternalIdentifier", f"{_R}VersionInfo"
_NAME, _DESCRIPTION, _STRING = f"{_R}Name", f"{_R}Description", f"{_R}LocalizedString"
_TEXTS = frozenset({_NAME, _DESCRIPTION})
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"

Slots = Mapping[str, tuple[str, ...]]
_Slots = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Classified:
    """A classification: a code of a scheme, an author, who is all in slots, or of what kind the object is (`node`)."""

    scheme: str = ""
    node: str = ""
    code: str = ""
    name: str = ""
    slots: Slots = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Identified:
    """An external identifier."""

    scheme: str
    value: str


@dataclass(frozen=True, slots=True)
class Stated:
    """One registry object: `tag` is ExtrinsicObject, RegistryPackage, Association or ObjectRef; `place` says where it
    was by position, for an id could hold anything. What is repeated that may not be is in `repeated`."""

    tag: str
    place: str
    id: str
    logical_id: str = ""
    version: str = ""
    status: str = ""
    object_type: str = ""
    mime_type: str = ""
    home: str = ""
    name: str = ""
    description: str = ""
    association: str = ""
    source: str = ""
    target: str = ""
    slots: Slots = field(default_factory=dict)
    classifications: tuple[Classified, ...] = ()
    identifiers: tuple[Identified, ...] = ()
    repeated: tuple[str, ...] = ()

    def slot(self, name: str) -> str:
        return next(iter(self.slots.get(name, ())), "")

    def codes(self, scheme: str) -> list[Classified]:
        return [one for one in self.classifications if one.scheme == scheme]

    def external(self, scheme: str) -> list[str]:
        return [one.value for one in self.identifiers if one.scheme == scheme]

    def is_a(self, node: str) -> bool:
        return any(one.node == node for one in self.classifications)


def stated(listed: Element) -> Iterator[Stated]:
    """Every object of a RegistryObjectList, in order. A classification that stands beside its object, as those of a
    SubmissionSet and a Folder may, is told with it; one of no object here is of no use and is passed over."""
    beside: dict[str, list[Classified]] = {}
    for one in listed.iterchildren(_CLASSIFICATION):
        beside.setdefault(_said(one, "classifiedObject"), []).append(_classified(one))
    counts: dict[str, int] = {}
    for one in listed:
        tag = one.tag.removeprefix(_R)
        counts[tag] = counts.get(tag, 0) + 1
        if tag != "Classification":
            more = beside.get(_said(one, "id"), ())
            yield _stated(one, tag, f"RegistryObjectList/{_shown(tag)}[{counts[tag]}]", more)


def _shown(tag: str) -> str:
    """A tag as a step of a place; what is in no known namespace could hold anything."""
    return tag if tag.isalpha() and len(tag) < 40 else "*"


def _said(one: Element, name: str) -> str:
    return one.get(name, "").strip()


def _stated(one: Element, tag: str, place: str, beside: Iterable[Classified]) -> Stated:
    """Every child is looked at once."""
    slots, repeated = _Slots(), list[str]()
    classified, identified = list[Classified](), list[Identified]()
    texts = dict[str, str]()
    for child in one:
        if child.tag == _SLOT:
            _add(child, slots, repeated)
        elif child.tag == _CLASSIFICATION:
            classified.append(_classified(child))
        elif child.tag == _IDENTIFIER:
            identified.append(Identified(_said(child, "identificationScheme"), _said(child, "value")))
        elif child.tag in _TEXTS:
            texts.setdefault(child.tag, _text(child))
        elif child.tag == _VERSION:
            texts.setdefault(_VERSION, _said(child, "versionName"))
    return Stated(
        tag=tag,
        place=place,
        id=_said(one, "id"),
        logical_id=_said(one, "lid"),
        version=texts.get(_VERSION, ""),
        status=_said(one, "status"),
        object_type=_said(one, "objectType"),
        mime_type=_said(one, "mimeType"),
        home=_said(one, "home"),
        name=texts.get(_NAME, ""),
        description=texts.get(_DESCRIPTION, ""),
        association=_said(one, "associationType"),
        source=_said(one, "sourceObject"),
        target=_said(one, "targetObject"),
        slots=slots,
        classifications=(*classified, *beside),
        identifiers=tuple(identified),
        repeated=tuple(repeated),
    )


def _classified(one: Element) -> Classified:
    slots, repeated, name = _Slots(), list[str](), ""
    for child in one:
        if child.tag == _SLOT:
            _add(child, slots, repeated)
        elif child.tag == _NAME:
            name = name or _text(child)
    scheme, node = _said(one, "classificationScheme"), _said(one, "classificationNode")
    return Classified(scheme, node, _said(one, "nodeRepresentation"), name, slots)


def _add(slot: Element, slots: _Slots, repeated: list[str]) -> None:
    """One slot; of two of one name the first, and the name is told. A value is text alone."""
    name = _said(slot, "name")
    if name in slots:
        repeated.append(name)
        return
    values = (value for each in slot.iterchildren(_VALUES) for value in each.iterchildren(_VALUE) if len(value) == 0)
    slots[name] = tuple(text for value in values if (text := (value.text or "").strip()))


def _text(one: Element) -> str:
    """The first localised string; French first where it is said in several languages."""
    said = list(one.iterchildren(_STRING))
    if len(said) > 1:
        said.sort(key=lambda text: not text.get(_LANGUAGE, "").lower().startswith("fr"))
    return _said(said[0], "value") if said else ""
