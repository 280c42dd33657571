"""Sections and statements, as the standard places them (HL7 CDA R2, 4.3.6)."""

from espace.wire.clinical_statements import read
from espace.wire.clinical_statements.values import Concept, Party, Product, Quantity, ReferenceRange, Value, When
from espace.wire.xds import Coded
from wire.cda.cda_samples import cda, level_1
from wire.cda.cda_samples import read as parsed
from wire.clinical_statements.stated import body, observation, one, sections


def test_a_document_of_one_file_says_nothing() -> None:
    document = parsed(cda(body=level_1('<text mediaType="text/plain">Bonjour</text>'))).document
    assert document is not None
    assert read(document) == ()


def test_a_section_says_its_code_its_words_and_whom_it_is_about() -> None:
    subject = '<subject><relatedSubject><code code="MTH" displayName="Mère"/></relatedSubject></subject>'
    outer, inner = sections(
        body(head=f'<templateId root="1.2"/>{subject}', rest=body(observation('<code code="1"/>'), narrative="")),
    )
    assert (outer.code, outer.title, outer.anchor) == (
        Coded("30954-2", "2.16.840.1.113883.6.1", "Résultats"),
        "Résultats",
        "cda-s-1",
    )
    assert (outer.templates, outer.statements, outer.above) == (frozenset({"1.2"}), (), ())
    assert outer.text == "Glycémie 1,20 g/L\nUrines claires\nSans ancre"
    assert (inner.anchor, inner.above, inner.text) == ("cda-s-1-1", ("30954-2",), "")
    assert inner.subject == outer.subject == Concept("MTH", "", "Mère")
    assert [each.order for each in inner.statements] == [0]


def test_a_section_without_narrative_and_elements_of_others_are_read_all_the_same() -> None:
    foreign = '<x:note xmlns:x="urn:x"/>'
    (section,) = sections(
        body(observation(foreign, '<code code="1"/>')).replace("<text>", "<x>").replace("</text>", "</x>")
    )
    assert (section.text, section.statements[0].code) == ("", Concept("1"))


def test_an_observation_keeps_what_it_says_of_itself() -> None:
    found = one(
        observation(
            '<templateId root="1.3"/><templateId root="1.4"/><id root="1.9" extension="7"/><id nullFlavor="NA"/>',
            '<code code="2345-7" codeSystem="2.16.840.1.113883.6.1"/><text><reference value="#r1"/></text>',
            '<statusCode code="completed"/><effectiveTime value="20240102"/><priorityCode code="EM"/>',
            '<value xsi:type="PQ" value="1.20" unit="g/L"/>',
            '<interpretationCode code="H"/><interpretationCode code="HH"/>',
            '<methodCode code="M"/><targetSiteCode code="S"/>',
            '<specimen><specimenRole><specimenPlayingEntity><code code="UR"/></specimenPlayingEntity></specimenRole>'
            "</specimen><subject><relatedSubject><code code='CHILD'/></relatedSubject></subject>",
            '<referenceRange><observationRange><text>à jeun</text><value xsi:type="PQ" value="1.10" unit="g/L"/>'
            '<interpretationCode code="N"/></observationRange></referenceRange><referenceRange/>',
            said=' negationInd="true"',
        )
    )
    assert (found.tag, found.mood, found.order, found.negated, found.status) == (
        "observation",
        "EVN",
        0,
        True,
        "completed",
    )
    assert (found.templates, found.identifiers) == (frozenset({"1.3", "1.4"}), ("1.9^7",))
    assert (found.words, found.anchor) == ("1,20 g/L", "cda-n-r1")
    assert found.when == When("2024-01-02", "2024-01-02")
    assert found.interpretations == ("H", "HH")
    assert (found.method, found.site, found.specimen, found.subject) == (
        Concept("M"),
        Concept("S"),
        Concept("UR"),
        Concept("CHILD"),
    )
    assert found.ranges == (ReferenceRange(Value(quantity=Quantity("1.10", "g/L")), "à jeun", "N"),)


def test_the_template_of_an_entry_counts_as_its_statements() -> None:
    """IHE PaLM XD-LAB, 6.3.4.2: the laboratory report data processing entry names itself on `entry`."""
    (section,) = sections(
        body(rest='<entry><templateId root="1.3.6.1.4.1.19376.1.3.1"/><act classCode="ACT"/></entry>')
    )
    assert section.statements[0].templates == frozenset({"1.3.6.1.4.1.19376.1.3.1"})


def test_statements_inside_keep_how_they_are_linked_and_their_rank() -> None:
    inner = observation('<code code="2"/>')
    found = one(
        '<organizer classCode="BATTERY" moodCode="EVN"><code code="1"/>'
        f"<component>{inner}</component>"
        "<component><observation><code code='3'/><entryRelationship typeCode='SUBJ' inversionInd='true'><act>"
        "<code code='4'/></act></entryRelationship></observation></component><component/></organizer>"
    )
    assert [(each.link, each.inverted, each.statement.order) for each in found.related] == [
        ("COMP", False, 1),
        ("COMP", False, 2),
    ]
    (comment,) = found.related[1].statement.related
    assert (comment.link, comment.inverted, comment.statement.order) == ("SUBJ", True, 3)


