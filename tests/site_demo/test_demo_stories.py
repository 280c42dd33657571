"""The stories are believable, complete and fileable, and the same seed tells the same story."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from lxml import etree

from espace.identity.rules import disagreements, one_ins, qualification_problem, sends_as
from espace.kernel.words import Visibility
from espace.record import rules
from espace.site.demo.people import PEOPLE, person
from espace.site.demo.stories import Deposit, stories
from espace.site.demo.stories.telling import Chance, paris, working_day
from espace.site.demo.structures import STRUCTURES
from espace.wire import cda
from espace.wire.nomenclature import kind_of
from site_demo.telling import TODAY, H, one, sender, traits


@pytest.fixture(scope="module")
def told() -> tuple[Deposit, ...]:
    return stories(2025, TODAY)


@pytest.fixture(scope="module")
def headers(told: tuple[Deposit, ...]) -> list[cda.CdaDocument]:
    found = []
    for deposit in told:
        result = cda.parse(deposit.content, zone=UTC)
        assert (result.problems, result.warnings) == ((), ()), deposit.entry.title
        assert result.document is not None
        found.append(result.document)
    return found


def test_the_same_seed_and_day_tell_the_same_story_to_the_byte(told: tuple[Deposit, ...]) -> None:
    assert stories(2025, TODAY) == told
    assert stories(2026, TODAY) != told


def test_there_is_enough_to_look_at(told: tuple[Deposit, ...]) -> None:
    assert 120 <= len(told) <= 200
    assert {deposit.person for deposit in told} == set(PEOPLE) - {person("noemie")}  # she is there to help others
    assert {deposit.structure for deposit in told} == set(STRUCTURES)
    kinds = Counter(kind_of(deposit.entry.type.code).slug for deposit in told if deposit.entry.type)
    assert set(kinds) == {
        "synthesis", "prescriptions", "biology", "imaging", "reports", "hospital", "screening", "vaccinations",
        "certificates", "care-plans",
    }  # fmt: skip
    assert {deposit.entry.format.code.rsplit(":", 2)[-2] for deposit in told if deposit.entry.format} >= {
        "pdf", "text", "rtf", "xd-lab", "vsm", "ldl-ses", "vac-note", "pre", "dis",
    }  # fmt: skip


def test_the_story_takes_three_years_and_ends_before_today(told: tuple[Deposit, ...]) -> None:
    times = [deposit.at for deposit in told]
    assert times == sorted(times)
    assert times[0].date() > TODAY - timedelta(days=3 * 366)
    assert times[0].date() < TODAY - timedelta(days=2 * 365)
    assert times[-1].date() < TODAY


def test_entries_state_what_headers_state(told: tuple[Deposit, ...], headers: list[cda.CdaDocument]) -> None:
    for deposit, header in zip(told, headers, strict=True):
        stated, written = deposit.entry, header.entry
        assert stated.unique_id == f"urn:oid:{written.unique_id}"
        for name in ("type", "title", "language", "creation_time", "service_start", "service_stop", "authors",
                     "facility_type", "practice_setting", "confidentiality", "set_id", "version", "custodian_id",
                     "mime_type"):  # fmt: skip
            assert getattr(stated, name) == getattr(written, name), name
        (statement,) = deposit.submission.patients
        assert (statement.number, statement.birth_name, statement.birth_place, statement.birth_date) == (
            header.patient.number,
            header.patient.birth_name,
            header.patient.birth_place,
            header.patient.birth_date,
        )


def test_every_deposit_would_be_filed(told: tuple[Deposit, ...], headers: list[cda.CdaDocument]) -> None:
    at = datetime(2025, 11, 21, 12, tzinfo=UTC)
    for deposit, header in zip(told, headers, strict=True):
        adult = rules.is_adult(deposit.person.patient.birth_date, at.date())
        own = sends_as(sender(deposit.structure))
        assert rules.problems(deposit.submission, [header], sends_as=own, adult=adult, at=at) == ()
        known = traits(deposit.person)
        statements = (*deposit.submission.patients, header.patient)
        assert qualification_problem(statements) is None
        assert getattr(one_ins(statements), "number", "") == deposit.person.patient.ins
        assert [disagreements(statement, known) for statement in statements] == [(), ()]


def test_identifiers_are_unique_and_belong_to_their_structure(told: tuple[Deposit, ...]) -> None:
    ids = [name for deposit in told for name in (deposit.entry.unique_id, deposit.submission.unique_id)]
    assert len(set(ids)) == 2 * len(told)
    for deposit in told:
        assert deposit.entry.unique_id.startswith(f"urn:oid:{deposit.structure.source_id}.")
        assert deposit.submission.source_id == deposit.structure.source_id
        assert len(deposit.entry.unique_id.removeprefix("urn:oid:")) <= 64


def test_a_replacement_follows_what_it_replaces(told: tuple[Deposit, ...]) -> None:
    seen: dict[str, Deposit] = {}
    replaced = []
    for deposit in told:
        before = deposit.submission.documents[0].replaces
        if before:
            replaced.append(deposit.person.slug)
            assert seen[before].person == deposit.person
            assert seen[before].entry.set_id == deposit.entry.set_id
            assert (seen[before].entry.version, deposit.entry.version) == ("1", "2")
        seen[deposit.entry.unique_id] = deposit
    assert sorted(replaced) == ["camille", "monique"]


def test_some_documents_are_hidden_from_somebody(told: tuple[Deposit, ...]) -> None:
    hidden = {deposit.person.slug: deposit.entry.visibility for deposit in told if deposit.entry.visibility}
    assert hidden == {
        "camille": {Visibility.MASQUE_PS},
        "leo": {Visibility.INVISIBLE_REPRESENTANTS_LEGAUX},
        "linh": {Visibility.INVISIBLE_PATIENT},
    }


def test_entries_point_at_the_narrative_and_repeat_its_values(told: tuple[Deposit, ...]) -> None:
    results = 0
    for deposit in told:
        root = etree.fromstring(deposit.content)
        marks = {node.get("ID") for node in root.iterfind(".//h:section/h:text//h:content[@ID]", H)}
        targets = {node.get("value", "")[1:] for node in root.iterfind(".//h:entry//h:reference", H)}
        assert marks == targets
        for row in root.iterfind(".//h:observation[h:referenceRange]", H):
            mark = one(row, "h:code/h:originalText/h:reference").get("value", "")[1:]
            value = one(row, "h:value").get("value", "").replace(".", ",")
            said = one(root, f".//h:content[@ID='{mark}']/../../h:td[2]").text or ""
            assert said.startswith(f"{value} ")
            results += 1
    assert results > 150


def test_treatments_end_after_they_begin_and_pharmacies_follow_doctors(told: tuple[Deposit, ...]) -> None:
    written = {deposit.entry.unique_id.removeprefix("urn:oid:"): deposit for deposit in told}
    for deposit in told:
        root = etree.fromstring(deposit.content)
        for span in root.iterfind(".//h:substanceAdministration/h:effectiveTime[h:high]", H):
            assert one(span, "h:low").get("value", "") <= one(span, "h:high").get("value", "")
        for order in root.iterfind("h:inFulfillmentOf/h:order/h:id", H):
            assert written[str(order.get("root"))].at.date() < deposit.at.date()


@pytest.mark.parametrize("today", [date(2024, 2, 29), date(2031, 6, 15)])
def test_the_story_can_be_told_on_any_day(today: date) -> None:
    told = stories(1, today)
    at = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
    assert 120 <= len(told) <= 200
    assert max(deposit.at for deposit in told) < at
    for deposit in told:
        result = cda.parse(deposit.content, zone=UTC)
        assert (result.problems, result.warnings) == ((), ())
        adult = rules.is_adult(deposit.person.patient.birth_date, at.date())
        own = sends_as(sender(deposit.structure))
        assert rules.problems(deposit.submission, [result.document], sends_as=own, adult=adult, at=at) == ()


@pytest.mark.parametrize(
    ("day", "offset"),
    [
        (date(2025, 1, 15), 1),
        (date(2025, 3, 29), 1),
        (date(2025, 3, 30), 2),
        (date(2025, 10, 25), 2),
        (date(2025, 10, 26), 1),
        (date(2024, 3, 31), 2),
    ],
)
def test_hours_are_those_of_mainland_france(day: date, offset: int) -> None:
    assert paris(day, 9).utcoffset() == timedelta(hours=offset)


def test_nobody_works_on_sunday() -> None:
    assert working_day(date(2025, 11, 21)) == date(2025, 11, 21)
    assert working_day(date(2025, 11, 22)) == date(2025, 11, 24)
    assert working_day(date(2025, 11, 23)) == date(2025, 11, 24)


def test_chance_depends_on_its_seed_only() -> None:
    assert [Chance(7).between(1, 6) for _ in range(3)] == [Chance(7).between(1, 6)] * 3
    rolls = Chance(7)
    seen = [rolls.between(1, 6) for _ in range(200)]
    assert set(seen) == {1, 2, 3, 4, 5, 6}
    assert Chance(7).letter().isalpha()
