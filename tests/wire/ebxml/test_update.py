"""ITI-57's request: two operations are read; whatever else it asks has its reason and its place."""

import os
import re
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from espace.kernel.reasons import Reason, care, documents, updating, xds
from espace.kernel.values import replace
from espace.kernel.words import Problem, Visibility
from espace.wire.ebxml.differing import PLACES, differences
from espace.wire.ebxml.update import MAX_DOCUMENTS, Moved, Submitted, Update, read
from espace.wire.ebxml.writing import Known
from espace.wire.xds import Coded, DocumentEntry
from espace.wire.xml import parse_xml
from soaping import A_FOLDER, A_SET, CONTENT, HAS_MEMBER, RPLC, association, document, slot
from wire.ebxml.updating import (
    APND,
    SUBMITS,
    entry,
    folder,
    labelled,
    member,
    move,
    refiled,
    request,
    restated,
    submits,
)

ID, OTHER = UUID("0199a2b4-0000-7000-8000-000000000001"), UUID("0199a2b4-0000-7000-8000-000000000002")
ENTRY, LINK = "RegistryObjectList/ExtrinsicObject[1]", "RegistryObjectList/Association[1]"
SIZE = len(CONTENT)
INS = ("279035121518989", "1.2.250.1.213.1.4.10")


def reading(text: str) -> Update:
    parsed = parse_xml(text.encode())
    assert parsed.root is not None, parsed.problems
    return read(parsed.root)


def test_statuses_are_read_by_their_last_part() -> None:
    found = reading(request(move(ID, "Approved", "Archived"), move(OTHER, "Deprecated", "Deleted")))
    assert found.problems == ()
    assert [(one.number, one.authority) for one in found.patients] == [INS]
    assert found.moved == (
        Moved("RegistryObjectList/Association[1]", ID, "Approved", "Archived"),
        Moved("RegistryObjectList/Association[2]", OTHER, "Deprecated", "Deleted"),
    )
    assert found.restated == ()


def test_an_entry_stated_anew_is_read_with_its_version() -> None:
    found = reading(request(restated(str(ID).upper(), document(labels=("R", "MASQUE_PS")), 12)))
    assert found.problems == ()
    [one] = found.restated
    assert (one.place, one.document, one.version, one.status) == (ENTRY, ID, 12, "")
    assert (one.entry.confidentiality, one.entry.visibility) == ("R", frozenset({Visibility.MASQUE_PS}))
    assert one.entry.title == "Biologie"
    assert {(patient.number, patient.authority) for patient in found.patients if patient.has_ins} == {INS}


def test_a_folder_stated_anew_is_read_with_its_version() -> None:
    found = reading(request(refiled("urn:oid:1.2.3", "Grossesse", ID, 4)))
    assert (found.problems, found.restated) == ((), ())
    [one] = found.refiled
    assert (one.folder, one.version, one.status, one.stated.unique_id) == (ID, 4, "", "1.2.3")
    assert (one.stated.title, one.stated.comments, one.stated.members) == ("Grossesse", "Suivi", ())
    assert [code.code for code in one.stated.codes] == ["GRO"]


def test_associations_between_what_is_there_are_read() -> None:
    found = reading(request(submits(APND, ID, OTHER), submits(HAS_MEMBER, OTHER, ID, "Link02")))
    assert (found.problems, found.moved) == ((), ())
    assert found.submitted == (
        Submitted("RegistryObjectList/Association[1]", APND, ID, OTHER),
        Submitted("RegistryObjectList/Association[3]", HAS_MEMBER, OTHER, ID),
    )


def test_a_status_that_the_entry_says_is_read_and_its_links_stay() -> None:
    said = document().replace(" mimeType=", ' status="urn:asip:ci-sis:2010:StatusType:Archived" mimeType=')
    found = reading(request(entry(ID, said), member(3, slot("AssociationPropagation", "yes"))))
    assert found.problems == ()
    assert found.restated[0].status == "Archived"


