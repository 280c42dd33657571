"""Searching and reading DocumentReference: a feeder follows its own deposits, a holder lists their documents.

A parameter that is not known is refused, never passed over: what it would have left out must not be shown.
"""

from collections.abc import Callable, Mapping, Sequence
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
from espace.record.facts import Deposit, Document, Page, Search, Status
from espace.wire.fhir.answers import STATUSES, Known, deposit, document_reference, encode, searchset
from espace.wire.fhir.resources import DocumentReference, Identifier
from espace.wire.fhir.values import URI_SYSTEM, oid_of, uri_id

MAX_COUNT = 500
_PATIENT = ("patient.identifier", "patient:identifier")
_MAX_IDENTIFIER = 128
_CRITERIA = ("identifier", "status")
PARAMETERS = frozenset({*_PATIENT, *_CRITERIA, "_count", "_after"})


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A search once read: of whom, what, and the parameters as said."""

    patient: Ins | None
    search: Search
    said: Mapping[str, str]

    @property
    def asked(self) -> dict[str, str]:
        """What the access log tells: the criteria, and never the INS, for the line is in the record already."""
        return {name: self.said[name] for name in _CRITERIA if name in self.said}


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
        raise _unsupported(_PATIENT[0], "said twice")
    search = Search(
        unique_ids=frozenset(_identifier(one) for one in _values(said, "identifier")),
        statuses=frozenset(status for one in _values(said, "status") for status in _statuses(one)),
        after=_after(said.get("_after", "")),
        count=_count(said.get("_count", str(MAX_COUNT))),
    )
    return _Wanted(_ins(patients[0]) if patients else None, search, said)


def _unsupported(name: str, detail: str) -> Refused:
    return Refused(reasons.PARAMETER_UNSUPPORTED, place=f"http.{name}", detail=detail)


def _values(said: Mapping[str, str], name: str) -> list[str]:
    """The values of a parameter, any of which may match: `a,b` (R4, search.html#combining)."""
    if name not in said:
        return []
    found = said[name].split(",")
    if not all(found) or len(found) > 50 or "\\" in said[name]:
        raise _unsupported(name, "1 to 50 values are expected")
    return found


def _ins(token: str) -> Ins:
    system, bar, number = token.partition("|")
    authority = oid_of(system)
    if not bar or not authority or not number or "," in token:
        raise _unsupported(_PATIENT[0], "urn:oid:…|INS is expected")
    return Ins(number, authority)


def _identifier(token: str) -> str:
    """The uniqueId of a masterIdentifier, from `system|value` or `value`."""
    system, bar, value = token.partition("|")
    value, system = (value, system) if bar else (token, URI_SYSTEM)
    if not 1 <= len(value) <= _MAX_IDENTIFIER or system not in ("", URI_SYSTEM):
        raise _unsupported("identifier", f"{URI_SYSTEM}|urn:… is expected")
    return uri_id(value) or value


def _statuses(token: str) -> list[Status]:
    """The availabilityStatus of a DocumentReference.status, one or two."""
    code = token.rpartition("|")[2]
    found = [status for status in Status if STATUSES[status] == code]
    if not found:
        raise _unsupported("status", ", ".join(sorted(set(STATUSES.values()))))
    return found


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= MAX_COUNT):
        raise _unsupported("_count", f"0 to {MAX_COUNT}")
    return int(text[:9])


def _after(text: str) -> UUID | None:
    """The id that ended the page before."""
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise _unsupported("_after", "the id that a next link gives") from error


def _search(wanted: _Wanted, caller: Caller) -> Response:
    return _SEARCHES[caller.actor.kind](wanted, caller)


def _own_deposits(wanted: _Wanted, caller: Caller) -> Response:
    """The feeder's own deposits in one record: ids, status and date, never subject nor content."""
    if wanted.patient is None:
        raise _unsupported(_PATIENT[0], "mandatory")
    if wrong := ins_problem(wanted.patient, test_identities=settings.ESPACE_TEST_IDENTITIES):
        raise Refused(wrong, place=f"http.{_PATIENT[0]}")
    patient = identity.patient_of(wanted.patient)
    if patient is None:
        # Without a place: an opposed space, which the gate refuses, must answer the same to the byte.
        raise Refused(decisions.SPACE_UNKNOWN)
    with caller.open(patient, asked=wanted.asked) as grant:
        page = record.own_deposits(grant, wanted.search)
    return _answer(wanted, page, [_deposited(one) for one in page.found])


def _deposited(one: Deposit) -> DocumentReference:
    return deposit(id=one.id, unique_id=one.unique_id, status=one.status, deposited_at=one.deposited_at)


def _own_documents(wanted: _Wanted, caller: Caller) -> Response:
    """What the holder may see of their record; anybody else's INS gives the same empty answer, known or not."""
    if wanted.patient and _patient(wanted.patient) != caller.actor.patient:
        return _answer(wanted, Page((), 0, False), ())
    with caller.open_own(asked=wanted.asked) as grant:
        subject = _subject(grant)
        page = record.find(grant, wanted.search)
    return _answer(wanted, page, [_resource(one, subject) for one in page.found])


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


def _answer(wanted: _Wanted, page: Page[Document] | Page[Deposit], resources: Sequence[DocumentReference]) -> Response:
    links = {"self": _address(wanted.said)}
    if page.more and page.found:
        links["next"] = _address({**wanted.said, "_after": str(page.found[-1].id)})
    return Response(encode(searchset(resources, total=page.total, base=fhir_base(), links=links)))


def _address(said: Mapping[str, str]) -> str:
    return f"{fhir_base()}/DocumentReference?{urlencode(said)}".rstrip("?")
