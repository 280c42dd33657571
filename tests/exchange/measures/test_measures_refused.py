"""« API Mesures »: nothing but what an application and the holder's own software may send reaches the profile."""

from collections.abc import Callable
from typing import Any

import pytest

from cast import Holder, holder, organisation, put_state
from door import call, deposit_of, holder_token, lines_of, post
from espace.catalogue.actions import close_client
from espace.enrolment.facts import State
from espace.kernel.words import Verb
from espace.trace.facts import Outcome
from exchange.measuring import (
    EXTENSION,
    FASTING,
    ON_14_DAYS,
    amount,
    app_token,
    bundle,
    coded,
    device,
    ends,
    entry,
    kept,
    lets_in,
    measure,
    pressure,
    registered,
    send,
)

pytestmark = pytest.mark.django_db

Json = dict[str, Any]


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


@pytest.mark.parametrize("body", [b"", b"[]", b'{"resourceType":"Bundle","entry":[1,{"resource":[]}]}', b"\xff{"])
def test_what_is_no_bundle_is_told_so(camille: Holder, app: str, body: bytes) -> None:
    for path in ("/fhir", "/fhir/Observation"):
        assert post(path, body, token=app).status in (400, 422)
