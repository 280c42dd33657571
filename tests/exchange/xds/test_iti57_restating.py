"""ITI-57: what a document says of itself is stated anew, by who filed or wrote it; both doors tell it, and what it said
before is kept where nobody is shown it."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from lxml import etree

import door
import soap_door as soap
import soaping
from cast import Holder, consents, holder, professional
from door import feeder_token, holder_token, lines_of
from espace import edge
from espace.access import gate
from espace.identity.facts import Organisation, Professional
from espace.kernel.words import Purpose, Verb, Visibility
from espace.keys.facts import KeyKind
from espace.keys.queries import patient_keys
from espace.keys.rules import context
from espace.record import actions
from exchange.publishing import FEED, patch, stored
from exchange.xds.consulting import find
from exchange.xds.test_iti57 import ARCHIVING, ENTRY, body_of, counted, filed, follows, shown, updates
from soap_door import as_doctor, as_feeder
from wire.ebxml.updating import labelled, member, move, restated

pytestmark = pytest.mark.django_db

SAME = [{"op": "replace", "path": "/status", "value": "current"}]
EVERYTHING = (
    ("Biologie", "Biologie du matin"), ("À jeun", "Après repas"), ("fr-FR", "en-GB"), (">20260304<", ">20260303<"),
    ("^Le Goff^Anne^", "^Le Gall^Anne^"), ('"ETABLISSEMENT"', '"AMBULATOIRE"'), ('"SA01"', '"SA07"'),
    ('"GLU"', '"NA"'), ("ACC-5", "ACC-6"), ("xds-sd:text:2008", "xds-sd:pdf:2008"),
    ('"11502-2"', '"57833-6"'), ('nodeRepresentation="10"', 'nodeRepresentation="42"'),
)  # fmt: skip
"""One change to each attribute that may be stated anew (the author and the authenticator are one person)."""


@pytest.fixture
def hospital() -> Organisation:
    return soap.hospital()


@pytest.fixture
def camille() -> Holder:
    return holder()


@pytest.fixture
def anne(camille: Holder) -> Professional:
    """A doctor who reads the record."""
    found = professional()
    consents(camille, found, at=edge.now())
    return found


def otherwise(stated: str, *changes: tuple[str, str]) -> str:
    for before, after in changes:
        assert before in stated, before
        stated = stated.replace(before, after)
    return stated


def resource(of: Holder, identifier: UUID) -> dict[str, Any]:
    answer = door.call("GET", f"/fhir/DocumentReference/{identifier}", token=holder_token(of.patient))
    assert answer.status == 200, answer.body
    return answer.json


def masks_kind(of: Holder, rule: str) -> None:
    with gate.open_record(
        actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=Verb.VISIBILITY, at=edge.now()
    ) as grant:
        actions.mask_by_rule(grant, rule)


def versions(of: Holder, identifier: UUID) -> list[tuple[int, str]]:
    """What is kept of before: revisions and what they said, opened with the keys of the record."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, revision, sealed FROM record_entry_version WHERE patient_id = %s AND entry_id = %s"
            " ORDER BY revision",
            [of.patient, identifier],
        )
        rows = cursor.fetchall()
    keys = patient_keys(of.patient)
    place = "record_entry_version"
    return [
        (revision, keys.open(KeyKind.METADATA, bytes(sealed), context(place, row)).decode())
        for row, revision, sealed in rows
    ]


