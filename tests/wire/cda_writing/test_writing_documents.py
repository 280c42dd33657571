"""Documents are whole, say what they were given, and their coded half says what their narrative says."""

import re
from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from espace.kernel.values import replace
from espace.wire import cda
from espace.wire.cda_writing import (
    BIOCHEMISTRY,
    DRUG_ALLERGY,
    HAEMATOLOGY,
    ORAL,
    Allergy,
    Chapter,
    Delivery,
    Examination,
    Frame,
    Injection,
    Measure,
    Medicine,
    Problem,
    Procedure,
    Professional,
    Stay,
    Summary,
    biology,
    discharge,
    dispensation,
    imaging,
    loinc,
    pdf_letter,
    prescription,
    rtf_letter,
    snomed,
    synthesis,
    text_letter,
    vaccination,
    vaccination_history,
)
from espace.wire.cda_writing.narrative import Mark, Paragraph, Section, structured_body
from espace.wire.xds import Coded

H = {"h": "urn:hl7-org:v3", "xsi": "http://www.w3.org/2001/XMLSchema-instance"}
SODIUM = Measure("2951-2", "Sodium", Decimal("140"), "mmol/L", "mmol/L", Decimal("136"), Decimal("145"))
HAEMOGLOBIN = Measure("718-7", "Hémoglobine", Decimal("11.8"), "g/dL", "g/dL", Decimal("12.0"), Decimal("16.0"))
METFORMIN = Medicine(
    "Metformine 1 000 mg, comprimé",
    "A10BA02",
    "Metformine",
    Decimal(1),
    "{tablet}",
    12,
    "1 comprimé matin et soir",
    ORAL,
    date(2025, 3, 4),
    date(2025, 6, 4),
    reason="Diabète",
    advice="Au cours du repas.",
    boxes=3,
    renewals=2,
)
PENICILLIN = Allergy(
    DRUG_ALLERGY, Coded("J01C", "2.16.840.1.113883.6.73", "Pénicillines"), "Urticaire", date(1996, 2, 10)
)
DIABETES = Problem(Coded("E11.9", "2.16.840.1.113883.6.3", "Diabète de type 2"), date(2014, 5, 6))
PYELONEPHRITIS = Problem(
    Coded("N10", "2.16.840.1.113883.6.3", "Pyélonéphrite aiguë"), date(2018, 4, 22), date(2018, 4, 30)
)
CATARACT = Procedure(Coded("BFGA004", "1.2.250.1.215.300.1", "Opération de la cataracte"), date(2024, 10, 2))
CHEST = Examination(
    loinc("36643-5", "Radiographie du thorax"),
    Coded("DX", "1.2.840.10008.2.16.4", "Radiographie numérique"),
    snomed("51185008", "Thorax"),
    "Toux.",
    "Face debout.",
    ("Pas de foyer.",),
    "Normale.",
    comparison="Inchangée depuis 2023.",
    radiation="8,5 cGy.cm².",
)


def _biology(frame: Frame) -> bytes:
    return biology(frame, (Chapter(BIOCHEMISTRY, (SODIUM,)), Chapter(HAEMATOLOGY, (HAEMOGLOBIN,), "Anémie modérée.")))


def _dose(frame: Frame) -> Injection:
    return Injection("Grippe saisonnière", "J07BB02", date(2025, 3, 4), "L12345", 1, frame.author)


def _stay(frame: Frame) -> bytes:
    stay = Stay(
        "Fièvre.",
        ("Traitée.",),
        (PYELONEPHRITIS,),
        (METFORMIN,),
        stopped=("Amlodipine : chevilles gonflées.",),
        pending="TSH en cours.",
        plan=("Repos.",),
        allergies=(PENICILLIN,),
    )
    return discharge(replace(frame, encounter="IMP"), stay)


def _summary(frame: Frame) -> bytes:
    summary = Summary(
        (DIABETES,),
        (PYELONEPHRITIS,),
        (CATARACT,),
        (PENICILLIN,),
        ("Ne fume pas.",),
        ("Mère : diabète.",),
        ("Allergie.",),
        (METFORMIN,),
    )
    return synthesis(frame, summary)


