"""A holder whose documents state facts, and a professional who reads them."""

import pytest

from cast import Holder, consents, holder, organisation, professional
from clinical.scene import deposit, results, stated, summary
from espace import edge
from espace.identity.facts import Organisation, Professional


@pytest.fixture
def laboratory() -> Organisation:
    return organisation()


@pytest.fixture
def camille(laboratory: Organisation) -> Holder:
    """Somebody with a result and an allergy, each in a document."""
    found = holder()
    deposit(found, laboratory, stated(results(found)), stated(summary(found)))
    return found


@pytest.fixture
def anne(camille: Holder) -> Professional:
    found = professional()
    consents(camille, found, at=edge.now())
    return found
