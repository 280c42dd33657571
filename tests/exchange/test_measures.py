"""« API Mesures »: what an application and the holder's own software measure, and nothing else, reaches the profile."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connections

from cast import Holder, holder, organisation, put_state
from door import Answer, call, deposit_of, holder_token, lines_of, post
from espace.catalogue.actions import close_client
from espace.clinical.rules.receiving import TAKEN
from espace.enrolment.facts import State
from espace.kernel.words import Purpose, Verb
from espace.trace.facts import Outcome
from espace.wire.fhir.measures import MEASURED
from exchange.measuring import (
    EXTENSION,
    amount,
    app_token,
    bundle,
    coded,
    device,
    ends,
    entry,
    lets_in,
    measure,
    pressure,
    registered,
)

pytestmark = pytest.mark.django_db

Json = dict[str, Any]
SHARED = Path(os.environ.get("ESPACE_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
OFFICIAL = SHARED / "fhir/mon-espace-sante-mesures/input/pagecontent/specifications-techniques.md"
MOMENT, DAYS = f"{EXTENSION}moment-of-measurement", f"{EXTENSION}number-of-days"
FASTING = [{"url": MOMENT, "valueString": "à jeun"}]
ON_14_DAYS = [{"url": DAYS, "valueInteger": 14}]


@pytest.fixture
def camille() -> Holder:
    return holder()


@pytest.fixture
def client(camille: Holder) -> str:
    found = registered(organisation("Éditions du Pouls"))
    lets_in(camille, found)
    return found


@pytest.fixture
def app(camille: Holder, client: str) -> str:
    return app_token(camille, client)


def send(made: Json, token: str) -> Answer:
    return post("/fhir", json.dumps(made).encode(), token=token)


def kept(of: Holder) -> list[Json]:
    answer = call("GET", "/fhir/Observation", token=holder_token(of.patient), query="_sort=-date")
    return [one["resource"] for one in answer.json.get("entry", [])]


def told(one: Json) -> tuple[str, float, str]:
    return one["code"]["coding"][0]["code"], one["valueQuantity"]["value"], one["valueQuantity"]["code"]


def test_an_application_sends_a_weight_and_the_scale_that_took_it(camille: Holder, app: str) -> None:
    weighed = measure(camille, device={"reference": "Device/3bc44de3"})
    weighed["extension"] = [{"url": f"{EXTENSION}reason-for-measurement", "valueString": "Mon nouveau poids !"}]
    answer = send(bundle(device("3bc44de3"), entry(weighed)), app)
    assert (answer.status, answer.json["type"]) == (200, "transaction-response")
    scale, weight = (one["response"] for one in answer.json["entry"])
    assert (scale["status"], weight["status"]) == ("201 Created", "201 Created")
    assert scale["location"] == weight["location"]
    [found] = kept(camille)
    assert weight["location"] == f"Observation/{found['id']}"
    assert told(found) == ("29463-7", 71, "kg")
    assert found["effectiveDateTime"] == "2026-02-22T08:56:16+01:00"
    assert [one.get("display") for one in found["performer"]] == [None, "Carnet de tension"]
    assert found["device"] == {"display": "OMRONHEALTHCARE HEM-9200T"}
    assert found["note"] == [{"text": "Mon nouveau poids !"}]
    assert call("GET", f"/fhir/{weight['location']}", token=holder_token(camille.patient)).json == found
    agents = call("GET", f"/fhir/Provenance/OB.{found['id']}", token=holder_token(camille.patient)).json["agent"]
    assert [one["type"]["coding"][0]["code"] for one in agents] == ["author", "enterer"]
    [line] = [one for one in lines_of(camille) if one.verb is Verb.STATE]
    assert (line.purpose, line.actor_name, line.organisation_name) == (
        Purpose.APP,
        "Carnet de tension",
        "Éditions du Pouls",
    )


@pytest.mark.parametrize(
    ("code", "profile", "value", "extension", "expected"),
    [
        ("8302-2", "bodyheight", amount(168, "cm"), [], ("8302-2", 168, "cm")),
        ("8280-0", "waistcircumference", amount(82.5, "cm"), [], ("8280-0", 82.5, "cm")),
        ("8287-5", "headcircumference", amount(44, "cm"), [], ("9843-4", 44, "cm")),
        ("8310-5", "bodytemperature", amount(37.4, "Cel"), [], ("8310-5", 37.4, "Cel")),
        ("8867-4", "heartrate", amount(62, "/min"), [], ("8867-4", 62, "/min")),
        ("72514-3", "painseverity", amount(3, "{score}"), [], ("72514-3", 3, "{score}")),
        ("41950-7", "stepsbyday", amount(8412, "/d"), [], ("41950-7", 8412, "/d")),
        ("2345-7", "glucose", amount(98, "mg/dL"), FASTING, ("2339-0", 0.98, "g/L")),
        ("MED-969", "glucose", amount(142, "mg/dL"), ON_14_DAYS, ("99504-3", 1.42, "g/L")),
        ("4548-4", "glucose", amount(7.1, "%"), [], ("4548-4", 7.1, "%")),
        ("MED-972", "glucose", amount(6.8, "%"), ON_14_DAYS, ("97506-0", 6.8, "%")),
    ],
)
def test_each_measure_is_kept_in_its_own_unit(
    camille: Holder, code: str, profile: str, value: Json, extension: list[Json], expected: object
) -> None:
    """By the holder's own software, one by one."""
    sent = measure(camille, code, profile, valueQuantity=value, extension=extension or None)
    answer = post("/fhir/Observation", json.dumps(sent).encode(), token=holder_token(camille.patient))
    assert answer.status == 201, answer.body
    [found] = kept(camille)
    assert told(found) == expected
    assert answer.headers["Location"].endswith(f"/fhir/Observation/{found['id']}")
    assert answer.json == found
    assert [one.get("display") for one in found["performer"]] == [None]


