"""The official examples, where they are on this machine: what a doctor must find in each, as literals.

Results, measures, examinations and lifestyle are in `test_observations` and `test_results`.
"""

import os
from datetime import timedelta, timezone
from functools import cache
from pathlib import Path

import pytest

from clinical.extraction.entries_made import codes
from espace.clinical.facts import Detail, Dosage, Extracted, Fact, Kind, State
from espace.clinical.rules.extraction import extract
from espace.wire.cda import parse
from espace.wire.clinical_statements.values import Concept, Interval, Quantity, Value

SHARED = Path(os.environ.get("ESPACE_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data")) / "cda"
OBSERVED = frozenset({Kind.EXAM, Kind.LIFESTYLE, Kind.MEASURE, Kind.RESULT, Kind.PREGNANCY, Kind.CONCLUSION})

SAID = {
    "VSM_1.4_2022.01.xml": """
problem G45.9 active 2019-08-11
problem I20.0 active 2019-08-11
problem N10 over 2018-04-22
problem I21.1 over 2018-01-14
procedure DDAF004 over 2018-01-14
allergy 60234100 over 2018-06-03
family D57.1 - -
treatment 63564053 - 2019-08-11
treatment 63245753 - 2019-08-11
""",
    "IPS-FR_2024.01.xml": """
problem E06.3 active 2024-01-11
problem T89 active 2023-07-05
problem 114 active 2023-05-21
problem 658 active 2022-02-11
problem R69 active 2022-02-11
problem G45.9 over 2018-04-22
problem N10 over 2018-01-14
procedure DDAF004 over 2018-01-14
procedure GEN-092.04.13 over 2016-12-08
allergy XM5DJ7 active 2021-12-04
allergy 3400935186607 - 2021-12-04
treatment 62080626 - 2022-02-11
device J010104 - 2019-08-11
device GEN-092.02.02 - 2019-08-11
family D57.1 - -
vaccination 60917345 - 2009-09-28
vaccination 60917345 - 2009-09-28
plan 69473265 planned -
plan GEN-092.03.01 planned -
plan 22748-8 planned 2024-12-01
plan GEN-092.04.20 planned 2024-12-01
plan CBLA001 planned 2024-12-01
procedure GEN-092.04.13 active 2024-12-01
plan AMB planned 2024-12-01
advice J07AN planned 2024-12-01
advice GEN-092.03.08 planned 2024-12-01
directive 75789-8 - 2018-01-01
directive 75787-2 - 2018-01-01
directive 77352-3 - 2018-01-01
directive MED-295 - 2018-01-01
directive 75779-9 - 2018-01-01
directive 387713003 - 2018-01-01
directive MED-298 - 2018-01-01
directive 42348-3 - 2024-04-01
""",
    "eP-MED-DM_2024.01_PosoStruct.xml": """
prescription 63107752 - 2023-12-01
prescription (words) - 2023-12-01
prescription V0806 - 2023-12-01
""",
    "eDISP-MED_2024.01.xml": """
dispensation 3400933516390 - -
dispensation 50015000 - -
""",
    "VAC_2023.01.xml": """
vaccination 61077869 - 1975
vaccination 68747507 - 2009-09-28
vaccination 68747507 - 2009-09-28
vaccination 61920725 - 2021-04-09
""",
    "VAC-NOTE_2023.01.xml": """
vaccination 68747507 - 2009-09-28
""",
    "DLU-EHPAD-DLU_2022.01.xml": """
directive 11302-7 - -
problem J41.0 active 2020-03-27
problem I21 over 2018-08-11
allergy XM7VB5 over 2019-06-30
allergy XM5DJ7 - 2014-01-07
treatment 68496001 - 2020-03-02
not procedure 103735009 - -
directive 42348-3 - 2018-02-21
vaccination 68747507 - -
vaccination 61402736 - -
vaccination 66229252 - -
""",
    "LDL-SES_2022.01.xml": """
treatment 60019927 stopped 2018-08-01
treatment 62552920 - 2019-12-03
plan ECQH010 planned -
plan ORG-064 planned 2021-01-01
plan AMB planned 2019-12-05
device J010104 - 2018-12-03
""",
    "CNAM-HR_2021.01.xml": """
dispensation 3400935673220 - 2019-05-26
dispensation 3400939169002 - 2019-03-11
dispensation 9064295 - 2019-03-08
dispensation 3400932857241 - 2019-07-11
dispensation 3400936924642 - 2019-07-08
dispensation 3400932857241 - 2019-06-26
device 3408693 - 2019-07-11
device 1397790 - 2019-05-28
stay IMP over 2019-05-15
stay IMP - 2019-04-12
procedure G over 2019-07-11
procedure G over 2019-07-08
procedure G over 2019-06-26
procedure FTR over 2019-05-25
procedure G over 2019-03-11
procedure G over 2019-03-08
procedure HBMD053 over 2019-02-08
procedure BJQP002 over 2019-01-21
procedure YYYY300 over 2019-05-15
procedure QEQJ001 over 2019-04-30
procedure YYYY600 over 2019-04-30
procedure 1208 over 2019-06-11
procedure 9105 over 2019-06-11
procedure 552 over 2019-05-15
procedure 1208 over 2019-05-15
""",
}


