"""What only the narrative says, and which everybody looks for: the findings and the conclusion of a report."""

from espace.clinical.facts import Fact, Kind, Place
from espace.clinical.rules.extraction.knowing import nothing_in
from espace.wire.clinical_statements.values import Concept, StatedSection, Value

_CONCLUSIONS = frozenset({"19005-8", "59776-5", "55110-1", "22637-3"})
"""LOINC: impression of an imaging report, findings of the act (CI-SIS « CR d'imagerie », DICOM PS3.20), conclusions of
any other report, diagnosis of a pathologist (IHE APSR)."""
_MOST_WORDS = 8_000


def conclusion(section: StatedSection, rank: int) -> Fact | None:
    """The narrative of such a section, whole up to 8 000 characters. Its order is below zero, after the rank of its
    section, since it is no statement."""
    if section.code is None or section.code.code not in _CONCLUSIONS or nothing_in(section.text):
        return None
    return Fact(
        kind=Kind.CONCLUSION,
        what=Concept(section.code.code, section.code.system, section.code.display, section.title),
        place=Place(section.code.code, section.title, section.anchor, -1 - rank),
        value=Value(words=section.text[:_MOST_WORDS]),
    )
