"""ITI-18: what was filed by FHIR is found in ebXML; what may not be seen is nowhere, by the same statements."""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from cast import Holder, consents, fresh_ins, holder, organisation, professional
from door import call, lines_of, named, professional_token
from espace import edge
from espace.exchange.xds import iti18
from espace.identity.facts import Organisation, Professional
from espace.kernel.words import Verb
from espace.wire.ebxml.query_table import QUERIES
from espace.wire.ebxml.schemes import HAS_MEMBER, Entry, Relation, Set, StoredQuery
from exchange.xds.consulting import ANY_STATUS, Filed, Told, cx, filed, find, query, unique_ids
from wire.ebxml.asking import APPROVED, Slots

pytestmark = pytest.mark.django_db
Q = StoredQuery
ENTRY = "$XDSDocumentEntry"


@pytest.fixture
def hospital() -> Organisation:
    return organisation()


@pytest.fixture
def camille() -> Holder:
    return holder()


def reader(*of: Holder) -> Professional:
    """Somebody whom they let read."""
    anne = professional()
    for one in of:
        consents(one, anne, at=edge.now())
    return anne


def urn(*ids: UUID) -> str:
    return "(" + ",".join(f"'urn:uuid:{one}'" for one in ids) + ")"


def links(told: Told) -> set[tuple[str, UUID, UUID]]:
    return {(one.association, UUID(one.source), UUID(one.target)) for one in told.of("Association")}


def test_what_fhir_filed_is_found(hospital: Organisation, camille: Holder) -> None:
    one, anne = filed(camille, hospital), reader(camille)
    told = find(anne, camille)
    [entry] = told.of("ExtrinsicObject")
    assert (told.status, told.ids, entry.id, entry.logical_id) == ("Success", [one.id], entry.id, entry.id)
    assert entry.status == "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"
    assert (entry.name, entry.mime_type) == ("Biologie", "text/plain")
    assert entry.slot("hash") == hashlib.sha1(one.content).hexdigest()
    assert (entry.slot("size"), entry.slot("creationTime")) == (str(len(one.content)), "20260304093000")
    assert entry.external(Entry.UNIQUE_ID) == [one.unique_id]
    assert [f"'{value}'" for value in entry.external(Entry.PATIENT_ID)] == [cx(camille)]
    assert [(c.code, c.name) for c in entry.codes(Entry.TYPE)] == [("11502-2", "CR d'examens biologiques")]
    assert find(anne, camille, returns="ObjectRef").objects[0].tag == "ObjectRef"
    fhir = call("GET", "/fhir/DocumentReference", token=professional_token(anne), query=_query(camille)).json
    assert [each["resource"]["id"] for each in fhir["entry"]] == [str(one.id)]


def _query(of: Holder) -> str:
    return "&".join(f"{name}={value.replace('|', '%7C')}" for name, value in named(of).items())


def test_the_line_says_what_was_asked_and_never_of_whom(hospital: Organisation, camille: Holder) -> None:
    one, anne = filed(camille, hospital), reader(camille)
    find(anne, camille, (f"{ENTRY}TypeCode", "('11502-2^^2.16.840.1.113883.6.1')"))
    line = lines_of(camille)[0]
    assert (line.verb, line.actor_id, line.objects) == (Verb.LIST, anne.id, (one.id,))
    assert line.asked == {
        "query": "find_documents",
        f"{ENTRY}Status": APPROVED,
        f"{ENTRY}TypeCode": "('11502-2^^2.16.840.1.113883.6.1')",
    }


