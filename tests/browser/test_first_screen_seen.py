"""The professional's first screen in a browser: on a phone allergies are seen before anything is unfolded or scrolled,
and a fact leads to a paragraph that shows which one it is."""

from collections.abc import Iterator
from types import ModuleType

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from browser.seen import NARROW, WIDE, Seen, keep, listening
from cast import AT, Holder, consents, holder, organisation, professional
from clinical.scene import deposit, frame, stated, summary
from espace import edge
from espace.site.demo.people import JEANNE, LEO, Person
from espace.site.demo.stories import hearts, leo
from espace.wire.cda_writing import DRUG_ALLERGY, Allergy, Summary, synthesis
from espace.wire.xds import Coded
from site_demo.living import lived, read_by_a_doctor
from workstation.desk import Desk, file

pytestmark = pytest.mark.usefixtures("db")
WASH = "rgb(250, 231, 221)"
"""The ground of what is marked, in the light theme."""
LONG = "Dépistage du cancer du col de l’utérus : résultat du prélèvement, et ce qu’il faut faire ensuite"


@pytest.fixture
def camille() -> Holder:
    found = holder()
    deposit(found, organisation(), stated(summary(found)))
    file(found, LONG)
    return found


@pytest.fixture
def seen(chromium: Browser, site: str, camille: Holder) -> Iterator[Seen]:
    anne = professional("Morel", "Anne")
    consents(camille, anne, at=edge.now())
    context: BrowserContext = chromium.new_context(base_url=site, locale="fr-FR")
    context.set_default_timeout(10_000)
    context.add_cookies([{"name": "sessionid", "value": Desk(anne).cookies["sessionid"].value, "url": site}])
    seen = listening(context.new_page())
    seen.page.goto(f"/pro/patients/{camille.patient}/")
    yield seen
    context.close()


def sized(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})


def box(one: Locator) -> dict[str, float]:
    found = one.bounding_box()
    assert found is not None
    return dict(found)


def test_on_a_phone_allergies_are_seen_at_once_and_the_acts_unfold(seen: Seen) -> None:
    page, (_, height) = seen.page, NARROW
    sized(page, NARROW)
    allergies, deposit_one = page.locator("[aria-labelledby=allergies]"), page.get_by_role("link", name="Déposer un")
    place = box(allergies)
    assert place["y"] + place["height"] < height
    expect(deposit_one).to_be_hidden()
    page.get_by_text("Accès et actions").click()
    expect(deposit_one).to_be_visible()
    expect(page.get_by_text("Pourquoi vous voyez ce dossier")).to_be_visible()
    seen.look("pro-first-screen-unfolded")


def test_where_there_is_room_nothing_has_to_be_unfolded(seen: Seen) -> None:
    sized(seen.page, WIDE)
    expect(seen.page.get_by_text("Accès et actions")).to_be_hidden()
    acts, allergies = (seen.page.get_by_role("link", name="Déposer un"), seen.page.locator("#allergies"))
    expect(acts).to_be_visible()
    assert box(acts)["y"] < box(allergies)["y"]
    acts.focus()
    expect(acts).to_be_focused()


def test_titles_on_the_shelves_are_whole(seen: Seen) -> None:
    for size in (WIDE, NARROW):
        sized(seen.page, size)
        title = seen.page.locator(".rows a", has_text="Dépistage")
        for side in ("Width", "Height"):
            assert title.evaluate(f"one => one.scroll{side} - one.client{side}") == 0


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_the_paragraph_of_a_fact_is_marked_and_its_section_stays_in_view(
    seen: Seen, camille: Holder, size: tuple[int, int]
) -> None:
    names = [f"Substance {number}" for number in range(40)]
    every = tuple(Allergy(DRUG_ALLERGY, Coded(name, "1.2.250.1.99", name), "", AT.date()) for name in names)
    deposit(camille, organisation(), stated(synthesis(frame(camille), Summary(allergies=every))))
    sized(seen.page, size)
    seen.page.reload()
    panel = seen.page.locator("[aria-labelledby=allergies]")
    path = panel.locator("li.fact", has_text="Substance 30").locator("a.source").first.get_attribute("href")
    seen.page.goto(str(path))
    target = seen.page.locator(":target")
    expect(target).to_contain_text("Substance 30")
    assert target.evaluate("one => getComputedStyle(one).backgroundColor") == WASH
    assert target.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    title = seen.page.locator(".cda section:has(:target) > :is(h2, h3, h4)").last
    assert 0 <= box(title)["y"] < box(title)["y"] + box(title)["height"] <= box(target)["y"]
    assert size[1] * 0.2 < box(target)["y"] < size[1] * 0.6
    for media in ({"forced_colors": "active"}, {"media": "print", "forced_colors": "none"}):
        seen.page.emulate_media(**media)  # type: ignore[arg-type]
        assert target.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    seen.page.emulate_media(media="screen")
    seen.look("pro-reading-source")


@pytest.mark.parametrize(("person", "story"), [(JEANNE, hearts), (LEO, leo)])
def test_the_panels_of_those_who_have_most_to_do_end_on_the_screen_of_a_laptop(
    chromium: Browser, site: str, person: Person, story: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page of a day that never changes; in the demonstration a notice of 32 px stands above it."""
    written = read_by_a_doctor(lived(person, story, monkeypatch).of, "")
    context = chromium.new_context(base_url=site, viewport={"width": 1280, "height": 768})
    page = context.new_page()
    page.route("**/pro/ecran/", lambda route: route.fulfill(body=written, content_type="text/html; charset=utf-8"))
    page.goto("/pro/ecran/")
    ends = page.locator(".screen .panel").evaluate_all("all => all.map(one => one.getBoundingClientRect().bottom)")
    keep(page, f"pro-first-screen-{person.slug}")
    context.close()
    assert len(ends) == 5
    assert max(ends) <= 768 - 32