@cache
def read(name: str) -> Extracted:
    path = SHARED / name
    if not path.is_file():
        pytest.skip("the official examples are not on this machine")
    document = parse(path.read_bytes(), zone=timezone(timedelta(hours=1))).document
    assert document is not None
    return extract(document)


def line(fact: Fact) -> str:
    what = fact.what.code or "(words)"
    said = f"{fact.kind} {what} {fact.state or '-'} {fact.when.start[:10] or '-'}"
    return f"not {said}" if fact.absent else said


def one(name: str, code: str) -> Fact:
    return next(each for each in read(name).facts if each.what.code == code)


@pytest.mark.parametrize("name", SAID)
def test_what_each_example_says(name: str) -> None:
    found = read(name)
    assert [line(each) for each in found.facts if each.kind not in OBSERVED] == SAID[name].strip().splitlines()
    assert found.unread == ()


def test_the_vaccines_of_a_childs_certificate() -> None:
    """Each dose by its number; the certificate gives no date. « Oui » in its table is an answer, not a name."""
    vaccines = [each for each in read("CSE-CS24_2024.01.xml").facts if each.kind is Kind.VACCINATION]
    doses: dict[str, list[str]] = {}
    for each in vaccines:
        doses.setdefault(each.what.code, []).extend(codes(each)[Detail.DOSE_NUMBER])
    assert doses == {
        "J07AN": ["1"],
        "J07CA01": ["1", "2", "3"],
        "J07AJ": ["1", "2", "3"],
        "J07AG": ["1", "2", "3"],
        "J07BC01": ["1", "2", "3"],
        "J07AL": ["1", "2", "3"],
        "J07BD52": ["1", "2"],
        "J07AH07": ["1", "2"],
        "J07BH": ["1", "2"],
        "J07AH09": ["1", "2", "3"],
    }
    assert all(each.when.start == "" and not each.absent and each.what.display for each in vaccines)


def test_a_certificate_says_which_vaccines_were_not_given() -> None:
    vaccines = [each for each in read("CSE-CS8_2025.01.xml").facts if each.kind is Kind.VACCINATION]
    assert [(each.what.code, each.absent) for each in vaccines] == [("J07AN", True), ("J07BC01", True)]


def test_an_allergy_of_the_patient_summary() -> None:
    found = one("IPS-FR_2024.01.xml", "XM5DJ7")
    assert (found.what.display, found.what.words) == ("PARACETAMOL", "Paracétamol")
    assert codes(found) == {
        Detail.CATEGORY: ["416098002"],
        Detail.REACTION: ["4A80.0", "4A82"],
        Detail.SEVERITY: ["6736007", "255604002"],
        Detail.CRITICALITY: ["low"],
        Detail.CERTAINTY: ["confirmed"],
        Detail.CLINICAL_STATUS: ["active"],
    }
    assert found.place.anchor == "cda-n-allergie-01-type"


def test_a_side_effect_of_the_patient_summary() -> None:
    found = one("IPS-FR_2024.01.xml", "3400935186607")
    assert (found.kind, found.place.section) == (Kind.ALLERGY, "44939-7")
    assert codes(found) == {
        Detail.CATEGORY: ["79899007"],
        Detail.REACTION: ["MD90.0"],
        Detail.SEVERITY: ["255604002"],
        Detail.CERTAINTY: ["17162000"],
        Detail.OUTCOME: ["1352007006"],
    }


