"""ITI-57 on folders and associations: made, changed and ended by the organisation that filed them, and nobody else."""

from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import soap_door as soap
import soaping
from cast import Holder, consents, holder, professional
from door import lines_of
from espace import edge
from espace.access import gate
from espace.identity.facts import Organisation, Professional
from espace.kernel.words import Purpose, Verb, Visibility
from espace.record import actions
from espace.trace.facts import Outcome
from exchange.xds.consulting import Told, find, query
from exchange.xds.test_folders import find_folders, folders, lists
from exchange.xds.test_iti57 import Filed, body_of, filed, updates
from soap_door import Answer, as_doctor, as_feeder, send
from wire.ebxml.updating import APND, XFRM, folder, move, refiled, submits

pytestmark = pytest.mark.django_db

LINK, SECOND = "RegistryObjectList/Association[1]", "RegistryObjectList/RegistryPackage[2]"
MEMBER = soaping.HAS_MEMBER


@pytest.fixture
def hospital() -> Organisation:
    return soap.hospital()


@pytest.fixture
def camille() -> Holder:
    return holder()


@pytest.fixture
def anne(camille: Holder) -> Professional:
    found = professional()
    consents(camille, found, at=edge.now())
    return found


def link_id(kind: str, source: UUID, target: UUID) -> UUID:
    """As the page says: nobody has to keep it."""
    return uuid5(source, f"{kind} {target}")


