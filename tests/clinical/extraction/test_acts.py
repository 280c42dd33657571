"""Procedures, stays, devices, plans and wishes."""

import pytest

from clinical.extraction.entries_made import (
    C_CDA,
    CISIS,
    ICD_10,
    LOINC,
    NATIONAL,
    PCC,
    SNOMED,
    coded,
    codes,
    comment,
    during,
    extracted,
    linked,
    observation,
    only,
    section,
    unread,
    value,
)
from espace.clinical.facts import Detail, Kind, State, Unread
from espace.wire.clinical_statements.values import Concept, Quantity, Value, When

PAST, PLANNED, STAYS, DEVICES, WISHES = "47519-4", "18776-5", "46240-8", "46264-8", "42348-3"
CCAM = "1.2.250.1.215.300.1"
STENT = coded("code", "DDAF004", CCAM, "Dilatation coronaire")
AUTHOR = (
    "<author><assignedAuthor><assignedPerson><name>Pr Petitjean</name></assignedPerson><representedOrganization>"
    "<name>Hôpital du Port</name></representedOrganization></assignedAuthor></author>"
)
YES, NO = '<value xsi:type="BL" value="true"/>', '<value xsi:type="BL" value="false"/>'


def act(tag: str, template: str, *inside: str, mood: str = "EVN", negated: bool = False) -> str:
    said = ' negationInd="true"' if negated else ""
    head = f'<templateId root="{template}"/>' if template else ""
    return f'<{tag} classCode="ACT" moodCode="{mood}"{said}>{head}{"".join(inside)}</{tag}>'


def procedure(*inside: str, mood: str = "EVN", negated: bool = False, template: str = PCC + "19") -> str:
    return act("procedure", template, *inside, mood=mood, negated=negated)


def test_a_procedure_says_what_when_where_why_and_by_whom() -> None:
    reason = act("act", PCC + "4.1", coded("code", "I21.1", ICD_10))
    left = f"<qualifier>{coded('value', '7771000', SNOMED)}</qualifier>"
    entry = procedure(
        STENT,
        '<statusCode code="completed"/><effectiveTime value="20180114"/>',
        coded("methodCode", "129152004", SNOMED),
        coded("targetSiteCode", "41801008", SNOMED, "artère coronaire", left),
        AUTHOR,
        linked("RSON", reason),
        comment("Sans complication"),
    )
    found = only(PAST, entry)
    assert (found.kind, found.what) == (Kind.PROCEDURE, Concept("DDAF004", CCAM, "Dilatation coronaire"))
    assert (found.when, found.state) == (When("2018-01-14", "2018-01-14"), State.OVER)
    assert (found.author, found.place_name, found.comment) == ("Pr Petitjean", "Hôpital du Port", "Sans complication")
    assert codes(found) == {
        Detail.INDICATION: ["I21.1"],
        Detail.METHOD: ["129152004"],
        Detail.SITE: ["41801008"],
        Detail.LATERALITY: ["7771000"],
    }


def status(code: str) -> str:
    return f'<statusCode code="{code}"/>'


@pytest.mark.parametrize(
    ("entry", "kind", "state", "absent"),
    [
        (procedure(STENT), Kind.PROCEDURE, State.UNKNOWN, False),
        (procedure(STENT, template=CISIS + "62"), Kind.PROCEDURE, State.UNKNOWN, False),
        (procedure(STENT, template=C_CDA + "14"), Kind.PROCEDURE, State.UNKNOWN, False),
        (procedure(STENT, template=""), Kind.PROCEDURE, State.UNKNOWN, False),
        (procedure(STENT, status("active")), Kind.PROCEDURE, State.ACTIVE, False),
        (procedure(STENT, status("aborted")), Kind.PROCEDURE, State.STOPPED, False),
        (procedure(STENT, status("completed"), negated=True), Kind.PROCEDURE, State.UNKNOWN, True),
        (procedure(STENT, mood="INT"), Kind.PLAN, State.PLANNED, False),
        (procedure(STENT, mood="RQO", negated=True), Kind.PLAN, State.PLANNED, True),
        (procedure(coded("code", "no-known-procedures", NATIONAL)), Kind.PROCEDURE, State.UNKNOWN, True),
        (procedure('<code nullFlavor="NA"/><text>Appendicectomie</text>'), Kind.PROCEDURE, State.UNKNOWN, False),
        (act("act", CISIS + "28", coded("code", "80413-8", LOINC)), Kind.PROCEDURE, State.UNKNOWN, False),
        (act("act", CISIS + "24", coded("code", "ORG-153", NATIONAL)), Kind.PROCEDURE, State.UNKNOWN, False),
        (act("encounter", PCC + "14", coded("code", "IMP", NATIONAL)), Kind.STAY, State.UNKNOWN, False),
        (act("encounter", "", coded("code", "IMP", NATIONAL)), Kind.STAY, State.UNKNOWN, False),
        (act("encounter", PCC + "14", coded("code", "AMB", NATIONAL), mood="ARQ"), Kind.PLAN, State.PLANNED, False),
    ],
)
def test_done_planned_not_done(entry: str, kind: Kind, state: State, absent: bool) -> None:
    found = only(PAST, entry)
    assert (found.kind, found.state, found.absent) == (kind, state, absent)


