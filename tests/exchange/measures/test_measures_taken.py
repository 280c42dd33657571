"""« API Mesures »: what applications and the holder’s own software measure reaches the profile once, in one unit."""

import json
import os
import re
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connections

from cast import Holder, organisation
from door import call, holder_token, lines_of, post
from espace.clinical.rules.receiving import TAKEN
from espace.kernel.words import Purpose, Verb
from espace.wire.fhir.measures import MEASURED
from exchange.measuring import (
    EXTENSION,
    FASTING,
    ON_14_DAYS,
    amount,
    app_token,
    bundle,
    device,
    entry,
    kept,
    lets_in,
    measure,
    pressure,
    registered,
    send,
    told,
)

pytestmark = pytest.mark.django_db

Json = dict[str, Any]
SHARED = Path(os.environ.get("ESPACE_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))
OFFICIAL = SHARED / "fhir/mon-espace-sante-mesures/input/pagecontent/specifications-techniques.md"
PAGE = (Path(__file__).parents[3] / "docs/vendors/measures.md").read_text("utf-8")


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