NOT_UNDERSTOOD = updating.UPDATE_NOT_UNDERSTOOD
FAULTS: dict[str, tuple[str, Reason, str]] = {
    "nothing": (request(), NOT_UNDERSTOOD, "RegistryObjectList/Association"),
    "a status of nowhere": (
        request(move(ID, "Approved", "Lost")), care.CHANGE_REFUSED, f"{LINK}/Slot[@name='NewStatus']",
    ),
    "no former status": (
        request(move(ID, "", "Deleted")), NOT_UNDERSTOOD, f"{LINK}/Slot[@name='OriginalStatus']",
    ),
    "no document": (request(move("x", "Approved", "Deleted")), NOT_UNDERSTOOD, f"{LINK}/@targetObject"),
    "twice": (
        request(move(ID, "Approved", "Archived"), move(ID, "Archived", "Deleted")),
        NOT_UNDERSTOOD,
        "RegistryObjectList/Association[2]/@targetObject",
    ),
    "of another set": (
        request(move(ID, "Approved", "Deleted").replace("SubmissionSet01", "x")),
        documents.REFERENCE_UNRESOLVED,
        f"{LINK}/@sourceObject",
    ),
    "a replacement": (
        request(association(RPLC, "SubmissionSet01", f"urn:uuid:{ID}")), NOT_UNDERSTOOD, f"{LINK}/@associationType",
    ),
    "submitted links": (
        request(association("urn:ihe:iti:2010:AssociationType:SubmitAssociation", "SubmissionSet01", f"urn:uuid:{ID}")),
        NOT_UNDERSTOOD,
        f"{LINK}/@targetObject",
    ),
    "a new document": (request(document(), member()), NOT_UNDERSTOOD, f"{ENTRY}/@lid"),
    "a logical id of one's own": (request(restated("x", document())), NOT_UNDERSTOOD, f"{ENTRY}/@lid"),
    "no version": (
        request(restated(ID, document(), "")), NOT_UNDERSTOOD, f"{LINK}/Slot[@name='PreviousVersion']",
    ),
    "version nought": (request(restated(ID, document(), 0)), NOT_UNDERSTOOD, f"{LINK}/Slot[@name='PreviousVersion']"),
    "a version in other figures": (
        request(restated(ID, document(), "²")), NOT_UNDERSTOOD, f"{LINK}/Slot[@name='PreviousVersion']",
    ),
    "a version without end": (
        request(restated(ID, document(), "1" * 5000)), NOT_UNDERSTOOD, f"{LINK}/Slot[@name='PreviousVersion']",
    ),
    "links cut": (
        request(entry(ID, document()), member(1, slot("AssociationPropagation", "no"))),
        NOT_UNDERSTOOD,
        f"{LINK}/Slot[@name='AssociationPropagation']",
    ),
    "by reference": (
        request(member().replace("Document01", f"urn:uuid:{ID}")), NOT_UNDERSTOOD, f"{LINK}/@targetObject",
    ),
    "brought twice": (
        request(restated(ID, document()), member()), NOT_UNDERSTOOD, "RegistryObjectList/Association[2]/@targetObject",
    ),
    "brought by nothing": (request(entry(ID, document())), NOT_UNDERSTOOD, f"{ENTRY}/@id"),
    "one id for two": (
        request(restated(ID, document()), entry(ID, document())),
        xds.UNIQUE_ID_TWICE,
        "RegistryObjectList/ExtrinsicObject[2]/@id",
    ),
    "a status of the entry": (
        request(entry(ID, document()).replace(" mimeType=", ' status="urn:x" mimeType='), member()),
        care.CHANGE_REFUSED,
        f"{ENTRY}/@status",
    ),
    "no list": (
        "<SubmitObjectsRequest/>", documents.ELEMENT_MISSING, "SubmitObjectsRequest/RegistryObjectList",
    ),
    "a folder for a set": (
        request(move(ID, "Approved", "Deleted")).replace(A_SET, A_FOLDER),
        documents.ELEMENT_MISSING,
        "RegistryObjectList/RegistryPackage",
    ),
    "a new folder": (
        request(folder("1.2.3") + member().replace("Document01", "Folder01")),
        NOT_UNDERSTOOD,
        "RegistryObjectList/RegistryPackage[2]/@lid",
    ),
    "a folder brought by nothing": (
        request(folder("1.2.3", lid=ID)), NOT_UNDERSTOOD, "RegistryObjectList/RegistryPackage[2]/@id",
    ),
    "a folder without codes": (
        request(refiled("1.2.3", "T", ID, code="")),
        documents.ELEMENT_MISSING,
        "RegistryObjectList/RegistryPackage[2]/Classification[codeList]",
    ),
    "a status of the folder": (
        request(refiled("1.2.3", "T", ID).replace(" lid=", ' status="urn:x" lid=')),
        care.CHANGE_REFUSED,
        "RegistryObjectList/RegistryPackage[2]/@status",
    ),
    "a replacement between what is there": (
        request(submits(RPLC, ID, OTHER)), NOT_UNDERSTOOD, f"{LINK}/@associationType",
    ),
    "a link of nothing": (
        request(submits(APND, ID, OTHER).replace(f"urn:uuid:{OTHER}", "x")), NOT_UNDERSTOOD, f"{LINK}/@targetObject",
    ),
    "a link that is over": (
        request(submits(APND, ID, OTHER).replace(' id="Link01"', ' id="Link01" status="urn:x"')),
        NOT_UNDERSTOOD,
        f"{LINK}/@status",
    ),
    "a link twice": (
        request(submits(APND, ID, OTHER), association(SUBMITS, "SubmissionSet01", "Link01")),
        NOT_UNDERSTOOD,
        "RegistryObjectList/Association[3]/@targetObject",
    ),
    "a link that asks for itself": (
        request(association(SUBMITS, "SubmissionSet01", "as-1").replace('id="as-', 'id="as-1" x="')),
        NOT_UNDERSTOOD,
        f"{LINK}/@targetObject",
    ),
    "no level": (
        request(restated(ID, labelled(document(), "MASQUE_PS"))),
        documents.ELEMENT_MISSING,
        f"{ENTRY}/Classification[confidentialityCode]",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "reason", "place"), FAULTS.values(), ids=FAULTS.keys())
