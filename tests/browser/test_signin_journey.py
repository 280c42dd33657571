"""Signing in as a professional in a real browser, with the demonstration's provider in its own process: there, back,
where one practises, and out of both; and out because the provider says so."""

import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from browser.seen import Seen, listening
from espace import edge
from espace.identity.actions import put_professional
from espace.identity.facts import Activity, Professional
from espace.identity.rules import professional_uuid
from espace.site.processes import start_child, stop_child
from espace.site.provider.accounts import ACCOUNTS, Account
from espace.site.provider.claims import profession_of
from espace.site.provider.codes import code_at
from espace.site.source import ROOT
from espace.site.testbed import free_port

DOCTOR, STRANGER, NURSE, _ = ACCOUNTS
DEADLINE_SECONDS = 90
GRANIAN = ("granian", "--interface", "wsgi", "--host", "127.0.0.1", "--workers", "1", "--port")

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture(scope="module")
def pair(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site and its provider, which know each other; the address of the site."""
    port = free_port()
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "ESPACE_PORT": str(port)}
    environment.pop("ESPACE_PUBLIC_URL", None)
    log = tmp_path_factory.mktemp("pair") / "server.log"
    commands = ((*GRANIAN, str(port), "espace.site.wsgi:application"), ("espace.site.provider",))
    with log.open("wb") as output, ExitStack() as stack:
        for words in commands:
            child = start_child([sys.executable, "-P", "-m", *words], environment=environment, output=output)
            stack.callback(stop_child, child)
        _wait(f"http://localhost:{port}/healthz", log)
        _wait(f"http://localhost:{port + 1}/jwks", log)
        yield f"http://localhost:{port}"


def _wait(address: str, log: Path) -> None:
    end = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(address, timeout=1).close()
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise RuntimeError(f"{address} did not answer: {log.read_text(errors='replace')[-2000:]}")


@pytest.fixture
def context(chromium: Browser, pair: str) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=pair, viewport={"width": 1280, "height": 900}, locale="fr-FR")
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def seen(context: BrowserContext) -> Seen:
    return listening(context.new_page())


def in_directory(account: Account, *more: Activity, active: bool = True) -> None:
    who = account.professional
    own = tuple(
        Activity(edge.new_id(), one.name, finess=one.id[1:], sector=one.facility.code, region="53", city="Rennes")
        for one in account.structures
    )
    found, places = professional_uuid(who.id), (*own, *more)
    put_professional(
        Professional(found, who.id, who.family, who.given, profession_of(account), "", active, places)
    )


def give_password(page: Page, account: Account) -> None:
    page.goto("/pro/")
    page.get_by_role("link", name="Se connecter avec Pro Santé Connect").click()
    page.get_by_label("Identifiant").fill(account.identifier)
    page.get_by_label("Mot de passe").fill(account.password)
    page.get_by_role("button", name="Continuer").click()


def test_there_and_back_with_a_code_then_out_of_both(seen: Seen, pair: str) -> None:
    in_directory(DOCTOR, Activity(edge.new_id(), "Clinique du Port", sector="SA01", region="53", city="Vannes"))
    page = seen.page
    page.goto("/pro/")
    seen.look("pro-welcome")
    page.get_by_role("link", name="Se connecter avec Pro Santé Connect").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Se connecter")
    seen.look("provider-password")
    give_password(page, DOCTOR)
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirmer")
    seen.look("provider-second-proof")
    page.get_by_label("Code à six chiffres").fill(code_at(DOCTOR.totp_secret, edge.now()))
    page.get_by_role("button", name="Confirmer", exact=True).click()
    expect(page).to_have_url(f"{pair}/pro/")
    expect(page.get_by_text("Hélène Morvan", exact=True)).to_be_visible()
    page.goto("/pro/lieu/")
    seen.look("pro-place")
    page.get_by_role("button", name="Clinique du Port").click()
    expect(page).to_have_url(f"{pair}/pro/")
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page).to_have_url(f"{pair}/pro/au-revoir/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Vous êtes déconnecté")
    seen.look("pro-goodbye")
    give_password(page, DOCTOR)
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirmer")


def test_what_the_provider_ends_is_ended_here(seen: Seen, context: BrowserContext, pair: str) -> None:
    in_directory(STRANGER)
    page = seen.page
    give_password(page, STRANGER)
    page.get_by_role("button", name="Confirmer sur mon e-CPS").click()
    expect(page).to_have_url(f"{pair}/pro/")
    other = context.new_page()
    other.goto(f"http://localhost:{int(pair.rpartition(':')[2]) + 1}/")
    listening(other).picture("provider-session", 1280, 900)
    other.get_by_role("button", name="Fermer la session").click()
    expect(other.get_by_text("Aucune session n’est ouverte ici")).to_be_visible()
    page.goto("/pro/lieu/")
    expect(page).to_have_url(f"{pair}/pro/")
    expect(page.get_by_role("link", name="Se connecter avec Pro Santé Connect")).to_be_visible()


@pytest.fixture
def retired_nurse() -> Iterator[None]:
    """For the time of a test: the tests of a worker share its directory."""
    in_directory(NURSE, active=False)
    yield
    in_directory(NURSE)


@pytest.mark.usefixtures("retired_nurse")
def test_somebody_who_no_longer_practises_is_told_why(seen: Seen) -> None:
    page = seen.page
    give_password(page, NURSE)
    page.get_by_role("button", name="Confirmer sur mon e-CPS").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vous n’exercez pas en ce moment")
    assert page.locator("input[name=retour]").input_value() == "/pro/"
    seen.said.clear()  # the browser says itself that the status is 403
    seen.look("pro-refused")
