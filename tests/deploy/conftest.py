"""The two proxies, with certificates of a day."""

from pathlib import Path

import pytest

from deploy import proxies
from deploy.proxies import Certificates, Proxied


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return proxies.made_in(tmp_path_factory.mktemp("tls"))


@pytest.fixture(params=["nginx", "haproxy"])
def proxied(request: pytest.FixtureRequest, certificates: Certificates, tmp_path: Path) -> Proxied:
    return {"nginx": proxies.nginx, "haproxy": proxies.haproxy}[request.param](certificates, tmp_path)


@pytest.fixture
def nginx(certificates: Certificates, tmp_path: Path) -> Proxied:
    return proxies.nginx(certificates, tmp_path)
