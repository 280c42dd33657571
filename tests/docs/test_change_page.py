"""The bodies shown in « change a deposit » are read, and ask for what the page says."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from docs.generate import DOCS
from espace.kernel.words import Visibility
from espace.wire.fhir.conditions import if_none_exist
from espace.wire.fhir.documents import Reading
from espace.wire.fhir.patching import Wanted, read_patch, wanted
from espace.wire.fhir.simplified import read_published
from espace.wire.report import Report

PAGE = (DOCS / "how-to" / "change-a-deposit.md").read_text(encoding="utf-8")
BODIES = dict(re.findall(r"^```json (\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
NOTHING: frozenset[Visibility] = frozenset()
ONE = UUID(int=1)
AT = datetime(2026, 3, 4, tzinfo=UTC)


@dataclass(frozen=True)
class Filed:
    id: UUID = ONE
    unique_id: str = "1.2.3"
    status: str = "Approved"
    deposited_at: datetime = AT
    changed_at: datetime | None = None
    confidentiality: str = "N"
    visibility: frozenset[Visibility] = NOTHING


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("json-patch", "application/json-patch+json", Wanted(None, False, frozenset({Visibility.MASQUE_PS}))),
        ("merge-patch", "application/merge-patch+json", Wanted(True, False, NOTHING)),
        ("fhirpath-patch", "application/fhir+json", Wanted(None, True, NOTHING)),
    ],
)
def test_the_bodies_of_a_patch_ask_for_what_is_said(name: str, kind: str, expected: Wanted) -> None:
    operations, problems = read_patch(BODIES[name].encode(), kind, str(ONE))
    assert problems == ()
    assert wanted(operations, Filed()) == (expected, ())


def test_the_publication_is_one_and_its_condition_names_it() -> None:
    reading = Reading(zone=ZoneInfo("Europe/Paris"), base="http://localhost:8000/fhir", max_bytes=1_000)
    published = read_published(BODIES["publish"].encode(), reading)
    assert (published.problems, published.attached.data) == ((), b"<ClinicalDocument/>")
    [condition] = re.findall(r"`If-None-Exist: ([^`]+)`", PAGE)
    report = Report()
    stated = json.loads(BODIES["publish"])["masterIdentifier"]["value"]
    assert if_none_exist(condition, "", report) == {stated.removeprefix("urn:oid:")}
    assert report.problems == []