def test_the_two_numbers_of_a_blood_pressure_are_both_there(camille: Holder, app: str) -> None:
    assert send(bundle(entry(pressure(camille))), app).status == 200
    assert {told(one)[:2] for one in kept(camille)} == {("8480-6", 120), ("8462-4", 60)}


def test_what_was_sent_before_is_not_there_twice(camille: Holder, app: str, client: str) -> None:
    named = measure(camille, identifier=[{"system": "urn:oid:1.2.3", "value": "m-1"}])
    both = bundle(entry(named), entry(pressure(camille)), entry(pressure(camille)))
    first, again = send(both, app), send(both, app_token(camille, client))
    statuses = [[one["response"]["status"] for one in answer.json["entry"]] for answer in (first, again)]
    assert statuses == [["201 Created", "201 Created", "200 OK"], ["200 OK"] * 3]
    places = [[one["response"]["location"] for one in answer.json["entry"]] for answer in (first, again)]
    assert places[0] == places[1]
    assert len(kept(camille)) == 3
    other = send(bundle(entry({**named, "valueQuantity": amount(72, "kg")})), app)
    assert (other.status, other.codes, other.places) == (422, ["value_invalid"], ["Bundle.entry[0].resource"])
    by_hand = post("/fhir/Observation", json.dumps(named).encode(), token=holder_token(camille.patient))
    assert by_hand.status == 201  # another software's, which calls it alike


