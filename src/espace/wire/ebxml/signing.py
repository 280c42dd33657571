"""The signature of a lot among its documents: an entry of its own form and the association « signs » (CI-SIS; IHE DSG).

What it signs came with it, in the same request: the documents named, or, where it signs the SubmissionSet, all of them.
"""

from collections.abc import Iterable, Mapping

from espace.wire.ebxml.objects import Stated
from espace.wire.nomenclature import SIGNATURE
from espace.wire.report import Report
from espace.wire.xds import DocumentEntry

FORMAT = "http://www.w3.org/2000/09/xmldsig#"
_MIME = "text/xml"


def is_signature(entry: DocumentEntry) -> bool:
    """Whether the entry is that of a signature: its class, its format and its type of content together."""
    codes = (entry.class_.code if entry.class_ else "", entry.format.code if entry.format else "")
    return (*codes, entry.mime_type) == (SIGNATURE, FORMAT, _MIME)


class Signings:
    """What the signatures of a request sign; `entries` are its documents by their ids in it, `chosen` its set."""

    def __init__(self, entries: Mapping[str, DocumentEntry], chosen: str) -> None:
        self.entries = entries
        self.chosen = chosen
        self.signatures = {name for name, entry in entries.items() if is_signature(entry)}
        self.health = entries.keys() - self.signatures
        self.signed: dict[str, set[str]] = {}
        self.whole: set[str] = set()

    def read(self, associations: Iterable[Stated], report: Report) -> None:
        for one in associations:
            if one.source not in self.signatures:
                report.unresolved(f"{one.place}/@sourceObject", "a signature of this request is expected")
            elif one.target not in (self.health | {self.chosen}) or not self.health:
                report.unresolved(f"{one.place}/@targetObject", "the SubmissionSet, or a document of it")
            else:
                targets = self.health if one.target == self.chosen else {one.target}
                self.signed.setdefault(one.source, set()).update(targets)
                self.whole |= {one.source} if one.target == self.chosen else set()
        for name in sorted(self.signatures - self.signed.keys()):
            report.missing(f"{self.entries[name].place}/@id", "an association signs names it as its source")

    def of(self, name: str) -> tuple[frozenset[str], bool]:
        """The uniqueIds of what a document signs, and whether it is the set that it was said to sign."""
        return frozenset(self.entries[one].unique_id for one in self.signed.get(name, ())), name in self.whole
