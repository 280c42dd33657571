"""Step-up: every sensitive address asks for a second factor given in the last ten minutes, and nothing else does."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from espace.edge import clock_at
from espace.portal.urls import ROUTES
from portal.helpers import code_at, member, signed_in
from portal.security import entered, words

pytestmark = pytest.mark.usefixtures("cheap")
NOW = datetime(2026, 3, 5, 8, 0, 10, tzinfo=UTC)
TEN, SECOND = timedelta(minutes=10), timedelta(seconds=1)

SENSITIVE = {
    "add_key", "application", "ask_copy", "change_address", "change_password", "end_others", "end_session",
    "mail_codes", "name_key", "new_recovery_codes", "recovery_codes", "remove_application", "remove_key", "take_copy",
}  # fmt: skip
"""What changes how one signs in, or who is signed in; and what empties the space into one file."""
PATHS = {
    route.name: "/" + route.path.replace("<uuid:session_id>", str(uuid4())).replace("<int:key_id>", "7")
    for route in ROUTES
    if route.fresh
}


def test_every_sensitive_address_asks_for_a_fresh_second_factor() -> None:
    assert {route.name for route in ROUTES if route.fresh} >= SENSITIVE
    under = {route.name for route in ROUTES if route.path.startswith("securite/") and not route.fresh}
    # Stopping somebody who would replace every way in may not wait for a second factor.
    assert under == {"security", "security_confirm", "confirm_mail", "confirm_key", "cancel_way_back"}


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_it_nothing_is_shown_or_done(method: str) -> None:
    camille = member()
    late, never = entered(camille, NOW), signed_in(camille)
    for path in PATHS.values():
        with clock_at(NOW + TEN):
            for browser in (late, never):
                if (method, path) == ("post", PATHS["take_copy"]):
                    continue  # it is only read
                answer = getattr(browser, method)(path)
                assert answer.status_code == 302
                assert answer["Location"].startswith("/securite/confirmer/?suite=")


@pytest.mark.parametrize(("after", "asked"), [(TEN - SECOND, False), (TEN, True), (-SECOND, True)])
def test_fresh_is_less_than_ten_minutes_and_not_before(after: timedelta, asked: bool) -> None:
    browser = entered(member(), NOW)
    with clock_at(NOW + after):
        assert (browser.get("/securite/codes/nouveaux/").status_code == 302) is asked


def test_the_minutes_are_a_setting(settings: Any) -> None:
    settings.ESPACE_STEP_UP_MINUTES = 2
    browser = entered(member(), NOW)
    with clock_at(NOW + timedelta(minutes=2)):
        assert browser.get("/securite/codes/nouveaux/").status_code == 302


def test_a_code_confirms_and_leads_back() -> None:
    browser, late = entered(member(), NOW), NOW + 2 * TEN
    with clock_at(late):
        asked = browser.get("/securite/codes/nouveaux/")
        page = browser.get(asked["Location"])
        assert "Confirmez que c’est vous" in words(page)
        assert 'name="suite" value="/securite/codes/nouveaux/"' in page.content.decode()
        form = {"code": code_at(late), "suite": "/securite/codes/nouveaux/"}
        assert browser.post("/securite/confirmer/", form)["Location"] == "/securite/codes/nouveaux/"
        assert browser.get("/securite/codes/nouveaux/").status_code == 200


@pytest.mark.parametrize("code", ["000000", "", "00000-00000", "x" * 40, "１２３４５６"])
def test_a_wrong_code_confirms_nothing(code: str) -> None:
    browser, late = entered(member(), NOW), NOW + 2 * TEN
    with clock_at(late):
        assert browser.post("/securite/confirmer/", {"code": code}).status_code == 422
        assert browser.get("/securite/codes/nouveaux/").status_code == 302


def test_a_code_that_signed_in_does_not_confirm_and_tries_are_bounded() -> None:
    camille = member()
    browser, late = entered(camille, NOW), NOW + 2 * TEN
    with clock_at(late):
        assert browser.post("/securite/confirmer/", {"code": code_at(late)}).status_code == 302
        assert browser.post("/securite/confirmer/", {"code": code_at(late)}).status_code == 422
        for _n in range(4):
            browser.post("/securite/confirmer/", {"code": "abcde-fghjk"})
        stopped = browser.post("/securite/confirmer/", {"code": code_at(late + timedelta(seconds=30))})
    assert stopped.status_code == 429


@pytest.mark.parametrize(
    "path", ["https://exemple.org/", "//exemple.org/", "/\\exemple.org", "javascript:x", "", "/" * 600]
)
def test_confirming_leads_nowhere_else(path: str) -> None:
    browser, late = entered(member(), NOW), NOW + 2 * TEN
    with clock_at(late):
        done = browser.post("/securite/confirmer/", {"code": code_at(late), "suite": path})
    assert done["Location"] == "/securite/"
