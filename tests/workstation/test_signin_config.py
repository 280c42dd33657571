"""What an operator says of the provider: defaults, a demonstration's own, and what is refused."""

from pathlib import Path
from typing import Any

import pytest

from espace.kernel.words import Purpose
from espace.site.config import BadConfiguration, Mark, load, own_client_secret, prepare_home, write_mark
from espace.workstation.urls import PUBLIC, ROUTES, urlpatterns

REAL = {
    "ESPACE_PSC_ISSUER": "https://auth.exemple.fr/realms/a/",
    "ESPACE_PSC_CLIENT_ID": "notre-nom",
    "ESPACE_PSC_CLIENT_SECRET": "notre-secret",
}


def test_a_real_installation_has_no_provider_until_it_is_said(tmp_path: Path) -> None:
    config = load({"ESPACE_HOME": str(tmp_path)}).sign_in
    assert (config.issuer, config.discovery_url) == ("", "")
    assert config.scope == "openid scope_all"
    assert config.acr == ("eidas1", "eidas2", "eidas3")
    assert config.tiers == ("APPPRIP3",)


@pytest.mark.parametrize("mark", [Mark.DEMONSTRATION, Mark.TEST])
def test_a_demonstration_has_its_own(tmp_path: Path, mark: Mark) -> None:
    environment = {"ESPACE_HOME": str(tmp_path), "ESPACE_PORT": "8100"}
    prepare_home(load(environment))
    write_mark(tmp_path, mark)
    config = load(environment)
    assert config.provider_port == 8101
    assert config.sign_in.issuer == "http://localhost:8101"
    assert config.sign_in.discovery_url == "http://localhost:8101/.well-known/openid-configuration"
    assert config.sign_in.client_id == "espace"
    assert config.sign_in.client_secret == own_client_secret(tmp_path) != ""
    assert config.sign_in.client_secret not in repr(config)


def test_a_configured_provider_replaces_it_everywhere(tmp_path: Path) -> None:
    write_mark(tmp_path, Mark.TEST)
    config = load({"ESPACE_HOME": str(tmp_path), **REAL}).sign_in
    assert (config.issuer, config.client_id, config.client_secret) == tuple(REAL.values())
    assert config.discovery_url == "https://auth.exemple.fr/realms/a/.well-known/openid-configuration"


def test_its_description_may_be_elsewhere_and_lists_are_words_between_commas(tmp_path: Path) -> None:
    more = {
        "ESPACE_PSC_DISCOVERY": "https://auth.exemple.fr/.well-known/wallet-openid-configuration",
        "ESPACE_PSC_ACR": " eidas2 ,eidas3,",
        "ESPACE_PSC_TIERS": "",
        "ESPACE_PSC_SCOPE": "openid",
    }
    config = load({"ESPACE_HOME": str(tmp_path), **REAL, **more}).sign_in
    assert config.discovery_url == more["ESPACE_PSC_DISCOVERY"]
    assert (config.acr, config.tiers, config.scope) == (("eidas2", "eidas3"), (), "openid")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"ESPACE_PSC_ISSUER": "http://auth.exemple.fr"}, "must be https"),
        ({"ESPACE_PSC_ISSUER": "auth.exemple.fr"}, "must be https"),
        ({"ESPACE_PSC_ISSUER": "https://moi@auth.exemple.fr"}, "must be https"),
        ({"ESPACE_PSC_DISCOVERY": "http://auth.exemple.fr/a"}, "must be https"),
        ({"ESPACE_PSC_CLIENT_ID": ""}, "needs ESPACE_PSC_CLIENT_ID"),
        ({"ESPACE_PSC_ACR": " , "}, "at least one level"),
    ],
    ids=str,
)
def test_what_cannot_be_trusted_is_refused_with_a_sentence(tmp_path: Path, change: dict[str, str], said: str) -> None:
    with pytest.raises(BadConfiguration, match=said):
        load({"ESPACE_HOME": str(tmp_path), **REAL, **change})


def test_every_address_declares_a_purpose_or_is_public() -> None:
    assert {route.name for route in ROUTES if route.public} == PUBLIC
    assert {route.purpose for route in ROUTES if route.name not in PUBLIC} <= {
        Purpose.CARE, Purpose.FEED, Purpose.BREAK_GLASS,
    }  # fmt: skip
    assert [pattern.name for pattern in urlpatterns] == [route.name for route in ROUTES]


def test_only_a_program_posts_without_a_form_of_ours(db: Any) -> None:
    from django.test import Client

    for route in ROUTES:
        if "POST" not in route.methods or "<" in route.path:
            continue
        status = Client(enforce_csrf_checks=True).post(f"/pro/{route.path}").status_code
        assert (status == 403) is not route.machine, route.path
    assert [route.name for route in ROUTES if route.machine] == ["pro_announced_logout"]
