"""Against a provider that we did not write, npm `oidc-provider`: signing in, being refused, signing out, being told."""

import json
import select
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client as Browser

from espace import edge
from espace.identity.adapters.oidc.bearing import NotBorne, borne
from espace.identity.adapters.oidc.provider import ours
from espace.site.foreign import FOREIGN, installed
from espace.site.testbed import free_port
from workstation.fake_provider import challenge_of, place, somebody
from workstation.walking import Walker, announced

SECRET = "un-secret-de-trente-deux-lettres"
NEEDS = "npm oidc-provider is not installed: ./espace test installs it where node and npm are"


@dataclass(frozen=True)
class Foreign:
    issuer: str
    logouts: "Queue[str]"

    def recognises(self, **how: object) -> None:
        assert Walker().opener.open(f"{self.issuer}/control", json.dumps(how).encode(), timeout=20).status == 200


@pytest.fixture(scope="module")
def running(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Foreign]:
    folder = installed("oidc")
    if folder is None:
        pytest.skip(NEEDS)
    from django.conf import settings

    with django_db_blocker.unblock():
        national_id = somebody(place()).national_id
    here = tmp_path_factory.mktemp("oidc")
    (here / "node_modules").symlink_to(folder / "node_modules")
    (here / "provider.mjs").write_bytes((FOREIGN / "oidc" / "provider.mjs").read_bytes())
    port = free_port()
    with announced() as (told_at, logouts):
        client = {
            "client_id": "espace",
            "client_secret": SECRET,
            "redirect_uris": [f"{settings.ESPACE_PUBLIC_URL}/pro/retour/"],
            "post_logout_redirect_uris": [f"{settings.ESPACE_PUBLIC_URL}/pro/au-revoir/"],
            "backchannel_logout_uri": f"http://127.0.0.1:{told_at}/",
            "backchannel_logout_session_required": True,
        }
        said = {
            "SubjectNameID": national_id,
            "family_name": "MOREL",
            "given_name": "Anne",
            "Palier_Authentification": "CARTE^1.2.250.1.213.1.5.1.1.1",
        }
        with _node(here, {"port": port, "client": client, "account": said}) as process:
            yield Foreign(f"http://127.0.0.1:{port}", logouts)
            process.terminate()


READY_SECONDS = 40
STARTS = 3


def _node(here: Path, how: dict[str, object]) -> "subprocess.Popen[str]":
    """The provider, ready. Node was once seen to hang before its first line: it is then started again."""
    errors = ""
    for _start in range(STARTS):
        process = subprocess.Popen(
            ["node", "provider.mjs", json.dumps(how)],
            cwd=here,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        heard, _, _ = select.select([process.stdout], [], [], READY_SECONDS)
        if heard and process.stdout.readline() == "ready\n":
            return process
        process.kill()
        errors = process.communicate()[1]
    raise AssertionError(f"node did not get ready: {errors}")


@pytest.fixture
def foreign(running: Foreign, db: None, settings: Any) -> Foreign:
    settings.ESPACE_PSC_ISSUER = running.issuer
    settings.ESPACE_PSC_DISCOVERY = f"{running.issuer}/.well-known/openid-configuration"
    settings.ESPACE_PSC_CLIENT_ID, settings.ESPACE_PSC_CLIENT_SECRET = "espace", SECRET
    running.recognises(acr="eidas1", amr=["pwd", "otp"])
    return running


def sign_in(browser: Browser, walker: Walker, settings: Any) -> Any:
    """Through the foreign provider's own pages and back; the answer of our callback."""
    began = browser.get("/pro/connexion/")
    assert began.status_code == 302
    back = walker.follow(began["Location"], settings.ESPACE_PUBLIC_URL)
    assert urlsplit(back).path == "/pro/retour/"
    return browser.get(f"/pro/retour/?{urlsplit(back).query}")


def is_in(browser: Browser) -> bool:
    response = browser.get("/pro/")
    return response.status_code == 200 and response.context["frame"].name == "Anne Morel"


def test_it_takes_our_question_and_we_take_its_answer(foreign: Foreign, settings: Any) -> None:
    browser = Browser()
    response = sign_in(browser, Walker(), settings)
    assert (response.status_code, response.get("Location")) == (302, "/pro/"), response.content.decode()
    assert is_in(browser)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"acr": "eidas1", "amr": ["pwd"]}, "deux preuves"),
        ({"acr": "urn:moins-sur", "amr": ["pwd", "otp"]}, "pas assez sûre"),
    ],
)
def test_we_ask_as_much_of_it_as_of_anybody(
    foreign: Foreign, settings: Any, how: dict[str, object], said: str
) -> None:
    foreign.recognises(**how)
    browser = Browser()
    response = sign_in(browser, Walker(), settings)
    assert response.status_code == 403
    assert said in response.content.decode()
    assert not is_in(browser)