@pytest.mark.django_db(transaction=True)
def test_of_two_that_bring_the_same_at_once_one_is_kept(camille: Holder, app: str) -> None:
    start, statuses = Barrier(2), list[str]()

    def sending() -> None:
        start.wait()
        answer = send(bundle(entry(measure(camille))), app)
        statuses.append(answer.json["entry"][0]["response"]["status"])
        connections.close_all()

    both = [Thread(target=sending) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(statuses) == ["200 OK", "201 Created"]
    assert len(kept(camille)) == 1


def test_what_two_applications_measured_alike_is_read_at_both_addresses(camille: Holder, app: str) -> None:
    """It is told once; each was given an address, which stays good."""
    other = registered(organisation())
    lets_in(camille, other)
    answers = [send(bundle(entry(measure(camille))), token) for token in (app, app_token(camille, other))]
    places = [answer.json["entry"][0]["response"]["location"] for answer in answers]
    [one] = kept(camille)
    reads = [call("GET", f"/fhir/{place}", token=holder_token(camille.patient)).json for place in places]
    assert [f"Observation/{read.pop('id')}" for read in reads] == places
    assert len(set(places)) == 2 and f"Observation/{one.pop('id')}" in places
    assert reads == [one, one]


def _without(path: str) -> Callable[[Json], None]:
    def change(made: Json) -> None:
        del made["entry"][0]["resource"][path]

    return change


def _with(**said: Any) -> Callable[[Json], None]:
    def change(made: Json) -> None:
        made["entry"][0]["resource"] |= said

    return change


def _asked(**said: str) -> Callable[[Json], None]:
    def change(made: Json) -> None:
        made["entry"][0]["request"] |= said

    return change


def _bundle(**said: Any) -> Callable[[Json], None]:
    return lambda made: made.update(said)


def _unnamed(resource: Json) -> Json:
    return {name: one for name, one in resource.items() if name != "id"}


R = "Bundle.entry[0].resource"
Q = f"{R}.valueQuantity"
FAULTS = {
    "no status": (_without("status"), "element_missing", f"{R}.status"),
    "a preliminary one": (_with(status="preliminary"), "value_invalid", f"{R}.status"),
    "no category": (_without("category"), "element_missing", f"{R}.category"),
    "another category": (_with(category=[coded("x", "y")]), "code_unknown", f"{R}.category"),
    "no profile": (_without("meta"), "element_missing", f"{R}.meta.profile"),
    "a stranger's profile": (_with(meta={"profile": ["http://x/y"]}), "value_invalid", f"{R}.meta.profile"),
    "another measure's profile": (
        lambda made: made["entry"][0]["resource"]["meta"].update(
            profile=["https://fhir.monespacesante.fr/ref/mesure/StructureDefinition/mes-observation-bp"]
        ),
        "value_invalid",
        f"{R}.meta.profile",
    ),
    "a code that is no measure": (_with(code=coded("718-7")), "code_unknown", f"{R}.code"),
    "a code of another system": (_with(code=coded("29463-7", "urn:x")), "code_unknown", f"{R}.code"),
    "the body mass index": (_with(code=coded("39156-5")), "element_unsupported", f"{R}.code"),
    "no moment": (_without("effectiveDateTime"), "element_missing", f"{R}.effectiveDateTime"),
    "a month": (_with(effectiveDateTime="2026-02"), "value_invalid", f"{R}.effectiveDateTime"),
    "the 30th of February": (_with(effectiveDateTime="2026-02-30"), "value_invalid", f"{R}.effectiveDateTime"),
    "a day to come": (_with(effectiveDateTime="2199-01-01"), "value_invalid", f"{R}.effectiveDateTime"),
    "no value": (_without("valueQuantity"), "element_missing", Q),
    "pounds": (_with(valueQuantity=amount(150, "[lb_av]")), "code_unknown", f"{Q}.code"),
    "no unit": (_with(valueQuantity={"value": 71}), "element_missing", f"{Q}.code"),
    "grams said kilograms": (_with(valueQuantity=amount(71000, "kg")), "value_invalid", f"{Q}.value"),
    "nothing at all": (_with(valueQuantity=amount(0, "kg")), "value_invalid", f"{Q}.value"),
    "less than nothing": (_with(valueQuantity=amount(-71, "kg")), "value_invalid", f"{Q}.value"),
    "more figures than are kept": (_with(valueQuantity=amount(71.2345, "kg")), "value_invalid", f"{Q}.value"),
    "an inequality": (
        _with(valueQuantity={**amount(71, "kg"), "comparator": "<"}),
        "element_unsupported",
        f"{Q}.comparator",
    ),
    "a text for a number": (_with(valueQuantity={"value": "71", "code": "kg"}), "fhir_structure", f"{Q}.value"),
    "components of a weight": (
        _with(component=[{"code": coded("8480-6"), "valueQuantity": amount(1, "kg")}]),
        "value_invalid",
        f"{R}.component",
    ),
    "an extension of another": (
        _with(extension=[{"url": "http://x/y", "valueString": "z"}]),
        "element_unsupported",
        f"{R}.extension[0]",
    ),
    "a moment for a weight": (_with(extension=FASTING), "element_unsupported", f"{R}.extension"),
    "a device that is not there": (
        _with(device={"reference": "Device/1"}),
        "reference_unresolved",
        f"{R}.device.reference",
    ),
    "what changes the meaning": (
        _with(modifierExtension=[{"url": "http://x/y"}]),
        "element_unsupported",
        f"{R}.modifierExtension",
    ),
    "whose value is absent": (_with(dataAbsentReason=coded("error")), "fhir_structure", f"{R}.dataAbsentReason"),
    "a reason of 4000 characters": (
        _with(extension=[{"url": f"{EXTENSION}reason-for-measurement", "valueString": "é" * 4000}]),
        "value_invalid",
        R,
    ),
    "a long identifier": (_with(identifier=[{"value": "1" * 301}]), "value_invalid", f"{R}.identifier"),
    "no subject": (_without("subject"), "element_missing", f"{R}.subject"),
    "to be put": (_asked(method="PUT"), "element_unsupported", "Bundle.entry[0].request.method"),
    "elsewhere": (_asked(url="Condition"), "element_unsupported", "Bundle.entry[0].request.url"),
    "unless another exists": (
        _asked(ifNoneExist="identifier=a|b"),
        "value_invalid",
        "Bundle.entry[0].request.ifNoneExist",
    ),
    "a batch": (_bundle(type="batch"), "value_invalid", "Bundle.type"),
    "an empty one": (_bundle(entry=[]), "element_missing", "Bundle.entry"),
    "a patient beside": (
        lambda made: made["entry"].append({"resource": {"resourceType": "Patient"}}),
        "element_unsupported",
        "Bundle.entry[2].resource",
    ),
    "a device that took nothing": (
        lambda made: made["entry"].append(device("1")),
        "reference_unresolved",
        "Bundle.entry[2].resource",
    ),
    "a device without a name": (
        lambda made: made["entry"].append({**device("1"), "resource": _unnamed(device("1")["resource"])}),
        "element_missing",
        "Bundle.entry[2].fullUrl",
    ),
    "one that an address with nothing in it names": (
        lambda made: made["entry"].append(
            {**device("1"), "resource": _unnamed(device("1")["resource"]), "fullUrl": ""}
        ),
        "element_missing",
        "Bundle.entry[2].fullUrl",
    ),
    "too many": (
        lambda made: made.update(entry=made["entry"] * 101),
        "value_invalid",
        "Bundle.entry",
    ),
}


def test_each_fault_has_its_place_and_keeps_everything_out(camille: Holder, app: str) -> None:
    """Near misses: the same two measures, with one thing changed; the second one, which is right, is not kept."""
    for name, (change, code, place) in FAULTS.items():
        made = bundle(entry(measure(camille)), entry(pressure(camille)))
        change(made)
        answer = send(made, app)
        assert (code, place) in zip(answer.codes, answer.places, strict=True), (name, answer.body)
        assert answer.status in (400, 422), name
    assert kept(camille) == []


def test_every_fault_of_every_entry_is_told_at_once(camille: Holder, app: str) -> None:
    upside_down = pressure(camille, 60, 120)
    heavy = measure(camille, valueQuantity=amount(900, "kg"), extension=FASTING, effectiveDateTime="2199-01-01")
    answer = send(bundle(entry(heavy), entry(upside_down), entry(measure(camille, status="entered"))), app)
    assert answer.status == 422
    assert sorted(answer.places) == [
        "Bundle.entry[0].resource.effectiveDateTime",
        "Bundle.entry[0].resource.extension",
        "Bundle.entry[0].resource.valueQuantity.value",
        "Bundle.entry[1].resource.component[1].valueQuantity.value",
        "Bundle.entry[2].resource.status",
    ]


def test_glucose_says_when_and_an_average_over_how_long(camille: Holder, app: str) -> None:
    blood, average = amount(98, "mg/dL"), amount(142, "mg/dL")
    cases = (
        (measure(camille, "2345-7", "glucose", valueQuantity=blood), "element_missing"),
        (measure(camille, "2345-7", "glucose", valueQuantity=blood, extension=ON_14_DAYS), "element_missing"),
        (measure(camille, "MED-969", "glucose", valueQuantity=average), "element_missing"),
        (measure(camille, "4548-4", "glucose", valueQuantity=amount(7, "%"), extension=FASTING), "element_unsupported"),
    )
    for made, code in cases:
        answer = send(bundle(entry(made)), app)
        assert (answer.status, answer.codes[0]) == (422, code), answer.body


def test_only_of_oneself(camille: Holder, app: str) -> None:
    """Somebody else's INS and id, real or not, and nobody's, are refused alike."""
    other = holder()
    told_of = []
    for subject in (
        {"reference": f"Patient/{other.patient}"},
        {"reference": "Patient/1"},
        {"identifier": {"system": f"urn:oid:{other.ins.authority}", "value": other.ins.number}},
        {"identifier": {"system": "urn:oid:1.2.3", "value": "x"}},
    ):
        answer = send(bundle(entry(measure(camille, subject=subject))), app)
        assert (answer.status, answer.places) == (404, ["Bundle.entry[0].resource.subject"])
        told_of.append(answer.codes)
    assert told_of == [["not_found"]] * 4
    assert kept(camille) == kept(other) == []
    own = send(bundle(entry(measure(camille, subject={"reference": f"Patient/{camille.patient}"}))), app)
    assert own.status == 200


def test_an_application_that_is_not_let_in_does_nothing(camille: Holder, client: str, app: str) -> None:
    other, made = holder(), bundle(entry(measure(camille)))
    assert send(made, app_token(camille, client, "patient/Observation.rs")).codes == ["scope_insufficient"]
    assert send(made, app_token(other, client)).codes == ["token_invalid"]  # who never consented
    assert send(made, app_token(camille, registered(organisation()))).codes == ["token_invalid"]
    lets_in(camille, client, "patient/Device.c")
    assert send(made, app).codes == ["scope_insufficient"]
    ends(camille, client)
    assert send(made, app).codes == ["token_invalid"]
    lets_in(camille, client)
    assert send(made, app).status == 200
    close_client(client_id=client)
    assert send(made, app).codes == ["token_invalid"]


def test_an_application_reads_nothing_and_deposits_nothing(camille: Holder, app: str) -> None:
    for path in ("Observation", "DocumentReference", "Patient", f"Patient/{camille.patient}"):
        assert call("GET", f"/fhir/{path}", token=app).codes == ["no_rule_allows"], path
    for token in (app, holder_token(camille.patient)):
        answer = send(deposit_of(camille), token)
        assert (answer.status, answer.codes) == (403, ["holder_cannot_feed"])


@pytest.mark.parametrize("state", [State.SUSPENDED, State.CLOSED])
def test_a_space_that_is_not_open_takes_no_measure(camille: Holder, app: str, state: State) -> None:
    put_state(camille.patient, state)
    for token in (app, holder_token(camille.patient)):
        answer = send(bundle(entry(measure(camille))), token)
        assert answer.status >= 400
        assert answer.codes in (["space_suspended"], ["space_not_open"])
    put_state(camille.patient, State.OPENED)
    assert [line.outcome for line in lines_of(camille) if line.verb is Verb.STATE] == [Outcome.REFUSED] * 2
    assert kept(camille) == []


@pytest.mark.skipif(not OFFICIAL.exists(), reason="the official examples are not here")
def test_the_official_example_is_taken(camille: Holder, app: str) -> None:
    """With the patient of this space, and nothing else changed."""
    texts = re.findall(r"```json\n(.*?)```", OFFICIAL.read_text("utf-8"), re.DOTALL)
    [example] = [one for one in texts if '"transaction"' in one and '"idPe"' not in one and "{{idPe}}" in one]
    made = json.loads(example)
    made["entry"][1]["resource"]["subject"] = measure(camille)["subject"]
    answer = send(made, app)
    assert [one["response"]["status"] for one in answer.json["entry"]] == ["201 Created"] * 2, answer.body
    [found] = kept(camille)
    assert (told(found), found["effectiveDateTime"]) == (("29463-7", 71, "kg"), "2022-08-22T01:56:16+01:00")


@pytest.mark.parametrize("body", [b"", b"[]", b'{"resourceType":"Bundle","entry":[1,{"resource":[]}]}', b"\xff{"])
def test_what_is_no_bundle_is_told_so(camille: Holder, app: str, body: bytes) -> None:
    for path in ("/fhir", "/fhir/Observation"):
        assert post(path, body, token=app).status in (400, 422)


PAGE = (Path(__file__).parents[2] / "docs/vendors/measures.md").read_text("utf-8")


def test_the_page_for_vendors_sends_what_is_taken(camille: Holder, app: str) -> None:
    [example] = re.findall(r"-d '(\{.*?\n\})'", PAGE, re.DOTALL)
    made = json.loads(example)
    made["entry"][0]["resource"]["subject"] = measure(camille)["subject"]
    assert send(made, app).json["entry"][0]["response"]["status"] == "201 Created"


def test_the_page_for_vendors_lists_every_code_profile_and_unit() -> None:
    [table] = re.findall(r"## What is taken\n\n(.*?)\n\n", PAGE, re.DOTALL)
    rows = [[re.findall(r"`([^`]+)`", cell) for cell in row.split("|")] for row in table.splitlines()[2:]]
    told = {code: (row[3][0], set(row[4])) for row in rows for code in row[2] if code not in ("8480-6", "8462-4")}
    assert {code: profile for code, (profile, _) in told.items()} == {code: one.profile for code, one in TAKEN.items()}
    assert all(units <= TAKEN[code].units.keys() for code, (_, units) in told.items())
    assert {profile for profile, _ in told.values()} == set(MEASURED)
