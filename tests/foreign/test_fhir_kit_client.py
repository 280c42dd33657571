"""npm `fhir-kit-client`, unmodified, in node: one journey, whose findings are compared with literals."""

import json
import subprocess
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from door import deposit_of
from espace.site.foreign import FOREIGN, installed
from exchange.publishing import whole
from foreign.conftest import World

pytestmark = pytest.mark.django_db

SAID = ("base", "holder", "professional", "organisation", "documents", "ins")
NEEDS = "npm fhir-kit-client is not installed: ./espace test installs it where node and npm are"


@pytest.fixture
def found(world: World, tmp_path: Path) -> dict[str, Any]:
    """What the script says of this world."""
    place = installed("fhir")
    if place is None:
        pytest.skip(NEEDS)
    (tmp_path / "node_modules").symlink_to(place / "node_modules")
    (tmp_path / "journey.mjs").write_bytes((FOREIGN / "fhir" / "journey.mjs").read_bytes())
    said = {
        **{name: getattr(world, name) for name in SAID},
        "bundle": deposit_of(world.camille),
        "document": whole(world.camille),
    }
    command = ["node", "journey.mjs", json.dumps(said)]
    ran = subprocess.run(
        command, cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False
    )
    assert ran.returncode == 0, ran.stderr
    answer: dict[str, Any] = json.loads(ran.stdout)
    return answer


def test_a_program_finds_reads_deposits_masks_and_deletes(world: World, found: dict[str, Any]) -> None:
    for pages in (found.pop("byAddress"), found.pop("byForm")):
        assert [len(page) for page in pages] == [2, 2, 2, 1]
        assert sorted(chain(*pages)) == sorted(world.documents)
    refusals = found.pop("refusals")
    assert found == {
        "version": "4.0.1",
        "token": world.base.replace("/fhir", "/oauth/token"),
        "title": "Bilan 4",
        "content": "Bilan 4 : glycémie 5,1 mmol/L",
        "author": "PractitionerRole",
        "person": "DUVAL",
        "patient": True,
        "transaction": ["201 Created", "201 Created", "201 Created"],
        "location": True,
        "labels": ["N", "MASQUE_PS"],
        "shown": 8,
        "deleted": 204,
    }
    assert refusals == {
        "absent": [404, "OperationOutcome", "not-found", "not_found"],
        "forbidden": [403, "OperationOutcome", "forbidden", "organisation_cannot_read"],
        "unsupported": [400, "OperationOutcome", "not-supported", "parameter_unsupported"],
        "version": [405, "OperationOutcome", "not-supported", "method_not_allowed"],
        "history": [405, "OperationOutcome", "not-supported", "method_not_allowed"],
        "malformed": [422, "OperationOutcome", "required", "element_missing"],
    }