def test_what_is_no_operation_has_its_reason_and_its_place(text: str, reason: Reason, place: str) -> None:
    assert (reason, place) in [(one.reason, one.place) for one in reading(text).problems]


def test_two_slots_of_one_name_are_refused() -> None:
    text = request(move(ID, "Approved", "Deleted").replace("NewStatus", "OriginalStatus"))
    assert Problem(documents.VALUE_INVALID, f"{LINK}/Slot", "one of them is said twice") in reading(text).problems


def test_a_request_has_so_many_operations_at_most() -> None:
    every = [move(UUID(int=number), "Approved", "Deleted") for number in range(MAX_DOCUMENTS + 1)]
    assert reading(request(*every)).problems[-1].place == "RegistryObjectList/Association"
    assert reading(request(*every[1:])).problems == ()


WHOLE = request(restated(ID, document()), move(OTHER, "Approved", "Deleted"))
PIECES = sorted(
    one
    for one in set(re.findall(r'"[^"<>]{1,80}"|>[^<>]{1,80}<', WHOLE.partition("RegistryObjectList")[2]))
    if "ebxml-regrep:xsd" not in one  # a namespace left empty is no XML
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(PIECES), st.sampled_from(["", "x", "urn:uuid:x", "9" * 400, "²", "^&amp;^~\\F\\", "\u202e"]))
def test_a_spoiled_request_is_read_or_told_never_raised(piece: str, instead: str) -> None:
    found = reading(WHOLE.replace(piece, f"{piece[0]}{instead}{piece[-1]}"))
    assert all(instead not in one.place for one in found.problems if len(instead) > 1)


EXAMPLES = Path(os.environ.get("ESPACE_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data")) / "ihe" / "ipf"
UPDATES = EXAMPLES / "xds" / "src" / "test" / "resources"


