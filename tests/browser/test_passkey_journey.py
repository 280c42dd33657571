"""A holder’s passkey in a real browser, with Chromium’s own software authenticator: added, used alone, after a password
and before a sensitive act; then without the script. The pages of « Sécurité » are looked at.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from browser.seen import NARROW, WIDE, Seen, listening
from espace import edge
from portal.helpers import PASSWORD, Member, code_at, member
from portal.security import with_address

pytestmark = pytest.mark.usefixtures("db")
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def context(chromium: Browser, site: str) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=site, viewport={"width": WIDE[0], "height": WIDE[1]}, locale="fr-FR")
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def seen(context: BrowserContext) -> Seen:
    return listening(context.new_page())


def device(page: Page) -> tuple[Any, str]:
    """Plug a software authenticator in; the channel to the browser, and its name there."""
    channel = page.context.new_cdp_session(page)
    channel.send("WebAuthn.enable")
    made = channel.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    return channel, made["authenticatorId"]


def give_password(page: Page, who: Member) -> None:
    page.goto("/connexion/")
    page.get_by_label("Identifiant").fill(who.identifier)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Continuer").click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("link", name="Se connecter")).to_be_visible()


def test_a_passkey_from_its_making_to_its_last_use(seen: Seen) -> None:
    page, camille = seen.page, with_address(member(), "camille@example.org")
    channel, name = device(page)
    give_password(page, camille)
    seen.picture("connexion-code", *NARROW)
    page.get_by_label("Code à six chiffres").fill(code_at(edge.now()))
    page.get_by_role("button", name="Ouvrir mon espace").click()
    page.get_by_role("link", name="Partage et accès").click()
    page.get_by_role("link", name="Sécurité").click()
    page.get_by_role("link", name="Ajouter une clé d’accès").click()
    seen.picture("securite-ajouter-une-cle", *NARROW)
    page.get_by_label("Donnez-lui un nom").fill("téléphone")
    page.get_by_role("button", name="Ajouter la clé d’accès").click()
    expect(page.get_by_role("status")).to_contain_text("ouvre maintenant votre espace")
    expect(page.get_by_role("heading", name="téléphone")).to_be_visible()
    seen.look("securite")
    page.get_by_role("link", name="Faire des codes de secours").click()
    page.get_by_role("button", name="Faire dix codes").click()
    expect(page.get_by_role("listitem").locator("code")).to_have_count(10)
    seen.picture("securite-codes", *NARROW)
    page.get_by_role("button", name="C’est noté").click()
    sign_out(page)
    page.goto("/connexion/")
    page.get_by_role("link", name="Se connecter avec une clé d’accès").click()
    expect(page.get_by_text("Les autres moyens restent.")).to_be_hidden()
    seen.picture("connexion-cle", *NARROW)
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bonjour")
    sign_out(page)
    give_password(page, camille)
    page.get_by_role("link", name="Utiliser ma clé d’accès").click()
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bonjour")
    page.goto("/securite/confirmer/?suite=/securite/application/retirer/")
    seen.picture("securite-confirmer", *NARROW)
    page.get_by_role("link", name="Utiliser ma clé d’accès").click()
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ne plus utiliser votre application ?")
    sign_out(page)
    channel.send("WebAuthn.setUserVerified", {"authenticatorId": name, "isUserVerified": False})
    page.goto("/connexion/cle/")
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(page.get_by_role("alert")).to_contain_text("vous avez annulé")


def test_the_other_pages_of_security(seen: Seen) -> None:
    page, camille = seen.page, with_address(member(), "camille@example.org")
    give_password(page, camille)
    page.get_by_label("Code à six chiffres").fill(code_at(edge.now()))
    page.get_by_role("button", name="Ouvrir mon espace").click()
    for path, name in (("application", "application"), ("courriel", "courriel"), ("sessions/fermer", "sessions")):
        page.goto(f"/securite/{path}/")
        seen.picture(f"securite-{name}", *NARROW)
    assert seen.said == []


def test_without_script_the_page_leads_to_the_other_ways(chromium: Browser, site: str) -> None:
    context = chromium.new_context(base_url=site, java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.goto("/connexion/cle/")
    expect(page.get_by_text("Les autres moyens restent.")).to_be_visible()
    expect(page.get_by_role("button", name="Utiliser ma clé d’accès")).to_be_hidden()
    page.get_by_role("link", name="Se connecter avec un mot de passe").click()
    expect(page.get_by_label("Identifiant")).to_be_visible()
    context.close()
