"""A signed lot: filed with its signature, which software finds and people never meet; a wrong one refuses the lot."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from django.conf import settings

import attesting
import door
import soap_door as soap
import soaping
from cast import Holder, consents, holder, professional
from espace import edge
from espace.access import gate
from espace.identity.facts import Organisation, Professional
from espace.kernel.reasons import decisions
from espace.kernel.values import replace
from espace.kernel.words import Purpose, Refused, Verb
from espace.portal.pages.lines import known, line
from espace.record import queries
from espace.wire.ebxml.schemes import StoredQuery
from exchange.xds.consulting import Told, find, query, read, unique_ids
from lot_signing import lot_signature
from record import filing
from record.test_masking import mask
from soap_door import as_feeder, send

pytestmark = pytest.mark.django_db

SIGNS = "urn:ihe:iti:2007:AssociationType:signs"
CLASS = "urn:oid:1.3.6.1.4.1.19376.1.2.1.1.1"


@dataclass(frozen=True)
class Lot:
    """Two documents and their signature, by uniqueId."""

    to: Holder
    first: str
    second: str
    signature: str
    set_id: str
    signed: bytes

    def body(self, signed: bytes | None = None, target: str = "SubmissionSet01") -> str:
        data = self.signed if signed is None else signed
        bytes_of = {"Document01": soaping.CONTENT, "Document02": b"Second", "Signature01": data}
        return soaping.provide(
            self.entry("Document01", self.first, soaping.CONTENT),
            self.entry("Document02", self.second, b"Second"),
            signature_entry(self.entry("Signature01", self.signature, data)),
            soaping.submission_set(uid=self.set_id, cx=soap.cx(self.to)),
            *(soaping.member(one) for one in bytes_of),
            soaping.association(SIGNS, "Signature01", target),
            contents={one: base64.b64encode(content).decode() for one, content in bytes_of.items()},
        )

    def entry(self, of: str, uid: str, content: bytes) -> str:
        return soaping.document(of, uid=uid, content=content, cx=soap.cx(self.to), traits=soap.traits(self.to))


def signature_entry(stated: str) -> str:
    """An entry made that of a signature (CI-SIS)."""
    for old, new in (
        ('"text/plain"', '"text/xml"'),
        ("fr-FR", "art"),
        ('nodeRepresentation="10"', f'nodeRepresentation="{CLASS}"'),
        ('nodeRepresentation="11502-2"', 'nodeRepresentation="E1762"'),
        ('nodeRepresentation="GLU"', 'nodeRepresentation="1.2.840.10065.1.12.1.14"'),
        ("urn:ihe:iti:xds-sd:text:2008", "http://www.w3.org/2000/09/xmldsig#"),
    ):
        assert old in stated
        stated = stated.replace(old, new)
    return stated


@pytest.fixture
def hospital() -> Organisation:
    return soap.hospital()


@pytest.fixture
def lot() -> Lot:
    first, second, signature, set_id = (f"urn:uuid:{uuid4()}" for _ in range(4))
    signed = lot_signature(
        {first: soaping.CONTENT, second: b"Second"}, attesting.person("899700123456"), set_id=set_id
    )
    return Lot(holder(), first, second, signature, set_id, signed)


@pytest.fixture
def anne(lot: Lot) -> Professional:
    found = professional()
    consents(lot.to, found, at=edge.now())
    return found


def file(lot: Lot, by: Organisation, target: str = "SubmissionSet01") -> None:
    answer = send(lot.body(target=target), as_feeder(by))
    assert (answer.status, answer.errors) == ("Success", [])


def by_fhir(who: Holder) -> dict[str, dict[str, object]]:
    """What the holder's own software is told of, by uniqueId."""
    asked = f"patient.identifier=urn:oid:{who.ins.authority}|{who.ins.number}"
    answer = door.call("GET", "/fhir/DocumentReference", token=door.holder_token(who.patient), query=asked)
    found = [entry["resource"] for entry in answer.json.get("entry", [])]
    return {one["masterIdentifier"]["value"]: one for one in found}


def entry_of(lot: Lot, unique_id: str) -> UUID:
    return UUID(str(by_fhir(lot.to)[unique_id]["id"]))


