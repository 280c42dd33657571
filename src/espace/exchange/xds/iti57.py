"""ITI-57 « Update Document Set »: what PATCH and DELETE of the FHIR door change, said in ebXML; and more.

Whoever deposited or wrote a document archives it, deletes it, masks it, shows it or states it anew; all of a request,
or nothing. What does not exist and what is somebody else's are told alike.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.conf import settings

from espace.exchange.callers import Caller, Opening
from espace.exchange.xds import iti57_links
from espace.exchange.xds.asked import Answer, Asked, Work
from espace.exchange.xds.attested import require_about
from espace.exchange.xds.iti57_links import Owned
from espace.exchange.xds.stated import opened
from espace.identity.facts import Ins
from espace.identity.rules import one_ins
from espace.kernel.reasons import care, identity
from espace.kernel.reasons import updating as reasons
from espace.kernel.values import replace
from espace.kernel.words import ActorKind, Grant, Problem, Purpose, Refused, RefusedProblems, Verb
from espace.record import actions, queries
from espace.record.facts import Amendable, Change, Kept, Status
from espace.wire.ebxml import differing, update
from espace.wire.ebxml.responses import SUCCESS, registry_response
from espace.wire.ebxml.update import Moved, Restated, Update
from espace.wire.ebxml.writing import Known
from espace.wire.xds import PatientStatement

OPENINGS = {
    ActorKind.ORGANISATION: Opening(Purpose.FEED, Verb.AMEND, ""),
    ActorKind.PROFESSIONAL: Opening(Purpose.FEED, Verb.AMEND, ""),
}
_MOVES: Mapping[tuple[str, str], Change] = {
    (Status.APPROVED, Status.ARCHIVED): Change(archived=True),
    (Status.ARCHIVED, Status.APPROVED): Change(archived=False),
    (Status.APPROVED, Status.DELETED): Change(deleted=True),
    (Status.ARCHIVED, Status.DELETED): Change(deleted=True),
    (Status.DEPRECATED, Status.DELETED): Change(deleted=True),
}
"""Only a replacement deprecates; what is deleted stays so."""
_LABEL, _NEW = "/Classification[confidentialityCode]", "/Slot[@name='NewStatus']"


@dataclass(frozen=True, slots=True)
class _Asking:
    """What becomes of a document, and where the request says so: by what the record's rules are about."""

    change: Change
    places: Mapping[str, str]


def change(asked: Asked, caller: Caller) -> Work:
    said = update.read(asked.body)
    if said.problems:
        raise RefusedProblems(said.problems)
    ins = one_ins(said.patients)
    if not isinstance(ins, Ins):
        reason = reasons.UPDATE_PATIENT_DIFFERS if ins.reason is identity.IDENTITIES_DIFFER else ins.reason
        raise RefusedProblems((replace(ins, reason=reason),))
    require_about(asked.patient, ins.number)
    about = PatientStatement(said.patients[0].place, number=ins.number, authority=ins.authority)
    return partial(_change, said, about, caller)


def _change(said: Update, about: PatientStatement, caller: Caller) -> Answer:
    with _opened(about, caller) as grant:
        of = iti57_links.owned(grant, said)
        for document, asking in _askings(grant, said, of).items():
            _amend(grant, document, asking)
        iti57_links.change(grant, said, of)
    return Answer(registry_response(SUCCESS))


@contextmanager
def _opened(about: PatientStatement, caller: Caller) -> Iterator[Grant]:
    """The record; its line has why a document was not theirs to change, the answer has not."""
    try:
        with opened(caller, about, {}, place=about.place) as grant:
            yield grant
    except Refused as refusal:
        if refusal.reason is care.NOT_THE_AUTHOR:
            raise Refused(reasons.UPDATE_UNKNOWN, place=refusal.place) from refusal
        raise


