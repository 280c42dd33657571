"""What may be stated anew of a document: a table of near misses, one attribute at a time."""

from typing import Any
from uuid import UUID

import pytest

from cast import AT, entry
from espace.kernel.values import defaults, replace
from espace.kernel.words import EVERY_KIND, Kinds, Visibility
from espace.record.facts import Masking, Stated
from espace.record.rules import RESTATABLE, changed, masked_by_kind, restated_entry, restating_problems
from espace.record.rules.seeing import same_person, written_by
from espace.wire import kos
from espace.wire.xds import Author, Coded, DocumentEntry

LOINC = "2.16.840.1.113883.6.1"
STUDY, ACCESSION = "urn:ihe:iti:xds:2016:studyInstanceUID", "urn:ihe:iti:xds:2013:accession"
PRESCRIPTION = {"type": Coded("57833-6", LOINC), "class_": Coded("42", "1.2.250.1.213.1.1.4.1")}
PLAIN = replace(entry(uid="1.2.3"), place="e", reference_ids=(Coded("1.9.5", "1.9", ACCESSION),))
CDA = replace(PLAIN, mime_type="text/xml")
IMAGES = replace(
    PLAIN,
    mime_type=kos.MEDIA_TYPE,
    type=Coded("IMG-KOS", "1.2.250.1.213.1.1.4.12"),
    class_=Coded("31", "1.2.250.1.213.1.1.4.1"),
    reference_ids=(Coded("1.9.7", "", STUDY), Coded("A5", "1.9", ACCESSION)),
)
ANNE, ZOE = "810001288385", "810002909371"


def stated(of: DocumentEntry, **more: Any) -> Stated:
    return Stated(of, UUID(int=1), "Hôpital", "00", **more)


def found(before: Stated, *, writes: Kinds = EVERY_KIND, **otherwise: Any) -> list[tuple[str, str]]:
    after = replace(before.entry, **otherwise)
    return [(one.reason.code, one.place) for one in restating_problems(before, after, writes=writes, at=AT)]


