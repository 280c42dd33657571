"""What a sign-in leaves in the security log, and a nonce that is not ours: words received go nowhere."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client as Browser

from espace import edge
from espace.identity.adapters.oidc import tokens
from espace.trace.adapters import security_log
from workstation.fake_provider import CLIENT, Fake, come_back, provider, start, use

pytestmark = pytest.mark.django_db


@pytest.fixture
def fake(settings: Any) -> Iterator[Fake]:
    with provider() as found:
        use(found, settings)
        yield found


_SAID_BY_PROVIDER = {
    "access_denied": "access_denied",
    "login_required": "login_required",
    "unmet_authentication_requirements": "unmet_authentication_requirements",
    "Access_Denied": "other",
    "access_denied ": "other",
    "access_denied.duval": "other",
    "invalid_grant": "other",
    "camille.duval": "other",
    "185037512345678": "other",
    "a\nkind=pro.signin": "other",
    "é" * 5_000: "other",
    "": "other",
}


@pytest.mark.parametrize(("error", "noted"), _SAID_BY_PROVIDER.items(), ids=range(len(_SAID_BY_PROVIDER)))
def test_the_security_log_has_a_code_of_the_standard_and_never_the_value_received(
    fake: Fake, monkeypatch: pytest.MonkeyPatch, error: str, noted: str
) -> None:
    lines: list[tuple[str, str]] = []
    monkeypatch.setattr(security_log, "note", lambda kind, reason, _request: lines.append((kind, reason)))
    browser = Browser()
    question = start(fake, browser)
    assert come_back(browser, error=error, state=question["state"]).status_code == 403
    assert lines == [("pro.signin", f"provider_declined.{noted}")]


@pytest.mark.parametrize("said", ["\ud800", "é" * 43, "", "nonce ", "nonc", None, 7, ["nonce"], b"nonce"])
def test_a_nonce_that_is_not_ours_byte_for_byte_is_not_believed(said: object) -> None:
    at = edge.now()
    moment = int(at.timestamp())
    claims = {"iss": "https://psc.test", "aud": CLIENT, "sub": "a", "iat": moment, "exp": moment + 60}
    expected = tokens.Expected("https://psc.test", CLIENT, at)
    assert tokens.check_id_token(claims | {"nonce": "nonce"}, expected, nonce="nonce").sub == "a"
    with pytest.raises(tokens.BadToken, match=r"^nonce$"):
        tokens.check_id_token(claims | {"nonce": said}, expected, nonce="nonce")
