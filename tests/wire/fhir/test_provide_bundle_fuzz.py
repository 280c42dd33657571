"""ITI-65: no bundle makes the reading fail, and the official ones are read."""

import copy
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import bundles
from espace.wire.fhir.provide_bundle import parse
from wire.fhir.spoiling import READING, put, read

PATHS = st.lists(st.integers(0, 40), min_size=1, max_size=8)
VALUES: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=20),
    st.just([]),
    st.just({}),
    st.just([{}]),
    st.just({"reference": "#role"}),
    st.just("#"),
    st.just("urn:oid:"),
    st.just("Patient?"),
    st.sampled_from(["2026-13-45", "Patient?identifier=|", "DocumentReference/", "data:", "1e400"]),
)


def _spoil(tree: Any, path: list[int], value: object) -> None:
    for step in path:
        keys = list(tree) if isinstance(tree, dict) else list(range(len(tree)))
        if not keys:
            return
        key = keys[step % len(keys)]
        if step == path[-1] or not isinstance(tree[key], dict | list):
            tree[key] = value
            return
        tree = tree[key]


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(PATHS, VALUES), min_size=1, max_size=4))
def test_a_bundle_spoiled_anywhere_is_read_or_refused_and_never_raises(spoils: list[tuple[list[int], object]]) -> None:
    made = copy.deepcopy(bundles.bundle())
    for path, value in spoils:
        _spoil(made, path, copy.deepcopy(value))
    provided = parse(json.dumps(made).encode(), READING)
    assert (provided.submission is None) == bool(provided.problems)


REFERENCES = st.one_of(
    st.text(max_size=80),
    st.text(max_size=80).map(lambda text: f"Patient?{text}"),
    st.text(max_size=80).map(lambda text: f"Patient?identifier={text}"),
    st.lists(
        st.sampled_from(["a=1", "identifier=", "urn:oid:1.2|3", "&", "%", "%ff", "%00", ";", "#", "|"]), max_size=30
    ).map(lambda parts: "Patient?" + "".join(parts)),
)


@settings(max_examples=200, deadline=None)
@given(REFERENCES, st.sampled_from(["subject", "authenticator", "custodian"]))
def test_no_reference_makes_the_reading_fail(reference: str, element: str) -> None:
    provided = read(put({"reference": reference}, 2, element))
    assert (provided.submission is None) == bool(provided.problems)


SHARED = Path(os.environ.get("ESPACE_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data")) / "fhir"
OFFICIAL = (
    "pdsm-3.1.x/derived-json/bundle-iti65-replace.json",
    "PDSM4DMP-EEDS/input/examples/Bundle-example-td2-iti65-lot-soumission.json",
    "PDSM4DMP-EEDS/input/examples/Bundle-example-td2-1-remplacement.json",
)


@pytest.mark.parametrize("path", [SHARED / name for name in OFFICIAL if SHARED.is_dir()], ids=lambda path: path.name)
def test_the_official_bundles_are_read(path: Path) -> None:
    assert parse(path.read_bytes(), READING).problems == ()
