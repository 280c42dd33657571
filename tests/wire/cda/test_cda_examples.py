"""The official examples of the national agency: each is read, shown whole, and keeps its header cells."""

import os
from pathlib import Path

import pytest
from lxml import etree

from espace.wire.cda import CdaDocument, render_html, text_of
from wire.cda.cda_extractor import Shown, header_cells, narrative_text, squeezed
from wire.cda.cda_samples import read

SHARED = Path(os.environ.get("ESPACE_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))
FILES = sorted((SHARED / "cda").glob("*.xml"))

pytestmark = pytest.mark.skipif(not FILES, reason="the official examples are not on this machine")


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def example(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def document_of(path: Path) -> CdaDocument:
    result = read(path.read_bytes())
    assert result.problems == ()
    assert {each.reason.code for each in result.warnings} <= {"content_type_mismatch"}
    assert result.document is not None
    return result.document


def test_its_header_is_whole(example: Path) -> None:
    document = document_of(example)
    patient, entry = document.patient, document.entry
    assert len(patient.number) == 15 and patient.authority.startswith("1.2.250.1.213.1.4.")
    assert all((patient.birth_name, patient.first_given, patient.given_names, patient.birth_date, patient.birth_place))
    assert patient.given_names[0] == ("ISABELLE" if example.stem.startswith("eDISP") else patient.first_given)
    assert patient.sex in ("M", "F")
    assert all((entry.type, entry.title, entry.creation_time, entry.authors, entry.custodian_id, entry.version))
    assert all((entry.practice_setting, entry.facility_type, entry.service_start, entry.set_id))
    assert (entry.language, entry.confidentiality) == ("fr-FR", "N")


def test_its_html_shows_every_word_once_and_in_order(example: Path) -> None:
    document = document_of(example)
    shown = Shown(render_html(document, media_url=lambda name: f"/m/{name}"))
    assert shown.squeezed == narrative_text(example.read_bytes())
    assert squeezed(text_of(document)) == squeezed(document.entry.title) + narrative_text(example.read_bytes())


def test_its_tables_keep_their_header_cells_with_a_scope(example: Path) -> None:
    shown = Shown(render_html(document_of(example), media_url=lambda name: None))
    scopes = [attributes.get("scope") for tag, attributes in shown.tags if tag == "th"]
    assert len(scopes) == header_cells(example.read_bytes())
    assert set(scopes) <= {"row", "col", "rowgroup", "colgroup"}


def test_its_ids_are_unique_and_its_links_lead_somewhere(example: Path) -> None:
    shown = Shown(render_html(document_of(example), media_url=lambda name: f"/m/{name}"))
    ids = shown.ids()
    assert len(ids) == len(set(ids))
    for _, attributes in shown.tags:
        assert set(filter(None, [attributes.get("aria-labelledby")])) <= set(ids)
        href = attributes.get("href") or "/m/"
        assert href.startswith(("/m/", "https://")) or href[1:] in ids


def test_its_media_are_all_shown_or_offered(example: Path) -> None:
    document = document_of(example)
    asked: set[str] = set()
    render_html(document, media_url=asked.add)
    tree = etree.fromstring(example.read_bytes(), etree.XMLParser(huge_tree=True))
    stored = len(list(tree.iter("{urn:hl7-org:v3}observationMedia"))) + (document.body_level == 1)
    assert asked == {media.id for media in document.media}
    assert len(document.media) == stored