def _letter(write: Callable[..., bytes]) -> Callable[[Frame], bytes]:
    return lambda frame: write(frame, "11488-4", "Consultation : fatigue", ("Tout va bien, l’œil aussi.",))


WRITERS: dict[str, Callable[[Frame], bytes]] = {
    "biology": _biology,
    "imaging": lambda frame: imaging(frame, CHEST),
    "prescription": lambda frame: prescription(frame, (METFORMIN, replace(METFORMIN, advice="", renewals=0))),
    "dispensation": lambda frame: dispensation(replace(frame, request="2.25.1.2"), (Delivery(METFORMIN, "L1"),)),
    "synthesis": _summary,
    "empty synthesis": lambda frame: synthesis(frame, Summary()),
    "discharge": _stay,
    "vaccination": lambda frame: vaccination(frame, _dose(frame)),
    "history": lambda frame: vaccination_history(frame, (_dose(frame), replace(_dose(frame), booster=True))),
    "pdf": _letter(pdf_letter),
    "rtf": _letter(rtf_letter),
    "text": _letter(text_letter),
}
STRUCTURED = [name for name in WRITERS if name not in ("pdf", "rtf", "text")]

every_document = pytest.mark.parametrize("name", WRITERS)


def read(data: bytes) -> cda.CdaDocument:
    result = cda.parse(data, zone=UTC)
    assert (result.problems, result.warnings) == ((), ())
    assert result.document is not None
    return result.document


def root_of(data: bytes) -> etree._Element:
    return etree.fromstring(data)


def at(root: etree._Element, path: str) -> list[str]:
    found = root.xpath(path, namespaces=H)
    assert isinstance(found, list)
    return [str(value) for value in found]


@every_document
def test_a_document_has_a_complete_national_header(name: str, frame: Frame) -> None:
    document = read(WRITERS[name](frame))
    entry, patient = document.entry, document.patient
    assert entry.unique_id == "2.25.7500.4.20250304.1"
    assert entry.creation_time == datetime(2025, 3, 4, 9, 30, tzinfo=UTC)
    assert entry.service_start == datetime(2025, 3, 4, 9, 0, tzinfo=UTC)
    assert (entry.set_id, entry.version, entry.language) == ("2.25.7500.4.20250304.1.0", "1", "fr-FR")
    assert (entry.confidentiality, entry.custodian_id) == ("N", "1990000044")
    assert entry.facility_type is not None
    assert entry.facility_type.code == "SA08"
    assert entry.practice_setting is not None
    assert entry.practice_setting.code == "AMBULATOIRE"
    (author,) = entry.authors
    assert (author.family, author.given, author.person_id) == ("MORVAN", "Hélène", "810999000010")
    assert author.institution == "Maison de santé du Canal"
    assert (patient.number, patient.authority) == ("282053523899178", "1.2.250.1.213.1.4.10")
    assert (patient.birth_name, patient.first_given, patient.sex) == ("MARCHAND", "CAMILLE", "F")
    assert patient.given_names == ("CAMILLE", "ANNE")
    assert (patient.birth_date, patient.birth_place) == (date(1982, 5, 17), "35238")


@every_document
def test_the_same_values_give_the_same_bytes(name: str, frame: Frame) -> None:
    assert WRITERS[name](frame) == WRITERS[name](frame)


@every_document
def test_every_reference_of_an_entry_points_at_words_of_the_narrative(name: str, frame: Frame) -> None:
    root = root_of(WRITERS[name](frame))
    marks = at(root, "//h:section/h:text//@ID")
    targets = {value.removeprefix("#") for value in at(root, "//h:entry//h:reference/@value")}
    assert len(marks) == len(set(marks))
    assert targets <= set(marks)
    assert set(marks) == targets


