"""Medicines: taken, prescribed, delivered, given; how, and for what."""

import pytest

from clinical.extraction.entries_made import (
    ATC,
    C_CDA,
    CIP,
    CIS,
    CISIS,
    ICD_10,
    NATIONAL,
    PCC,
    SNOMED,
    coded,
    codes,
    comment,
    during,
    extracted,
    linked,
    medicine,
    observation,
    only,
    product,
    section,
    unread,
    value,
)
from espace.clinical.facts import Detail, Dosage, Kind, State, Unread
from espace.wire.clinical_statements.values import Concept, Interval, Quantity, When
from espace.wire.xds import Coded

TAKEN, PRESCRIBED, DELIVERED, GIVEN, PLANNED = "10160-0", "57828-6", "60590-7", "18610-6", "18776-5"
PHARM = "1.3.6.1.4.1.19376.1.9.1.3."
SUBSTANCES = (
    f"<asSpecializedKind><generalizedMedicineClass>{coded('code', 'N02BE01', ATC, 'paracetamol')}"
    "</generalizedMedicineClass></asSpecializedKind>"
)
DOLIPRANE = product(
    "60234100",
    CIS,
    "DOLIPRANE 1000 mg",
    coded("translation", "3400935955838", CIP, "DOLIPRANE, 8 comprimés"),
    SUBSTANCES,
)
DAILY = '<effectiveTime xsi:type="PIVL_TS" operator="A"><period value="1" unit="d"/></effectiveTime>'
ONE = '<doseQuantity><low value="1" unit="{tablet}"/><high value="2" unit="{tablet}"/></doseQuantity>'
ORAL = coded("routeCode", "20053000", "0.4.0.127.0.16.1.1.2.1", "Voie orale")
MOST = '<maxDoseQuantity><numerator value="4"/><denominator value="1" unit="d"/></maxDoseQuantity>'
REASON = f'<act classCode="ACT" moodCode="EVN"><templateId root="{PCC}4.1"/>{coded("code", "R51", ICD_10)}</act>'


def test_a_treatment_says_what_how_how_long_and_why() -> None:
    entry = medicine(
        f"<text>DOLIPRANE 1000 mg</text>{during('20240101')}{DAILY}{ORAL}{ONE}{MOST}",
        linked("RSON", REASON),
        comment("Au repas", PCC + "3", "PINSTRUCT"),
        comment("-", PCC + "3.1", "FINSTRUCT"),
        made=DOLIPRANE,
    )
    found = only(TAKEN, entry)
    assert found.what == Concept(
        "60234100", CIS, "DOLIPRANE 1000 mg", "", (Coded("3400935955838", CIP, "DOLIPRANE, 8 comprimés"),)
    )
    assert (found.kind, found.when, found.state) == (Kind.TREATMENT, When("2024-01-01", ""), State.UNKNOWN)
    assert found.dosage == Dosage(
        dose=Interval(Quantity("1", "{tablet}"), Quantity("2", "{tablet}")),
        every=Quantity("1", "d"),
        route=Concept("20053000", "0.4.0.127.0.16.1.1.2.1", "Voie orale"),
        most="4/1 d",
    )
    assert codes(found) == {Detail.SUBSTANCE: ["N02BE01"], Detail.INDICATION: ["R51"]}
    assert found.comment == "Au repas"


@pytest.mark.parametrize(
    ("code", "mood", "template", "kind"),
    [
        (TAKEN, "EVN", PCC + "7", Kind.TREATMENT),
        (TAKEN, "INT", PCC + "7", Kind.TREATMENT),
        ("10183-2", "EVN", CISIS + "42", Kind.TREATMENT),
        ("42346-7", "INT", CISIS + "42", Kind.TREATMENT),
        (TAKEN, "EVN", "", Kind.TREATMENT),
        (TAKEN, "INT", C_CDA + "16", Kind.PRESCRIPTION),
        (TAKEN, "EVN", C_CDA + "16", Kind.TREATMENT),
        (PRESCRIBED, "INT", CISIS + "83", Kind.PRESCRIPTION),
        (PRESCRIBED, "RQO", PCC + "7", Kind.PRESCRIPTION),
        (PLANNED, "INT", PCC + "7", Kind.PLAN),
        (PLANNED, "INT", CISIS + "83", Kind.PRESCRIPTION),
        (PLANNED, "EVN", PCC + "7", Kind.TREATMENT),
        (GIVEN, "EVN", PCC + "7", Kind.ADMINISTRATION),
        ("29549-3", "EVN", C_CDA + "16", Kind.ADMINISTRATION),
        ("55111-9", "EVN", CISIS + "151", Kind.ADMINISTRATION),
        ("99999-9", "EVN", CISIS + "26", Kind.ADMINISTRATION),
    ],
)
def test_what_it_is_depends_on_where_and_how_it_is_said(code: str, mood: str, template: str, kind: Kind) -> None:
    found = only(code, medicine(made=DOLIPRANE, template=template, mood=mood))
    assert (found.kind, found.what.code) == (kind, "60234100")
    assert found.state is (State.PLANNED if kind is Kind.PLAN else State.UNKNOWN)


