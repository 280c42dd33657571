"""Providers of the tests come and go on ports that others had: nothing is remembered of the one before."""

import pytest

from espace.workstation.oidc.provider import provider_of


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    provider_of.cache_clear()
