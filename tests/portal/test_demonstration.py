"""The pages of the demonstration: caught mails, whose links work, and a cast whose codes are right now."""

import re
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from espace.edge import clock_at
from espace.portal.codes import matching_step
from espace.site.demo.people import CAMILLE, CAST
from espace.site.provider.accounts import ACCOUNTS

NOW = datetime(2026, 3, 5, 8, 0, 10, tzinfo=UTC)
MAIL = b"""From: espace-sante@localhost\r
To: camille@example.org\r
Subject: =?utf-8?q?Votre_espace_est_pr=C3=AAt?=\r
Date: Thu, 05 Mar 2026 08:00:00 +0000\r
Content-Type: text/plain; charset=utf-8\r
Content-Transfer-Encoding: 8bit\r
\r
Bonjour,\r
<b>Ouvrez</b> http://localhost:8000/activation/abc-DEF_1/ ou http://exemple.org/ailleurs\r
"""


@pytest.fixture(autouse=True)
def demonstration(settings: Settings, tmp_path: Path) -> Path:
    settings.ESPACE_DEMONSTRATION = True
    settings.ESPACE_MAIL_FOLDER = tmp_path
    settings.ESPACE_PUBLIC_URL = "http://localhost:8000"
    return tmp_path


def test_the_cast_is_shown_with_codes_that_are_right() -> None:
    with clock_at(NOW):
        page = Client().get("/demo/").content.decode()
    assert CAMILLE.sign_in is not None
    assert CAMILLE.sign_in.identifier in page and CAMILLE.sign_in.password in page
    codes = re.findall(r"<code>([0-9]{6})</code>", page)
    assert len(codes) == len([one for one in CAST if one.sign_in]) + len(ACCOUNTS)
    assert matching_step(CAMILLE.sign_in.totp_secret, codes[0], NOW) is not None
    assert "ceux-ci valent encore 20 s" in page


def test_mails_are_listed_and_read_and_only_our_own_links_are_links(demonstration: Path) -> None:
    name = uuid4()
    (demonstration / f"{name}.eml").write_bytes(MAIL)
    listed = Client().get("/demo/").content.decode()
    assert "Votre espace est prêt" in listed and f'href="/demo/courriers/{name}/"' in listed
    mail = Client().get(f"/demo/courriers/{name}/").content.decode()
    assert '<a href="http://localhost:8000/activation/abc-DEF_1/">' in mail
    assert 'href="http://exemple.org' not in mail
    assert "&lt;b&gt;Ouvrez&lt;/b&gt;" in mail
    assert "jeudi 5 mars 2026 à 9\u00a0h\u00a000" in mail


@pytest.mark.parametrize(
    ("zone", "said"), [("-0000", "9"), ("+0200", "7"), ("+9999", None), ("", "9")]
)
def test_a_mail_says_when_it_was_sent_whatever_its_zone(demonstration: Path, zone: str, said: str | None) -> None:
    name = uuid4()
    (demonstration / f"{name}.eml").write_bytes(MAIL.replace(b"+0000", zone.encode()))
    mail = Client().get(f"/demo/courriers/{name}/").content.decode()
    assert (f"jeudi 5 mars 2026 à {said}\u00a0h\u00a000" if said else "Sans date") in mail


def test_people_are_named_as_their_record_names_them() -> None:
    page = Client().get("/demo/").content.decode()
    assert page.count("Monique Marchand, née Le Bihan") == 2
    assert "inconnue ou inconnu" not in page


def test_a_broken_mail_is_still_a_page(demonstration: Path) -> None:
    name = uuid4()
    (demonstration / f"{name}.eml").write_bytes(b"\xff\xfe not a mail")
    assert Client().get("/demo/").status_code == 200
    assert Client().get(f"/demo/courriers/{name}/").status_code == 200


def test_a_mail_that_is_not_there_is_not_found() -> None:
    assert Client().get(f"/demo/courriers/{uuid4()}/").status_code == 404