def rows(table: str, of: Holder, columns: str = "kind, source_id, target_id") -> set[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {table} WHERE patient_id = %s", [of.patient])
        return set(cursor.fetchall())


def associations(who: Professional, of: Holder, *documents: UUID) -> list[tuple[str, str, str]]:
    named = ",".join(f"'urn:uuid:{one}'" for one in documents)
    told: Told = query(who, of, "urn:uuid:a7ae438b-4bc2-4642-93e9-be891f7bb155", [("$uuid", f"({named})")])
    found = ((one.association, one.source[9:], one.target[9:]) for one in told.of("Association"))
    return [one for one in found if one[0] != MEMBER]


def with_folder(of: Holder, by: Organisation, title: str = "Grossesse") -> tuple[UUID, UUID, str]:
    """A folder that is filed with one document in it: both ids, and the uniqueId of the folder."""
    uid, cx = f"urn:uuid:{uuid4()}", soap.cx(of)
    stated = soaping.document(uid=f"urn:uuid:{uuid4()}", cx=cx, traits=soap.traits(of))
    body = soaping.provide(
        stated,
        soaping.submission_set(uid=f"urn:uuid:{uuid4()}", cx=cx),
        folder(uid, title, cx=cx),
        soaping.member(),
        soaping.member("Folder01"),
        soaping.association(MEMBER, "Folder01", "Document01"),
    )
    before = rows("record_filed_member", of, "folder_id, entry_id")
    assert send(body, as_feeder(by)).errors == []
    [(named, document)] = rows("record_filed_member", of, "folder_id, entry_id") - before
    return named, document, uid


def masks(of: Holder, document: UUID) -> None:
    with gate.open_record(
        actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=Verb.MASK, at=edge.now()
    ) as grant:
        actions.mask(grant, document)


# --- associations -----------------------------------------------------------------------------------------


def test_a_link_is_made_ended_and_made_again(camille: Holder, hospital: Organisation, anne: Professional) -> None:
    one, two = filed(camille, hospital), filed(camille, hospital)
    made = (APND, str(one.id), str(two.id))
    asked = submits(APND, one.id, two.id)
    assert updates(as_feeder(hospital), camille, asked).errors == []
    assert associations(anne, camille, one.id) == associations(anne, camille, two.id) == [made]
    assert updates(as_feeder(hospital), camille, asked).status == "Success"
    named = link_id(*(APND, one.id, two.id))
    assert updates(as_feeder(hospital), camille, move(named, "Approved", "Deprecated")).errors == []
    assert associations(anne, camille, one.id) == []
    again = updates(as_feeder(hospital), camille, move(named, "Approved", "Deprecated"))
    assert again.errors == [("XDSMetadataUpdateError", f"{LINK}/Slot[@name='OriginalStatus']")]
    assert again.contexts[0].startswith("[update_status_differs] ")
    assert updates(as_feeder(hospital), camille, move(named, "Deprecated", "Approved")).errors == []
    assert (associations(anne, camille, two.id), rows("record_ended_link", camille)) == ([made], set())
    line = next(line for line in lines_of(camille) if line.verb is Verb.AMEND)
    assert (line.objects, line.grounds) == ((one.id,), {f"changed {one.id}": "relatesTo"})


def test_documents_lean_on_each_other_no_further_than_a_deposit_lets_them(
    camille: Holder, hospital: Organisation
) -> None:
    chain = [filed(camille, hospital).id for _ in range(12)]
    pairs = list(pairwise(chain))
    for source, target in (*pairs[:5], *pairs[6:]):
        assert updates(as_feeder(hospital), camille, submits(APND, source, target)).errors == []
    joined = updates(as_feeder(hospital), camille, submits(APND, *pairs[5]))
    assert [code for code, _ in joined.errors] == ["XDSRegistryMetadataError"]
    assert joined.contexts[0].startswith("[relation_refused] ")
    assert updates(as_feeder(hospital), camille, submits(APND, chain[5], chain[7])).errors == []


def test_what_is_linked_later_is_masked_with_it_and_unlinking_unmasks_nothing(
    camille: Holder, hospital: Organisation, anne: Professional
) -> None:
    masked, one, after = (filed(camille, hospital) for _ in range(3))
    masks(camille, masked.id)
    assert updates(as_feeder(hospital), camille, submits(APND, after.id, one.id)).errors == []
    assert set(find(anne, camille).ids) == {one.id, after.id}
    assert updates(as_feeder(hospital), camille, submits(XFRM, one.id, masked.id)).errors == []
    assert find(anne, camille).ids == []
    ends = move(link_id(XFRM, one.id, masked.id), "Approved", "Deprecated")
    assert updates(as_feeder(hospital), camille, ends).errors == []
    assert find(anne, camille).ids == []


def test_what_a_reader_sees_is_hidden_from_them_by_no_link(camille: Holder, hospital: Organisation) -> None:
    held, one = filed(camille, hospital, "N", "INVISIBLE_PATIENT"), filed(camille, hospital)
    refused = updates(as_feeder(hospital), camille, submits(APND, one.id, held.id))
    assert refused.errors == [("XDSRegistryMetadataError", f"{LINK}/@targetObject")]
    assert refused.contexts[0].startswith("[visibility_refused] ")
    assert updates(as_feeder(hospital), camille, submits(APND, held.id, one.id)).errors == []


def near_misses(one: Filed, two: Filed, new: Filed, linked: Filed) -> list[tuple[str, str, str]]:
    """`new` replaces `two`; `linked` appends `one`."""
    replaces = link_id(soaping.RPLC, new.id, two.id)
    return [
        (submits(APND, one.id, one.id), "relation_refused", "/@associationType"),
        (submits(APND, one.id, linked.id), "relation_refused", "/@associationType"),
        (submits(XFRM, linked.id, one.id), "relation_refused", "/@associationType"),
        (submits(APND, one.id, two.id), "relation_outdated", "/@targetObject"),
        (submits(APND, two.id, one.id), "relation_outdated", "/@sourceObject"),
        (submits(APND, one.id, uuid4()), "relation_unresolved", "/@targetObject"),
        (submits(APND, uuid4(), one.id), "relation_unresolved", "/@sourceObject"),
        (submits(MEMBER, uuid4(), one.id), "relation_unresolved", "/@sourceObject"),
        (submits(soaping.RPLC, one.id, linked.id), "update_not_understood", "/@associationType"),
        (move(replaces, "Approved", "Deprecated"), "change_refused", "/Slot[@name='NewStatus']"),
        (move(link_id(APND, linked.id, one.id), "Approved", "Archived"), "change_refused", "/Slot[@name='NewStatus']"),
        (move(uuid4(), "Approved", "Deprecated"), "update_unknown", "/@targetObject"),
    ]


def test_near_misses_have_their_reason_and_change_nothing(camille: Holder, hospital: Organisation) -> None:
    one, two = filed(camille, hospital), filed(camille, hospital)
    new = filed(camille, hospital, more=soaping.association(soaping.RPLC, "Document01", f"urn:uuid:{two.id}"))
    linked = filed(camille, hospital, more=soaping.association(APND, "Document01", f"urn:uuid:{one.id}"))
    before = rows("record_association", camille)
    for asked, reason, step in near_misses(one, two, new, linked):
        answer = updates(as_feeder(hospital), camille, asked)
        assert ([place for _, place in answer.errors], answer.contexts[0].split("]")[0]) == (
            [f"{LINK}{step}"],
            f"[{reason}",
        )
    assert (rows("record_association", camille), rows("record_ended_link", camille)) == (before, set())


def test_somebody_elses_are_told_as_nobodys(camille: Holder, hospital: Organisation, anne: Professional) -> None:
    laboratory, zoe = soap.hospital("Laboratoire"), holder()
    one, two, mine = filed(camille, hospital), filed(camille, hospital), filed(camille, laboratory)
    other = filed(zoe, laboratory)
    assert updates(as_feeder(hospital), camille, submits(APND, one.id, two.id)).errors == []
    named, _, uid = with_folder(camille, hospital)
    nobody = uuid4()
    asks: list[tuple[str, str]] = [
        (submits(APND, mine.id, one.id), submits(APND, mine.id, nobody)),
        (submits(APND, one.id, mine.id), submits(APND, nobody, mine.id)),
        (submits(APND, mine.id, other.id), submits(APND, mine.id, nobody)),
        (submits(MEMBER, named, mine.id), submits(MEMBER, nobody, mine.id)),
        (move(link_id(APND, one.id, two.id), "Approved", "Deprecated"), move(nobody, "Approved", "Deprecated")),
        (move(named, "Approved", "Deprecated"), move(nobody, "Approved", "Deprecated")),
        (refiled(uid, "À moi", named, cx=soap.cx(camille)), refiled(uid, "À moi", nobody, cx=soap.cx(camille))),
    ]
    before = rows("record_association", camille), rows("record_filed_member", camille, "folder_id, entry_id")

    def asked(what: str) -> Answer:
        return updates(as_feeder(laboratory), camille, what)

    for theirs, nowhere in asks:
        told = body_of(asked(theirs))
        assert (told[1], told) == ("Failure", body_of(asked(nowhere)))
    doctor = updates(as_doctor(anne, anne_place(anne)), camille, submits(APND, one.id, two.id))
    assert doctor.contexts[0].startswith("[relation_unresolved] ")
    assert before == (rows("record_association", camille), rows("record_filed_member", camille, "folder_id, entry_id"))


def anne_place(who: Professional) -> Organisation:
    place = who.activities[0]
    return Organisation(place.organisation, place.name, place.finess, place.siret, place.sector, place.region, (), True)


def test_a_link_costs_as_many_statements_however_many_documents_follow(
    camille: Holder, hospital: Organisation
) -> None:
    costs = []
    for many in (1, 4):
        one, other = filed(camille, hospital), filed(camille, hospital)
        for _ in range(many):
            filed(camille, hospital, more=soaping.association(APND, "Document01", f"urn:uuid:{one.id}"))
        with CaptureQueriesContext(connection) as said:
            assert updates(as_feeder(hospital), camille, submits(APND, one.id, other.id)).errors == []
        costs.append(len(said))
    assert costs[0] == costs[1]


# --- folders ------------------------------------------------------------------------------------------------


def folder_row(of: Holder, named: UUID) -> tuple[str, int]:
    return {row[0]: row[1:] for row in rows("record_filed_folder", of, "id, status, revision")}[named]


def members(of: Holder, named: UUID) -> set[UUID]:
    return {entry for one, entry in rows("record_filed_member", of, "folder_id, entry_id") if one == named}


def test_a_folder_is_stated_anew_from_the_version_that_was_read(camille: Holder, hospital: Organisation) -> None:
    named, document, uid = with_folder(camille, hospital)
    asked = refiled(uid, "Maternité", named, cx=soap.cx(camille), code="MAT")
    assert updates(as_feeder(hospital), camille, asked).errors == []
    assert folder_row(camille, named) == ("Approved", 2)
    late = updates(as_feeder(hospital), camille, asked)
    assert late.errors == [("XDSMetadataVersionError", f"{SECOND}/@lid")]
    same = refiled(uid, "Maternité", named, 2, cx=soap.cx(camille), code="MAT")
    assert updates(as_feeder(hospital), camille, same).status == "Success"
    assert folder_row(camille, named) == ("Approved", 2)
    assert rows("record_entry_version", camille, "entry_id, revision") == {(named, 1)}
    line = next(line for line in lines_of(camille) if line.grounds)
    assert (line.objects, line.grounds) == ((document,), {f"changed {document}": "folder"})


def test_a_folder_keeps_its_identifier_and_its_patient(camille: Holder, hospital: Organisation) -> None:
    named, _, uid = with_folder(camille, hospital)
    cx = soap.cx(camille)
    other = updates(as_feeder(hospital), camille, refiled(f"urn:uuid:{uuid4()}", "Autre", named, cx=cx))
    assert other.errors == [("XDSMetadataIdentifierError", f"{SECOND}/ExternalIdentifier[uniqueId]")]
    moved = updates(as_feeder(hospital), camille, refiled(uid, "Autre", named, cx=soap.cx(holder())))
    assert [code for code, _ in moved.errors] == ["XDSPatientIDReconciliationError"]
    long = updates(as_feeder(hospital), camille, refiled(uid, "x" * 501, named, cx=cx))
    assert long.errors == [("XDSRegistryMetadataError", f"{SECOND}/Name")]
    assert folder_row(camille, named) == ("Approved", 1)


def test_a_folder_is_closed_and_opened_again(camille: Holder, hospital: Organisation) -> None:
    named, _, uid = with_folder(camille, hospital)
    one = filed(camille, hospital)
    assert updates(as_feeder(hospital), camille, move(named, "Approved", "Deprecated")).errors == []
    assert folder_row(camille, named) == ("Deprecated", 2)
    closed = updates(as_feeder(hospital), camille, submits(MEMBER, named, one.id))
    assert closed.errors == [("XDSRegistryDeprecatedDocumentError", f"{LINK}/@sourceObject")]
    both = move(named, "Deprecated", "Approved") + refiled(uid, "Rouvert", named, 2, cx=soap.cx(camille))
    assert updates(as_feeder(hospital), camille, both).errors == []
    assert folder_row(camille, named) == ("Approved", 3)
    archived = updates(as_feeder(hospital), camille, move(named, "Approved", "Archived"))
    assert archived.errors == [("XDSMetadataUpdateError", f"{LINK}/Slot[@name='NewStatus']")]


def test_documents_are_put_into_a_folder_and_taken_out(camille: Holder, hospital: Organisation) -> None:
    named, document, _ = with_folder(camille, hospital)
    one = filed(camille, hospital)
    asked = submits(MEMBER, named, one.id)
    for _ in range(2):
        assert updates(as_feeder(hospital), camille, asked).errors == []
        assert members(camille, named) == {document, one.id}
    out = move(link_id(MEMBER, named, document), "Approved", "Deprecated")
    assert updates(as_feeder(hospital), camille, out).errors == []
    assert members(camille, named) == {one.id}
    back = move(link_id(MEMBER, named, document), "Deprecated", "Approved")
    assert updates(as_feeder(hospital), camille, back).errors == []
    assert members(camille, named) == {document, one.id}


def test_a_lot_of_them_is_done_whole_or_not_at_all(camille: Holder, hospital: Organisation) -> None:
    named, document, uid = with_folder(camille, hospital)
    one = filed(camille, hospital)
    good = (
        refiled(uid, "Nouveau", named, cx=soap.cx(camille)),
        submits(MEMBER, named, one.id),
        submits(APND, one.id, document, "Link02"),
    )
    bad = updates(as_feeder(hospital), camille, *good, submits(APND, document, uuid4(), "Link03"))
    assert bad.contexts[0].startswith("[relation_unresolved] ")
    assert (folder_row(camille, named), members(camille, named)) == (("Approved", 1), {document})
    assert rows("record_association", camille) == set()
    assert updates(as_feeder(hospital), camille, *good).errors == []
    assert (folder_row(camille, named), members(camille, named)) == (("Approved", 2), {document, one.id})
    assert rows("record_association", camille) == {("APND", one.id, document)}


def test_both_doors_tell_a_folder_as_it_is_now(camille: Holder, hospital: Organisation, anne: Professional) -> None:
    named, document, uid = with_folder(camille, hospital)
    one = filed(camille, hospital)
    asked = (refiled(uid, "Maternité", named, cx=soap.cx(camille)), submits(MEMBER, named, one.id))
    assert updates(as_feeder(hospital), camille, *asked).errors == []
    [told] = folders(find_folders(anne, camille))
    assert (told.name, told.version, told.logical_id) == ("Maternité", "2", f"urn:uuid:{named}")
    [own] = folders(find_folders(hospital, camille))
    assert (own.id, own.version) == (f"urn:uuid:{named}", "2")
    [listed] = lists(camille, ("code", "folder"))
    entries = {entry["item"]["reference"].rpartition("/")[2] for entry in listed["entry"]}
    assert (listed["title"], entries) == ("Maternité", {str(document), str(one.id)})
    out = move(link_id(MEMBER, named, one.id), "Approved", "Deprecated") + move(named, "Approved", "Deprecated")
    assert updates(as_feeder(hospital), camille, out).errors == []
    assert folders(find_folders(anne, camille)) == []
    [closed] = lists(camille, ("code", "folder"), ("status", "retired"))
    assert [entry["item"]["reference"].rpartition("/")[2] for entry in closed["entry"]] == [str(document)]


def test_taking_out_a_hidden_document_shows_in_nothing(camille: Holder, hospital: Organisation) -> None:
    """In one world a held document was in the folder and is taken out; in the other it never was. What is done with
    the folder while it is in it is hidden with it, too."""
    worlds = []
    for inside in (True, False):
        named, _, _ = with_folder(camille, hospital)
        held = filed(camille, hospital, "N", "INVISIBLE_PATIENT")
        if inside:
            assert updates(as_feeder(hospital), camille, submits(MEMBER, named, held.id)).errors == []
            for after, before in (("Deprecated", "Approved"), ("Approved", "Deprecated")):
                assert updates(as_feeder(hospital), camille, move(named, before, after)).errors == []
            out = move(link_id(MEMBER, named, held.id), "Approved", "Deprecated")
            assert updates(as_feeder(hospital), camille, out).errors == []
        [found] = [one for one in lists(camille, ("code", "folder")) if one["id"] == str(named)]
        worlds.append((found["title"], len(found["entry"])))
        amended = [line for line in lines_of(camille) if line.verb is Verb.AMEND and held.id in line.objects]
        assert [bool(line.hidden_from) for line in amended] == [inside] * 4 * inside
    assert worlds[0] == worlds[1]


def test_a_vain_attempt_at_what_is_held_is_hidden_as_it_is(camille: Holder, hospital: Organisation) -> None:
    held, other = (filed(camille, hospital, "N", "INVISIBLE_PATIENT") for _ in range(2))
    named, document, uid = with_folder(camille, hospital)
    out = move(link_id(MEMBER, named, document), "Approved", "Deprecated")
    links = submits(MEMBER, named, held.id) + submits(APND, held.id, other.id, "Link02")
    assert updates(as_feeder(hospital), camille, links, out).errors == []
    for vain in (
        refiled(uid, "Trop tard", named, 9, cx=soap.cx(camille)),
        move(named, "Deprecated", "Approved"),
        move(link_id(MEMBER, named, held.id), "Deprecated", "Approved"),
        move(link_id(APND, held.id, other.id), "Approved", "Archived"),
        submits(MEMBER, uuid4(), held.id),
        submits(APND, held.id, uuid4()),
    ):
        assert updates(as_feeder(hospital), camille, vain).status == "Failure"
    refused = [line for line in lines_of(camille) if line.outcome is Outcome.REFUSED]
    assert [Visibility.INVISIBLE_PATIENT in line.hidden_from for line in refused] == [True] * 6
