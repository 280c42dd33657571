"""Hostile searches: repeated, negative, huge, injected, other patients' ids: a refusal or nothing, and no 5xx."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cast import Holder, consents, holder, organisation, professional
from door import (
    FORM,
    Answer,
    call,
    deposit_of,
    feeder_token,
    holder_token,
    lines_of,
    named,
    post,
    professional_token,
    send,
)
from espace import edge
from espace.wire.fhir.searching import DOCUMENTS, LISTS, PATIENTS

pytestmark = pytest.mark.django_db

QUIET = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
PATHS = ["/fhir/DocumentReference", "/fhir/List", "/fhir/Patient"]


class Cast:
    """Camille, whose record is not empty; somebody else, whose documents must never show; those who ask."""

    def __init__(self) -> None:
        hospital, self.camille, self.other = organisation(), holder(), holder(birth_name="AUTRE")
        self.own = self._ids(self.camille, hospital)
        self.theirs = self._ids(self.other, hospital)
        anne = professional()
        consents(self.camille, anne, at=edge.now())
        self.holder, self.professional = holder_token(self.camille.patient), professional_token(anne)
        self.tokens = [self.holder, self.professional, feeder_token(hospital)]

    @staticmethod
    def _ids(of: Holder, by: Any) -> list[str]:
        answer = send(deposit_of(of), by)
        return [entry["response"]["location"].split("/")[1] for entry in answer.json["entry"][:2]]


@pytest.fixture(scope="module")
def people(django_db_setup: None, django_db_blocker: Any) -> Cast:
    with django_db_blocker.unblock():
        return Cast()


def get(path: str, token: str, *pairs: tuple[str, str]) -> Answer:
    return call("GET", path, token=token, query=urlencode(pairs))


INJECTED = [
    "'",
    "' OR '1'='1",
    "'; DROP TABLE record_entry; --",
    "%",
    "_",
    "%25",
    "*",
    ".*",
    "(a+)+$",
    "$(id)",
    "${jndi:ldap://x}",
    "{{7*7}}",
    "a & b | !c <-> d",
    "$.entry[*]",
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "\r\nSet-Cookie: x=1",
    "\u202egpj",
    "\ufeff",
    "ÿ" * 100,
    "𝕏",
]


@pytest.mark.parametrize("value", INJECTED)
def test_an_injected_value_means_itself_and_finds_nothing(people: Cast, value: str) -> None:
    for path, table in zip(PATHS[:2], (DOCUMENTS, LISTS), strict=True):
        for name, parameter in table.parameters.items():
            for modifier in ("", *parameter.modifiers):
                said = f"{name}:{modifier}" if modifier else name
                answer = get(path, people.holder, (said, value))
                assert answer.status in (200, 400)
                if answer.status == 200 and modifier not in ("not", "contains"):
                    assert answer.json["total"] == 0
                assert b"Set-Cookie" not in b"".join(n.encode() + v.encode() for n, v in answer.headers.items())


def test_other_patients_ids_find_nothing_wherever_they_are_said(people: Cast) -> None:
    submission, document = people.theirs
    whose, theirs = list(named(people.camille).items()), list(named(people.other).items())
    for token in (people.holder, people.professional):
        for path in PATHS[:2]:
            for pair in (
                ("_id", submission),
                ("_id", document),
                ("identifier", f"urn:uuid:{document}"),
                ("identifier", f"urn:uuid:{submission}"),
            ):
                answer = get(path, token, *whose, pair)
                assert (answer.status, answer.json["total"]) == (200, 0)
            after = get(path, token, *whose, ("_after", document))
            assert document.encode() not in after.body.replace(f"_after={document}".encode(), b"")
            sorted_after = get(path, token, *whose, ("_sort", "date"), ("_after", document))
            never = get(path, token, *whose, ("_sort", "date"), ("_after", str(uuid4())))
            assert (sorted_after.status, sorted_after.codes) == (410, ["page_expired"])
            assert sorted_after == never
        for reference in (document, f"DocumentReference/{document}"):
            assert get(PATHS[0], token, *whose, ("relatesto", reference)).json["total"] == 0
        for kind, one in (("DocumentReference", document), ("Binary", document), ("List", submission)):
            assert call("GET", f"/fhir/{kind}/{one}", token=token).status == 404
        for pairs in (
            [*whose, *theirs],
            [("patient", f"Patient/{people.camille.patient}"), ("patient", f"Patient/{people.other.patient}")],
            [("patient", f"{people.camille.patient},{people.other.patient}")],
            [*whose, ("patient", str(people.other.patient))],
            [("patient:not", str(people.camille.patient))],
            [("patient:missing", "true")],
            [("patient:Patient", str(people.other.patient))],
            [*whose, ("subject", f"Patient/{people.other.patient}")],
            [*whose, ("_include", "DocumentReference:relatesto")],
            [*whose, ("_revinclude", "List:item")],
        ):
            answer = get(PATHS[0], token, *pairs)
            assert (answer.status, answer.codes) == (400, ["parameter_unsupported"])
    assert get(PATHS[0], people.professional, *theirs).codes == ["consent_missing"]
    assert get(PATHS[0], people.holder, *theirs).json["total"] == 0
    # By id alone, the professional's attempts are told to the one person concerned, and to nobody else.
    tried = [line for line in lines_of(people.other) if line.actor_name == "Anne Morel"]
    assert {line.reason for line in tried} == {"consent_missing"}
    assert all(line.objects == () for line in tried)


def test_the_form_and_the_address_cannot_name_two_patients(people: Cast) -> None:
    whose, theirs = urlencode(named(people.camille)), urlencode(named(people.other))
    for token in (people.holder, people.professional):
        for first, second in ((whose, theirs), (theirs, whose), (whose, whose)):
            answer = call("POST", f"{PATHS[0]}/_search", second.encode(), token=token, query=first, kind=FORM)
            assert (answer.status, answer.places) == (400, ["http.patient.identifier"])


HUGE = [
    "&".join(["type=a"] * 51),
    "type=" + ",".join(["a"] * 10_000),
    "type=" + "a" * 60_000,
    "identifier=" + "%2C" * 1_000,
    "_count=" + "9" * 10_000,
    "date=" + "9" * 10_000,
    "_after=" + "a" * 10_000,
    "_sort=" + ",".join(["date"] * 1_000),
    "_sort=" + "-" * 10_000 + "date",
    "patient.identifier=" + "urn:oid:" + "1." * 10_000 + "|1",
    "author.family=" + "%CC%81" * 10_000,
    "a" * 50_000 + "=1",
    "type=%5C" * 40,
    "%ff=1",
    "type=%ff",
    "type=%00",
]


@pytest.mark.parametrize("query", HUGE, ids=lambda text: text[:20])
def test_a_huge_search_is_refused_and_never_a_fault(people: Cast, query: str) -> None:
    for token in people.tokens:
        for path in PATHS[:2]:
            assert call("GET", path, token=token, query=query).status in (400, 403)
            answer = post(f"{path}/_search", query.encode(), token=token, kind=FORM)
            assert answer.status in (400, 403)
    assert post(f"{PATHS[0]}/_search", b"type=" + b"a" * 66_000, token=people.holder, kind=FORM).status == 413


NAMES = st.sampled_from([*DOCUMENTS.parameters, *LISTS.parameters, *PATIENTS.parameters, "_count", "_sort", "_after"])
MODIFIERS = st.sampled_from(["", ":not", ":missing", ":identifier", ":exact", ":contains"])
TEXTS = st.text(max_size=30) | st.sampled_from(["true", "2026", "0", "date", "current", "-date,type", "%"])


@QUIET
@given(st.lists(st.tuples(NAMES, MODIFIERS, TEXTS), max_size=5), st.sampled_from(["", "handling=lenient"]))
def test_no_search_is_a_fault_and_none_shows_somebody_else(
    people: Cast, said: list[tuple[str, str, str]], prefer: str
) -> None:
    pairs = [(name + modifier, value.encode("utf-8", "replace")) for name, modifier, value in said]
    query = urlencode([*named(people.camille).items(), *pairs])
    for path in PATHS[:2]:
        for token in people.tokens[:2]:
            answer = call("GET", path, token=token, query=query, prefer=prefer)
            assert answer.status in (200, 400, 410)
            found = [entry["resource"]["id"] for entry in answer.json.get("entry", [])]
            assert set(found) <= set(people.own)
            posted = post(f"{path}/_search", query.encode(), token=token, kind=FORM, prefer=prefer)
            assert posted.status == answer.status
