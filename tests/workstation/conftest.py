"""The providers of the tests. They come and go on ports that others had: nothing is remembered of the one before."""

from collections.abc import Iterator
from typing import Any

import pytest

from espace.identity.adapters.oidc.provider import provider_of
from workstation.fake_provider import Fake, provider, use
from workstation.own_provider import Own, own_provider


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    provider_of.cache_clear()


@pytest.fixture
def fake(settings: Any) -> Iterator[Fake]:
    """A provider of which this installation is a client; it speaks of nobody yet."""
    with provider() as found:
        use(found, settings)
        yield found


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Own]:
    with own_provider(tmp_path_factory.mktemp("provider") / "home") as found:
        yield found


@pytest.fixture
def own(running: Own, db: None, settings: Any) -> Own:
    """The demonstration's own provider, of which this installation is a client."""
    settings.ESPACE_PUBLIC_URL = running.client
    settings.ESPACE_PSC_ISSUER = running.issuer
    settings.ESPACE_PSC_DISCOVERY = f"{running.issuer}/.well-known/openid-configuration"
    settings.ESPACE_PSC_CLIENT_ID, settings.ESPACE_PSC_CLIENT_SECRET = "espace", running.secret
    return running
