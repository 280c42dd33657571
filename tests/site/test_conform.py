"""The conformance kit against our own doors over TLS: every scenario that takes certificates is played, and passes.

Those of FHIR, and of HL7 v2 over HTTP, are played against a whole installation by the test of the page of the kit
(tests/docs/test_how_to.py).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as installed

from conforming import context_of, equipped, mllp, served
from espace import edge
from espace.exchange.wsgi import application
from espace.kernel.values import replace
from espace.site import certifying
from espace.site.conform.equipment import Equipment
from espace.site.conform.facts import Family, Need, Result, Verdict
from espace.site.conform.playing import run
from espace.site.conform.scenarios import SCENARIOS

pytestmark = pytest.mark.django_db
_CHOSEN = {Need.CARD, Need.MLLP, Need.MOVEMENTS}


@pytest.fixture
def kit(tmp_path: Path, settings: Any) -> Iterator[Equipment]:
    """Everything that scenarios need."""
    authority = certifying.authority(tmp_path, at=edge.now())
    settings.ESPACE_AUTHORITIES = str(tmp_path / "authority.pem")
    with served(application, context_of(authority)) as target, mllp(authority) as line:
        known = equipped(target, authority, f"{installed.ESPACE_PUBLIC_URL}/xds")
        yield replace(known, mllp=line, movements=True)


def test_our_own_doors_pass_every_scenario_that_takes_certificates(kit: Equipment) -> None:
    told, chosen = list[Result](), [one for one in SCENARIOS if _CHOSEN & set(one.needs) or one.family is Family.XDM]
    report = run(kit, chosen, told.append)
    wrong = [f"{one.id}: {each}" for one in report.results for each in one.differences]
    assert not wrong, "\n".join(wrong)
    assert [one.id for one in report.results if one.verdict is not Verdict.PASSED] == []
    assert {one.family for one in report.results} == {Family.SOAP, Family.VIHF, Family.NATIONAL, Family.XDM, Family.HL7}
    assert tuple(told) == report.results
