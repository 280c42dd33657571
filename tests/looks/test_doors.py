"""Each address is shown in the frame of its door; the templates are closed."""

import re
from operator import attrgetter
from pathlib import Path

import pytest
from django.test import RequestFactory
from pytest_django.fixtures import Settings

import espace
from espace.kernel.reasons import Reason, care, decisions
from espace.looks.frame import Door, door_of, frame
from espace.looks.plain import refusal

TEMPLATES = sorted(
    path for path in Path(espace.__file__).parent.glob("*/templates/**/*.html") if path.parent.name != "copies"
)
"""Of pages that we serve; a copy of a space is read from a disk, without us: its style is in it."""

INNER = Door(
    home="/documents/",
    places=(("documents", "Patients", "list"),),
    signout="signout",
    told=attrgetter("professional"),
    promise="Chaque lecture est notée.",
    service="Professionnels",
)


@pytest.fixture
def two_doors(settings: Settings) -> None:
    settings.ESPACE_DOORS = ["espace.portal.places.DOOR", "looks.test_doors.INNER"]


@pytest.mark.usefixtures("two_doors")
@pytest.mark.parametrize(
    ("path", "home"),
    [("/", "/"), ("/demo/", "/"), ("/document", "/"), ("/documents/", "/documents/"), ("/documents/x/", "/documents/")],
)
def test_an_address_belongs_to_the_nearest_door(path: str, home: str) -> None:
    assert door_of(RequestFactory().get(path)).home == home


@pytest.mark.usefixtures("two_doors")
def test_a_page_has_the_places_and_words_of_its_door() -> None:
    inner = frame(RequestFactory().get("/documents/"), "Anne Morel")
    assert [(place.path, place.label, place.current) for place in inner.places] == [("/documents/", "Patients", "page")]
    assert (inner.home, inner.service, inner.promise) == ("/documents/", "Professionnels", "Chaque lecture est notée.")
    outer = frame(RequestFactory().get("/demo/"), "Camille Duval")
    assert [place.path for place in outer.places] == ["/", "/documents/", "/sante/", "/partage/"]
    assert (outer.home, outer.service) == ("/", "")


def test_what_to_do_is_said_to_who_can_do_it() -> None:
    """« Parlez-en avec le patient » is no answer to the patient."""
    reason = care.PROFESSIONAL_BLOCKED
    assert reason.fix and reason.holder_fix
    holder = refusal(RequestFactory().get("/partage/"), reason, name="").content.decode()
    helper = refusal(RequestFactory().get("/partage/"), reason, name="", to_helper=True).content.decode()
    professional = refusal(RequestFactory().get("/pro/"), reason, name="").content.decode()
    assert reason.holder_fix.fr in holder and reason.holder_fix.fr in helper and reason.fix.fr in professional
    assert reason.holder.fr in holder and "Ce professionnel est bloqué." in helper


@pytest.mark.parametrize("reason", [decisions.SPACE_SUSPENDED, decisions.SPACE_NOT_OPEN])
def test_who_helps_is_not_told_to_reopen_a_space(reason: Reason) -> None:
    """Its holder alone does."""
    asked = RequestFactory().get("/partage/")
    holder = refusal(asked, reason, name="").content.decode()
    helper = refusal(asked, reason, name="", to_helper=True).content.decode()
    assert "ous pouvez le rouvrir" in holder and "ous pouvez le rouvrir" not in helper
    assert "elle se connecte et le demande." in helper


@pytest.mark.usefixtures("two_doors")
def test_a_refusal_speaks_to_the_audience_of_its_door() -> None:
    reason = decisions.ORGANISATION_CANNOT_READ
    holder = refusal(RequestFactory().get("/demo/"), reason, name="").content.decode()
    professional = refusal(RequestFactory().get("/documents/"), reason, name="").content.decode()
    assert reason.holder.fr in holder and reason.professional.fr not in holder
    assert reason.professional.fr in professional and reason.holder.fr not in professional
    assert 'class="button" href="/documents/"' in professional


OWN_SCRIPT = re.compile(r"""<script src="{% static '[a-z/]+\.js' %}" defer></script>""")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_pages_have_no_script_no_style_attribute_and_no_other_site(template: Path) -> None:
    """Nothing is written in the page itself; a file of ours may add comfort."""
    text = OWN_SCRIPT.sub("", template.read_text(encoding="utf-8"))
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|https?://", text)