@pytest.mark.parametrize(
    ("entry", "what", "absent", "state"),
    [
        (medicine(made=DOLIPRANE, negated=True), "60234100", True, State.UNKNOWN),
        (medicine("<statusCode code='active'/>", made=DOLIPRANE), "60234100", False, State.ACTIVE),
        (medicine("<statusCode code='completed'/>", made=DOLIPRANE), "60234100", False, State.UNKNOWN),
        (medicine("<statusCode code='aborted'/>", made=DOLIPRANE), "60234100", False, State.STOPPED),
        (medicine("<statusCode code='suspended'/>", made=DOLIPRANE), "60234100", False, State.STOPPED),
        (medicine(code="no-known-medications"), "no-known-medications", True, State.UNKNOWN),
        (medicine(made=product("no-known-medications", NATIONAL, "")), "no-known-medications", True, State.UNKNOWN),
        (medicine(made=product("182849000", SNOMED, "")), "182849000", True, State.UNKNOWN),
        (medicine(made=product("64970000", CIS, "")), "64970000", False, State.UNKNOWN),
    ],
)
def test_near_misses(entry: str, what: str, absent: bool, state: State) -> None:
    found = only(TAKEN, entry)
    assert (found.what.code, found.absent, found.state) == (what, absent, state)


@pytest.mark.parametrize(
    "entry",
    [
        medicine(),
        medicine(code="no-medication-info"),
        medicine("<statusCode code='nullified'/>", made=DOLIPRANE),
        medicine(made='<manufacturedProduct><manufacturedMaterial nullFlavor="NA"/></manufacturedProduct>'),
    ],
)
def test_what_says_nothing_is_no_fact(entry: str) -> None:
    assert extracted(section(TAKEN, entry)).facts == ()


def test_a_product_of_which_only_a_dash_is_told() -> None:
    dash = "<manufacturedMaterial><code><originalText>-</originalText></code></manufacturedMaterial>"
    assert unread(TAKEN, medicine(made=f"<manufacturedProduct>{dash}</manufacturedProduct>")) == [Unread.NO_CODE]


def test_a_name_without_a_code_and_a_code_without_a_name() -> None:
    named = "<manufacturedProduct><manufacturedMaterial><name>Sirop</name></manufacturedMaterial></manufacturedProduct>"
    assert only(TAKEN, medicine(made=named)).what == Concept(words="Sirop")
    bare = f'<code code="602" codeSystem="{CIS}"/><name>AUGMENTIN</name>'
    made = f"<manufacturedProduct><manufacturedMaterial>{bare}</manufacturedMaterial></manufacturedProduct>"
    assert only(TAKEN, medicine(made=made)).what == Concept("602", CIS, "AUGMENTIN")


@pytest.mark.parametrize(("answer", "state", "said"), [("true", State.STOPPED, ""), ("false", State.UNKNOWN, "")])
def test_a_treatment_that_was_stopped(answer: str, state: State, said: str) -> None:
    stop = observation(coded("code", "MED-052", NATIONAL), f'<value xsi:type="BL" value="{answer}"/>')
    found = only(TAKEN, medicine("", linked("COMP", stop), made=DOLIPRANE))
    assert (found.state, found.comment) == (state, said)


def test_why_a_treatment_was_stopped() -> None:
    stop = observation(coded("code", "MED-052", NATIONAL), '<value xsi:type="ST">Saignement</value>')
    found = only(TAKEN, medicine("", linked("COMP", stop), comment("Voir le cardiologue"), made=DOLIPRANE))
    assert (found.state, found.comment) == (State.STOPPED, "Voir le cardiologue\nSaignement")