@pytest.mark.skipif(not UPDATES.is_dir(), reason="the published examples are not on this machine")
def test_published_examples_are_understood_as_far_as_they_are_french() -> None:
    """Codes and identifiers of nobody here are refused; the operations are not."""
    found = reading((UPDATES / "SubmitObjectsRequest_ebrs30_update.xml").read_text("utf-8"))
    assert [(one.before, one.after) for one in found.moved] == [("Approved", "Deprecated")]
    [one] = found.restated
    assert (one.version, one.status, one.entry.title) == (1, "Approved", "DocA")
    assert updating.UPDATE_NOT_UNDERSTOOD not in {one.reason for one in found.problems}
    other = reading((UPDATES / "SubmitObjectsRequest_ebrs30_update_nonstandard_association.xml").read_text("utf-8"))
    assert updating.UPDATE_NOT_UNDERSTOOD in {one.reason for one in other.problems}


# --- what an entry stated anew has otherwise ----------------------------------------------------------------


def sent(text: str = "") -> DocumentEntry:
    [one] = reading(request(restated(ID, text or document()))).restated
    return one.entry


def changed(text: str) -> list[str]:
    return [PLACES[name] for name in differences(sent(text), Known(ID, sent(), "Approved", SIZE))]


def test_an_entry_sent_again_has_no_difference() -> None:
    assert changed(document()) == []
    assert changed(labelled(document(), "N", "MASQUE_PS", "INVISIBLE_PATIENT")) == []
    assert changed(document().replace("Compte rendu", "CR").replace("Médecin généraliste", "Généraliste")) == []
    assert changed(document().replace('name="hash"', 'name="x"').replace('name="size"', 'name="y"')) == []


@pytest.mark.parametrize(
    ("name", "change"),
    {
        "/Name": ("Biologie", "Biologie 2"),
        "/Description": ("À jeun", ""),
        "/@mimeType": ("text/plain", "text/xml"),
        "/Classification[typeCode]": ("11502-2", "11503-0"),
        "/Classification[classCode]": ('nodeRepresentation="10"', 'nodeRepresentation="11"'),
        "/Classification[formatCode]": ("text:2008", "pdf:2008"),
        "/Classification[confidentialityCode]": ('nodeRepresentation="N"', 'nodeRepresentation="V"'),
        "/Classification[eventCodeList]": ('"GLU"', '"NA"'),
        "/Classification[author]": ("G15_10/SM26", "G15_10/SM54"),
        "/Classification[practiceSettingCode]": ("ETABLISSEMENT", "AMBULATOIRE"),
        "/Classification[healthcareFacilityTypeCode]": ('"SA01"', '"SA07"'),
        "/Slot[@name='languageCode']": ("fr-FR", "en-US"),
        "/Slot[@name='creationTime']": (">20260304093000<", ">20260304093001<"),
        "/Slot[@name='serviceStartTime']": (">20260304<", ">20260305<"),
        "/Slot[@name='legalAuthenticator']": ("^Le Goff^Anne^", "^Le Gof^Anne^"),
        "/Slot[@name='urn:ihe:iti:xds:2013:referenceIdList']": ("ACC-5", "ACC-6"),
        "/Slot[@name='size']": (f">{SIZE}<", ">9<"),
        "/ExternalIdentifier[uniqueId]": ("1.2.250.1.999.1.1.8", "1.2.250.1.999.1.1.9"),
    }.items(),
)
def test_any_other_difference_is_told_at_its_place(name: str, change: tuple[str, str]) -> None:
    assert change[0] in document()
    assert name in changed(document().replace(*change))


def test_what_another_door_filed_is_compared_as_a_search_tells_it() -> None:
    """Times are told to the second, and systems by their OID."""
    filed = replace(
        sent(),
        type=Coded("11502-2", "http://loinc.org", "Biologie"),
        creation_time=(sent().creation_time or pytest.fail("no time")).replace(microsecond=5),
        authors=tuple(replace(one, role=Coded("10", "urn:oid:1.2.250.1.71.1.2.7")) for one in sent().authors),
    )
    known = Known(ID, filed, "Approved", SIZE)
    assert list(differences(sent(), known)) == ["authors"]
    assert list(differences(replace(sent(), authors=filed.authors), known)) == []
