"""ITI-57 on what is no document: folders and associations, by the organisation that filed them.

What is nowhere, of another patient or somebody else's is told as a document that is not there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from espace.kernel.reasons import care
from espace.kernel.reasons import updating as reasons
from espace.kernel.values import replace
from espace.kernel.words import Grant, Problem, Refused, RefusedProblems
from espace.record import actions, queries
from espace.record.facts import ENDED, MEMBER, KeptFolder, OwnLink, Status
from espace.wire.ebxml import writing
from espace.wire.ebxml.differing import plain
from espace.wire.ebxml.schemes import HAS_MEMBER, Relation
from espace.wire.ebxml.update import Moved, Refiled, Submitted, Update
from espace.wire.xds import Folder, Linking

_KINDS: Mapping[str, str] = {
    HAS_MEMBER: MEMBER,
    Relation.APPENDS: Linking.APPENDS,
    Relation.TRANSFORMS: Linking.TRANSFORMS,
}
"""Of an association that is to be, by its URN."""
_MOVES = frozenset({(Status.APPROVED, Status.DEPRECATED), (Status.DEPRECATED, Status.APPROVED)})
"""Folders and associations are in force or not; the national statuses are those of documents."""
_NEW, _OLD = "/Slot[@name='NewStatus']", "/Slot[@name='OriginalStatus']"
_PARTS: Mapping[str, str] = {"source": "/@sourceObject", "target": "/@targetObject", "kind": "/@associationType"}
_FIELDS = ("title", "comments", "codes")


@dataclass(frozen=True, slots=True)
class Owned:
    """What the organisation filed in a record beside documents: its links and folders by what a search calls them."""

    links: Mapping[UUID, OwnLink]
    folders: Mapping[UUID, KeptFolder]


def owned(grant: Grant, said: Update) -> Owned:
    """Two statements, and one for what of it is asked about, as which the line of a refusal is hidden; none where
    nothing of it can be asked."""
    if not said.moved and not said.refiled:
        return Owned({}, {})
    links = {_id(one): one for one in queries.own_links(grant)}
    asked = {*(one.target for one in said.moved), *(one.folder for one in said.refiled)}
    found = Owned(links, queries.kept_folders(grant, asked))
    ends = {end for one in asked if one in links for end in (links[one].source, links[one].target)}
    queries.kept(grant, ends.union(*(folder.members for folder in found.folders.values())))
    return found


def _id(one: OwnLink) -> UUID:
    """What a search calls a link, which nobody has to keep."""
    if one.kind == MEMBER:
        return writing.membership(one.source, one.target).id
    return writing.relation(Linking(one.kind), one.source, one.target).id


def problems(said: Update, of: Owned) -> Iterator[Problem]:
    """What may not be asked of these folders and links as they are. Raises Refused for a folder that is not there."""
    for one in said.refiled:
        if one.folder not in of.folders:
            raise Refused(care.NOT_THE_AUTHOR, place=f"{one.place}/@lid")
        yield from _stale(one, of.folders[one.folder])
    for moved in said.moved:
        if moved.target in of.folders:
            yield from _unmovable(moved, of.folders[moved.target].status)
        elif moved.target in of.links:
            link = of.links[moved.target]
            yield from _unmovable(moved, Status.DEPRECATED if link.ended else Status.APPROVED, kind=link.kind)


def _stale(one: Refiled, now: KeptFolder) -> Iterator[Problem]:
    if one.version != now.revision:
        yield Problem(reasons.UPDATE_OUTDATED, f"{one.place}/@lid", f"VersionInfo {now.revision}")
    if one.status not in ("", now.status):
        yield Problem(reasons.UPDATE_STATUS_DIFFERS, f"{one.place}/@status", now.status)


def _unmovable(one: Moved, now: Status, *, kind: str = "") -> Iterator[Problem]:
    if one.before != now:
        yield Problem(reasons.UPDATE_STATUS_DIFFERS, f"{one.place}{_OLD}", now)
    elif (one.before, one.after) not in _MOVES:
        yield Problem(care.CHANGE_REFUSED, f"{one.place}{_NEW}", f"{one.before} → {one.after}")
    elif kind and kind not in ENDED:
        yield Problem(care.CHANGE_REFUSED, f"{one.place}{_NEW}", f"{kind} stays")


def change(grant: Grant, said: Update, of: Owned) -> None:
    """Folders first, then what links end, then those that begin. Raises Refused at the places of the request."""
    for folder, status, stated in _of_folders(said, of):
        actions.amend_folder(grant, folder, status=status, stated=stated)
    moved = [(one.place, of.links[one.target]) for one in said.moved if one.target in of.links]
    for _, link in moved:
        if not link.ended:
            actions.end_link(grant, link)
    for place, link in moved:
        if link.ended:
            _make(grant, link, dict.fromkeys(_PARTS, f"{place}/@targetObject"))
    for submitted in said.submitted:
        _make(grant, _link(submitted), {part: f"{submitted.place}{step}" for part, step in _PARTS.items()})


def _link(one: Submitted) -> OwnLink:
    return OwnLink(_KINDS[one.kind], one.source, one.target)


def _make(grant: Grant, link: OwnLink, places: Mapping[str, str]) -> None:
    try:
        actions.make_link(grant, link)
    except RefusedProblems as refused:
        placed = (replace(one, place=places[one.place]) for one in refused.problems)
        raise RefusedProblems(tuple(placed)) from refused
    except Refused as refusal:
        raise Refused(refusal.reason, place=places[refusal.place]) from refusal


def _of_folders(said: Update, of: Owned) -> Iterator[tuple[KeptFolder, Status | None, Folder | None]]:
    """What becomes of each folder, its status and what it states in one change."""
    statuses = {one.target: Status(one.after) for one in said.moved if one.target in of.folders}
    anew = {one.folder: one for one in said.refiled}
    for named in dict.fromkeys((*anew, *statuses)):
        folder = of.folders[named]
        yield folder, statuses.get(named), _stated(anew[named], folder) if named in anew else None


def _stated(one: Refiled, folder: KeptFolder) -> Folder:
    """What a folder is to state: of what it says as it was, nothing."""
    before = folder.stated.stated
    names = (name for name in _FIELDS if plain(getattr(one.stated, name)) != plain(getattr(before, name)))
    said = {name: getattr(one.stated, name) for name in names}
    return replace(before, place=one.place, unique_id=one.stated.unique_id, **said)