def test_every_attribute_that_may_change_does_and_every_door_tells_it(
    camille: Holder, hospital: Organisation, anne: Professional
) -> None:
    one = filed(camille, hospital)
    before, token = resource(camille, one.id), feeder_token(hospital, scope=FEED)
    tag = patch(str(one.id), SAME, token).headers["ETag"]
    answer = updates(as_feeder(hospital), camille, restated(one.id, otherwise(one.stated, *EVERYTHING)))
    assert (answer.http, answer.status, answer.errors) == (200, "Success", [])
    [entry] = find(anne, camille).of("ExtrinsicObject")
    assert (UUID(entry.id), entry.logical_id, entry.version) == (one.id, entry.id, "2")
    assert (entry.name, entry.description, entry.slot("languageCode")) == ("Biologie du matin", "Après repas", "en-GB")
    said = etree.tostring(find(anne, camille).root).decode()
    for text in ("20260303000000", "Le Gall", "AMBULATOIRE", "SA07", '"NA"', "ACC-6", "pdf:2008", "57833-6", '"42"'):
        assert text in said
    for text in ("20260304000000", "Le Goff", "ETABLISSEMENT", "SA01", "GLU", "ACC-5", "11502-2"):
        assert text not in said
    after = resource(camille, one.id)
    assert after["description"] == "Après repas"
    assert after["type"]["coding"][0]["code"] == "57833-6"
    assert after["meta"]["lastUpdated"] > before["meta"]["lastUpdated"]
    assert patch(str(one.id), ARCHIVING, token, if_match=tag).status == 412
    assert follows(hospital, camille, one.id) == ("Approved", "2")


def test_what_it_said_before_is_kept_sealed_and_the_line_has_names_only(
    camille: Holder, hospital: Organisation
) -> None:
    one = filed(camille, hospital)
    for number, title in enumerate(("Deuxième titre", "Troisième titre"), 1):
        said = otherwise(one.stated, ("Biologie", title))
        assert updates(as_feeder(hospital), camille, restated(one.id, said, number)).errors == []
    [(first, was), (second, then)] = versions(camille, one.id)
    assert (first, '"title":"Biologie"' in was) == (1, True)
    assert (second, '"title":"Deuxième titre"' in then) == (2, True)
    line = next(line for line in lines_of(camille) if line.verb is Verb.AMEND)
    assert line.grounds == {f"changed {one.id}": "title"}
    again = updates(as_feeder(hospital), camille, restated(one.id, otherwise(one.stated, ("Biologie", title)), 3))
    assert (again.status, follows(hospital, camille, one.id)) == ("Success", ("Approved", "3"))
    assert len(versions(camille, one.id)) == 2


def test_the_line_of_each_document_has_its_own_attributes(camille: Holder, hospital: Organisation) -> None:
    """Whoever reads the line of one learns nothing of another that is held from them."""
    one, held = filed(camille, hospital), filed(camille, hospital, "N", "INVISIBLE_PATIENT")
    both = (
        restated(one.id, otherwise(one.stated, ("Biologie", "Vue"))),
        restated(held.id, otherwise(held.stated, ("À jeun", "Tue"))).replace("Document01", "Document02"),
    )
    assert updates(as_feeder(hospital), camille, *both).errors == []
    parts = {line.objects: line for line in lines_of(camille) if line.verb is Verb.AMEND}
    assert parts[one.id,].grounds == {f"changed {one.id}": "title"}
    assert parts[held.id,].grounds == {f"changed {held.id}": "comments"}
    assert Visibility.INVISIBLE_PATIENT in parts[held.id,].hidden_from


def test_a_lot_changes_all_or_nothing(camille: Holder, hospital: Organisation) -> None:
    one, two = filed(camille, hospital), filed(camille, hospital)
    before = stored(camille)
    wrong = otherwise(two.stated, ('"ETABLISSEMENT"', '"NULLE_PART"'))
    answer = updates(
        as_feeder(hospital),
        camille,
        restated(one.id, otherwise(one.stated, ("Biologie", "Autre"))),
        restated(two.id, wrong).replace("Document01", "Document02"),
    )
    place = "RegistryObjectList/ExtrinsicObject[2]/Classification[practiceSettingCode]"
    assert answer.errors == [("XDSRegistryMetadataError", place)]
    assert (stored(camille), versions(camille, one.id)) == (before, [])