def test_versions_sets_and_links(hospital: Organisation, camille: Holder) -> None:
    old, anne = filed(camille, hospital), reader(camille)
    new = filed(camille, hospital, replaces=old)
    replaces = (Relation.REPLACES, new.id, old.id)
    members = {(HAS_MEMBER, one.set_id, one.id) for one in (old, new)}

    def ask(kind: StoredQuery, *slots: tuple[str, str]) -> Told:
        return query(anne, camille, kind, slots)

    assert unique_ids(find(anne, camille)) == [new.unique_id]
    everything = find(anne, camille, status=ANY_STATUS)
    assert [(UUID(one.id), one.status.rpartition(":")[2]) for one in everything.objects] == [
        (new.id, "Approved"),
        (old.id, "Deprecated"),
    ]
    related = ask(
        Q.GET_RELATED_DOCUMENTS,
        (f"{ENTRY}EntryUUID", f"'urn:uuid:{new.id}'"),
        ("$AssociationTypes", f"('{Relation.REPLACES}')"),
    )
    assert (set(unique_ids(related)), links(related)) == ({old.unique_id, new.unique_id}, {replaces})
    assert links(ask(Q.GET_ASSOCIATIONS, ("$uuid", urn(old.id)))) == {replaces, (HAS_MEMBER, old.set_id, old.id)}
    assert links(ask(Q.GET_ASSOCIATIONS, ("$uuid", urn(new.set_id)))) == {(HAS_MEMBER, new.set_id, new.id)}
    both = ask(Q.GET_DOCUMENTS_AND_ASSOCIATIONS, (f"{ENTRY}UniqueId", f"('{old.unique_id}','{new.unique_id}')"))
    assert (len(unique_ids(both)), links(both)) == (2, {replaces, *members})
    brought = ask(Q.GET_SUBMISSION_SETS, ("$uuid", urn(old.id, new.id)))
    assert {UUID(one.id) for one in brought.of("RegistryPackage")} == {old.set_id, new.set_id}
    assert links(brought) == members
    whole = ask(Q.GET_SUBMISSION_SET_AND_CONTENTS, ("$XDSSubmissionSetEntryUUID", f"'urn:uuid:{old.set_id}'"))
    assert ([UUID(one.id) for one in whole.of("RegistryPackage")], unique_ids(whole)) == ([old.set_id], [old.unique_id])
    assert links(whole) == {(HAS_MEMBER, old.set_id, old.id)}
    every = ask(Q.GET_ALL, *(("$patientId", cx(camille)) if "pat" in n else (n, ANY_STATUS) for n in _ALL))
    assert (len(unique_ids(every)), links(every)) == (2, {replaces, *members})
    sets = ask(
        Q.FIND_SUBMISSION_SETS, ("$XDSSubmissionSetPatientId", cx(camille)), ("$XDSSubmissionSetStatus", APPROVED)
    )
    assert {one.external(Set.SOURCE_ID)[0] for one in sets.objects} == {"1.2.250.1.999.1.1"}
    assert len(sets.objects) == 2


_ALL = ("$patientId", f"{ENTRY}Status", "$XDSSubmissionSetStatus", "$XDSFolderStatus")


def asking(kind: StoredQuery, of: Holder, document: Filed) -> Slots:
    """A query about this document, by every id that the query takes."""
    answers: dict[str, str] = {
        f"{ENTRY}EntryUUID": f"'urn:uuid:{document.id}'",
        "$XDSSubmissionSetEntryUUID": f"'urn:uuid:{document.set_id}'",
        "$XDSFolderEntryUUID": f"'urn:uuid:{document.id}'",
        "$uuid": urn(document.id, document.set_id),
        "$AssociationTypes": f"('{Relation.REPLACES}','{HAS_MEMBER}')",
        f"{ENTRY}ReferenceIdList": "('ACC-5')",
    }
    shape = QUERIES[kind]
    needed = [name for name, one in shape.parameters.items() if one.required] + list(shape.one_of[:1])
    return [
        (name, answers.get(name) or (cx(of) if name.lower().endswith("patientid") else ANY_STATUS)) for name in needed
    ]


def kinds(ask: Callable[[], Told]) -> tuple[bytes, list[str]]:
    """The answer, and the first words of each statement of either database."""
    with CaptureQueriesContext(connections["default"]) as main, CaptureQueriesContext(connections["keys"]) as keys:
        told = ask()
    said = [" ".join(one["sql"].split()) for one in [*main.captured_queries, *keys.captured_queries]]
    return told.body, [re.sub(r"'.*|\d.*", "", sql)[:60] for sql in said]


def test_what_is_hidden_is_nowhere(hospital: Organisation, camille: Holder) -> None:
    """By every query: the ids of a masked document, of somebody else's and of nothing, and the same statements."""
    other = holder()
    anne = reader(camille, other)
    masked, elsewhere = filed(camille, hospital, "MASQUE_PS"), filed(other, hospital)
    nothing = Filed(uuid4(), uuid4(), f"urn:uuid:{uuid4()}", b"")
    find(anne, camille)  # a first line makes the keys of a register
    for kind in StoredQuery:
        told = [
            kinds(partial(query, anne, camille, kind, asking(kind, camille, one)))
            for one in (nothing, masked, elsewhere)
        ]
        assert (Told(told[0][0]).status, Told(told[0][0]).objects) == ("Success", []), kind
        assert told[0] == told[1] == told[2], kind


