"""What every search of the FHIR door shares: reading it, whose record it is about, answering a page of it.

A parameter that is not known is refused, never passed over, unless the client asks for it (`Prefer:
handling=lenient`): what it would have left out must not be shown.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from espace import edge
from espace.access import gate
from espace.enrolment import queries as enrolment
from espace.exchange.callers import Caller, fhir_base
from espace.exchange.http import Request, Response
from espace.exchange.naming import open_of
from espace.identity import queries as identity
from espace.identity.facts import Ins, Person
from espace.identity.rules import ins_problem
from espace.kernel.ids import PatientId
from espace.kernel.reasons import decisions
from espace.kernel.reasons import transport as reasons
from espace.kernel.values import replace
from espace.kernel.words import ActorKind, Grant, Refused
from espace.record import facts
from espace.record.facts import Attribute, Document, Order, Page, Search
from espace.record.rules.searching import S
from espace.wire.fhir.answers import Subject, encode, searchset, subject_of
from espace.wire.fhir.resources import Identifier, Resource
from espace.wire.fhir.searching import Criterion, Language, Query, Table, Target, Token, place_of, read
from espace.wire.fhir.searching.query import CONTROLS, PASSED

PARIS = ZoneInfo("Europe/Paris")
_OF_WHOM = ("patient", "patient.identifier")


@dataclass(frozen=True, slots=True)
class Named:
    """The patient that a search names, by INS or by their id here."""

    ins: Ins | None = None
    id: str = ""


def entry_id(request: Request) -> UUID:
    """The id in the address. One that could not be ours is unknown like any other."""
    found = own_id(request.id)
    if found is None:
        raise Refused(decisions.DOCUMENT_UNKNOWN)
    return found


def own_id(text: str) -> UUID | None:
    """An id as this server gives them: a UUID in its own spelling."""
    try:
        found = UUID(text)
    except ValueError:
        return None
    return found if str(found) == text else None


def query_of(request: Request, table: Table) -> Query:
    """The search of a request: what its address and its form say together. Raises Refused, every problem listed."""
    said = request.pairs()
    if request.method == "POST":
        said += request.form_pairs()
    language = Language(PARIS, fhir_base(), edge.now())
    return read(said, table, language, lenient=request.prefers("handling=lenient"))


def refused(name: str, detail: str) -> Refused:
    return Refused(reasons.PARAMETER_UNSUPPORTED, place=place_of(name), detail=detail)


def patient_named(query: Query) -> Named | None:
    """Of whom the search is; None where it does not say. Said twice is refused, were it the same."""
    said = [(one.name, value) for one in query.named(*_OF_WHOM) for value in one.values]
    if len(said) > 1:
        raise refused(said[1][0], "one patient is expected")
    return _named(said[0][1]) if said else None


def _named(value: object) -> Named:
    if isinstance(value, Token):
        return Named(Ins(value.code, value.system or ""))
    return Named(id=value.id) if isinstance(value, Target) else Named()


def patient_known(named: Named) -> PatientId | None:
    """Whom it names; None for nobody who has a space. Nothing is opened yet, and nothing told."""
    if named.ins:
        well_formed = not ins_problem(named.ins, test_identities=settings.ESPACE_TEST_IDENTITIES)
        return identity.patient_of(named.ins) if well_formed else None
    found = own_id(named.id)
    return PatientId(found) if found and enrolment.state(PatientId(found)) else None


def is_of(caller: Caller, named: Named) -> bool:
    """Whether a search names the caller's own record; by its id, that is known without asking."""
    own = caller.actor.patient
    return named.id == str(own) or patient_known(named) == own


def open_named(
    caller: Caller, named: Named | None, asked: Mapping[str, str], *, place: str = _OF_WHOM[1]
) -> AbstractContextManager[Grant]:
    """The record of the patient named, for somebody else than its holder.

    Raises Refused: PARAMETER_UNSUPPORTED where nobody is named, INS_…; SPACE_UNKNOWN, without a place, for an
    INS that nobody bears, for a space that is opposed must answer the same to the byte.
    """
    if named is None:
        raise refused(place, "mandatory")
    if named.ins:
        return open_of(caller, named.ins, asked, place=place_of(place))
    patient = patient_known(named)
    if patient is None:
        looked_up_in_vain(caller, named)
        raise Refused(decisions.SPACE_UNKNOWN)
    return caller.open(patient, asked=asked)


def looked_up_in_vain(caller: Caller, named: Named) -> None:
    """A professional's look-up of an id that is nobody's costs what one of somebody's does."""
    if caller.actor.kind is ActorKind.PROFESSIONAL:
        gate.spend(caller.actor, name=named.id, at=edge.now())


def asked(query: Query) -> dict[str, str]:
    """What the access log tells: the criteria, and never the patient, for the line is in their record already."""
    found: dict[str, str] = {}
    for name, value in query.said:
        if name not in (*CONTROLS, *PASSED) and name.replace(":", ".") not in _OF_WHOM:
            found[name] = f"{found[name]} & {value}" if name in found else value
    return found


Translated = Mapping[str, Attribute]
"""The attribute of the record that each search parameter looks at."""


def search_of(query: Query, attributes: Translated, criteria: Sequence[Criterion]) -> Search:
    """What the record is asked for; `criteria` in its own words already, but for their names."""
    return Search(
        criteria=tuple(
            facts.Criterion(attributes[one.name], one.values, negated=one.negated, missing=one.missing)
            for one in criteria
            if one.name not in _OF_WHOM
        ),
        order=tuple(Order(attributes[one.name], descending=one.descending) for one in query.sort),
        after=query.after,
        count=query.count,
    )


def in_words_of_the_record(criterion: Criterion, words: Mapping[str, Sequence[str]]) -> Criterion:
    """A criterion on a code of FHIR, as the codes of the record that it stands for."""
    said = [one for value in criterion.values if isinstance(value, Token) for one in words[value.code]]
    return replace(criterion, values=tuple(Token(one) for one in said))


def subject(grant: Grant) -> Subject:
    """The holder: their id here and their current INS, as the sender of a document would state it."""
    return subject_of(grant.patient, current_ins(identity.own_person(grant)))


def current_ins(person: Person) -> Identifier:
    return identifier(person.ins[-1])


def identifier(ins: Ins) -> Identifier:
    return Identifier(system=f"urn:oid:{ins.authority}", value=ins.number)


NOTHING: Page[Document] = Page((), 0, False)
"""What a search finds in a record that is not its reader's."""


def answer(
    query: Query,
    table: Table,
    page: Page[S],
    resources: Sequence[Resource],
    *,
    whose: PatientId | None = None,
    included: Sequence[Resource] = (),
) -> Response:
    """The searchset of one page, with the addresses of this one and of the next: they name the patient by their id
    here, for an INS that was sent in a form must not come back in an address."""
    said = _by_id(query.said, whose) if whose else query.said
    links = {"self": _address(table, said)}
    if page.more and page.found:
        kept = [(name, value) for name, value in said if name != "_after"]
        links["next"] = _address(table, [*kept, ("_after", str(page.found[-1].id))])
    total = page.total if query.total else None
    return Response(encode(searchset(resources, total=total, base=fhir_base(), links=links, included=included)))


def _by_id(said: Sequence[tuple[str, str]], patient: PatientId) -> list[tuple[str, str]]:
    return [("patient", str(patient)) if name.replace(":", ".") in _OF_WHOM else (name, value) for name, value in said]


def _address(table: Table, said: Sequence[tuple[str, str]]) -> str:
    return f"{fhir_base()}/{table.resource}?{urlencode(said)}".rstrip("?")
