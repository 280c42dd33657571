"""The parts of the demonstration's own provider: its codes, its claims, its cast, its memory and its secret."""

import base64
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from espace import edge
from espace.identity.adapters.oidc.bearing import NotBorne, borne
from espace.identity.adapters.oidc.provider import ours
from espace.site.config import load, own_client_secret, prepare_home
from espace.site.provider.accounts import ACCOUNTS, account_of
from espace.site.provider.claims import userinfo
from espace.site.provider.codes import code_at, matching_step
from espace.site.provider.memory import Shelf
from workstation.own_provider import DOCTOR, NURSE, Own, code_in, exchange, in_directory, question, with_ecps
from workstation.walking import Walker


def test_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B (SHA-1, the last six digits)."""
    secret = base64.b32encode(b"12345678901234567890").decode()
    for seconds, code in ((59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")):
        at = datetime.fromtimestamp(seconds, UTC)
        assert code_at(secret, at) == code
        assert matching_step(secret, f"{code[:3]} {code[3:]}", at) == seconds // 30
        assert matching_step(secret, "000000", at) is None


def test_the_claims_have_the_shape_of_pro_sante_connect() -> None:
    shared = Path(os.environ.get("ESPACE_SHARED_DATA", "../shared/data")) / "psc" / "userinfo-sample.json"
    said = userinfo(DOCTOR)
    assert said["SubjectNameID"] == "810999000010"
    assert said["SubjectRole"] == ["10^1.2.250.1.213.1.1.5.5"]
    assert said["Palier_Authentification"] == "APPPRIP3^1.2.250.1.213.1.5.1.1.1"
    assert userinfo(NURSE)["SubjectRole"] == ["60^1.2.250.1.213.1.1.5.5"]
    if shared.exists():
        sample = json.loads(shared.read_text(encoding="utf-8"))
        assert set(said) == set(sample)
        assert {name: type(value) for name, value in said.items()} == {n: type(v) for n, v in sample.items()}


def test_only_the_cast_signs_in_by_name() -> None:
    assert [one.identifier for one in ACCOUNTS] == [
        "helene.morvan", "karim.haddad", "julie.le-gall", "thomas.dubois",
    ]  # fmt: skip
    assert account_of("  Helene.Morvan ") is DOCTOR
    assert account_of("") is None


def test_what_the_provider_remembers_is_bounded_and_forgotten_in_time() -> None:
    from datetime import timedelta

    at = edge.now()
    shelf: Shelf[int] = Shelf(lasting=timedelta(minutes=1), most=3)
    first, *others = [shelf.put(n, at=at) for n in range(4)]
    assert shelf.get(first, at=at) is None
    assert [shelf.get(key, at=at) for key in others] == [1, 2, 3]
    assert shelf.get(others[0], at=at + timedelta(minutes=1)) is None
    assert shelf.take(others[1], at=at) == 2
    assert shelf.take(others[1], at=at) is None


def test_the_secret_of_a_home_is_its_own(tmp_path: Path) -> None:
    homes = [tmp_path / name for name in ("one", "two")]
    for home in homes:
        prepare_home(load({"ESPACE_HOME": str(home)}))
    assert own_client_secret(homes[0]) == own_client_secret(homes[0]) != own_client_secret(homes[1])
    assert own_client_secret(tmp_path) == ""


def test_whoever_serves_a_token_may_ask_what_it_stands_for(own: Own) -> None:
    in_directory(DOCTOR)
    back = with_ecps(Walker(), own, question(own))
    access = json.loads(exchange(own, code_in(back)).text)["access_token"]
    provider = ours()
    assert provider is not None
    found = borne(provider, access, clients={"espace"}, at=edge.now())
    assert (found.stated.national_id, found.thumbprint) == (DOCTOR.professional.id, "")
    for token, clients, said in ((access, {"other"}, "client_id"), ("another", {"espace"}, "active")):
        with pytest.raises(NotBorne, match=said):
            borne(provider, token, clients=clients, at=edge.now())
    stranger = Walker().post(f"{own.issuer}/introspect", token=access, client_id="espace", client_secret="no")
    assert stranger.status == 401