def test_an_organisation_follows_its_own_deposits(hospital: Organisation, camille: Holder) -> None:
    mine, clinic = filed(camille, hospital, "MASQUE_PS"), organisation("Une autre", source_id="1.2.250.1.999.4")
    for told in (
        find(hospital, camille),
        query(hospital, camille, Q.GET_DOCUMENTS, [(f"{ENTRY}UniqueId", f"('{mine.unique_id}')")]),
    ):
        [entry] = told.objects
        assert (told.ids, entry.external(Entry.UNIQUE_ID)) == ([mine.id], [mine.unique_id])
        assert (entry.name, entry.mime_type, dict(entry.slots), entry.classifications) == ("", "", {}, ())
    assert find(clinic, camille).objects == []
    narrowed = find(hospital, camille, (f"{ENTRY}TypeCode", "('11502-2^^2.16.840.1.113883.6.1')"))
    assert narrowed.errors == [("XDSRegistryError", "query_parameter_invalid")]
    everything = query(hospital, camille, Q.GET_ASSOCIATIONS, [("$uuid", urn(mine.id))])
    assert everything.errors == [("XDSRegistryError", "organisation_cannot_read")]


def test_whom_nothing_lets_read_is_told_why(camille: Holder) -> None:
    told = find(professional(), camille)
    assert (told.status, told.errors) == ("Failure", [("XDSRegistryError", "consent_missing")])


def test_of_whom_a_query_is(camille: Holder) -> None:
    other, anne = holder(), reader(camille)
    slots = [("$XDSDocumentEntryPatientId", cx(other)), (f"{ENTRY}Status", APPROVED)]
    assert query(anne, camille, Q.FIND_DOCUMENTS, slots).errors == [
        ("XDSPatientIdDoesNotMatch", "vihf_other_patient")
    ]
    ids = [(f"{ENTRY}EntryUUID", f"('urn:uuid:{uuid4()}')")]
    assert query(anne, None, Q.GET_DOCUMENTS, ids).errors == [("XDSUnknownPatientId", "patient_unstated")]
    unknown = fresh_ins()
    for said, code in (
        (f"'{unknown.number}^^^&{unknown.authority}&ISO^NH'", "space_unknown"),
        (f"'{unknown.number}^^^&1.2.3&ISO^PI'", "ins_authority_unknown"),
        (f"'{unknown.number[:-1]}^^^&{unknown.authority}&ISO^NH'", "ins_malformed"),
    ):
        slots = [("$XDSDocumentEntryPatientId", said), (f"{ENTRY}Status", APPROVED)]
        assert query(anne, None, Q.FIND_DOCUMENTS, slots).errors == [("XDSUnknownPatientId", code)]


@pytest.mark.parametrize(
    ("kind", "slots", "code"),
    [
        ("urn:uuid:00000000-0000-4000-8000-000000000000", [], "XDSUnknownStoredQuery"),
        (Q.GET_DOCUMENTS, [], "XDSStoredQueryMissingParam"),
        (Q.GET_DOCUMENTS, [(f"{ENTRY}EntryUUID", "'a'"), (f"{ENTRY}UniqueId", "'1'")], "XDSStoredQueryParamNumber"),
        (Q.GET_DOCUMENTS, [(f"{ENTRY}EntryUUID", "a")], "XDSRegistryError"),
    ],
)
def test_a_query_that_is_none_has_the_code_of_the_standard(
    kind: str, slots: Slots, code: str, camille: Holder
) -> None:
    told = query(reader(camille), camille, kind, slots)
    assert (told.status, [found for found, _ in told.errors]) == ("Failure", [code])


def test_more_than_an_answer_holds(
    hospital: Organisation, camille: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed(camille, hospital)
    filed(camille, hospital)
    anne = reader(camille)
    monkeypatch.setattr(iti18, "MAX_OBJECTS", 1)
    assert find(anne, camille).errors == [("XDSTooManyResults", "too_many_results")]
    assert len(find(anne, camille, returns="ObjectRef").ids) == 2


def test_a_consent_that_lapsed_closes_get_queries_too(hospital: Organisation, camille: Holder) -> None:
    one, anne = filed(camille, hospital), professional()
    consents(camille, anne, at=edge.now() - timedelta(days=2))
    told = query(anne, camille, Q.GET_DOCUMENTS, [(f"{ENTRY}EntryUUID", urn(one.id))])
    assert told.errors == [("XDSRegistryError", "consent_lapsed")]