@pytest.mark.parametrize(
    ("name", "type_code", "template", "title"),
    [
        ("biology", "11502-2", "1.2.250.1.213.1.1.1.55", "Compte rendu d’examens biologiques"),
        ("imaging", "18748-4", "1.2.250.1.213.1.1.1.45", "Compte rendu d’imagerie : radiographie du thorax"),
        ("prescription", "57833-6", "1.2.250.1.213.1.1.1.39", "Ordonnance de médicaments"),
        ("dispensation", "60593-1", "1.2.250.1.213.1.1.1.54", "Médicaments délivrés"),
        ("synthesis", "SYNTH", "1.2.250.1.213.1.1.1.13", "Synthèse médicale"),
        ("discharge", "11490-0", "1.2.250.1.213.1.1.1.29", "Lettre de liaison à la sortie de l’hôpital"),
        ("vaccination", "87273-9", "1.2.250.1.213.1.1.1.46", "Note de vaccination"),
        ("history", "11369-6", "1.2.250.1.213.1.1.1.37", "Historique des vaccinations"),
        ("pdf", "11488-4", "1.3.6.1.4.1.19376.1.2.20", "Consultation : fatigue"),
    ],
)
def test_a_document_names_its_model(name: str, type_code: str, template: str, title: str, frame: Frame) -> None:
    document = read(WRITERS[name](frame))
    assert document.entry.type is not None
    assert document.entry.type.code == type_code
    assert document.entry.title == title
    assert document.templates[:2] == ("2.16.840.1.113883.2.8.2.1", "1.2.250.1.213.1.1.1.1")
    assert template in document.templates
    assert document.body_level == (1 if name == "pdf" else 3)


def test_a_result_says_the_same_thing_twice(frame: Frame) -> None:
    root = root_of(_biology(frame))
    value = "//h:observation[h:code/@code='718-7']/h:value"
    assert at(root, f"{value}/@value | {value}/@unit | {value}/@xsi:type") == ["PQ", "11.8", "g/dL"]
    assert at(root, "//h:observation[h:code/@code='718-7']/h:interpretationCode/@code") == ["L"]
    assert at(root, "//h:observation[h:code/@code='718-7']//h:observationRange/h:value/*/@value") == ["12.0", "16.0"]
    text = cda.text_of(read(_biology(frame)))
    assert "Hémoglobine" in text
    assert "11,8 g/dL (bas)" in text
    assert "12,0 à 16,0" in text
    assert "Anémie modérée." in text


@pytest.mark.parametrize(
    ("value", "low", "high", "code", "words", "shown_range"),
    [
        ("4.2", "3.5", "5.1", "N", "4,2 mmol/L", "3,5 à 5,1"),
        ("3.4", "3.5", "5.1", "L", "3,4 mmol/L (bas)", "3,5 à 5,1"),
        ("5.2", "3.5", "5.1", "H", "5,2 mmol/L (élevé)", "3,5 à 5,1"),
        ("3.5", "3.5", "5.1", "N", "3,5 mmol/L", "3,5 à 5,1"),
        ("5.1", "3.5", "5.1", "N", "5,1 mmol/L", "3,5 à 5,1"),
        ("9.9", None, "5.1", "H", "9,9 mmol/L (élevé)", "inférieur à 5,1"),
        ("0.9", "1.5", None, "L", "0,9 mmol/L (bas)", "supérieur à 1,5"),
        ("0.9", None, None, "N", "0,9 mmol/L", ""),
    ],
)
def test_a_measure_is_judged_by_its_range(
    value: str, low: str | None, high: str | None, code: str, words: str, shown_range: str
) -> None:
    bounds = [None if bound is None else Decimal(bound) for bound in (low, high)]
    measure = Measure("2823-3", "Potassium", Decimal(value), "mmol/L", "mmol/L", *bounds)
    assert (measure.interpretation, measure.words, measure.range) == (code, words, shown_range)


def test_a_prescription_says_dose_period_route_and_quantity(frame: Frame) -> None:
    root = root_of(prescription(frame, (METFORMIN,)))
    here = "//h:substanceAdministration[@moodCode='INT']"
    assert at(root, f"{here}/h:effectiveTime/*/@value") == ["20250304", "20250604", "12"]
    assert at(root, f"{here}/h:routeCode/@code") == ["20053000"]
    assert at(root, f"{here}/h:doseQuantity/*/@value") == ["1", "1"]
    assert at(root, f"{here}/h:repeatNumber/@value") == ["2"]
    assert at(root, f"{here}//h:translation/@code") == ["A10BA02"]
    assert at(root, f"{here}//h:supply/h:quantity/@value") == ["3"]
    text = cda.text_of(read(prescription(frame, (METFORMIN,))))
    row = "1 comprimé matin et soir\tdu 04/03/2025 au 04/06/2025\t3 boîtes\t2 fois\tAu cours du repas."
    assert f"Metformine 1 000 mg, comprimé\t{row}" in text