@pytest.mark.parametrize(
    "entry", [procedure('<code nullFlavor="NA"/>'), procedure(coded("code", "no-procedure-info", ""))]
)
def test_what_says_nothing_is_no_fact(entry: str) -> None:
    found = extracted(section(PAST, entry))
    assert (found.facts, found.unread) == ((), ())


def test_a_procedure_on_a_day_that_does_not_exist_is_still_history() -> None:
    assert only(PAST, procedure(STENT, '<effectiveTime value="20180230"/>')).when == When()


def named(role: str, name: str) -> str:
    entity = f"<playingEntity><name>{name}</name></playingEntity>"
    return f'<participant typeCode="{role}"><participantRole>{entity}</participantRole></participant>'


def test_a_stay_its_place_and_what_it_was_for() -> None:
    """The reimbursement history: the group of stays is a qualifier of the code."""
    group = f"<qualifier>{coded('value', '1940', '1.2.250.1.215.200.3.1', 'Interventions majeures')}</qualifier>"
    entry = act(
        "encounter",
        PCC + "14",
        coded("code", "IMP", NATIONAL, "Hospitalisation", group),
        during("20190515", "20190530"),
        named("LOC", "Clinique du Port"),
    )
    found = only(STAYS, entry)
    assert (found.kind, found.when, found.place_name) == (
        Kind.STAY,
        When("2019-05-15", "2019-05-30"),
        "Clinique du Port",
    )
    assert found.details == {Detail.CATEGORY: (Concept("1940", "1.2.250.1.215.200.3.1", "Interventions majeures"),)}
    late = act("encounter", PCC + "14", coded("code", "IMP", NATIONAL), '<effectiveTime value="20190230"/>')
    assert unread(STAYS, late) == [Unread.BAD_TIME]


# Devices.


def device(code: str = "J0101", name: str = "Stimulateur cardiaque") -> str:
    what = coded("code", code, "1.2.250.1.213.2.68", name)
    mark = '<id root="2.16.840.1.113883.3.3719" extension="{01}00844588003288"/>'
    role = f"<participantRole>{mark}<playingDevice>{what}</playingDevice></participantRole>"
    return f'<participant typeCode="DEV">{role}</participant>'


def supply(*inside: str, template: str = CISIS + "20", mood: str = "EVN") -> str:
    return act("supply", template, *inside, mood=mood)


def test_an_implant_is_one_fact_and_what_is_measured_on_it_others() -> None:
    battery = observation(
        coded("code", "L0065", NATIONAL, "Tension batterie"), '<value xsi:type="PQ" value="2.5" unit="V"/>'
    )
    why = act("act", PCC + "4.1", coded("code", "I44.2", ICD_10))
    entry = supply(during("20080929"), device(), linked("RSON", battery), linked("RSON", why))
    found = extracted(section(DEVICES, entry)).facts
    assert [(each.kind, each.what.code) for each in found] == [(Kind.DEVICE, "J0101"), (Kind.EXAM, "L0065")]
    assert (found[0].when, codes(found[0])) == (When("2008-09-29", ""), {Detail.INDICATION: ["I44.2"]})
    assert found[0].identifiers == ("2.16.840.1.113883.3.3719^{01}00844588003288",)
    assert found[1].value == Value(quantity=Quantity("2.5", "V"))


def test_a_device_that_was_handed_over_has_that_day() -> None:
    pharmacy = (
        "<assignedEntity><representedOrganization><name>Pharmacie</name></representedOrganization></assignedEntity>"
    )
    handed = f'<performer typeCode="PRF"><time value="20190711"/>{pharmacy}</performer>'
    found = only(DEVICES, supply('<quantity value="1"/>', handed, device()))
    assert (found.when, found.quantity, found.place_name) == (
        When("2019-07-11", "2019-07-11"),
        Quantity("1"),
        "Pharmacie",
    )