def test_a_date_that_does_not_exist() -> None:
    """The treatment stands; an administration, which is nothing but its moment, does not."""
    entry = medicine(during("20240230"), made=DOLIPRANE)
    assert only(TAKEN, entry).when == When()
    assert unread(GIVEN, entry) == [Unread.BAD_TIME]


# Prescriptions.


def step(words: str, hours: str, start: str = "20231201") -> str:
    """One of the ways, in turn, in which a prescribed medicine is taken (FR-Traitement-prescrit-subordonnee)."""
    said = f"<translation><originalText>{words}</originalText></translation>"
    moments = (
        f'<effectiveTime xsi:type="SXPR_TS"><comp xsi:type="IVL_TS"><low value="{start}"/></comp>'
        f'<comp xsi:type="PIVL_TS" operator="A"><period value="{hours}" unit="h">{said}</period></comp></effectiveTime>'
    )
    return linked("COMP", medicine(moments + ONE, template=CISIS + "83.1", mood="INT"))


def true_or_false(code: str, answer: str) -> str:
    return linked("COMP", observation(coded("code", code, NATIONAL), f'<value xsi:type="BL" value="{answer}"/>'))


def test_a_prescription_with_two_steps_keeps_the_words_of_both() -> None:
    """No single amount holds for both: the words are kept, and the route, which holds for both."""
    asked = f'<templateId root="{PHARM}8"/><quantity value="2" unit="30009000"/>'
    substitution = (
        f'<act classCode="ACT" moodCode="DEF"><templateId root="{PHARM}9.1"/>'
        f"{coded('code', 'N', '2.16.840.1.113883.5.1070')}</act>"
    )
    entry = medicine(
        f"{during('20231201', '20231206')}<repeatNumber value='3'/>{ORAL}{MOST}",
        step("3 fois par jour 2 jours", "8"),
        step("2 fois par jour 4 jours", "12", "20231203"),
        linked("COMP", f'<supply classCode="SPLY" moodCode="RQO">{asked}</supply>'),
        linked("COMP", substitution),
        true_or_false("MED-574", "true"),
        true_or_false("GEN-179", "true"),
        true_or_false("GEN-181", "false"),
        made=DOLIPRANE,
        template=CISIS + "83",
        mood="INT",
    )
    found = only(PRESCRIBED, entry)
    assert (found.kind, found.repeats, found.quantity) == (Kind.PRESCRIPTION, "3", Quantity("2", "30009000"))
    assert found.dosage == Dosage(
        words="3 fois par jour 2 jours\n2 fois par jour 4 jours",
        route=Concept("20053000", "0.4.0.127.0.16.1.1.2.1", "Voie orale"),
        most="4/1 d",
    )
    assert codes(found) == {
        Detail.SUBSTANCE: ["N02BE01"],
        Detail.SUBSTITUTION: ["N"],
        Detail.LONG_TERM: ["MED-574"],
        Detail.CATEGORY: ["GEN-179"],
    }


def test_a_prescription_with_one_step_has_its_amounts() -> None:
    asked = "<precondition><criterion><text>Si douleur</text></criterion></precondition>"
    entry = medicine("", step("2 fois par jour", "12"), asked, made=DOLIPRANE, template=CISIS + "83", mood="INT")
    found = only(PRESCRIBED, entry)
    assert found.dosage == Dosage(
        "2 fois par jour",
        Interval(Quantity("1", "{tablet}"), Quantity("2", "{tablet}")),
        Quantity("12", "h"),
        needed=True,
        needed_for=(Concept(words="Si douleur"),),
    )


def test_a_dosage_that_is_written_only() -> None:
    entry = medicine("<text>DOLIPRANE 1000 mg, 1 le matin</text>", made=DOLIPRANE, template=CISIS + "83", mood="INT")
    assert only(PRESCRIBED, entry).dosage == Dosage("DOLIPRANE 1000 mg, 1 le matin")
    unsaid = medicine("<text>DOLIPRANE 1000 mg</text>", made=DOLIPRANE, template=CISIS + "83", mood="INT")
    assert only(PRESCRIBED, unsaid).dosage is None