def test_a_summary_codes_problems_acts_allergies_and_treatments(frame: Frame) -> None:
    root = root_of(_summary(frame))
    assert at(root, "//h:observation/h:value[@code='E11.9']/@displayName") == ["Diabète de type 2"]
    assert at(root, "//h:act[.//h:value/@code='E11.9']/h:statusCode/@code") == ["active"]
    assert at(root, "//h:act[.//h:value/@code='N10']/h:statusCode/@code") == ["completed"]
    assert at(root, "//h:procedure/h:code/@code") == ["BFGA004"]
    assert at(root, "//h:playingEntity/h:code/@displayName") == ["Pénicillines"]
    assert at(root, "//h:substanceAdministration/@moodCode") == ["EVN"]
    assert "Aucune allergie connue." in cda.text_of(read(WRITERS["empty synthesis"](frame)))


def test_a_treatment_says_why_in_a_code_or_in_its_words_and_nothing_where_nobody_says(frame: Frame) -> None:
    """Internal Reference (IHE PCC), FR-Reference-interne (CI-SIS), as in the agency's example of a medical summary."""
    codes = replace(METFORMIN, problem=DIABETES.code)
    root = root_of(synthesis(frame, Summary(treatments=(codes, METFORMIN, replace(METFORMIN, reason="")))))
    here = "//h:substanceAdministration/h:entryRelationship[@typeCode='RSON']/h:act[@classCode='ACT'][@moodCode='EVN']"
    assert at(root, f"{here}/h:templateId/@root") == ["1.2.250.1.213.1.1.3.36", "1.3.6.1.4.1.19376.1.5.3.1.4.4.1"] * 2
    assert len(set(at(root, f"{here}/h:id/@root"))) == 2
    assert at(root, f"{here}/h:code/@code") == ["E11.9"]
    assert at(root, f"{here}/h:code/@codeSystem") == ["2.16.840.1.113883.6.3"]
    assert at(root, f"{here}/h:code/@nullFlavor") == ["NAV"]
    marks = ["#traitement-0-motif", "#traitement-1-motif"]
    assert at(root, f"{here}/h:code/h:originalText/h:reference/@value") == marks
    assert [at(root, f"//h:content[@ID='{mark[1:]}']/text()") for mark in marks] == [["Diabète"], ["Diabète"]]
    assert at(root, "//h:substanceAdministration[3]//@typeCode[.='RSON']") == []
    assert "RSON" not in prescription(frame, (codes,)).decode()


def test_a_vaccination_says_vaccine_lot_rank_and_who_gave_it(frame: Frame) -> None:
    root = root_of(WRITERS["history"](frame))
    assert at(root, "//h:substanceAdministration/h:code/@code") == ["INITIMMUNIZ", "BOOSTER"]
    assert at(root, "//h:manufacturedMaterial/h:lotNumberText/text()") == ["L12345", "L12345"]
    assert at(root, "//h:observation[h:code/@code='30973-2']/h:value/@value") == ["1", "1"]
    assert at(root, "//h:substanceAdministration/h:performer//h:family/text()") == ["MORVAN", "MORVAN"]
    assert "1 (rappel)" in cda.text_of(read(WRITERS["history"](frame)))


def test_imaging_codes_the_act_its_modality_and_region(frame: Frame) -> None:
    root = root_of(imaging(frame, CHEST))
    assert at(root, "//h:serviceEvent/h:code/@code") == ["36643-5"]
    assert at(root, "//h:procedure/h:methodCode/@code") == ["DX"]
    assert at(root, "//h:procedure/h:targetSiteCode/@code") == ["51185008"]
    bare = replace(CHEST, comparison="", radiation="")
    titles = at(root_of(imaging(frame, bare)), "//h:section/h:title/text()")
    assert titles == ["Pourquoi cet examen", "Technique", "Résultats", "Conclusion"]


