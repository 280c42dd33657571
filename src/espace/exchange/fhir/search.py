"""Searching and reading DocumentReference: a feeder follows its own deposits, a holder lists their documents.

A parameter that is not known is refused, never passed over: what it would have left out must not be shown.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings

from espace.exchange.callers import Caller, fhir_base
from espace.exchange.http import Request, Response, Work, shown
from espace.identity import queries as identity
from espace.identity.facts import Ins
from espace.identity.rules import ins_problem
from espace.kernel.ids import PatientId
from espace.kernel.reasons import decisions
from espace.kernel.reasons import transport as reasons
from espace.kernel.words import ActorKind, Grant, Refused
from espace.record import queries as record
from espace.record.facts import Document
from espace.wire.fhir.answers import Known, deposit, document_reference, encode, searchset
from espace.wire.fhir.resources import DocumentReference, Identifier
from espace.wire.fhir.values import URI_SYSTEM, is_oid, oid_of, uri_id

MAX_COUNT = 500
_PATIENT = ("patient.identifier", "patient:identifier")
_STATUSES = frozenset({"current", "superseded", "entered-in-error"})
PARAMETERS = frozenset({*_PATIENT, "identifier", "status", "_count", "_after"})


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A search once read; None and empty mean « any »."""

    patient: Ins | None
    identifiers: frozenset[str]
    statuses: frozenset[str]
    count: int
    after: str
    said: Mapping[str, str]

    def keeps(self, one: DocumentReference) -> bool:
        said = one.master_identifier.value if one.master_identifier else None
        return (not self.identifiers or said in self.identifiers) and (not self.statuses or one.status in self.statuses)


def by_address(request: Request, caller: Caller) -> Work:
    return partial(_search, _wanted(request.query()), caller)


def by_form(request: Request, caller: Caller) -> Work:
    said = request.form()
    for name in said.keys() - PARAMETERS - {"_format"}:
        raise Refused(reasons.PARAMETER_UNSUPPORTED, place=shown(name))
    return partial(_search, _wanted(said), caller)


def read(request: Request, caller: Caller) -> Work:
    return partial(_read, entry_id(request), caller)


def entry_id(request: Request) -> UUID:
    """The id in the address. One that could not be ours is unknown like any other."""
    try:
        found = UUID(request.id)
    except ValueError as error:
        raise Refused(decisions.DOCUMENT_UNKNOWN) from error
    if str(found) != request.id:
        raise Refused(decisions.DOCUMENT_UNKNOWN)
    return found


def _wanted(said: Mapping[str, str]) -> _Wanted:
    patients = [said[name] for name in _PATIENT if name in said]
    if len(patients) > 1:
        raise Refused(reasons.PARAMETER_UNSUPPORTED, place=_PATIENT[0], detail="said twice")
    return _Wanted(
        patient=_ins(patients[0]) if patients else None,
        identifiers=frozenset(_identifier(one) for one in _values(said, "identifier")),
        statuses=frozenset(_status(one) for one in _values(said, "status")),
        count=_count(said.get("_count", str(MAX_COUNT))),
        after=_after(said.get("_after", "")),
        said=said,
    )


def _values(said: Mapping[str, str], name: str) -> list[str]:
    """The values of a parameter, any of which may match: `a,b` (R4, search.html#combining)."""
    if name not in said:
        return []
    found = said[name].split(",")
    if not all(found) or len(found) > 50 or "\\" in said[name]:
        raise Refused(reasons.PARAMETER_UNSUPPORTED, place=name, detail="1 to 50 values are expected")
    return found


def _ins(token: str) -> Ins:
    system, bar, number = token.partition("|")
    authority = oid_of(system)
    if not bar or not authority or not number or "," in token:
        raise Refused(reasons.PARAMETER_UNSUPPORTED, place=_PATIENT[0], detail="urn:oid:…|INS is expected")
    return Ins(number, authority)


def _identifier(token: str) -> str:
    """A masterIdentifier as the answers state it, from `system|value` or `value`."""
    system, bar, value = token.partition("|")
    value, system = (value, system) if bar else (token, URI_SYSTEM)
    if not value or system not in ("", URI_SYSTEM):
        raise Refused(reasons.PARAMETER_UNSUPPORTED, place="identifier", detail=f"{URI_SYSTEM}|urn:… is expected")
    normal = uri_id(value)
    return f"urn:oid:{normal}" if is_oid(normal) else normal or value


