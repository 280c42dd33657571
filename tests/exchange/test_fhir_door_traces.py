"""What the register and the counters keep of what passes the door, and where the problems of a bundle are shown."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

import bundles
from cast import Holder, holder, organisation
from door import call, deposit_of, feeder_token, form, holder_token, lines_of, own_deposits, send
from espace.identity.facts import Organisation
from espace.kernel.words import Verb, Visibility
from espace.record import queries
from espace.record.facts import Attribute, Criterion, Order, Page, Search
from espace.trace.facts import Outcome
from espace.wire.fhir.searching import Token

pytestmark = pytest.mark.django_db

Json = dict[str, Any]


@pytest.fixture
def hospital() -> Organisation:
    return organisation()


@pytest.fixture
def camille() -> Holder:
    return holder()


def _counted() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM outbox_event")
        return int(cursor.fetchone()[0])


def test_a_download_refused_for_its_form_is_neither_allowed_nor_counted(
    hospital: Organisation, camille: Holder
) -> None:
    identifier = send(deposit_of(camille), hospital).json["entry"][1]["response"]["location"].split("/")[1]
    path, token, before = f"/fhir/Binary/{identifier}", holder_token(camille.patient), _counted()
    refused = call("GET", path, token=token, accept="image/png")
    assert (refused.status, refused.codes, refused.places) == (406, ["not_acceptable"], ["http.accept"])
    [line] = [line for line in lines_of(camille) if line.verb is Verb.DOWNLOAD]
    assert (line.outcome, line.reason, line.objects) == (Outcome.REFUSED, "not_acceptable", ())
    assert _counted() == before
    assert call("GET", path, token=token, accept="image/png, text/*;q=0.1").body == bundles.CONTENT
    [line, _] = [line for line in lines_of(camille) if line.verb is Verb.DOWNLOAD]
    assert (line.outcome, [str(one) for one in line.objects]) == (Outcome.ALLOWED, [identifier])
    assert _counted() == before + 1


def test_the_line_of_a_refused_deposit_is_hidden_as_its_documents_would_have_been(
    hospital: Organisation, camille: Holder
) -> None:
    for labels, hidden in ((["INVISIBLE_PATIENT"], frozenset({Visibility.INVISIBLE_PATIENT})), ([], frozenset())):
        made = deposit_of(camille)
        document = made["entry"][1]["resource"]
        document["securityLabel"] += [bundles.coding(label) for label in labels]
        document["contained"][0]["birthDate"] = "1985-03-08"
        assert send(made, hospital).codes == ["traits_disagree"]
        line = next(line for line in lines_of(camille) if line.verb is Verb.DEPOSIT)
        assert (line.outcome, line.hidden_from) == (Outcome.REFUSED, hidden)


def test_the_line_of_a_search_tells_its_criteria_and_never_the_ins(hospital: Organisation, camille: Holder) -> None:
    uid = f"urn:uuid:{uuid4()}"
    own_deposits(camille, hospital, identifier=uid, status="current", _count="3")
    own_deposits(camille, hospital)
    token = holder_token(camille.patient)
    form("/fhir/DocumentReference/_search", token=token, status="superseded")
    asked = [dict(line.asked) for line in lines_of(camille) if line.verb in (Verb.OWN_DEPOSITS, Verb.LIST)]
    assert asked == [{"status": "superseded"}, {}, {"identifier": uid, "status": "current"}]


def test_the_words_of_fhir_become_the_filter_of_the_record(
    hospital: Organisation, camille: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Search] = []

    def remember(grant: object, search: Search) -> Page[Any]:
        asked.append(search)
        return Page((), 0, False)

    monkeypatch.setattr(queries, "own_deposits", remember)
    own_deposits(camille, hospital)
    own_deposits(
        camille,
        hospital,
        status="current,entered-in-error",
        identifier="urn:oid:1.2.3,1.2.4",
        _count="0",
        _sort="-_lastUpdated",
    )
    assert asked == [
        Search(count=500),
        Search(
            criteria=(
                Criterion(Attribute.STATUS, (Token("Approved"), Token("Archived"), Token("Deleted"))),
                Criterion(Attribute.UNIQUE_ID, (Token("1.2.3"), Token("1.2.4"))),
            ),
            order=(Order(Attribute.CHANGED, descending=True),),
            count=0,
        ),
    ]


def _attachment(made: Json, **values: object) -> None:
    made["entry"][1]["resource"]["content"][0]["attachment"].update(values)


def _source(made: Json) -> None:
    made["entry"][0]["resource"]["extension"][1]["valueIdentifier"]["value"] = "urn:oid:1.2.3"


PLACES: list[tuple[str, str, Callable[[Json], object]]] = [
    (
        "hash_mismatch",
        "Bundle.entry[1].resource.content[0].attachment.hash",
        lambda made: _attachment(made, hash="8pl7Z12YNSlZS4mJh2qLlsxX0Vg="),
    ),
    (
        "size_mismatch",
        "Bundle.entry[1].resource.content[0].attachment.size",
        lambda made: _attachment(made, size=9),
    ),
    ("source_not_yours", "Bundle.entry[0].resource", _source),
]


@pytest.mark.parametrize(("code", "place", "change"), PLACES, ids=[row[0] for row in PLACES])
def test_a_problem_is_shown_at_its_place_in_the_bundle(
    hospital: Organisation, camille: Holder, code: str, place: str, change: Callable[[Json], object]
) -> None:
    made = deposit_of(camille)
    change(made)
    answer = send(made, hospital)
    assert answer.codes == [code]
    assert [shown[: len(place)] for shown in answer.places] == [place]


def test_a_set_whose_identifier_is_taken_is_shown_in_the_list_of_the_bundle(
    hospital: Organisation, camille: Holder
) -> None:
    first, second = deposit_of(camille), deposit_of(camille)
    second["entry"][0]["resource"]["identifier"] = first["entry"][0]["resource"]["identifier"]
    assert send(first, hospital).status == 200
    answer = send(second, hospital)
    assert (answer.status, answer.codes) == (409, ["unique_id_reused"])
    assert answer.places == ["Bundle.entry[0].resource.identifier"]


def test_a_parameter_or_header_is_shown_as_one_of_http(hospital: Organisation, camille: Holder) -> None:
    assert own_deposits(camille, hospital, _count="-1").places == ["http._count"]
    assert own_deposits(camille, hospital, subject="x").places == ["http.subject"]
    assert own_deposits(camille, hospital, **{"DUPONT Jean": "x"}).places == []
    token = feeder_token(hospital)
    assert call("GET", "/fhir/DocumentReference", token=token).places == ["http.patient.identifier"]
    assert call("POST", "/fhir", b"{}", token=token, kind="text/plain").places == ["http.content-type"]
