"""The style guide: in the demonstration only, in both languages, with every part that pages include."""

import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from espace.site.demo.examples import COMPONENTS

ROOT = Path(__file__).parents[2] / "src" / "espace"
FRAME = {"looks/parts/who.html", "portal/parts/tabs.html"}
"""Parts that every page of the guide has around it."""
ADDRESSES = ("", "clair/", "sombre/")
SHEETS = ("jetons", "clair", "sombre")


@pytest.fixture
def demonstration(settings: Settings) -> None:
    settings.ESPACE_DEMONSTRATION = True


@pytest.mark.usefixtures("demonstration")
@pytest.mark.parametrize("address", ADDRESSES)
def test_it_shows_tokens_and_components(address: str) -> None:
    answer = Client().get(f"/styleguide/{address}")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count("<h1") == 1
    assert "Boutons" in page and 'class="dark-paper"' in page and "#131a19" in page
    assert ('href="/styleguide/sombre.css"' in page) is (address == "sombre/")


@pytest.mark.usefixtures("demonstration")
def test_it_speaks_english() -> None:
    client = Client()
    client.cookies["django_language"] = "en"
    page = client.get("/styleguide/").content.decode()
    assert "Style guide" in page and "Buttons" in page and "Boutons" not in page


@pytest.mark.usefixtures("demonstration")
@pytest.mark.parametrize("name", SHEETS)
def test_its_sheets_are_sheets(name: str) -> None:
    answer = Client().get(f"/styleguide/{name}.css")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/css; charset=utf-8")


@pytest.mark.usefixtures("demonstration")
@pytest.mark.parametrize("address", ["rose/", "rose.css", "..%2f/"])
def test_another_theme_does_not_exist(address: str) -> None:
    assert Client().get(f"/styleguide/{address}").status_code == 404


@pytest.mark.parametrize("address", [*ADDRESSES, *(f"{one}.css" for one in SHEETS)])
def test_outside_the_demonstration_it_does_not_exist(address: str) -> None:
    assert Client().get(f"/styleguide/{address}").status_code == 404


def test_every_part_that_pages_include_has_its_example() -> None:
    folders = [path for path in ROOT.glob("*/templates/*/parts") if path.is_dir()]
    parts = {f"{path.parent.parent.name}/parts/{path.name}" for one in folders for path in one.glob("*.html")}
    shown = "\n".join(_source(one.template) for one in COMPONENTS) + "\n".join(one.template for one in COMPONENTS)
    assert {part for part in parts - FRAME if part not in shown} == set()


def _source(template: str) -> str:
    room = re.match(r"\w+", template)
    assert room is not None
    return (ROOT / room[0] / "templates" / template).read_text(encoding="utf-8")


def test_walkers_of_the_web_are_told_what_is_not_theirs() -> None:
    answer = Client().get("/robots.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /fhir/",
        "Disallow: /hl7v2",
        "Disallow: /oauth/",
        "Disallow: /xds/",
    ]