def test_title_status_and_mask_are_one_version(camille: Holder, hospital: Organisation) -> None:
    one = filed(camille, hospital)
    said = labelled(otherwise(one.stated, ("Biologie", "Tout à la fois")), "N", "MASQUE_PS")
    asked = (restated(one.id, said), move(one.id, "Approved", "Archived"))
    assert updates(as_feeder(hospital), camille, *asked).errors == []
    assert (follows(hospital, camille, one.id), shown(camille, one.id)) == (
        ("Archived", "2"),
        ("current", ["N", "MASQUE_PS"], True),
    )
    back = move(one.id, "Archived", "Approved")
    assert updates(as_feeder(hospital), camille, back).errors == []
    assert updates(as_feeder(hospital), camille, restated(one.id, said, 2)).errors[0][0] == "XDSMetadataVersionError"


def test_a_deleted_document_says_nothing_anew(camille: Holder, hospital: Organisation) -> None:
    one = filed(camille, hospital)
    assert updates(as_feeder(hospital), camille, move(one.id, "Approved", "Deleted")).errors == []
    said = otherwise(one.stated, ("Biologie", "Revenue"))
    answer = updates(as_feeder(hospital), camille, restated(one.id, said, 2))
    assert [code for code, _ in answer.errors] == ["XDSMetadataUpdateError"]
    assert answer.contexts[0].startswith("[change_refused] ")


def test_what_fhir_changed_meanwhile_is_not_overwritten(camille: Holder, hospital: Organisation) -> None:
    one = filed(camille, hospital)
    assert patch(str(one.id), ARCHIVING, feeder_token(hospital, scope=FEED)).status == 200
    late = updates(as_feeder(hospital), camille, restated(one.id, otherwise(one.stated, ("Biologie", "Trop tard"))))
    assert late.errors == [("XDSMetadataVersionError", f"{ENTRY}/@lid")]


def test_it_costs_as_many_statements_whatever_the_holder_masks(hospital: Organisation) -> None:
    """What they mask beforehand is nobody's to learn from the work that a change takes."""

    def costs(of: Holder) -> tuple[int, int]:
        one = filed(of, hospital)
        title = restated(one.id, otherwise(one.stated, ("Biologie", "Autre titre")))
        kind = restated(one.id, otherwise(one.stated, ("Biologie", "Autre titre"), *EVERYTHING[-2:]), 2)
        return (
            counted(lambda: updates(as_feeder(hospital), of, title)),
            counted(lambda: updates(as_feeder(hospital), of, kind)),
        )

    free, masking = holder(), holder()
    masks_kind(masking, "prescriptions")
    assert costs(free) == costs(masking) == (19, 24)


# --- what it may not do ---------------------------------------------------------------------------------------


def test_an_author_named_later_gets_no_right_by_it(camille: Holder, hospital: Organisation) -> None:
    """A mask is the holder's, and who filed the document cannot open it to somebody else by naming them."""
    place = soap.hospital("Cabinet des Tilleuls")
    zoe, writer = professional(at=place), professional(at=place)
    for one in (zoe, writer):
        consents(camille, one, at=edge.now())
    document = filed(camille, hospital, author=writer)
    with gate.open_record(
        actor=camille.actor, patient=camille.patient, purpose=Purpose.HOLDER, verb=Verb.MASK, at=edge.now()
    ) as grant:
        actions.mask(grant, document.id)
    assert (find(zoe, camille).ids, find(writer, camille).ids) == ([], [document.id])
    more = otherwise(document.stated, (writer.national_id, zoe.national_id))
    assert updates(as_feeder(hospital), camille, restated(document.id, more)).errors == []
    assert (find(zoe, camille).ids, find(writer, camille).ids) == ([], [])
    asked = move(document.id, "Approved", "Archived")
    assert updates(as_doctor(zoe, place), camille, asked).errors[0][0] == "XDSMetadataUpdateError"
    assert updates(as_feeder(hospital), camille, restated(document.id, document.stated, 2)).errors == []
    assert (find(zoe, camille).ids, find(writer, camille).ids) == ([], [])