def test_a_code_of_its_serves_once(foreign: Foreign, settings: Any) -> None:
    first, walker = Browser(), Walker()
    back = walker.follow(first.get("/pro/connexion/")["Location"], settings.ESPACE_PUBLIC_URL)
    query = urlsplit(back).query
    assert first.get(f"/pro/retour/?{query}").status_code == 302
    assert first.get(f"/pro/retour/?{query}").status_code == 400
    assert Browser().get(f"/pro/retour/?{query}").status_code == 400


def test_its_announced_log_out_ends_our_session_and_we_come_back(foreign: Foreign, settings: Any) -> None:
    """RP-initiated: we leave, it asks its own question, tells every session it knows of, and sends us back."""
    walker, here, elsewhere = Walker(), Browser(), Browser()
    for browser in (here, elsewhere):
        assert sign_in(browser, walker, settings).status_code == 302
    leaving = here.post("/pro/deconnexion/")
    assert leaving.status_code == 303
    asked = walker.get(leaving["Location"])
    assert asked.status == 200, asked.text
    done = walker.post(f"{foreign.issuer}/session/end/confirm", xsrf=_xsrf(asked.text), logout="yes")
    assert done.location == f"{settings.ESPACE_PUBLIC_URL}/pro/au-revoir/"
    token = foreign.logouts.get(timeout=20)
    assert is_in(elsewhere)
    form = {"content_type": "application/x-www-form-urlencoded"}
    assert Browser().post("/pro/deconnexion-annoncee/", f"logout_token={token}", **form).status_code == 200
    assert not is_in(elsewhere)
    assert Browser().post("/pro/deconnexion-annoncee/", f"logout_token={token}", **form).status_code == 400


def _xsrf(page: str) -> str:
    _before, found, after = page.partition('name="xsrf" value="')
    assert found, page
    return after.partition('"')[0]


def test_it_says_what_its_tokens_stand_for(foreign: Foreign, settings: Any) -> None:
    settings.ESPACE_PSC_TIERS = ("CARTE",)
    access, provider = access_token(foreign, settings), ours()
    assert provider is not None
    found = borne(provider, access, clients={"espace"}, at=edge.now())
    assert (len(found.stated.national_id), found.thumbprint) == (12, "")
    for token, clients, said in ((access, {"other"}, "client_id"), ("another", {"espace"}, "active")):
        with pytest.raises(NotBorne, match=said):
            borne(provider, token, clients=clients, at=edge.now())
    settings.ESPACE_PSC_TIERS = ()
    weaker = ours()
    assert weaker is not None
    with pytest.raises(NotBorne, match="amr"):
        borne(weaker, access, clients={"espace"}, at=edge.now())


def access_token(foreign: Foreign, settings: Any) -> str:
    """As a vendor's software gets one for its user."""
    home = f"{settings.ESPACE_PUBLIC_URL}/pro/retour/"
    asked = {
        "response_type": "code", "client_id": "espace", "redirect_uri": home, "scope": "openid scope_all",
        "nonce": "n", "state": "s", "code_challenge": challenge_of("v" * 43), "code_challenge_method": "S256",
    }  # fmt: skip
    walker = Walker()
    back = walker.follow(f"{foreign.issuer}/auth?{urlencode(asked)}", settings.ESPACE_PUBLIC_URL)
    given = walker.post(
        f"{foreign.issuer}/token", grant_type="authorization_code", client_id="espace", client_secret=SECRET,
        redirect_uri=home, code=parse_qs(urlsplit(back).query)["code"][0], code_verifier="v" * 43,
    )  # fmt: skip
    return str(json.loads(given.text)["access_token"])