def test_a_new_version_names_the_one_it_replaces(frame: Frame) -> None:
    second = replace(frame, id="2.25.7500.4.20250304.2", version=2, replaces=frame.id)
    document = read(_summary(second))
    (related,) = document.related
    assert (related.type_code, related.document_id) == ("RPLC", "2.25.7500.4.20250304.1")
    assert (document.entry.set_id, document.entry.version) == (frame.set_id, "2")


def test_participants_and_order_are_in_the_header(frame: Frame, doctor: Professional) -> None:
    asked = replace(frame, requested_by=doctor, attending=doctor, request="2.25.1.2")
    root = root_of(_biology(asked))
    assert at(root, "/h:ClinicalDocument/h:participant/@typeCode") == ["REF", "INF"]
    assert at(root, "/h:ClinicalDocument/h:inFulfillmentOf/h:order/h:id/@root") == ["2.25.1.2"]
    assert read(_biology(asked)).entry.unique_id == frame.id


def test_a_person_without_a_title_or_a_phone_is_written(frame: Frame, doctor: Professional) -> None:
    nurse = replace(doctor, title="", organisation=replace(doctor.organisation, phone=""))
    document = read(_biology(replace(frame, author=nurse, performer=nurse, ended=None)))
    assert document.entry.service_stop is None
    assert nurse.name == "Hélène Morvan"
    assert doctor.name == "Dr Hélène Morvan"


@pytest.mark.parametrize("name", STRUCTURED)
def test_the_narrative_can_be_shown(name: str, frame: Frame) -> None:
    shown = cda.render_html(read(WRITERS[name](frame)), media_url=lambda _: None)
    assert re.search(r"<h2\b", shown)


def test_markup_in_a_value_stays_words(frame: Frame) -> None:
    hostile = replace(CHEST, conclusion="</text><script>alert(1)</script> & \"'<![CDATA[x]]>", reason="]]>")
    document = read(imaging(frame, hostile))
    assert "</text><script>alert(1)</script> & \"'<![CDATA[x]]>" in cda.text_of(document)
    assert "<script>" not in cda.render_html(document, media_url=lambda _: None)


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\ud800", "\ufffe"])
def test_characters_that_xml_forbids_are_left_out(frame: Frame, character: str) -> None:
    """Somebody typed them in their profile: no document of theirs may fail for it."""
    document = read(imaging(frame, replace(CHEST, conclusion=f"rien{character} d’anormal")))
    assert "rien d’anormal" in cda.text_of(document)


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")), max_size=60)


@settings(max_examples=40, deadline=None)
@given(label=WORDS, conclusion=WORDS)
def test_any_words_come_back_as_written(label: str, conclusion: str) -> None:
    section = Section(loinc("55108-5", label), label, (), (Paragraph((conclusion, Mark(label, "m"))),))
    body = etree.fromstring(etree.tostring(structured_body("1.2", (section,))))
    assert "".join(at(body, "//h:paragraph//text()")) == conclusion + label
    assert at(body, "//h:section/h:code/@displayName") == [label]


def test_a_file_is_embedded_byte_for_byte(frame: Frame) -> None:
    root = root_of(WRITERS["text"](frame))
    assert at(root, "//h:nonXMLBody/h:text/@*") == ["text/plain", "B64"]
    (content,) = at(root, "//h:nonXMLBody/h:text/text()")
    written = b64decode(content).decode()
    assert written.startswith("Consultation : fatigue\n\nMaison de santé du Canal\n27 rue du Canal-Vert, 35000 RENNES")
    assert "Patiente : Camille Marchand, née le 17/05/1982" in written
    assert written.endswith("Dr Hélène Morvan\nMédecine générale")
    (rich,) = read(WRITERS["rtf"](frame)).media
    assert rich.data.startswith(b"{\\rtf1")
    (printed,) = read(WRITERS["pdf"](frame)).media
    assert printed.data.startswith(b"%PDF-1.4")


def test_a_letter_of_an_unknown_type_is_refused(frame: Frame) -> None:
    with pytest.raises(KeyError):
        pdf_letter(frame, "00000-0", "Lettre", ())