def test_meals_are_told_by_their_event() -> None:
    meal = '<effectiveTime xsi:type="EIVL_TS" operator="A"><event code="ACM"/></effectiveTime>'
    found = only(TAKEN, medicine(meal + ONE, made=DOLIPRANE))
    assert found.dosage is not None and (found.dosage.words, found.dosage.events) == ("", ("ACM",))


# Deliveries.


def delivery(*inside: str, template: str = CISIS + "204", mood: str = "EVN", made: str = DOLIPRANE) -> str:
    held = f"<product>{made}</product>" if made else ""
    return (
        f'<supply classCode="SPLY" moodCode="{mood}"><templateId root="{template}"/>{inside[0] if inside else ""}{held}'
        f"{''.join(inside[1:])}</supply>"
    )


PHARMACY = (
    '<performer typeCode="PRF"><time value="20190526"/><assignedEntity><representedOrganization><name>Pharmacie du Port'
    "</name></representedOrganization></assignedEntity></performer>"
)
PRESCRIBER = (
    '<author><time value="20190520"/><assignedAuthor><assignedPerson><name>Dr Martin</name></assignedPerson>'
    "</assignedAuthor></author>"
)


def test_a_delivery_and_how_it_is_taken() -> None:
    entry = delivery(
        '<quantity value="2" unit="30009000"/>',
        linked("COMP", medicine(DAILY + ONE, template=PCC + "7", mood="INT")),
        linked("REFR", medicine(template=PHARM + "11", mood="INT", code="PREItem")),
        linked("SUBJ", f'<act classCode="ACT" moodCode="INT"><templateId root="{PCC}3"/><text>Au repas</text></act>'),
        made=product("3400935955838", CIP, "DOLIPRANE", "", "<lotNumberText>L12</lotNumberText>"),
    )
    found = only(DELIVERED, entry)
    assert (found.kind, found.what.code, found.lot) == (Kind.DISPENSATION, "3400935955838", "L12")
    assert (found.quantity, found.comment) == (Quantity("2", "30009000"), "Au repas")
    assert found.dosage == Dosage(
        dose=Interval(Quantity("1", "{tablet}"), Quantity("2", "{tablet}")), every=Quantity("1", "d")
    )


def test_what_was_bought_is_a_delivery_and_no_treatment() -> None:
    """The reimbursement history: the medicine names the product, the supply inside it who delivered and when."""
    bought = delivery('<quantity value="1"/>', PHARMACY, PRESCRIBER, template=CISIS + "44", made="")
    found = only(TAKEN, medicine("", linked("REFR", bought), true_or_false("MED-559", "false"), made=DOLIPRANE))
    assert (found.kind, found.what.code) == (Kind.DISPENSATION, "60234100")
    assert found.when == When("2019-05-26", "2019-05-26")
    assert (found.author, found.place_name) == ("", "Pharmacie du Port")
    assert codes(found) == {Detail.SUBSTANCE: ["N02BE01"]}


def test_a_treatment_that_was_also_delivered_is_both() -> None:
    bought = delivery("", PHARMACY, template=CISIS + "44", made="")
    found = extracted(section(TAKEN, medicine(during("2019") + ONE, linked("REFR", bought), made=DOLIPRANE)))
    assert [each.kind for each in found.facts] == [Kind.TREATMENT, Kind.DISPENSATION]
    assert found.facts[1].dosage == found.facts[0].dosage is not None


def test_hundreds_of_deliveries_of_one_medicine_are_all_read() -> None:
    bought = linked("REFR", delivery("", PHARMACY, template=CISIS + "44", made=""))
    found = extracted(section(TAKEN, medicine("", *[bought] * 300, linked("RSON", REASON), made=DOLIPRANE)))
    assert len([each for each in found.facts if each.kind is Kind.DISPENSATION]) == 300
    assert codes(found.facts[-1]) == {Detail.SUBSTANCE: ["N02BE01"]}  # the reason stands too far behind


def test_a_delivery_without_performer_says_its_author() -> None:
    assert only(DELIVERED, delivery("", PRESCRIBER)).author == "Dr Martin"


def test_a_delivery_of_what_nobody_names() -> None:
    assert unread(DELIVERED, delivery('<quantity value="1"/>', made="")) == [Unread.NO_CODE]