def test_a_wish_of_the_patient_summary() -> None:
    assert one("IPS-FR_2024.01.xml", "75779-9").value == Value(truth=False)
    assert one("IPS-FR_2024.01.xml", "MED-298").value == Value(truth=True)


def test_a_treatment_of_the_synthesis() -> None:
    found = one("VSM_1.4_2022.01.xml", "63564053")
    assert found.dosage == Dosage(
        words="1 cp/j",
        dose=Interval(Quantity("2", "{tablet}"), Quantity("2", "{tablet}")),
        every=Quantity("1", "d"),
        route=Concept("20053000", "0.4.0.127.0.16.1.1.2.1", "Voie orale", "Voie orale"),
    )
    assert [each.code for each in found.what.others] == ["3400938022209"]
    assert codes(found) == {Detail.INDICATION: ["I20.0"]}


def test_a_prescription() -> None:
    found = one("eP-MED-DM_2024.01_PosoStruct.xml", "63107752")
    assert found.dosage is not None
    assert found.dosage.words == (
        "3 fois/j à partir du 01/12/2023 pendant 2 jours\n2 fois/j à partir du 03/12/2023 pendant 4 jours"
    )
    assert (found.dosage.dose, found.dosage.most) == (None, "4/1 d")
    assert (found.quantity, found.repeats) == (Quantity("2", "30009000"), "3")
    assert [each.code for each in found.what.others] == ["MV00002306", "3400933516390"]
    assert codes(found) == {
        Detail.SUBSTANCE: ["100000090270", "N02BE01"],
        Detail.FORM: ["10219000"],
        Detail.SUBSTITUTION: ["N"],
    }
    assert found.comment == "A prendre au cours d'un repas"


def test_a_preparation_is_told_by_the_words_of_the_prescription() -> None:
    found = [each for each in read("eP-MED-DM_2024.01_PosoStruct.xml").facts if not each.what.code]
    assert [each.what.words.startswith("Préparation magistrale :") for each in found] == [True]


def test_a_delivery() -> None:
    found = one("eDISP-MED_2024.01.xml", "3400933516390")
    assert (found.lot, found.quantity) == ("12345", Quantity("2", "30009000"))
    assert found.dosage is not None and found.dosage.every == Quantity("16", "h")
    assert codes(found)[Detail.SUBSTITUTION] == ["G"]


def test_a_reimbursement_says_who_delivered_and_not_who_prescribed() -> None:
    found = one("CNAM-HR_2021.01.xml", "3400932857241")
    assert (found.kind, found.author, found.place_name) == (Kind.DISPENSATION, "", "PHARMACIE COMPAIN")
    stay = one("CNAM-HR_2021.01.xml", "IMP")
    assert (codes(stay)[Detail.CATEGORY], stay.place_name) == (["1940"], "CLINIQUE SAINTE GENEVIEVE")


def test_a_vaccination_note() -> None:
    found = one("VAC-NOTE_2023.01.xml", "68747507")
    assert (found.lot, found.author, found.place_name) == (
        "4456672",
        "M Charles MULLER DR",
        "Cabinet médical du Dr MULLER",
    )
    assert codes(found)[Detail.DOSE_NUMBER] == ["2"]
    assert codes(found)[Detail.REACTION] == ["R50.2"]


def test_what_is_said_of_the_child_to_be_born_is_not_the_mothers() -> None:
    facts = read("OBP-SAP_2024.01.xml").facts
    child = [each for each in facts if each.kind is Kind.FAMILY and codes(each)[Detail.RELATIVE] == ["CHILD"]]
    assert [each.what.code for each in child] == [
        "P05.0",
        "Q39.0",
        "Q42.3",
        "63564053",
    ]
    assert all(each.kind is not Kind.PROBLEM for each in facts if each.what.code == "Q39.0")


def test_what_was_ruled_out_before_an_operation() -> None:
    facts = [each for each in read("ANEST-CR-CPA_2022.01.xml").facts if each.kind is Kind.PROBLEM]
    assert len([each for each in facts if each.absent]) == 10
    hypertension = next(each for each in facts if each.what.code == "I10")
    assert (hypertension.absent, hypertension.state) == (True, State.UNKNOWN)