def linked(who: Professional, lot: Lot, one: UUID) -> list[tuple[str, str, str]]:
    """The associations « signs » of one object: kind, source and target."""
    told = query(who, lot.to, StoredQuery.GET_ASSOCIATIONS, [("$uuid", f"('urn:uuid:{one}')")])
    return [(a.association, a.source, a.target) for a in told.of("Association") if a.association == SIGNS]


def retrieved(who: Professional, lot: Lot) -> list[tuple[str, bytes]]:
    return read(who, lot.to, (settings.ESPACE_REPOSITORY_OID, lot.signature)).contents


def test_software_finds_the_signature_and_people_do_not_meet_it(
    hospital: Organisation, lot: Lot, anne: Professional
) -> None:
    file(lot, hospital)
    told = by_fhir(lot.to)
    assert told.keys() == {lot.first, lot.second, lot.signature}
    first, second, signature = (UUID(str(told[one]["id"])) for one in (lot.first, lot.second, lot.signature))
    related = told[lot.signature]["relatesTo"]
    assert {(one["code"], one["target"]["reference"]) for one in related} == {  # type: ignore[attr-defined]
        ("signs", f"DocumentReference/{first}"),
        ("signs", f"DocumentReference/{second}"),
    }
    assert set(unique_ids(find(anne, lot.to))) == {lot.first, lot.second, lot.signature}
    assert retrieved(anne, lot) == [(lot.signature, lot.signed)]
    there = door.call("GET", f"/fhir/Binary/{signature}", token=door.holder_token(lot.to.patient))
    assert there.body == lot.signed
    assert {one.id for one in filing.listed(lot.to)} == {first, second}
    with pytest.raises(Refused) as caught:
        filing.read(lot.to, signature)
    assert caught.value.reason is decisions.DOCUMENT_UNKNOWN


def test_whoever_may_deposit_the_documents_may_sign_them(hospital: Organisation, lot: Lot) -> None:
    pharmacist = professional("Petit", "Zoé", profession="21", at=hospital)
    answer = send(lot.body(), soap.as_doctor(pharmacist, hospital, role="21"))
    assert (answer.status, answer.errors) == ("Success", [])


def test_the_link_is_told_from_either_end_as_it_was_stated(
    hospital: Organisation, lot: Lot, anne: Professional
) -> None:
    file(lot, hospital)
    signature = entry_of(lot, lot.signature)
    [(_, source, target)] = linked(anne, lot, signature)
    assert source == f"urn:uuid:{signature}"
    assert linked(anne, lot, UUID(target)) == [(SIGNS, source, target)]
    assert linked(anne, lot, entry_of(lot, lot.first)) == []


def test_a_signature_of_one_document_is_linked_to_it_alone(
    hospital: Organisation, lot: Lot, anne: Professional
) -> None:
    file(lot, hospital, target="Document02")
    signature, second = entry_of(lot, lot.signature), entry_of(lot, lot.second)
    expected = [(SIGNS, f"urn:uuid:{signature}", f"urn:uuid:{second}")]
    assert linked(anne, lot, signature) == linked(anne, lot, second) == expected
    slots = [
        ("$XDSDocumentEntryUniqueId", f"'{lot.second}'"),
        ("$AssociationTypes", f"('{SIGNS}')"),
    ]
    told: Told = query(anne, lot.to, StoredQuery.GET_RELATED_DOCUMENTS, slots)
    assert set(unique_ids(told)) == {lot.second, lot.signature}


def test_a_signature_shows_to_whoever_sees_all_that_it_signs(
    hospital: Organisation, lot: Lot, anne: Professional
) -> None:
    """It names every document: where one is masked, signature and link are nowhere, as if they had not come."""
    file(lot, hospital)
    first, signature = entry_of(lot, lot.first), entry_of(lot, lot.signature)
    mask(lot.to, first)
    assert unique_ids(find(anne, lot.to)) == [lot.second]
    assert (linked(anne, lot, signature), retrieved(anne, lot)) == ([], [])
    nothing = query(anne, lot.to, StoredQuery.GET_ASSOCIATIONS, [("$uuid", f"('urn:uuid:{uuid4()}')")])
    hidden = query(anne, lot.to, StoredQuery.GET_ASSOCIATIONS, [("$uuid", f"('urn:uuid:{signature}')")])
    assert hidden.body == nothing.body
    mask(lot.to, first, verb=Verb.UNMASK)
    assert retrieved(anne, lot) == [(lot.signature, lot.signed)]