def test_the_kind_that_a_holder_masks_is_masked_when_a_document_becomes_one(
    camille: Holder, hospital: Organisation, anne: Professional
) -> None:
    old = filed(camille, hospital)
    new = filed(camille, hospital, more=soaping.association(soaping.RPLC, "Document01", f"urn:uuid:{old.id}"))
    masks_kind(camille, "prescriptions")
    assert find(anne, camille).ids == [new.id]
    prescription = otherwise(new.stated, *EVERYTHING[-2:])
    assert updates(as_feeder(hospital), camille, restated(new.id, prescription)).errors == []
    assert find(anne, camille).ids == []
    assert {shown(camille, one)[1][-1] for one in (old.id, new.id)} == {"MASQUE_PS"}
    back = updates(as_feeder(hospital), camille, restated(new.id, new.stated, 2))
    assert (back.errors, find(anne, camille).ids) == ([], [])


def test_what_is_held_brings_nothing_that_shows_under_a_rule(camille: Holder, hospital: Organisation) -> None:
    """A mask that came with it would tell the holder of a version that they do not see."""
    old = filed(camille, hospital)
    replaces = soaping.association(soaping.RPLC, "Document01", f"urn:uuid:{old.id}")
    held = filed(camille, hospital, "N", "INVISIBLE_PATIENT", more=replaces)
    masks_kind(camille, "prescriptions")
    prescription = otherwise(held.stated, *EVERYTHING[-2:])
    assert updates(as_feeder(hospital), camille, restated(held.id, prescription)).errors == []
    assert shown(camille, old.id) == ("current", ["N"], False)
    shows = restated(held.id, labelled(prescription, "N"), 2)
    assert updates(as_feeder(hospital), camille, shows).errors == []
    assert shown(camille, held.id)[1] == ["N", "MASQUE_PS"]


def test_an_author_elsewhere_states_no_kind_that_they_may_not_deposit(
    camille: Holder, hospital: Organisation
) -> None:
    place = soap.hospital("Cabinet des Tilleuls")
    writer = professional(at=place)
    consents(camille, writer, at=edge.now())
    one = filed(camille, hospital, author=writer)
    titled = restated(one.id, otherwise(one.stated, ("Biologie", "Relevé")))
    assert updates(as_doctor(writer, place), camille, titled).status == "Success"
    said = otherwise(one.stated, ("Biologie", "Relevé"), ('"11502-2"', '"REMB"'), ('="10"', '="60"'))
    refused = updates(as_doctor(writer, place), camille, restated(one.id, said, 2))
    assert refused.errors[0][1] == f"{ENTRY}/Classification[typeCode]"
    assert refused.contexts[0].startswith("[not_entitled] ")


def test_somebody_elses_and_nobodys_are_told_alike_whatever_is_said(camille: Holder, hospital: Organisation) -> None:
    one = filed(camille, hospital)
    said = otherwise(one.stated, ("Biologie", "Autre chose"), (">20260304093000<", ">20260304093001<"))
    other = soap.hospital("Laboratoire")
    theirs, nowhere = (updates(as_feeder(other), camille, restated(of, said)) for of in (one.id, uuid4()))
    assert body_of(theirs) == body_of(nowhere)
    assert theirs.contexts[0].startswith("[update_unknown] ")


def test_what_was_changed_can_be_sent_back_as_a_search_tells_it(
    camille: Holder, hospital: Organisation, anne: Professional
) -> None:
    one = filed(camille, hospital)
    assert updates(as_feeder(hospital), camille, restated(one.id, otherwise(one.stated, *EVERYTHING))).errors == []
    [found] = find(anne, camille).root.iter("{*}ExtrinsicObject")
    found.set("id", "Document01")
    told_ = etree.tostring(found).decode()
    back = updates(as_feeder(hospital), camille, told_, member(2))
    assert (back.errors, follows(hospital, camille, one.id)) == ([], ("Approved", "2"))