def test_a_delivery_on_a_day_that_does_not_exist() -> None:
    assert unread(DELIVERED, delivery('<effectiveTime value="20230230"/>')) == [Unread.BAD_TIME]


def test_a_delivery_that_is_asked_for() -> None:
    """Alone it is a prescription; inside one it is its quantity."""
    asked = delivery("", template=C_CDA + "17", mood="INT")
    assert only(PRESCRIBED, asked).kind is Kind.PRESCRIPTION
    inside = medicine(ONE, linked("REFR", asked), made=DOLIPRANE, template=C_CDA + "16")
    assert [each.kind for each in extracted(section(TAKEN, inside)).facts] == [Kind.TREATMENT]


def test_medicines_of_another_country() -> None:
    """C-CDA R2.1: the reason is an observation, the dosage may be written in a statement of its own."""
    reason = observation(coded("code", "404684003", SNOMED), value("195967001", SNOMED), template=C_CDA + "19")
    sig = medicine("<text>2 puffs every 6 hours</text>", template=C_CDA + "147")
    inhaler = medicine("", linked("RSON", reason), linked("COMP", sig), made=DOLIPRANE, template=C_CDA + "16")
    found = only(TAKEN, inhaler)
    assert codes(found)[Detail.INDICATION] == ["195967001"]
    assert found.dosage == Dosage("2 puffs every 6 hours")


HEAD = "<thead><tr><th>Médicament</th><th>Posologie</th></tr></thead>"
NAMED = '<text><reference value="#m1"/></text>'


@pytest.mark.parametrize(
    ("narrative", "words"),
    [
        (f'<table>{HEAD}<tbody><tr><td ID="m1">DOLIPRANE</td><td>2 par jour</td></tr></tbody></table>', "2 par jour"),
        (
            f'<table>{HEAD}<tbody><tr ID="m1"><td>DOLIPRANE</td><td>2 <br/>le soir</td></tr></tbody></table>',
            "2 le soir",
        ),
        (f'<table>{HEAD}<tbody><tr><td ID="m1">DOLIPRANE</td><td>-</td></tr></tbody></table>', None),
        (f'<table>{HEAD}<tbody><tr><td ID="m1">DOLIPRANE</td><td>a</td><td>b</td></tr></tbody></table>', None),
        (f'<table>{HEAD}<tbody><tr><td ID="m1" colspan="2">DOLIPRANE</td></tr></tbody></table>', None),
        ('<table><tbody><tr><td ID="m1">DOLIPRANE</td><td>2 par jour</td></tr></tbody></table>', None),
        ('<paragraph ID="m1">DOLIPRANE</paragraph>', None),
    ],
)
def test_a_dosage_may_stand_in_the_row_of_the_narrative_alone(narrative: str, words: str | None) -> None:
    named = product("60234100", CIS, "DOLIPRANE")
    entry = medicine(NAMED, made=named, template=CISIS + "83", mood="INT")
    found = extracted(section(PRESCRIBED, entry, narrative=narrative)).facts[0]
    assert (found.dosage.words if found.dosage else None) == words


def test_words_of_an_entry_come_before_those_of_its_row() -> None:
    narrative = f'<table>{HEAD}<tbody><tr><td ID="m1">DOLIPRANE</td><td>2 par jour</td></tr></tbody></table>'
    daily = '<effectiveTime xsi:type="PIVL_TS"><period><translation><originalText>1 par jour'
    daily += "</originalText></translation></period></effectiveTime>"
    entry = medicine(NAMED + daily, made=product("60234100", CIS, "DOLIPRANE"))
    assert only(TAKEN, entry, narrative).dosage == Dosage("1 par jour")


@pytest.mark.parametrize(
    ("title", "kind", "state"),
    [
        ("Traitements arrêtés durant le séjour", Kind.TREATMENT, State.STOPPED),
        ("Traitements administrés", Kind.ADMINISTRATION, State.UNKNOWN),
    ],
)
def test_a_letter_of_discharge_lists_what_was_stopped_under_the_code_of_what_was_given(
    title: str, kind: Kind, state: State
) -> None:
    (found,) = extracted(section(GIVEN, medicine(made=DOLIPRANE, template=CISIS + "42"), title=title)).facts
    assert (found.kind, found.state) == (kind, state)
