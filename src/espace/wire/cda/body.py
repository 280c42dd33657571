"""The body of a CDA R2: one file (level 1), or sections of narrative with entries (level 3)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from espace.kernel.reasons.documents import CONTENT_TYPE_MISMATCH
from espace.wire.cda.finding import Notes, attribute, child, children, coded, text_in
from espace.wire.cda.media import Unusable, decode
from espace.wire.cda.values import BODY_MEDIA, HL7, Media, Section
from espace.wire.xml import Element

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]{0,63}")


@dataclass(frozen=True, slots=True)
class Body:
    level: int
    media: tuple[Media, ...] = ()
    sections: tuple[Section, ...] = ()
    media_names: tuple[tuple[str, str], ...] = ()


def read_body(component: Element, notes: Notes) -> Body | None:
    """The body of `ClinicalDocument/component`; None, with its problem, when there is nothing to read."""
    structured, file = child(component, "structuredBody"), child(component, "nonXMLBody")
    if structured is not None:
        return _level_3(structured, notes)
    if file is not None:
        return _level_1(file, notes)
    notes.refuse(component, "nonXMLBody or structuredBody")
    return None


def _level_1(body: Element, notes: Notes) -> Body | None:
    content = child(body, "text")
    if content is None:
        notes.refuse(body, "the content", path="text")
        return None
    try:
        kind, data, remark = decode(content)
    except Unusable as why:
        notes.refuse(content, why.rule, reason=why.reason)
        return None
    if remark:
        notes.warn(content, remark, path="@mediaType", reason=CONTENT_TYPE_MISMATCH)
    return Body(1, (Media(BODY_MEDIA, kind, data),))


def _level_3(body: Element, notes: Notes) -> Body | None:
    sections = _sections(children(body, "component/section"), "cda-s")
    if not sections:
        notes.refuse(body, "a section", path="component/section")
        return None
    media, names = _embedded(body, notes)
    return Body(3, media, sections, names)


def _sections(elements: Iterable[Element], anchor: str) -> tuple[Section, ...]:
    """Sections and those below them; their depth is bounded by the depth of the tree."""
    return tuple(
        Section(
            f"{anchor}-{number}",
            text_in(child(element, "title")),
            coded(child(element, "code")),
            element,
            _sections(children(element, "component/section"), f"{anchor}-{number}"),
        )
        for number, element in enumerate(elements, start=1)
    )


def _embedded(body: Element, notes: Notes) -> tuple[tuple[Media, ...], tuple[tuple[str, str], ...]]:
    """Every observationMedia that can be used, and the names under which the narrative may call it."""
    media: list[Media] = []
    names: dict[str, str] = {}
    for number, element in enumerate(body.iter(HL7 + "observationMedia"), start=1):
        value = child(element, "value")
        if value is None:
            notes.warn(element, "the content", path="value")
            continue
        try:
            kind, data, remark = decode(value)
        except Unusable as why:
            notes.warn(value, why.rule, reason=why.reason)
            continue
        if remark:
            notes.warn(value, remark, path="@mediaType", reason=CONTENT_TYPE_MISMATCH)
        said = attribute(element, "ID")
        plain = _NAME.fullmatch(said) and said not in names and said != BODY_MEDIA
        media.append(Media(said if plain else f"media-{number}", kind, data))
        for name in _names(element):
            names.setdefault(name, media[-1].id)
    return tuple(media), tuple(names.items())


def _names(element: Element) -> list[str]:
    """Its own ID, and those of the regions of interest that stand around or inside it."""
    regions = [*element.iterancestors(HL7 + "regionOfInterest"), *element.iter(HL7 + "regionOfInterest")]
    return [name for each in (element, *regions) if (name := attribute(each, "ID"))]
