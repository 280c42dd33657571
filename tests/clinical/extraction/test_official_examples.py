"""The official examples of the national agency: nearly all that they state becomes facts, with the right words."""

import os
from pathlib import Path

import pytest

from espace.clinical.facts import Detail, Extracted, Fact, Kind, State
from espace.clinical.rules.extraction import extract
from espace.wire.cda import render_html
from espace.wire.clinical_statements.values import Quantity, Value
from wire.cda.cda_samples import read

SHARED = Path(os.environ.get("ESPACE_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))
FILES = sorted((SHARED / "cda").glob("*.xml"))

pytestmark = pytest.mark.skipif(not FILES, reason="the official examples are not on this machine")

STATED = [each for each in FILES if "Niveau-1" not in each.name and each.stem not in ("DOC_NON_STRUCTURE_CDA-R2-N1",
                                                                                      "TLM-CR_2022.01")]  # fmt: skip


def extracted(path: Path) -> Extracted:
    document = read(path.read_bytes()).document
    assert document is not None
    return extract(document)


def named(stem: str) -> Extracted:
    return extracted(SHARED / "cda" / f"{stem}.xml")


def found(extracted: Extracted, kind: Kind, code: str) -> Fact:
    return next(each for each in extracted.facts if (each.kind, each.what.code) == (kind, code))


@pytest.mark.parametrize("path", STATED, ids=lambda path: path.stem)
def test_at_least_95_per_cent_of_its_coded_entries_become_facts_that_stand_somewhere(path: Path) -> None:
    document = read(path.read_bytes()).document
    assert document is not None
    gave = extract(document)
    assert gave.entries > 0
    assert len(gave.unread) <= 0.05 * gave.entries
    page = render_html(document, media_url=lambda name: None)
    for anchor in {each.place.anchor for each in gave.facts}:
        assert f'id="{anchor}"' in page


def test_a_urine_culture_says_two_germs_and_what_each_resists() -> None:
    gave = named("BIO-CR-BIO_2024.01_Microbiologie_V1")
    resisted = [
        (each.details[Detail.ISOLATE][0].display, each.what.code, each.interpretations)
        for each in gave.facts
        if each.group == "Antibiogramme"
    ]
    assert resisted == [
        ("Escherichia coli (organism)", "20-8", ("R",)),
        ("Escherichia coli (organism)", "28-1", ("I",)),
        ("Escherichia coli (organism)", "18928-2", ("S",)),
        ("Genus Streptococcus (organism)", "20-8", ("S",)),
        ("Genus Streptococcus (organism)", "28-1", ("S",)),
        ("Genus Streptococcus (organism)", "18928-2", ("S",)),
    ]
    conclusion = found(gave, Kind.CONCLUSION, "18725-2")
    assert (conclusion.value, conclusion.place.anchor) == (Value(words="Traitement immédiat"), "cda-n-C_ECBU")


def test_a_thyroid_balance_says_what_is_too_low() -> None:
    low = found(named("BIO-CR-BIO_2024.01_TSH_1"), Kind.RESULT, "3024-7")
    assert (low.value, low.interpretations) == (Value(quantity=Quantity("7.67", "pg/mL")), ("L",))
    interval = low.ranges[0].value
    assert interval is not None and interval.interval is not None
    assert (interval.interval.low, interval.interval.high) == (Quantity("9.30", "pg/mL"), Quantity("17.00", "pg/mL"))
    assert (low.when.start, low.place.anchor) == ("2014-04-02T14:55:21+02:00", "cda-n-resultat-02")


def test_a_rapid_test_says_that_it_is_negative() -> None:
    rapid = found(named("BIO-TROD_2024.01_COVID-19"), Kind.RESULT, "94558-4")
    assert rapid.value is not None and rapid.value.concept is not None
    assert (rapid.value.concept.code, rapid.comment) == ("260385009", "(texte libre)")


def test_a_stroke_form_says_its_score_and_the_parts_of_it() -> None:
    gave = named("AVC-AUNV_2022.01")
    assert found(gave, Kind.EXAM, "72089-6").value == Value(quantity=Quantity("4"))
    assert found(gave, Kind.EXAM, "70192-0").group == "Score total NIHSS"


def test_the_certificate_of_a_newborn_tells_of_its_mother_as_of_a_relative() -> None:
    gave = named("CSE-CS8_2025.01")
    assert found(gave, Kind.MEASURE, "29463-7").value == Value(quantity=Quantity("3900", "g"))
    pregnancies = found(gave, Kind.FAMILY, "11996-6")
    assert [each.code for each in pregnancies.details[Detail.RELATIVE]] == ["MTH"]
    assert not [each for each in gave.facts if each.kind is Kind.PREGNANCY]


def test_an_imaging_report_says_its_findings_and_its_conclusion() -> None:
    told = [each for each in named("IMG_CR_IMG_2024.01").facts if each.kind is Kind.CONCLUSION]
    assert [each.what.code for each in told] == ["59776-5", "19005-8"]


def test_what_is_aimed_at_is_planned() -> None:
    plans = [each for each in named("AVC-PAVC_2022.01").facts if each.kind is Kind.PLAN]
    assert len(plans) == 39
    assert {each.state for each in plans} == {State.PLANNED}
