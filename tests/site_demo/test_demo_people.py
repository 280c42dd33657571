"""The demonstration's people are invented, well-formed, and nobody of the official examples."""

import os
import re
from base64 import b32decode
from datetime import date
from pathlib import Path

import pytest

from espace.identity.facts import Ins
from espace.identity.rules import ins_key, ins_problem
from espace.site.demo import structures as cast
from espace.site.demo.areas import AREAS, PROFESSIONALS, STRUCTURES, structure_of
from espace.site.demo.making import luhn_key
from espace.site.demo.people import CAST, NEIGHBOURS, PEOPLE, person
from espace.site.demo.structures import ATTENDING, HOSPITAL, LABORATORY, PHARMACY
from site_demo.telling import luhn

SHARED = Path(os.environ.get("ESPACE_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
INS = re.compile(r"(?<!\d)[1278]\d{4}(?:2A|2B|\d\d)\d{8}(?!\d)")


def test_there_is_a_cast_and_a_neighbourhood() -> None:
    assert [someone.slug for someone in CAST] == [
        "camille", "monique", "leo", "youssef", "jeanne", "ines", "ange", "linh", "noemie",
    ]  # fmt: skip
    assert len(NEIGHBOURS) == 20
    assert len({someone.slug for someone in PEOPLE}) == 29
    assert person("camille").name == "Camille Marchand"
    assert person("monique").name == "Monique Marchand"
    assert person("monique").patient.birth_name == "LE BIHAN"
    with pytest.raises(KeyError):
        person("nobody")


@pytest.mark.parametrize("slug", [someone.slug for someone in PEOPLE])
def test_everybody_has_a_test_ins_with_its_right_key(slug: str) -> None:
    patient = person(slug).patient
    assert patient.authority == "1.2.250.1.213.1.4.10"
    assert ins_problem(Ins(patient.ins, patient.authority), test_identities=True) is None
    assert ins_key(patient.ins[:13]) == patient.ins[13:]
    assert patient.ins[0] == ("2" if patient.sex == "F" else "1")
    assert patient.ins[1:5] == f"{patient.birth_date:%y%m}"
    assert patient.ins[5:10] == patient.birth_place
    assert int(patient.ins[10:13]) > 990


def test_the_keys_are_these() -> None:
    assert person("camille").patient.ins == "282053523899178"
    assert person("ange").patient.ins == "161062A00499783"
    assert person("linh").patient.ins == "274019924399873"


def test_nobody_shares_a_number() -> None:
    assert len({someone.patient.ins for someone in PEOPLE}) == 29
    assert len({someone.email for someone in PEOPLE}) == 29
    assert all(someone.email.endswith("@example.org") for someone in PEOPLE)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the official examples are not on this machine")
def test_nobody_bears_an_ins_of_the_official_examples() -> None:
    files = [path for path in SHARED.rglob("*") if path.suffix in {".xml", ".json", ".fsh", ".hl7", ".txt", ".md"}]
    used = {found for path in files for found in INS.findall(path.read_text("utf-8", "ignore"))}
    assert "279035121518989" in used
    assert not used & {someone.patient.ins for someone in PEOPLE}


def test_only_the_cast_signs_in_with_strong_secrets_of_their_own() -> None:
    signs = [someone.sign_in for someone in CAST if someone.sign_in]
    assert len(signs) == 9
    assert all(someone.sign_in is None for someone in NEIGHBOURS)
    assert all(len(sign.password) >= 16 for sign in signs)
    assert all(len(b32decode(sign.totp_secret)) == 20 for sign in signs)
    assert len({sign.totp_secret for sign in signs}) == 9
    assert all(someone.about_fr and someone.about_en for someone in CAST)


def test_leo_is_a_minor_and_his_mother_and_grandmother_are_not() -> None:
    assert person("leo").patient.birth_date == date(2011, 3, 22)
    assert person("camille").patient.birth_date.year - person("monique").patient.birth_date.year == 29


def test_structures_are_visibly_invented_with_right_keys() -> None:
    assert [HOSPITAL.sector, LABORATORY.sector, PHARMACY.sector] == ["SA01", "SA25", "SA33"]
    assert len({one.slug for one in STRUCTURES}) == len({one.source_id for one in STRUCTURES}) == len(STRUCTURES) == 40
    assert set(cast.STRUCTURES) <= set(STRUCTURES)
    assert {one.region for one in STRUCTURES} == {"53", "52", "84", "32"}
    for one in STRUCTURES:
        assert re.fullmatch(r"99\d{7}", one.finess)
        assert luhn(one.finess)
        assert one.organisation.id == f"1{one.finess}"
        assert re.fullmatch(r"2\.25\.7500\.[1-9][0-9]?", one.source_id)


def test_professionals_are_visibly_invented_with_right_keys() -> None:
    assert len({who.id for who in PROFESSIONALS}) == len(PROFESSIONALS) == 148
    assert len({who.name for who in PROFESSIONALS}) == 148
    assert len(cast.PROFESSIONALS) == 20
    assert set(cast.PROFESSIONALS) <= set(PROFESSIONALS)
    for who in PROFESSIONALS:
        assert re.fullmatch(r"810999\d{6}", who.id)
        assert luhn(who.id[1:])
        assert structure_of(who) in STRUCTURES
    assert ATTENDING.name == "Dr Hélène Morvan"
    assert (ATTENDING.id, HOSPITAL.finess) == ("810999000010", "990000010")


def test_the_key_of_luhn_is_this() -> None:
    assert [luhn_key(stem) for stem in ("7992739871", "1099900001", "99000001", "0")] == ["3", "0", "0", "0"]


def test_every_team_of_an_area_has_another_attending_doctor() -> None:
    for area in AREAS:
        assert len({team.attending.id for team in area.teams}) == len(area.teams) == 3
        assert all(structure_of(team.attending).region == area.region for team in area.teams)