def test_the_holder_reads_in_the_log_who_read_a_signature_alone(
    hospital: Organisation, lot: Lot, anne: Professional
) -> None:
    file(lot, hospital)
    signature = entry_of(lot, lot.signature)
    with gate.open_record(
        actor=lot.to.actor, patient=lot.to.patient, purpose=Purpose.HOLDER, verb=Verb.HISTORY, at=edge.now()
    ) as grant:
        assert queries.visible_among(grant, [signature]) == {signature}
        about = known(grant)
    reading = replace(filing.lines(lot.to)[0], verb=Verb.READ, objects=(signature,))
    assert [one.title for one in line(reading, about).documents] == ["Signature d’un lot de documents"]
    both = replace(reading, objects=(signature, entry_of(lot, lot.first)))
    assert [one.title for one in line(both, about).documents] == ["Biologie"]


def test_the_same_lot_again_succeeds_and_files_nothing(hospital: Organisation, lot: Lot) -> None:
    file(lot, hospital)
    before = by_fhir(lot.to)
    file(lot, hospital)
    assert by_fhir(lot.to) == before
    other = replace(lot, first=f"urn:uuid:{uuid4()}", set_id=f"urn:uuid:{uuid4()}")
    answer = send(other.body(target="Document02"), as_feeder(hospital))
    assert answer.contexts[0].startswith("[unique_id_reused] ")


def test_a_form_that_is_not_known_is_kept_and_told(hospital: Organisation, lot: Lot, anne: Professional) -> None:
    signed = lot_signature({lot.first: soaping.CONTENT, lot.second: b"Second"}, attesting.person(), sha1=True)
    answer = send(lot.body(signed), as_feeder(hospital))
    assert (answer.status, answer.errors) == ("Success", [("XDSExtraMetadataNotSaved", f"{ENTRY}[3]")])
    assert answer.contexts[0].startswith("[lot_signature_unchecked] ")
    assert retrieved(anne, lot) == [(lot.signature, signed)]


ENTRY = "RegistryObjectList/ExtrinsicObject"
NEAR: list[tuple[str, str, Callable[[Lot], str]]] = [
    ("lot_signature_wrong", "XDSRepositoryMetadataError", lambda lot: lot.body(b"<a/>")),
    ("lot_signature_wrong", "XDSRepositoryMetadataError", lambda lot: lot.body(
        lot_signature({lot.first: soaping.CONTENT, lot.second: b"Other"}, attesting.person()))),
    ("lot_signature_wrong", "XDSRepositoryMetadataError", lambda lot: lot.body(
        lot_signature({lot.first: soaping.CONTENT}, attesting.person()))),
    ("lot_signature_wrong", "XDSRepositoryMetadataError", lambda lot: lot.body(lot_signature(
        {lot.first: soaping.CONTENT, lot.second: b"Second"}, attesting.person(issuer=attesting.foreign())))),
    ("reference_unresolved", "XDSRegistryMetadataError", lambda lot: lot.body(target="Signature01")),
    ("reference_unresolved", "XDSRegistryMetadataError", lambda lot: lot.body(target=f"urn:uuid:{uuid4()}")),
    ("reference_unresolved", "XDSRegistryMetadataError", lambda lot: lot.body().replace(
        'sourceObject="Signature01"', 'sourceObject="Document01"')),
    ("element_missing", "XDSRegistryMetadataError", lambda lot: lot.body().replace(
        f'associationType="{SIGNS}"', f'associationType="{soaping.HAS_MEMBER}"')),
    ("association_unsupported", "XDSRegistryMetadataError", lambda lot: lot.body().replace(":signs", ":IsSnapshotOf")),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "code", "made"), NEAR, ids=[f"{i}-{row[0]}" for i, row in enumerate(NEAR)])
def test_a_near_miss_files_nothing_of_the_lot(
    hospital: Organisation, lot: Lot, reason: str, code: str, made: Callable[[Lot], str]
) -> None:
    answer = send(made(lot), as_feeder(hospital))
    assert (answer.http, answer.status) == (200, "Failure")
    assert (reason, code) in [
        (context[1:].partition("]")[0], told) for context, (told, _) in zip(answer.contexts, answer.errors, strict=True)
    ]
    assert by_fhir(lot.to) == {}
