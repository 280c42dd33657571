"""ITI TF-3, 4.2.3: what is answered of documents, sets and their links, literally; and that our own reader of
submissions understands it."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espace.kernel.values import replace
from espace.kernel.words import Visibility
from espace.wire.ebxml import found, hl7, writing
from espace.wire.ebxml.objects import stated
from espace.wire.ebxml.responses import RegistryError
from espace.wire.ebxml.schemes import HAS_MEMBER, RIM, Entry, Set
from espace.wire.ebxml.writing import Known, KnownSet
from espace.wire.xds import Author, Coded, DocumentEntry, Linking, Submission
from wire.ebxml.asking import parsed

DOCUMENT = UUID("0198f5a0-0000-7000-8000-00000000ffff")
OTHER = UUID("0198f5a0-0000-7000-8000-0000000000aa")
SET = UUID("0198f5a0-0000-7000-8000-0000000000bb")
SHARED = writing.whose("279035121518989", "1.2.250.1.213.1.4.10", "1.2.250.1.999.7")
ANNE = Author(
    family="Le Goff",
    given="Anne Marie",
    person_id="810001288385",
    specialty=Coded("G15_10/SM26", "1.2.250.1.213.1.1.4.5", "Médecin généraliste"),
    role=Coded("10", "https://mos.esante.gouv.fr/NOS/TRE_G15-ProfessionSante/FHIR/TRE-G15-ProfessionSante", "Médecin"),
    institution="Hôpital des Remparts & Fils",
    institution_id="1990000017",
)
ENTRY = DocumentEntry(
    place="",
    unique_id="urn:oid:1.2.250.1.999.1.1.8",
    mime_type="text/xml",
    type=Coded("11502-2", "http://loinc.org", "CR d'examens biologiques"),
    class_=Coded("10", "1.2.250.1.213.1.1.4.1", "Compte rendu"),
    format=Coded("urn:ihe:lab:xd-lab:2008", "urn:oid:1.3.6.1.4.1.19376.1.2.3"),
    title='Biologie <"&">',
    language="fr-FR",
    creation_time=datetime(2026, 3, 4, 10, 30, tzinfo=timezone(timedelta(hours=1))),
    service_start=datetime(2026, 3, 4, tzinfo=UTC),
    authors=(ANNE,),
    legal_authenticator=ANNE,
    facility_type=Coded("SA01", "1.2.250.1.71.4.2.4", "Établissement public de santé"),
    practice_setting=Coded("ETABLISSEMENT", "1.2.250.1.213.1.1.4.9"),
    confidentiality="R",
    event_codes=(Coded("GLU", "1.2.3"), Coded("NA", "1.2.3")),
    reference_ids=(Coded("ACC-5", "1.2.250.1.999.9", "urn:ihe:iti:xds:2013:accession"), Coded("7", "urn:x:y")),
    hash="CXnlAaW9J3md1/qfyI5JnxDIQIk=",
)
KNOWN = Known(DOCUMENT, ENTRY, "Archived", 20, frozenset({Visibility.MASQUE_PS}))
WRITTEN = (
    '<ExtrinsicObject id="urn:uuid:0198f5a0-0000-7000-8000-00000000ffff" '
    'lid="urn:uuid:0198f5a0-0000-7000-8000-00000000ffff" '
    'objectType="urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1" '
    'status="urn:asip:ci-sis:2010:StatusType:Archived" mimeType="text/xml" isOpaque="false">'
    '<Slot name="creationTime"><ValueList><Value>20260304093000</Value></ValueList></Slot>'
    '<Slot name="hash"><ValueList><Value>0979e501a5bd27799dd7fa9fc88e499f10c84089</Value></ValueList></Slot>'
    '<Slot name="languageCode"><ValueList><Value>fr-FR</Value></ValueList></Slot>'
    '<Slot name="legalAuthenticator"><ValueList><Value>810001288385^Le Goff^Anne Marie^^^^^^'
    "&#38;1.2.250.1.71.4.2.1&#38;ISO^D^^^IDNPS</Value></ValueList></Slot>"
    '<Slot name="repositoryUniqueId"><ValueList><Value>1.2.250.1.999.7</Value></ValueList></Slot>'
    '<Slot name="serviceStartTime"><ValueList><Value>20260304000000</Value></ValueList></Slot>'
    '<Slot name="size"><ValueList><Value>20</Value></ValueList></Slot>'
    '<Slot name="sourcePatientId"><ValueList><Value>279035121518989^^^&#38;1.2.250.1.213.1.4.10&#38;ISO^NH</Value>'
    "</ValueList></Slot>"
    '<Slot name="urn:ihe:iti:xds:2013:referenceIdList"><ValueList>'
    "<Value>ACC-5^^^&#38;1.2.250.1.999.9&#38;ISO^urn:ihe:iti:xds:2013:accession</Value>"
    "<Value>7^^^&#38;urn:x:y&#38;URI</Value></ValueList></Slot>"
    '<Name><LocalizedString xml:lang="fr-FR" charset="UTF-8" value="Biologie &#60;&#34;&#38;&#34;&#62;"/></Name>'
    '<VersionInfo versionName="1"/>'
)
TYPE = (
    '<Classification id="urn:uuid:0198f5a0-0000-7000-8000-000000010009" '
    'classificationScheme="urn:uuid:f0306f51-975f-434e-a61c-c59651d33983" '
    'classifiedObject="urn:uuid:0198f5a0-0000-7000-8000-00000000ffff" nodeRepresentation="11502-2">'
    '<Slot name="codingScheme"><ValueList><Value>2.16.840.1.113883.6.1</Value></ValueList></Slot>'
    '<Name><LocalizedString xml:lang="fr-FR" charset="UTF-8" value="CR d\'examens biologiques"/></Name>'
    "</Classification>"
)
IDS = (
    '<ExternalIdentifier id="urn:uuid:0198f5a0-0000-7000-8000-00000001000a" '
    'registryObject="urn:uuid:0198f5a0-0000-7000-8000-00000000ffff" '
    'identificationScheme="urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427" '
    'value="279035121518989^^^&#38;1.2.250.1.213.1.4.10&#38;ISO^NH">'
    '<Name><LocalizedString value="XDSDocumentEntry.patientId"/></Name></ExternalIdentifier>'
    '<ExternalIdentifier id="urn:uuid:0198f5a0-0000-7000-8000-00000001000b" '
    'registryObject="urn:uuid:0198f5a0-0000-7000-8000-00000000ffff" '
    'identificationScheme="urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab" value="1.2.250.1.999.1.1.8">'
    '<Name><LocalizedString value="XDSDocumentEntry.uniqueId"/></Name></ExternalIdentifier></ExtrinsicObject>'
)


def test_a_document_to_the_letter() -> None:
    told = writing.document_entry(KNOWN, SHARED)
    assert told.startswith(WRITTEN)
    assert told.endswith(TYPE + IDS)
    # Author, class, two labels, two events, format, facility, setting, type.
    assert told.count("<Classification ") == 10


def test_our_own_reader_understands_it() -> None:
    answer = parsed(found.found([writing.document_entry(KNOWN, SHARED)]))
    [one] = stated(answer[0])
    assert (one.tag, one.id, one.mime_type) == ("ExtrinsicObject", f"urn:uuid:{DOCUMENT}", "text/xml")
    assert one.name == 'Biologie <"&">'
    assert not one.repeated

    def codes(scheme: Entry) -> list[tuple[str, tuple[str, ...] | None, str]]:
        return [(each.code, each.slots.get("codingScheme"), each.name) for each in one.codes(scheme)]

    assert codes(Entry.CONFIDENTIALITY) == [
        ("R", ("2.16.840.1.113883.5.25",), "Restreint"),
        ("MASQUE_PS", ("1.2.250.1.213.1.1.4.13",), "Masqué aux professionnels de santé"),
    ]
    assert codes(Entry.FORMAT) == [("urn:ihe:lab:xd-lab:2008", ("1.3.6.1.4.1.19376.1.2.3",), "urn:ihe:lab:xd-lab:2008")]
    assert codes(Entry.EVENT) == [("GLU", ("1.2.3",), "GLU"), ("NA", ("1.2.3",), "NA")]
    [author] = one.codes(Entry.AUTHOR)
    assert author.slots == {
        "authorPerson": ("810001288385^Le Goff^Anne Marie^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS",),
        "authorInstitution": ("Hôpital des Remparts \\T\\ Fils^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^1990000017",),
        "authorRole": ("10^Médecin^1.2.250.1.71.1.2.7",),
        "authorSpecialty": ("G15_10/SM26^Médecin généraliste^1.2.250.1.213.1.1.4.5",),
    }
    assert hl7.organisation(author.slots["authorInstitution"][0]) == ("Hôpital des Remparts & Fils", "1990000017")


@pytest.mark.parametrize(
    ("status", "urn"),
    [
        ("Approved", "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"),
        ("Deprecated", "urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated"),
        ("Archived", "urn:asip:ci-sis:2010:StatusType:Archived"),
        ("Deleted", "urn:asip:ci-sis:2010:StatusType:Deleted"),
    ],
)
def test_statuses(status: str, urn: str) -> None:
    assert f' status="{urn}"' in writing.document_entry(replace(KNOWN, status=status), SHARED)
    assert f' status="{urn}"' in writing.deposit(DOCUMENT, "1.2", status)


def test_what_nobody_stated_is_not_told() -> None:
    bare = Known(DOCUMENT, DocumentEntry("", "", ""), "Approved", 0)
    told = writing.document_entry(bare, SHARED)
    assert [one.split('"')[1] for one in told.split("<Slot name=")[1:]] == [
        "repositoryUniqueId", "size", "sourcePatientId", "codingScheme",
    ]  # fmt: skip
    assert "mimeType" not in told and "uniqueId" not in told and "<Name/>" not in told


def test_a_deposit_tells_ids_status_and_version_alone() -> None:
    assert writing.deposit(DOCUMENT, "urn:uuid:0198f5a0-0000-4000-8000-000000000009", "Approved", 3) == (
        f'<ExtrinsicObject id="urn:uuid:{DOCUMENT}" lid="urn:uuid:{DOCUMENT}" '
        'objectType="urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1" '
        'status="urn:oasis:names:tc:ebxml-regrep:StatusType:Approved" isOpaque="false"><VersionInfo versionName="3"/>'
        '<ExternalIdentifier id="urn:uuid:0198f5a0-0000-7000-8000-000000010000" '
        f'registryObject="urn:uuid:{DOCUMENT}" '
        'identificationScheme="urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab" '
        'value="urn:uuid:0198f5a0-0000-4000-8000-000000000009">'
        '<Name><LocalizedString value="XDSDocumentEntry.uniqueId"/></Name></ExternalIdentifier></ExtrinsicObject>'
    )


def test_a_set_and_its_links() -> None:
    said = Submission(
        unique_id="urn:oid:1.2.250.1.999.1.1.7",
        source_id="https://x.example/ids|1.2.250.1.999.1.1",
        submission_time=None,
        documents=(),
        content_type=Coded("07", "1.2.250.1.213.2.2", "Consultations, soins externes"),
        title="Bilan",
        author=Author(institution="Laboratoire", institution_id="1.2.9"),
    )
    came = datetime(2026, 3, 4, 9, 30, 15, tzinfo=UTC)
    member = writing.membership(SET, DOCUMENT)
    texts = [
        writing.submission_set(KnownSet(SET, said, came), SHARED),
        writing.association(member),
        writing.association(writing.relation(Linking.REPLACES, DOCUMENT, OTHER)),
        writing.object_ref(DOCUMENT),
    ]
    package, has, replaces, reference = stated(parsed(found.found(texts))[0])
    assert (package.tag, package.name, package.slot("submissionTime")) == ("RegistryPackage", "Bilan", "20260304093015")
    assert [(one.scheme, one.node, one.code) for one in package.classifications] == [
        ("", "urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd", ""),
        (Set.AUTHOR, "", ""),
        (Set.CONTENT_TYPE, "", "07"),
    ]
    assert package.classifications[1].slots == {"authorInstitution": ("Laboratoire^^^^^^^^^1.2.9",)}
    assert [package.external(one) for one in (Set.UNIQUE_ID, Set.SOURCE_ID)] == [
        ["1.2.250.1.999.1.1.7"],
        ["1.2.250.1.999.1.1"],
    ]
    assert (has.association, has.source, has.target) == (HAS_MEMBER, f"urn:uuid:{SET}", f"urn:uuid:{DOCUMENT}")
    assert (has.slot("SubmissionSetStatus"), has.id) == ("Original", f"urn:uuid:{member.id}")
    assert (replaces.association, replaces.source, replaces.target, replaces.slots) == (
        "urn:ihe:iti:2007:AssociationType:RPLC", f"urn:uuid:{DOCUMENT}", f"urn:uuid:{OTHER}", {},
    )  # fmt: skip
    assert (reference.tag, reference.id) == ("ObjectRef", f"urn:uuid:{DOCUMENT}")


def test_a_link_keeps_its_id_and_no_other_has_it() -> None:
    replacing = writing.relation(Linking.REPLACES, SET, DOCUMENT)
    links = [writing.membership(SET, DOCUMENT), replacing, writing.membership(DOCUMENT, SET)]
    assert len({one.id for one in links}) == 3
    assert str(links[0].id) == str(writing.membership(SET, DOCUMENT).id)


def test_an_answer_without_objects_still_lists_them() -> None:
    empty = (
        '<q:AdhocQueryResponse xmlns:q="urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0" '
        'xmlns:rs="urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0" '
        'status="urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:%s">%s'
        '<RegistryObjectList xmlns="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"></RegistryObjectList>'
        "</q:AdhocQueryResponse>"
    )
    assert found.found([]).decode() == empty % ("Success", "")
    told = parsed(found.failed([RegistryError("XDSRegistryError", "non")]))
    assert [one.tag.rpartition("}")[2] for one in told] == ["RegistryErrorList", "RegistryObjectList"]
    assert told.get("status") == "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Failure"


TEXT = st.text(st.characters(codec="utf-8"), max_size=30)


@given(TEXT, TEXT, TEXT)
def test_whatever_is_stored_is_well_formed_and_stays_in_its_place(family: str, institution: str, title: str) -> None:
    entry = replace(ENTRY, title=title, authors=(Author(family=family, given="x", institution=institution),))
    [one] = stated(parsed(found.found([writing.document_entry(replace(KNOWN, entry=entry), SHARED)]))[0])
    slots = one.codes(Entry.AUTHOR)[0].slots
    plain = "".join(c if c.isprintable() else "" for c in family).strip()
    said = hl7.person(slots["authorPerson"][0])
    assert said[2] == "x"
    if plain == family and "\ufffe" not in family and "\uffff" not in family:
        assert said[1] == family
    assert f"{{{RIM}}}" not in one.name