@pytest.mark.parametrize(
    ("entry", "kind", "absent"),
    [
        (supply(device(), mood="INT"), Kind.PRESCRIPTION, False),
        (supply(device(), template=""), Kind.DEVICE, False),
        (supply(device(), template=C_CDA + "50"), Kind.DEVICE, False),
        (supply(device("no-known-devices")), Kind.DEVICE, True),
    ],
)
def test_devices(entry: str, kind: Kind, absent: bool) -> None:
    found = only(DEVICES, entry)
    assert (found.kind, found.absent) == (kind, absent)


def test_devices_that_nobody_names() -> None:
    assert unread(DEVICES, supply('<quantity value="1"/>')) == [Unread.NO_CODE]
    assert extracted(section(DEVICES, supply(device("no-device-info")))) == extracted(section(DEVICES, "<act/>"))


# Plans and wishes.


def plan(*inside: str, mood: str = "INT", template: str = CISIS + "27") -> str:
    return observation(*inside, template=template, mood=mood)


LDL = coded("code", "22748-8", LOINC, "Cholestérol LDL")


@pytest.mark.parametrize(
    ("entry", "what", "state", "said"),
    [
        (plan(LDL, '<effectiveTime value="20241201"/>'), "22748-8", State.PLANNED, None),
        (plan(LDL, mood="GOL"), "22748-8", State.PLANNED, None),
        (plan(LDL, '<value xsi:type="REAL" value="2.5"/>'), "22748-8", State.PLANNED, Value(quantity=Quantity("2.5"))),
        (plan(LDL, '<statusCode code="aborted"/>'), "22748-8", State.STOPPED, None),
        (plan('<value xsi:type="ST">Revoir en mai</value>'), "", State.PLANNED, Value(words="Revoir en mai")),
        (plan(LDL, template="", mood="RQO"), "22748-8", State.PLANNED, None),
        (act("act", "", coded("code", "409073007", SNOMED), mood="INT"), "409073007", State.PLANNED, None),
    ],
)
def test_what_is_meant_to_be_done(entry: str, what: str, state: State, said: Value | None) -> None:
    found = only(PLANNED, entry)
    assert (found.kind, found.what.code, found.state, found.value) == (Kind.PLAN, what, state, said)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (observation(coded("code", "75779-9", LOINC), NO, template=PCC + "13.7"), Value(truth=False)),
        (observation(coded("code", "75779-9", LOINC), YES, template=CISIS + "54"), Value(truth=True)),
        (observation(coded("code", "75779-9", LOINC), template=""), None),
    ],
)
def test_a_refusal_is_a_wish_and_not_an_absence(entry: str, said: Value | None) -> None:
    found = only(WISHES, entry)
    assert (found.kind, found.what.code, found.absent, found.value) == (Kind.DIRECTIVE, "75779-9", False, said)


def test_what_was_already_seen_is_no_plan() -> None:
    seen = observation(LDL, '<value xsi:type="REAL" value="1.4"/>')
    found = only(PLANNED, seen)
    assert (found.kind, found.state, found.value) == (Kind.EXAM, State.UNKNOWN, Value(quantity=Quantity("1.4")))


def test_where_somebody_wishes_to_be_cared_for() -> None:
    where = named("RCV", "EHPAD du Port")
    found = only("11302-7", act("act", CISIS + "97", coded("code", "11302-7", LOINC), where, mood="INT"))
    assert (found.kind, found.what.code, found.place_name) == (Kind.DIRECTIVE, "11302-7", "EHPAD du Port")
    nowhere = act("act", CISIS + "97", mood="INT")
    assert unread("11302-7", nowhere) == [Unread.NO_CODE]


def test_plans_and_wishes_that_say_nothing() -> None:
    assert unread(PLANNED, plan()) == [Unread.NO_CODE]
    assert unread(WISHES, observation(template=PCC + "13.7")) == [Unread.NO_CODE]
    unknown = coded("code", "396782006", SNOMED)
    found = extracted(section(WISHES, plan(unknown), observation(unknown, template=PCC + "13.7")))
    assert (found.facts, found.unread) == ((), ())


@pytest.mark.parametrize(
    "entry",
    [
        act("act", PCC + "17", coded("code", "48768-6", LOINC), mood="DEF"),
        act("act", CISIS + "155", coded("code", "113014", NATIONAL)),
        act("act", PCC + "2", coded("code", "48767-8", LOINC), "<text>Remarque</text>"),
        act("act", PCC + "4.1", coded("code", "I10", ICD_10)),
        observation(coded("code", "GEN-065", NATIONAL), value("385651009", SNOMED), template=CISIS + "48.16"),
        observation(coded("code", "69764-9", LOINC), value("55108-5", LOINC), template=CISIS + "48.18"),
    ],
)
def test_what_is_administrative_is_no_fact(entry: str) -> None:
    found = extracted(section(PLANNED, entry))
    assert (found.facts, found.unread, found.entries) == ((), (), 0)
