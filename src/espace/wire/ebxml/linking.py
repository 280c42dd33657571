"""What the associations of a submission link (ITI TF-3, 4.2.2): its set to what it brings, documents to others."""

from collections.abc import Collection, Mapping

from espace.kernel.reasons import xds
from espace.wire.ebxml import stating
from espace.wire.ebxml.objects import Stated
from espace.wire.ebxml.schemes import HAS_MEMBER, Relation
from espace.wire.report import Report
from espace.wire.xds import Linking, Placed, Related

KINDS: Mapping[str, Linking] = {
    Relation.REPLACES: Linking.REPLACES,
    Relation.TRANSFORMS_AND_REPLACES: Linking.TRANSFORMS_AND_REPLACES,
    Relation.APPENDS: Linking.APPENDS,
    Relation.TRANSFORMS: Linking.TRANSFORMS,
    Relation.SIGNS: Linking.SIGNS,
}
"""By associationType, the links of documents that are taken."""
_REPLACING = frozenset({Linking.REPLACES, Linking.TRANSFORMS_AND_REPLACES})


class Links:
    """The associations of a request; `documents` are its documents, their uniqueIds by their ids in it, `folders` the
    ids of its folders.

    `replaced` gives, by the id of a document, the entry that it replaces, named as `xds.NewDocument` has it;
    `signing` are those of signatures; `inside` gives, by the id of a folder, what is in it, and `placed` what goes into
    folders filed before.
    """

    def __init__(
        self, associations: list[Stated], documents: Mapping[str, str], folders: Collection[str] = ()
    ) -> None:
        self.associations = associations
        self.documents = documents
        self.folders = folders
        self.names = {one.id for one in associations if one.id}
        self.members: set[str] = set()
        self.replaced: dict[str, str] = {}
        self.transforming: set[str] = set()
        self.related: dict[str, list[Related]] = {}
        self.signing: list[Stated] = []
        self.inside: dict[str, list[str]] = {}
        self.placed: list[Placed] = []

    def read(self, chosen: Stated | None, brought: list[Stated], report: Report) -> None:
        """`brought` are the documents and the folders, which the set brings every one of."""
        for one in self.associations:
            kind = KINDS.get(one.association)
            if one.association == HAS_MEMBER:
                self._has_member(one, chosen, report)
            elif kind is Linking.SIGNS:
                self.signing.append(one)
            elif kind is not None:
                self._relation(one, kind, report)
            else:
                report.add(
                    xds.ASSOCIATION_UNSUPPORTED, f"{one.place}/@associationType", f"HasMember, {', '.join(Linking)}"
                )
        for each in brought:
            if chosen and each.id not in self.members:
                report.missing(f"{each.place}/@id", "a HasMember of the SubmissionSet brings it")

    def of(self, name: str) -> tuple[tuple[Related, ...], bool]:
        """What a document appends or transforms, and whether it replaces by transforming."""
        return tuple(self.related.get(name, ())), name in self.transforming

    def _has_member(self, one: Stated, chosen: Stated | None, report: Report) -> None:
        """What the set brings (documents, folders, and other associations of the request), or what is in a folder."""
        filed = stating.uuid(one.source)
        if one.source in self.folders:
            if member := self._member_of_folder(one, report):
                self.inside.setdefault(one.source, []).append(member)
        elif chosen is None or one.source == chosen.id:
            self._brought(one, report)
        elif filed and (one.target in self.documents or stating.uuid(one.target)):
            if member := self._member_of_folder(one, report):
                self.placed.append(Placed(one.place, f"List/{filed.removeprefix('urn:uuid:')}", member))
        else:
            report.unresolved(f"{one.place}/@sourceObject", "the SubmissionSet, or a Folder, is expected")

    def _brought(self, one: Stated, report: Report) -> None:
        other = one.target in self.names and one.target != one.id
        if not other and one.target not in self.documents and one.target not in self.folders:
            report.unresolved(f"{one.place}/@targetObject", "an ExtrinsicObject of this request is expected")
        elif one.target in self.members:
            report.invalid(f"{one.place}/@targetObject", "brought twice")
        if one.slot("SubmissionSetStatus") != "Original":
            report.invalid(f"{one.place}/Slot[@name='SubmissionSetStatus']", "Original is expected")
        self.members.add(one.target)

    def _member_of_folder(self, one: Stated, report: Report) -> str:
        """Once in each folder; "" where it is none."""
        target = self._target(one)
        if not target:
            report.unresolved(f"{one.place}/@targetObject", "an entryUUID, or a document of this request, is expected")
        key = f"{one.source} {target}"
        if key in self.members:
            report.invalid(f"{one.place}/@targetObject", "twice in one folder")
        self.members.add(key)
        return target

    def _relation(self, one: Stated, kind: Linking, report: Report) -> None:
        if one.source not in self.documents:
            report.unresolved(f"{one.place}/@sourceObject", "an ExtrinsicObject of this request is expected")
        elif kind in _REPLACING:
            self._replacement(one, kind, report)
        elif target := self._target(one):
            self.related.setdefault(one.source, []).append(Related(kind, target))
        else:
            report.unresolved(f"{one.place}/@targetObject", "an entryUUID, or a document of this request, is expected")

    def _replacement(self, one: Stated, kind: Linking, report: Report) -> None:
        if one.source in self.replaced:
            report.unsupported(one.place, "one replaced document")
        if one.target in self.documents or not (target := self._target(one)):
            report.unresolved(f"{one.place}/@targetObject", "the entryUUID of a document filed before is expected")
            return
        self.replaced[one.source] = target
        self.transforming |= {one.source} if kind is Linking.TRANSFORMS_AND_REPLACES else set()

    def _target(self, one: Stated) -> str:
        """A document of the request by its uniqueId, one filed before as `xds.NewDocument` has it; "" for neither."""
        uuid = stating.uuid(one.target)
        filed = f"DocumentReference/{uuid.removeprefix('urn:uuid:')}" if uuid else ""
        return self.documents.get(one.target, filed)
