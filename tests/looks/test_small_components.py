"""What a page has by dozens is made by a tag: pictograms, and the sources of facts."""

import re
from pathlib import Path

import pytest
from django.template import Context, Template, TemplateDoesNotExist

from espace.looks.health import Source

ROOT = Path(__file__).parents[2] / "src" / "espace"
ICONS = ROOT / "looks" / "templates" / "looks" / "icons"
PAGES = tuple(ROOT.glob("*/templates/**/*.html"))


def shown(source: Source) -> str:
    return Template("{% load looks %}{% source source %}").render(Context({"source": source}))


def test_a_fact_leads_to_the_document_where_it_was_read() -> None:
    page = shown(Source("/documents/1/#p1", "4 mars 2025", "Lettre", "", ""))
    assert page.startswith('<a class="source" href="/documents/1/#p1"><svg class="icon"')
    said = '<span class="unseen">Lire dans «\u202fLettre\u202f», </span>4 mars 2025</a>'
    assert page.endswith(said)


def test_words_of_others_are_no_markup() -> None:
    page = shown(Source('/?a="&b', "<i>hier</i>", "<script>", "<u>", "<b>nié</b>"))
    assert 'href="/?a=&quot;&amp;b"' in page
    assert "«\u202f&lt;script&gt;\u202f»" in page and "&lt;i&gt;hier&lt;/i&gt;</a>" in page
    assert '<span class="mark mark-origin">&lt;u&gt;</span>' in page
    assert '<span class="fact-said">&lt;b&gt;nié&lt;/b&gt;</span>' in page


@pytest.mark.parametrize(
    ("date", "html"),
    [
        ("2 janvier 2025", '<span class="source">2 janvier 2025</span> <span class="mark mark-origin">Déclaré</span>'),
        ("", ' <span class="mark mark-origin">Déclaré</span>'),
    ],
)
def test_what_the_patient_states_leads_nowhere(date: str, html: str) -> None:
    assert shown(Source("", date, "", "Déclaré")) == html


def test_pictograms_are_drawn_by_their_tag_alone() -> None:
    """One way: a template is not included for each of them."""
    by_template = re.compile(r"{% include (\S*icons/|(\S*\.)?icon )")
    assert [page.name for page in PAGES if by_template.search(page.read_text("utf-8"))] == []


def test_every_pictogram_that_a_page_names_exists() -> None:
    written = "".join(page.read_text("utf-8") for page in PAGES)
    named = set(re.findall(r'{% icon "(\w+)"|icon="(\w+)"', written))
    assert {("page", ""), ("", "info")} <= named
    assert {"".join(one) for one in named} <= {one.stem for one in ICONS.glob("*.svg")}


def test_an_unknown_pictogram_is_refused() -> None:
    with pytest.raises(TemplateDoesNotExist):
        Template('{% load looks %}{% icon "unicorn" %}').render(Context())
