"""The crowd: invented people of every age, whose stories read as true, can all be filed, and never change."""

import os
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree

from espace.identity.facts import Ins
from espace.identity.rules import disagreements, ins_problem, one_ins, qualification_problem, sends_as
from espace.kernel.words import Visibility
from espace.record import rules
from espace.site.demo.areas import AREAS
from espace.site.demo.crowd.population import POPULATION, Inhabitant, population, story
from espace.site.demo.crowd.profiles import group_of
from espace.site.demo.people import PEOPLE
from espace.site.demo.stories import Deposit
from espace.wire import cda
from espace.wire.nomenclature import kind_of
from site_demo.telling import TODAY, H, one, sender, traits

SHARED = Path(os.environ.get("ESPACE_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
INS = re.compile(r"(?<!\d)[1278]\d{4}(?:2A|2B|\d\d)\d{8}(?!\d)")
GROUPS = {"infant", "child", "teen", "young F", "young M", "adult F", "adult M", "older F", "older M", "old"}
SAMPLE_STEP = 5
"""One person in five: every group, in some seconds."""
Stories = tuple[tuple[Inhabitant, tuple[Deposit, ...]], ...]


@pytest.fixture(scope="module")
def crowd() -> tuple[Inhabitant, ...]:
    return population(7, TODAY)


@pytest.fixture(scope="module")
def told(crowd: tuple[Inhabitant, ...], request: pytest.FixtureRequest) -> Stories:
    step = 1 if request.config.getoption("--whole-crowd", default=False) else SAMPLE_STEP
    return tuple((who, story(7, TODAY, who)) for who in crowd[::step])


def _everything(told: Stories) -> list[Deposit]:
    return [deposit for _who, deposits in told for deposit in deposits]


@pytest.fixture(scope="module")
def headers(told: Stories) -> dict[str, cda.CdaDocument]:
    """By uniqueId, the header of every document: each is read without a problem or a warning."""
    found = {}
    for deposit in _everything(told):
        result = cda.parse(deposit.content, zone=UTC)
        assert (result.problems, result.warnings) == ((), ()), deposit.entry.title
        assert result.document is not None
        found[deposit.entry.unique_id] = result.document
    return found


def test_there_are_people_of_every_age_in_four_neighbourhoods(crowd: tuple[Inhabitant, ...]) -> None:
    assert len(crowd) == POPULATION == 264
    assert {who.group for who in crowd} == GROUPS
    assert {who.area.slug for who in crowd} == {"rennes", "nantes", "lyon", "lille"}
    ages = [TODAY.year - who.person.patient.birth_date.year for who in crowd]
    assert min(ages) <= 1 and max(ages) >= 90
    assert len({who.person.patient.birth_place[:2] for who in crowd}) > 30
    assert len({who.person.patient.address.postcode[:2] for who in crowd}) >= 10


def test_families_live_together_under_one_name(crowd: tuple[Inhabitant, ...]) -> None:
    mother, father, child, other = (who.person.patient for who in crowd[:4])
    assert mother.used_name == father.birth_name == child.birth_name == other.birth_name
    assert mother.address == father.address == child.address
    assert crowd[0].team == crowd[3].team


def test_everybody_has_a_test_ins_of_their_own_with_its_right_key(crowd: tuple[Inhabitant, ...]) -> None:
    for who in crowd:
        patient = who.person.patient
        assert patient.authority == "1.2.250.1.213.1.4.10"
        assert ins_problem(Ins(patient.ins, patient.authority), test_identities=True) is None
        assert patient.ins[0] == ("2" if patient.sex == "F" else "1")
        assert patient.ins[1:10] == f"{patient.birth_date:%y%m}{patient.birth_place}"
        assert int(patient.ins[10:13]) > 990
    everybody = [*PEOPLE, *(who.person for who in crowd)]
    assert len({someone.patient.ins for someone in everybody}) == len({someone.slug for someone in everybody})
    assert len({someone.patient.ins for someone in everybody}) == len(everybody) == 293


def test_corsica_has_two_departments_since_1976(crowd: tuple[Inhabitant, ...]) -> None:
    corsicans = [who.person.patient for who in population(7, TODAY, 900) if who.person.patient.birth_place[:2] == "2A"]
    assert corsicans
    assert all(patient.birth_date.year >= 1976 for patient in corsicans)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the official examples are not on this machine")
def test_nobody_bears_an_ins_of_the_official_examples(crowd: tuple[Inhabitant, ...]) -> None:
    files = [path for path in SHARED.rglob("*") if path.suffix in {".xml", ".json", ".fsh", ".hl7", ".txt", ".md"}]
    used = {found for path in files for found in INS.findall(path.read_text("utf-8", "ignore"))}
    assert used
    assert not used & {who.person.patient.ins for who in crowd}


def test_nobody_of_the_crowd_signs_in(crowd: tuple[Inhabitant, ...]) -> None:
    assert all(who.person.sign_in is None for who in crowd)
    assert all(re.fullmatch(r"[a-z0-9.-]+@example\.org", who.person.email) for who in crowd)


def test_a_smaller_crowd_is_the_beginning_of_the_larger(crowd: tuple[Inhabitant, ...]) -> None:
    assert population(7, TODAY, 20) == crowd[:20]
    assert population(7, TODAY, 0) == ()
    assert population(8, TODAY, 20) != crowd[:20]


def test_a_story_is_the_same_to_the_byte_and_depends_on_nobody_else(told: Stories) -> None:
    who, deposits = max(told, key=lambda item: len(item[1]))
    assert story(7, TODAY, population(7, TODAY, who.number - 999)[-1]) == deposits
    assert story(8, TODAY, who) != deposits


def test_those_who_objected_have_no_document(crowd: tuple[Inhabitant, ...]) -> None:
    opposed = [who for who in crowd if who.opposed]
    assert [who.number for who in opposed] == [1057, 1157, 1257]
    assert [story(7, TODAY, who) for who in opposed] == [(), (), ()]


def test_there_are_thousands_of_documents_of_dozens_of_kinds(told: Stories, request: pytest.FixtureRequest) -> None:
    codes = Counter(each.entry.type.code for each in _everything(told) if each.entry.type)
    levels = Counter(b"nonXMLBody" in each.content for each in _everything(told))
    assert len(codes) >= 30
    assert {kind_of(code).slug for code in codes} >= {
        "synthesis", "prescriptions", "biology", "imaging", "reports", "hospital", "screening", "vaccinations",
        "certificates", "care-plans", "advance-directives",
    }  # fmt: skip
    assert min(levels[True], levels[False]) > 250
    if request.config.getoption("--whole-crowd", default=False):
        assert 4000 <= sum(codes.values()) <= 5000
        assert len(codes) >= 45
    else:
        assert 750 <= sum(codes.values()) <= 1200


def test_dozens_of_professionals_write_in_dozens_of_structures(told: Stories) -> None:
    everything = _everything(told)
    assert len({one.entry.authors[0].person_id for one in everything}) >= 70
    assert len({one.structure.slug for one in everything}) >= 25
    for who, deposits in told:
        assert {one.structure for one in deposits} <= set(who.area.structures.values())


def test_every_document_would_be_filed(told: Stories, headers: dict[str, cda.CdaDocument]) -> None:
    for who, deposits in told:
        known = traits(who.person)
        for deposit in deposits:
            header = headers[deposit.entry.unique_id]
            adult = rules.is_adult(known.birth_date, deposit.at.date())
            own = sends_as(sender(deposit.structure))
            assert rules.problems(deposit.submission, [header], sends_as=own, adult=adult, at=deposit.at) == ()
            statements = (*deposit.submission.patients, header.patient)
            assert qualification_problem(statements) is None
            assert getattr(one_ins(statements), "number", "") == who.person.patient.ins
            assert [disagreements(statement, known) for statement in statements] == [(), ()]


def test_documents_come_in_order_after_birth_and_before_today(told: Stories) -> None:
    for who, deposits in told:
        times = [deposit.at for deposit in deposits]
        assert times == sorted(times)
        assert all(who.person.patient.birth_date <= at.date() < TODAY for at in times)
        assert all(at.date() > TODAY - timedelta(days=3 * 366 + 30) for at in times)


def test_identifiers_are_of_their_structure_and_nobody_shares_them(told: Stories) -> None:
    everything = _everything(told)
    ids = [name for each in everything for name in (each.entry.unique_id, each.submission.unique_id)]
    assert len(set(ids)) == len(ids)
    for deposit in everything:
        assert deposit.entry.unique_id.startswith(f"urn:oid:{deposit.structure.source_id}.20251121.1")
        assert len(deposit.entry.unique_id.removeprefix("urn:oid:")) <= 64


def test_a_replacement_follows_what_it_replaces(told: Stories) -> None:
    replaced = 0
    for _who, deposits in told:
        seen: dict[str, Deposit] = {}
        for deposit in deposits:
            if before := deposit.submission.documents[0].replaces:
                replaced += 1
                assert seen[before].entry.set_id == deposit.entry.set_id
                assert (seen[before].entry.version, deposit.entry.version) == ("1", "2")
            seen[deposit.entry.unique_id] = deposit
    assert replaced >= 3


def _hidden(crowd: tuple[Inhabitant, ...], group: str, turn: int) -> list[frozenset[Visibility]]:
    (who,) = [one for one in crowd if (one.group, one.turn) == (group, turn)]
    return [each.entry.visibility for each in story(7, TODAY, who) if each.entry.visibility]


def test_some_documents_are_masked_or_held(crowd: tuple[Inhabitant, ...]) -> None:
    """A screening asked for in secret, a psychiatrist's letters, a scan that nobody has told yet, a girl alone."""
    assert _hidden(crowd, "young F", 8) == [{Visibility.MASQUE_PS}]
    assert _hidden(crowd, "young M", 2) == [{Visibility.MASQUE_PS}] * 2
    assert _hidden(crowd, "adult M", 9) == [{Visibility.INVISIBLE_PATIENT}]
    girls = [one for one in crowd if one.group == "teen" and one.person.patient.sex == "F"]
    alone = [one for one in girls if TODAY.year - one.person.patient.birth_date.year >= 16]
    assert _hidden(crowd, "teen", alone[0].turn) == [{Visibility.INVISIBLE_REPRESENTANTS_LEGAUX}]


def _numbers(root: etree._Element, code: str) -> list[float]:
    found = [node for node in root.iterfind(".//h:observation", H) if one(node, "h:code").get("code") == code]
    return [float(one(node, "h:value").get("value", "")) for node in found]


def test_values_of_one_report_agree_with_one_another(told: Stories) -> None:
    """LDL is total less HDL less triglycerides over 2.2; a raised creatinine comes with a low filtration."""
    lipids = kidneys = 0
    for deposit in _everything(told):
        root = etree.fromstring(deposit.content)
        for total, hdl, ldl, triglycerides in zip(
            *(_numbers(root, code) for code in ("14647-2", "14646-4", "39469-2", "14927-8")), strict=True
        ):
            lipids += 1
            assert ldl == pytest.approx(total - hdl - triglycerides / 2.2, abs=0.02)
        for creatinine, filtration in zip(_numbers(root, "14682-9"), _numbers(root, "62238-1"), strict=False):
            kidneys += 1
            assert filtration >= 60 or creatinine > 75
    assert lipids > 10 and kidneys > 40


def test_entries_repeat_the_narrative(told: Stories) -> None:
    for deposit in _everything(told):
        root = etree.fromstring(deposit.content)
        marks = {node.get("ID") for node in root.iterfind(".//h:section/h:text//h:content[@ID]", H)}
        targets = {node.get("value", "")[1:] for node in root.iterfind(".//h:entry//h:reference", H)}
        assert marks == targets


def _classes(root: etree._Element) -> list[str]:
    return [node.get("code", "") for node in root.iterfind(".//h:manufacturedMaterial/h:code/h:translation", H)]


def test_nobody_is_prescribed_what_harms_them(told: Stories) -> None:
    """No two blockers of one system, no anti-inflammatory with an anticoagulant, no penicillin for the allergic."""
    for _who, deposits in told:
        roots = [etree.fromstring(each.content) for each in deposits if each.entry.title[:11] != "Vaccination"]
        everything = {code for root in roots for code in _classes(root)}
        assert len({code[:5] for code in everything if code.startswith(("C09A", "C09C"))}) <= 1, everything
        assert not ("B01AF02" in everything and any(code.startswith("M01A") for code in everything))
        allergic = {node.get("code") for root in roots for node in root.iterfind(".//h:playingEntity/h:code", H)}
        assert not ("J01C" in allergic and any(code.startswith("J01C") for code in everything))


def test_group_follows_age_and_sex() -> None:
    expected = {0: "infant", 41: "infant", 42: "child", 143: "child", 144: "teen", 215: "teen", 216: "young F",
                539: "young F", 540: "adult F", 780: "older F", 959: "older F", 960: "old"}  # fmt: skip
    assert {months: group_of(months, "F") for months in expected} == expected
    assert group_of(600, "M") == "adult M"


def test_each_area_has_its_departements() -> None:
    assert [sorted(area.departements) for area in AREAS] == [
        ["22", "35", "56"],
        ["44", "49", "85"],
        ["38", "42", "69"],
        ["59", "62", "80"],
    ]


def test_the_crowd_can_be_told_on_a_leap_day() -> None:
    day = datetime(2028, 2, 29, tzinfo=UTC).date()
    for who in population(3, day, 12):
        for deposit in story(3, day, who):
            result = cda.parse(deposit.content, zone=UTC)
            assert (result.problems, result.warnings) == ((), ())
            assert deposit.at.date() < day