def test_the_anchor_is_where_the_narrative_has_it() -> None:
    def anchor(*inside: str) -> str:
        return one(observation(*inside)).anchor

    assert anchor('<text><reference value="#nowhere"/></text>') == ""
    assert anchor('<text><reference value="r1"/></text>') == "cda-n-r1"
    assert anchor('<text><reference value="#un nom"/></text>') == ""
    assert anchor('<code code="1"><originalText><reference value="#l1"/></originalText></code>') == "cda-n-l1"
    assert anchor('<value xsi:type="CD"><originalText><reference value="#l1"/></originalText></value>') == "cda-n-l1"


def test_a_statement_that_is_itself_unknown_says_nothing() -> None:
    found = one(observation('<code code="1"/>', '<value xsi:type="INT" value="1"/>', said=' nullFlavor="NI"'))
    assert (found.code, found.values, found.product) == (None, (), None)


def test_who_took_part_is_named() -> None:
    person = "<name><prefix>DR</prefix><given>Ana</given><family>LUZ</family></name>"
    found = one(
        '<procedure classCode="PROC" moodCode="EVN"><performer><time><low value="2020"/></time><assignedEntity>'
        f'<id root="1.2.250.1.71.4.2.1" extension="8"/><assignedPerson>{person}</assignedPerson>'
        "<representedOrganization><name>CH du Port</name></representedOrganization></assignedEntity></performer>"
        '<performer><assignedEntity/></performer><performer/><author><time value="20200102"/><assignedAuthor>'
        '<code code="G15"/><assignedPerson><name>Jo Mé</name></assignedPerson></assignedAuthor></author>'
        '<participant typeCode="CSM"><participantRole><playingEntity><code code="7"/><name>Pénicilline</name>'
        '</playingEntity></participantRole></participant><participant typeCode="LOC"><participantRole>'
        "<code code='SA01'/><scopingEntity><desc>Bloc 2</desc></scopingEntity></participantRole></participant>"
        "</procedure>"
    )
    assert found.parties == (
        Party("AUT", "Jo Mé", at="2020-01-02"),
        Party("PRF", "DR Ana LUZ", "CH du Port", "1.2.250.1.71.4.2.1^8", at="2020"),
        Party("CSM", "Pénicilline", what=Concept("7")),
        Party("LOC", organisation="Bloc 2", what=Concept("SA01")),
    )


def test_a_product_is_read_with_its_substances_whatever_their_namespace() -> None:
    def given(material: str) -> Product | None:
        made = f"<manufacturedProduct>{material}<manufacturerOrganization><name>Labo</name></manufacturerOrganization>"
        return one(
            '<substanceAdministration classCode="SBADM" moodCode="EVN"><consumable>'
            f"{made}</manufacturedProduct></consumable></substanceAdministration>"
        ).product

    rich = (
        '<manufacturedMaterial xmlns:p="urn:ihe:pharm"><code code="1" codeSystem="2.1"/><name>AMOX 1 g</name>'
        '<p:formCode code="F"/><lotNumberText>L42</lotNumberText><p:ingredient><p:ingredient>'
        "<p:name>amoxicilline</p:name></p:ingredient></p:ingredient><p:asSpecializedKind>"
        '<p:generalizedMedicineClass><code code="J01CA04"/></p:generalizedMedicineClass></p:asSpecializedKind>'
        "<p:ingredient/></manufacturedMaterial>"
    )
    assert given(rich) == Product(
        Concept("1", "2.1"),
        "AMOX 1 g",
        Concept("F"),
        "L42",
        "Labo",
        (Concept(words="amoxicilline"), Concept("J01CA04")),
    )
    assert given("<manufacturedLabeledDrug><name>SIROP</name></manufacturedLabeledDrug>") == Product(
        Concept(words="SIROP"), "SIROP", maker="Labo"
    )
    assert given('<manufacturedMaterial><code nullFlavor="NA"/></manufacturedMaterial>') is None
    assert given("") is None


def test_a_delivery_has_its_product_and_its_quantity() -> None:
    made = '<manufacturedProduct><manufacturedMaterial><code code="9"/></manufacturedMaterial></manufacturedProduct>'
    found = one(
        '<supply classCode="SPLY" moodCode="EVN"><repeatNumber value="2"/><quantity value="2" unit="{box}"/>'
        f"<product>{made}</product></supply>"
    )
    assert (found.product, found.quantity, found.repeats) == (Product(Concept("9")), Quantity("2", "{box}"), "2")


def test_a_picture_has_no_value() -> None:
    found = one(
        '<observationMedia classCode="OBS" moodCode="EVN"><value mediaType="image/png">AAAA</value></observationMedia>'
    )
    assert (found.tag, found.values) == ("observationMedia", ())
