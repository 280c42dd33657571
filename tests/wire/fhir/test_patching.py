"""The three forms of PATCH: what each asks for, and everything that they may not ask for, with its place."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from espace.kernel.values import replace
from espace.kernel.words import Visibility
from espace.wire.fhir.patching import Wanted, depositor_view, etag, met, read_patch, wanted

ID = UUID("0197f000-0000-7000-8000-000000000001")
AT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
IS_ARCHIVED = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/pdsm-ext-is-archived"
IS_DELETED = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/pdsm-ext-is-deleted"
JSON_PATCH, MERGE_PATCH, FHIR = "application/json-patch+json", "application/merge-patch+json", "application/fhir+json"
OPEN: frozenset[Visibility] = frozenset()
MASKED = frozenset({Visibility.MASQUE_PS})
HELD = frozenset({Visibility.INVISIBLE_PATIENT})


@dataclass(frozen=True)
class Filed:
    """A document as its depositor knows it."""

    id: UUID = ID
    unique_id: str = "1.2.250.1.999.1"
    status: str = "Approved"
    deposited_at: datetime = AT
    changed_at: datetime | None = None
    confidentiality: str = "N"
    visibility: frozenset[Visibility] = OPEN


PLAIN, ARCHIVED, DELETED = Filed(), Filed(status="Archived"), Filed(status="Deleted")
REPLACED, MASKED_ONE = Filed(status="Deprecated"), Filed(visibility=MASKED)

AS_IS = Wanted(None, False, OPEN)


def label(code: str) -> dict[str, Any]:
    return {"coding": [{"code": code}]}


def ask(body: object, kind: str, known: Filed = PLAIN) -> Wanted | list[tuple[str, str]]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    operations, problems = read_patch(data, kind, str(ID))
    if problems:
        return [(one.reason.code, one.place) for one in problems]
    found, problems = wanted(operations, known)
    assert (found is None) == bool(problems)
    return found or [(one.reason.code, one.place) for one in problems]


def op(kind: str, path: str, value: Any = None) -> dict[str, Any]:
    return {"op": kind, "path": path, **({} if kind == "remove" else {"value": value})}


def fhir(kind: str, path: str, **parts: Any) -> dict[str, Any]:
    """One operation of FHIRPath Patch; `value` under the name of its type, or a list of parts."""
    said: list[dict[str, Any]] = [{"name": "type", "valueCode": kind}, {"name": "path", "valueString": path}]
    for name, value in parts.items():
        if name.startswith("value"):
            said.append({"name": "value", ("part" if isinstance(value, list) else name): value})
        else:
            said.append({"name": name, ("valueInteger" if isinstance(value, int) else "valueString"): value})
    return {"name": "operation", "part": said}


def _odd(part: str, value: object) -> dict[str, Any]:
    """An operation of which one part holds something else than a text."""
    said = {"type": "add", "path": "DocumentReference", "name": "extension", part: value}
    return {"name": "operation", "part": [{"name": name, "valueString": one} for name, one in said.items()] + [_TRUE]}


_TRUE: dict[str, Any] = {"name": "value", "valueBoolean": True}


def parameters(*operations: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Parameters", "parameter": list(operations)}


FLAG = {"url": IS_ARCHIVED, "valueBoolean": True}

JSON_ASKS: list[tuple[Filed, list[dict[str, Any]], Wanted]] = [
    (PLAIN, [op("replace", "/status", "entered-in-error")], Wanted(None, True, OPEN)),
    (PLAIN, [op("replace", "/status", "current")], AS_IS),
    (REPLACED, [op("replace", "/status", "superseded")], AS_IS),
    (DELETED, [op("replace", "/status", "entered-in-error")], Wanted(None, True, OPEN)),
    (PLAIN, [op("add", "/securityLabel/-", label("MASQUE_PS"))], Wanted(None, False, MASKED)),
    (PLAIN, [op("add", "/securityLabel/1", label("MASQUE_PS"))], Wanted(None, False, MASKED)),
    (PLAIN, [op("replace", "/securityLabel/0", label("MASQUE_PS"))], Wanted(None, False, MASKED)),
    (PLAIN, [op("replace", "/securityLabel/0/coding/0/code", "MASQUE_PS")], Wanted(None, False, MASKED)),
    (PLAIN, [op("replace", "/securityLabel", [label("N"), label("MASQUE_PS")])], Wanted(None, False, MASKED)),
    (MASKED_ONE, [op("remove", "/securityLabel/1")], AS_IS),
    (MASKED_ONE, [op("remove", "/securityLabel/1"), op("remove", "/securityLabel/0")], AS_IS),
    (MASKED_ONE, [op("remove", "/securityLabel")], AS_IS),
    (MASKED_ONE, [op("test", "/securityLabel/1/coding/0/code", "MASQUE_PS")], Wanted(None, False, MASKED)),
    (Filed(visibility=HELD), [op("remove", "/securityLabel/1")], AS_IS),
    (PLAIN, [op("add", "/extension", [FLAG])], Wanted(True, False, OPEN)),
    (PLAIN, [op("add", "/extension/-", FLAG)], Wanted(True, False, OPEN)),
    (ARCHIVED, [op("replace", "/extension/0/valueBoolean", False)], Wanted(False, False, OPEN)),
    (ARCHIVED, [op("remove", "/extension/0")], Wanted(False, False, OPEN)),
    (ARCHIVED, [op("test", "/extension/0/valueBoolean", True)], AS_IS),
    (PLAIN, [op("replace", f"/extension[url:'{IS_ARCHIVED}']/valueBoolean", True)], Wanted(True, False, OPEN)),
    (ARCHIVED, [op("replace", f"/extension[url:'{IS_ARCHIVED}']/valueBoolean", False)], Wanted(False, False, OPEN)),
    (ARCHIVED, [op("remove", f"/extension[url:'{IS_ARCHIVED}']/valueBoolean")], Wanted(False, False, OPEN)),
    (ARCHIVED, [op("test", f"/extension[url:'{IS_ARCHIVED}']/valueBoolean", True)], AS_IS),
    (PLAIN, [op("add", "/extension/-", {"url": IS_DELETED, "valueBoolean": True})], Wanted(None, True, OPEN)),
]


@pytest.mark.parametrize(("known", "operations", "expected"), JSON_ASKS)
def test_json_patch_asks_for(known: Filed, operations: list[dict[str, Any]], expected: Wanted) -> None:
    assert ask(operations, JSON_PATCH, known) == expected
    assert ask(operations, "application/json", known) == expected


MERGE_ASKS: list[tuple[Filed, dict[str, Any], Wanted]] = [
    (PLAIN, {"status": "entered-in-error"}, Wanted(None, True, OPEN)),
    (PLAIN, {"securityLabel": [label("N"), label("MASQUE_PS")]}, Wanted(None, False, MASKED)),
    (MASKED_ONE, {"securityLabel": [label("N")]}, AS_IS),
    (MASKED_ONE, {"securityLabel": None}, AS_IS),
    (PLAIN, {"extension": [FLAG]}, Wanted(True, False, OPEN)),
    (ARCHIVED, {"extension": None}, Wanted(False, False, OPEN)),
    (ARCHIVED, {"extension": []}, Wanted(False, False, OPEN)),
    (PLAIN, {"resourceType": "DocumentReference", "id": str(ID), "extension": [FLAG]}, Wanted(True, False, OPEN)),
    (PLAIN, {"id": str(ID)}, AS_IS),
]


@pytest.mark.parametrize(("known", "body", "expected"), MERGE_ASKS)
def test_a_merge_patch_asks_for(known: Filed, body: dict[str, Any], expected: Wanted) -> None:
    assert ask(body, MERGE_PATCH, known) == expected
    assert ask(body, "application/json", known) == expected


_LABELS = "DocumentReference.securityLabel"
_EXTENSION = f"DocumentReference.extension('{IS_ARCHIVED}')"
_PARTS = [{"name": "url", "valueUri": IS_ARCHIVED}, {"name": "value", "valueBoolean": True}]
PATH_ASKS: list[tuple[Filed, dict[str, Any], Wanted]] = [
    (PLAIN, fhir("replace", "DocumentReference.status", valueCode="entered-in-error"), Wanted(None, True, OPEN)),
    (
        PLAIN,
        fhir("add", "DocumentReference", name="securityLabel", valueCodeableConcept=label("MASQUE_PS")),
        Wanted(None, False, MASKED),
    ),
    (PLAIN, fhir("insert", _LABELS, index=0, valueCodeableConcept=label("MASQUE_PS")), Wanted(None, False, MASKED)),
    (PLAIN, fhir("replace", _LABELS, valueCodeableConcept=label("MASQUE_PS")), Wanted(None, False, MASKED)),
    (PLAIN, fhir("replace", f"{_LABELS}[0]", valueCodeableConcept=label("N")), AS_IS),
    (MASKED_ONE, fhir("delete", f"{_LABELS}[1]"), AS_IS),
    (MASKED_ONE, fhir("delete", f"{_LABELS}.where(coding.code = 'MASQUE_PS')"), AS_IS),
    (MASKED_ONE, fhir("delete", f"{_LABELS}.where(coding.exists(code='MASQUE_PS'))"), AS_IS),
    (MASKED_ONE, fhir("delete", f"{_LABELS}.where(coding.where(code='MASQUE_PS').exists())"), AS_IS),
    (PLAIN, fhir("delete", f"{_LABELS}.where(coding.code = 'MASQUE_PS')"), AS_IS),
    (PLAIN, fhir("add", "DocumentReference", name="extension", value=_PARTS), Wanted(True, False, OPEN)),
    (PLAIN, fhir("add", "DocumentReference", name="extension", valueExtension=FLAG), Wanted(True, False, OPEN)),
    (ARCHIVED, fhir("replace", f"{_EXTENSION}.value", valueBoolean=False), Wanted(False, False, OPEN)),
    (ARCHIVED, fhir("delete", _EXTENSION), Wanted(False, False, OPEN)),
    (ARCHIVED, fhir("delete", f"DocumentReference.extension.where(url = '{IS_ARCHIVED}')"), Wanted(False, False, OPEN)),
]


@pytest.mark.parametrize(("known", "operation", "expected"), PATH_ASKS)
def test_fhirpath_patch_asks_for(known: Filed, operation: dict[str, Any], expected: Wanted) -> None:
    assert ask(parameters(operation), FHIR, known) == expected


TEXT_FLAG = {**FLAG, "valueBoolean": "true"}
MASK = {"valueCodeableConcept": label("MASQUE_PS")}
FIRST = "Parameters.parameter[0]"
ROOT = "DocumentReference"
S, L, E = "DocumentReference.status", "DocumentReference.securityLabel", "DocumentReference.extension"
REFUSED: list[tuple[Filed, str, object, str, str]] = [
    (PLAIN, JSON_PATCH, [op("replace", "/status", "superseded")], "change_refused", S),
    (REPLACED, JSON_PATCH, [op("replace", "/status", "current")], "change_refused", S),
    (DELETED, JSON_PATCH, [op("replace", "/status", "current")], "change_refused", S),
    (PLAIN, JSON_PATCH, [op("remove", "/status")], "change_refused", S),
    (PLAIN, JSON_PATCH, [op("replace", "/status", 3)], "fhir_structure", S),
    (PLAIN, JSON_PATCH, [op("replace", "/status", "nonsense")], "change_refused", S),
    (DELETED, JSON_PATCH, [op("remove", "/extension/0")], "change_refused", E),
    (DELETED, JSON_PATCH, [op("add", "/extension/-", FLAG)], "change_refused", E),
    (PLAIN, JSON_PATCH, [op("replace", "/subject", {})], "change_refused", f"{ROOT}.subject"),
    (PLAIN, JSON_PATCH, [op("test", "/masterIdentifier", {})], "change_refused", f"{ROOT}.masterIdentifier"),
    (PLAIN, JSON_PATCH, [op("remove", "")], "change_refused", "DocumentReference"),
    (PLAIN, JSON_PATCH, [op("remove", "/Jean Dupont, né le 3")], "change_refused", "DocumentReference"),
    (PLAIN, JSON_PATCH, [op("remove", "status")], "value_invalid", "Patch.operation[0].path"),
    (PLAIN, JSON_PATCH, [op("remove", "/status~2")], "value_invalid", "Patch.operation[0].path"),
    (PLAIN, JSON_PATCH, [op("remove", "/" + "a" * 300)], "value_invalid", "Patch.operation[0].path"),
    (PLAIN, JSON_PATCH, [{"op": "move", "path": "/status", "from": "/id"}], "change_refused", "Patch.operation[0].op"),
    (PLAIN, JSON_PATCH, [{"op": "copy", "path": "/status", "from": "/id"}], "change_refused", "Patch.operation[0].op"),
    (PLAIN, JSON_PATCH, [{"op": "add", "path": "/status"}], "element_missing", "Patch.operation[0].value"),
    (PLAIN, JSON_PATCH, [{"op": "add"}], "fhir_structure", "Patch.operation[0]"),
    (PLAIN, JSON_PATCH, [[]], "fhir_structure", "Patch.operation[0]"),
    (PLAIN, JSON_PATCH, [], "fhir_structure", "Patch"),
    (PLAIN, JSON_PATCH, {"op": "remove", "path": "/status"}, "fhir_structure", "Patch"),
    (PLAIN, JSON_PATCH, [op("test", "/status", "current")] * 51, "fhir_structure", "Patch"),
    (PLAIN, JSON_PATCH, [op("test", "/status", "superseded")], "change_refused", S),
    (ARCHIVED, JSON_PATCH, [op("test", "/extension/0/valueBoolean", 1)], "change_refused", E),
    (PLAIN, JSON_PATCH, [op("remove", "/securityLabel/1")], "change_refused", L),
    (PLAIN, JSON_PATCH, [op("remove", "/securityLabel/-")], "change_refused", L),
    (PLAIN, JSON_PATCH, [op("remove", "/securityLabel/-1")], "change_refused", L),
    (PLAIN, JSON_PATCH, [op("remove", "/securityLabel/00")], "change_refused", L),
    (PLAIN, JSON_PATCH, [op("remove", "/securityLabel/²")], "change_refused", L),
    (PLAIN, JSON_PATCH, [op("add", "/securityLabel/3", label("MASQUE_PS"))], "change_refused", L),
    (PLAIN, JSON_PATCH, [op("add", "/status/x", 1)], "change_refused", S),
    (PLAIN, JSON_PATCH, [op("add", "/securityLabel/-", label("R"))], "value_invalid", f"{L}[1]"),
    (PLAIN, JSON_PATCH, [op("replace", "/securityLabel/0", label("R"))], "change_refused", L),
    (PLAIN, JSON_PATCH, [op("replace", "/securityLabel/0", label("SECRET"))], "code_unknown", f"{L}[0]"),
    (PLAIN, JSON_PATCH, [op("add", "/securityLabel/-", {"text": "MASQUE_PS"})], "code_unknown", f"{L}[1]"),
    (PLAIN, JSON_PATCH, [op("replace", "/securityLabel", {})], "fhir_structure", L),
    (PLAIN, JSON_PATCH, [op("replace", "/securityLabel", "N")], "fhir_structure", L),
    (PLAIN, JSON_PATCH, [op("add", "/securityLabel/-", None)], "fhir_structure", f"{L}[1]"),
    (PLAIN, JSON_PATCH, [op("add", "/extension/-", {**FLAG, "url": "http://x"})], "change_refused", f"{E}[0]"),
    (PLAIN, JSON_PATCH, [op("add", "/extension/-", {"url": IS_ARCHIVED})], "change_refused", f"{E}[0]"),
    (PLAIN, JSON_PATCH, [op("add", "/extension/-", TEXT_FLAG)], "fhir_structure", f"{E}[0].valueBoolean"),
    (PLAIN, JSON_PATCH, [op("add", "/extension", [FLAG, FLAG])], "change_refused", f"{E}[1]"),
    (PLAIN, MERGE_PATCH, {"status": None}, "change_refused", S),
    (PLAIN, MERGE_PATCH, {"description": "x"}, "change_refused", "DocumentReference.description"),
    (PLAIN, MERGE_PATCH, {"id": "another"}, "change_refused", "DocumentReference.id"),
    (PLAIN, MERGE_PATCH, {"resourceType": "Patient"}, "change_refused", "DocumentReference.resourceType"),
    (PLAIN, MERGE_PATCH, {"meta": {"security": []}}, "change_refused", "DocumentReference.meta"),
    (PLAIN, MERGE_PATCH, {}, "fhir_structure", "DocumentReference"),
    (PLAIN, MERGE_PATCH, [], "fhir_structure", "DocumentReference"),
    (PLAIN, FHIR, {"resourceType": "DocumentReference"}, "fhir_structure", "Parameters"),
    (PLAIN, FHIR, {"resourceType": "Parameters"}, "fhir_structure", "Parameters"),
    (PLAIN, FHIR, parameters(), "value_invalid", "Parameters.parameter"),
    (PLAIN, FHIR, parameters({"name": "operation"}), "fhir_structure", FIRST),
    (PLAIN, FHIR, parameters({"name": "x", "part": []}), "fhir_structure", FIRST),
    (PLAIN, FHIR, parameters(fhir("move", "DocumentReference.status")), "change_refused", FIRST),
    *(
        (PLAIN, FHIR, parameters(_odd(part, value)), "change_refused", FIRST)
        for part in ("type", "path", "name")
        for value in (["add"], {"add": 1}, 7, True, [])
    ),
    (PLAIN, FHIR, parameters(fhir("replace", S)), "element_missing", FIRST),
    (PLAIN, FHIR, parameters(fhir("delete", "Patient.name")), "value_invalid", FIRST),
    (PLAIN, FHIR, parameters(fhir("delete", f"{L}.first()")), "value_invalid", FIRST),
    (PLAIN, FHIR, parameters(fhir("delete", "DocumentReference")), "change_refused", "DocumentReference"),
    (PLAIN, FHIR, parameters(fhir("delete", f"{ROOT}.subject")), "change_refused", f"{ROOT}.subject"),
    (PLAIN, FHIR, parameters(fhir("delete", S)), "change_refused", S),
    (MASKED_ONE, FHIR, parameters(fhir("delete", L)), "change_refused", L),
    (PLAIN, FHIR, parameters(fhir("add", ROOT, name="status", valueCode="current")), "change_refused", S),
    (
        PLAIN,
        FHIR,
        parameters(fhir("add", ROOT, name="description", valueString="x")),
        "change_refused",
        "DocumentReference.description",
    ),
    (PLAIN, FHIR, parameters(fhir("insert", L, **MASK)), "value_invalid", FIRST),
    (PLAIN, FHIR, parameters(fhir("insert", L, index=7, **MASK)), "change_refused", L),
    (PLAIN, FHIR, parameters(fhir("replace", f"{_EXTENSION}.value", valueBoolean=True)), "change_refused", E),
    (PLAIN, JSON_PATCH, b"", "json_malformed", "byte 0"),
    (PLAIN, JSON_PATCH, b"[{", "json_malformed", "byte 2"),
    (PLAIN, MERGE_PATCH, b'{"status":"current","status":"entered-in-error"}', "json_malformed", "status"),
    (PLAIN, MERGE_PATCH, b'{"status":"a\\u0000"}', "json_malformed", "status"),
    (PLAIN, MERGE_PATCH, b'{"status":' + b"[" * 20 + b"]" * 20 + b"}", "json_malformed", ""),
]


@pytest.mark.parametrize(("known", "kind", "body", "code", "place"), REFUSED)
def test_what_may_not_change_is_refused_at_its_place(
    known: Filed, kind: str, body: object, code: str, place: str
) -> None:
    found = ask(body, kind, known)
    assert isinstance(found, list)
    assert found[0][0] == code
    assert not place or found[0][1] == place or code == "json_malformed"


def test_one_operation_that_cannot_be_done_undoes_them_all() -> None:
    both = [op("replace", "/status", "entered-in-error"), op("remove", "/securityLabel/9")]
    assert ask(both, JSON_PATCH) == [("change_refused", "DocumentReference.securityLabel")]


def test_the_depositor_sees_ids_state_and_their_own_labels_and_nothing_of_the_document() -> None:
    view = depositor_view(replace(ARCHIVED, visibility=MASKED, changed_at=AT))
    assert view.id == str(ID)
    assert (view.status, [one.url for one in view.extension]) == ("current", [IS_ARCHIVED])
    assert [one.coding[0].code for one in view.security_label] == ["N", "MASQUE_PS"]
    assert (view.type, view.subject, view.author, view.description) == (None, None, (), None)
    assert depositor_view(DELETED).extension[0].url == IS_DELETED


def test_a_version_changes_with_every_change() -> None:
    later = AT.replace(microsecond=1)
    changed = (replace(one, changed_at=later) for one in (PLAIN, ARCHIVED))
    tags = {etag(one) for one in (PLAIN, REPLACED, *changed)}
    assert len(tags) == 3
    assert etag(PLAIN) == 'W/"64c2f76c41600-current"'


@pytest.mark.parametrize(
    ("header", "holds"),
    [
        ("", True),
        ("*", True),
        ('W/"1"', True),
        ('"1"', True),
        ('W/"0", W/"1"', True),
        ('W/"2"', False),
        ("1", False),
        ('"', False),
        (",", False),
        ("x" * 5_000, False),
    ],
)
def test_if_match_holds_for_the_version_there(header: str, holds: bool) -> None:
    assert met(header, 'W/"1"') is holds


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.sampled_from(["status", "/status", "replace"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["op", "path", "value", "name", "part", "parameter", "status", "extension", "securityLabel"]),
        inner,
        max_size=4,
    ),
    max_leaves=12,
)
POINTERS = st.text(alphabet="/~01-securityLabelxtn[]'", max_size=24).map(lambda text: f"/{text}")


@settings(max_examples=300, deadline=None)
@given(JSON, st.sampled_from([JSON_PATCH, MERGE_PATCH, FHIR, "application/json"]), st.sampled_from([PLAIN, DELETED]))
def test_no_body_makes_the_reading_fail(body: Any, kind: str, known: Filed) -> None:
    ask({"resourceType": "Parameters", **body} if isinstance(body, dict) and kind == FHIR else body, kind, known)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["add", "remove", "replace", "test"]), POINTERS, JSON)
def test_no_pointer_makes_the_reading_fail(kind: str, path: str, value: Any) -> None:
    ask([op(kind, path, value)], JSON_PATCH, ARCHIVED)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["type", "path", "name", "index", "value"]), JSON, st.sampled_from(["add", "insert", "delete"]))
def test_no_part_makes_the_reading_fail(part: str, value: Any, kind: str) -> None:
    said = {"type": kind, "path": "DocumentReference.securityLabel", "name": "status", "value": "x", part: value}
    operation = {"name": "operation", "part": [{"name": name, "valueX": one} for name, one in said.items()]}
    ask(parameters(operation), FHIR, PLAIN)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=".securityLabel()[]'01 =whxtn\\", max_size=40), JSON)
def test_no_path_makes_the_reading_fail(path: str, value: Any) -> None:
    ask(parameters(fhir("replace", f"DocumentReference{path}", valueCode=value)), FHIR, ARCHIVED)