def _askings(grant: Grant, said: Update, of: Owned) -> dict[UUID, _Asking]:
    """What the request asks of each document. Raises RefusedProblems for what may not be asked of them, and of the
    other objects, as they are."""
    others = {*of.links, *of.folders}
    movements = [one for one in said.moved if one.target not in others]
    places = {one.document: f"{one.place}/@lid" for one in said.restated}
    places |= {one.target: f"{one.place}/@targetObject" for one in movements}
    now = {document: _amendable(grant, document, place) for document, place in places.items()}
    kept = queries.kept(grant, [one.document for one in said.restated]) if said.restated else {}
    problems = [problem for one in said.restated for problem in _stale(one, now[one.document], kept[one.document])]
    problems += [problem for one in movements for problem in _unmovable(one, now[one.target])]
    problems += iti57_links.problems(said, of)
    if problems:
        raise RefusedProblems(tuple(problems))
    changes = {one.document: _restating(one, kept[one.document]) for one in said.restated}
    for one in movements:
        before = changes.get(one.target, _Asking(Change(), {}))
        step = _MOVES[one.before, one.after]
        moved = replace(step, visibility=before.change.visibility, entry=before.change.entry)
        changes[one.target] = _Asking(moved, {**before.places, "extension": f"{one.place}{_NEW}"})
    return changes


def _restating(one: Restated, kept: Kept) -> _Asking:
    """What an entry stated anew asks: of what it says as it was, nothing."""
    before = kept.stated.entry
    names = tuple(differing.differences(one.entry, Known(one.document, before, kept.status, before.size or 0)))
    said = {name: getattr(one.entry, name) for name in names}
    entry = replace(before, place=one.place, **said) if names else None
    places = {f"{one.place}.{name}": f"{one.place}{place}" for name, place in differing.PLACES.items()}
    places["securityLabel"] = f"{one.place}{_LABEL}"
    return _Asking(Change(visibility=one.entry.visibility, entry=entry), places)


def _amendable(grant: Grant, document: UUID, place: str) -> Amendable:
    try:
        return queries.amendable(grant, document)
    except Refused as refusal:
        raise Refused(refusal.reason, place=place) from refusal


def _stale(one: Restated, now: Amendable, kept: Kept) -> Iterator[Problem]:
    """Why an entry stated anew is not about the document as it is."""
    if one.version != now.revision:
        yield Problem(reasons.UPDATE_OUTDATED, f"{one.place}/@lid", f"VersionInfo {now.revision}")
    if one.status not in ("", now.status):
        yield Problem(reasons.UPDATE_STATUS_DIFFERS, f"{one.place}/@status", now.status)
    repository = kept.stated.entry.repository or settings.ESPACE_REPOSITORY_OID
    if one.repository.removeprefix("urn:oid:") not in ("", repository):
        yield Problem(reasons.ATTRIBUTE_KEPT, f"{one.place}/Slot[@name='repositoryUniqueId']", repository)


def _unmovable(one: Moved, now: Amendable) -> Iterator[Problem]:
    if one.before != now.status:
        yield Problem(reasons.UPDATE_STATUS_DIFFERS, f"{one.place}/Slot[@name='OriginalStatus']", now.status)
    elif (one.before, one.after) not in _MOVES:
        yield Problem(care.CHANGE_REFUSED, f"{one.place}{_NEW}", f"{one.before} → {one.after}")


def _amend(grant: Grant, document: UUID, asking: _Asking) -> None:
    """Raises RefusedProblems at the places of the request."""
    try:
        actions.amend(grant, document, asking.change)
    except RefusedProblems as refused:
        raise RefusedProblems(tuple(_placed(one, asking.places) for one in refused.problems)) from refused


def _placed(problem: Problem, places: Mapping[str, str]) -> Problem:
    """At the place of the request; what is said at one already, a rule of deposits, stays there."""
    place = problem.place.removeprefix("DocumentReference.")
    return replace(problem, place=places.get(place, place if place.startswith("RegistryObjectList/") else ""))