@pytest.mark.parametrize(
    ("before", "otherwise", "expected"),
    [
        (stated(PLAIN), {}, []),
        (stated(PLAIN), {"title": "Autre titre", "comments": "Dit autrement", "language": "en-GB"}, []),
        (stated(PLAIN), PRESCRIPTION, []),
        (stated(PLAIN), {"authors": (Author(family="Zola"),), "service_start": AT, "reference_ids": ()}, []),
        (stated(PLAIN), {"visibility": frozenset({Visibility.MASQUE_PS})}, []),
        (stated(PLAIN), {"unique_id": "1.2.4"}, [("identifier_kept", "e.unique_id")]),
        (stated(PLAIN), {"hash": "AAAA"}, [("attribute_kept", "e.hash")]),
        (stated(PLAIN), {"size": 4}, [("attribute_kept", "e.size")]),
        (stated(PLAIN), {"mime_type": "application/pdf"}, [("attribute_kept", "e.mime_type")]),
        (stated(PLAIN), {"creation_time": None}, [("attribute_kept", "e.creation_time")]),
        (stated(PLAIN), {"confidentiality": "V"}, [("attribute_kept", "e.confidentiality")]),
        (stated(PLAIN), {"set_id": "1.2.5"}, [("attribute_kept", "e.set_id")]),
        (stated(PLAIN), {"type": Coded("00000-0", LOINC)}, [("code_unknown", "e.type")]),
        (stated(PLAIN), {"type": PRESCRIPTION["type"]}, [("class_mismatch", "e.category")]),
        (stated(PLAIN), {"practice_setting": Coded("NULLE_PART")}, [("code_unknown", "e.context.practiceSetting")]),
        (stated(replace(PLAIN, practice_setting=Coded("ANCIEN"))), {"title": "Titre"}, []),
        (stated(PLAIN), {"title": "x" * 501}, [("value_invalid", "e.content[0].attachment.title")]),
        (stated(CDA), {"title": "Autre titre"}, []),
        (stated(CDA), PRESCRIPTION, [("metadata_mismatch", "e.type")]),
        (stated(CDA), {"type": None}, [("metadata_mismatch", "e.type")]),
        (stated(CDA, signs=(UUID(int=2),)), {"class_": None}, [("attribute_kept", "e.class_")]),
        (stated(PLAIN, signs_set=True), {"format": Coded("x")}, [("attribute_kept", "e.format")]),
        (stated(IMAGES), {"title": "Scanner", "reference_ids": IMAGES.reference_ids[:1]}, []),
        (stated(IMAGES), {"reference_ids": (*IMAGES.reference_ids, Coded("9", "1.9", "urn:x"))}, []),
        (stated(IMAGES), {"reference_ids": (Coded("1.9.8", "", STUDY),)}, [("attribute_kept", "e.reference_ids")]),
        (stated(IMAGES), {"format": Coded("x")}, [("attribute_kept", "e.format")]),
    ],
)  # fmt: skip
def test_what_may_be_said_otherwise(before: Stated, otherwise: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert found(before, **otherwise) == expected


def test_a_kind_is_one_that_the_matrix_lets_them_deposit_when_it_changes() -> None:
    nothing = Kinds()
    assert found(stated(PLAIN), writes=nothing, title="Titre") == []
    assert found(stated(PLAIN), writes=nothing, **PRESCRIPTION) == [("not_entitled", "e.type")]


def test_every_attribute_is_restatable_or_known_to_stay() -> None:
    kept = {"unique_id", "mime_type", "creation_time", "confidentiality", "hash", "size", "set_id", "version"}
    kept |= {"custodian_id", "repository", "place", "visibility"}
    assert set(defaults(DocumentEntry)) == kept | set(RESTATABLE)


@pytest.mark.parametrize(
    ("first", "sent", "later"),
    [
        (ANNE, ANNE, False),
        (ANNE, ZOE, True),
        (ANNE, "", False),
        (f"urn:oid:1.2.250.1.71.4.2.1|{ANNE}", ANNE, False),
        (f"https://rpps.esante.gouv.fr|{ANNE[1:]}", f"1.2.250.1.71.4.2.1|{ANNE}", False),
        (f"urn:oid:1.2.3|{ANNE}", ANNE, True),
        ("", ANNE, True),
    ],
)
def test_who_is_named_later_gets_no_right_in_whatever_form(first: str, sent: str, later: bool) -> None:
    before = replace(PLAIN, authors=(Author(family="A", person_id=first),))
    after = restated_entry(before, replace(before, authors=(Author(family="B", person_id=sent),)))
    assert [one.later for one in after.authors] == [later]
    assert same_person(first, sent) is (first != "" and sent != "" and not later)
    assert not written_by(after, ANNE) or not later


def test_who_was_taken_out_and_put_back_is_named_later() -> None:
    without = restated_entry(
        replace(PLAIN, authors=(Author(person_id=ANNE),)), replace(PLAIN, authors=(Author(person_id=ZOE),))
    )
    again = restated_entry(without, replace(without, authors=(Author(person_id=ANNE), Author(person_id=ZOE))))
    assert [one.later for one in again.authors] == [True, True]
    assert changed(without, replace(without, authors=(Author(person_id=ZOE),))) == ()
    assert not written_by(again, ANNE)


def test_the_rules_of_a_holder_that_are_about_a_document_since_it_changed_kind() -> None:
    masking = Masking(frozenset({"new", "all", "prescriptions", "biology"}))
    biology = replace(PLAIN, type=Coded("11502-2", LOINC))
    assert masked_by_kind(masking, biology, replace(biology, **PRESCRIPTION)) == ("prescriptions",)
    assert masked_by_kind(masking, biology, biology) == ()