def _status(token: str) -> str:
    code = token.rpartition("|")[2]
    if code not in _STATUSES:
        raise Refused(reasons.PARAMETER_UNSUPPORTED, place="status", detail=", ".join(sorted(_STATUSES)))
    return code


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= MAX_COUNT):
        raise Refused(reasons.PARAMETER_UNSUPPORTED, place="_count", detail=f"0 to {MAX_COUNT}")
    return int(text[:9])


def _after(text: str) -> str:
    """The id that ended the page before; answers are in the order of ids, so that pages stay stable."""
    try:
        return str(UUID(text)) if text else ""
    except ValueError as error:
        raise Refused(reasons.PARAMETER_UNSUPPORTED, place="_after", detail="the id that a next link gives") from error


def _search(wanted: _Wanted, caller: Caller) -> Response:
    return _SEARCHES[caller.actor.kind](wanted, caller)


def _own_deposits(wanted: _Wanted, caller: Caller) -> Response:
    """The feeder's own deposits in one record: ids, status and date, never subject nor content."""
    if wanted.patient is None:
        raise Refused(reasons.PARAMETER_UNSUPPORTED, place=_PATIENT[0], detail="mandatory")
    if wrong := ins_problem(wanted.patient, test_identities=settings.ESPACE_TEST_IDENTITIES):
        raise Refused(wrong, place=_PATIENT[0])
    patient = identity.patient_of(wanted.patient)
    if patient is None:
        raise Refused(decisions.SPACE_UNKNOWN, place=_PATIENT[0])
    with caller.open(patient) as grant:
        found = record.own_deposits(grant)
    return _answer(
        wanted,
        (
            deposit(id=one.id, unique_id=one.unique_id, status=one.status, deposited_at=one.deposited_at)
            for one in found
        ),
    )


def _own_documents(wanted: _Wanted, caller: Caller) -> Response:
    """What the holder may see of their record; anybody else's INS gives the same empty answer, known or not."""
    if wanted.patient and _patient(wanted.patient) != caller.actor.patient:
        return _answer(wanted, ())
    with caller.open_own() as grant:
        subject = _subject(grant)
        found = record.documents(grant)
    return _answer(wanted, (_resource(one, subject) for one in found))


def _patient(ins: Ins) -> PatientId | None:
    if ins_problem(ins, test_identities=settings.ESPACE_TEST_IDENTITIES):
        return None
    return identity.patient_of(ins)


_SEARCHES: dict[ActorKind, Callable[[_Wanted, Caller], Response]] = {
    ActorKind.ORGANISATION: _own_deposits,
    ActorKind.HOLDER: _own_documents,
}


def _read(document_id: UUID, caller: Caller) -> Response:
    with caller.open_own() as grant:
        subject = _subject(grant)
        found = record.document(grant, document_id)
    return Response(encode(_resource(found, subject)))


def _subject(grant: Grant) -> Identifier:
    """The holder's current INS, as the sender of a document would state it."""
    ins = identity.own_person(grant).ins[-1]
    return Identifier(system=f"urn:oid:{ins.authority}", value=ins.number)


def _resource(one: Document, subject: Identifier) -> DocumentReference:
    known = Known(
        id=one.id,
        entry=one.entry,
        status=one.status,
        deposited_at=one.deposited_at,
        size=one.size,
        restrictions=one.restrictions,
        replaces=one.replaces,
    )
    return document_reference(known, base=fhir_base(), subject=subject)


def _answer(wanted: _Wanted, found: Iterable[DocumentReference]) -> Response:
    kept = [one for one in found if wanted.keeps(one)]
    rest = [one for one in kept if not wanted.after or (one.id or "") < wanted.after]
    page = rest[: wanted.count]
    links = {"self": _address(wanted.said)}
    if page and len(rest) > len(page):
        links["next"] = _address({**wanted.said, "_after": page[-1].id or ""})
    return Response(encode(searchset(page, total=len(kept), base=fhir_base(), links=links)))


def _address(said: Mapping[str, str]) -> str:
    return f"{fhir_base()}/DocumentReference?{urlencode(said)}".rstrip("?")
