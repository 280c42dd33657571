"""`./espace bench extraction` counts what becomes facts, model by model, and says not a word of a document."""

import json
from base64 import b64encode
from collections import Counter
from datetime import UTC
from pathlib import Path

import pytest

from clinical.extraction.entries_made import CISIS, LOINC, coded, observation, section
from espace.clinical.facts import Unread
from espace.site import cli
from espace.site.bench import extraction
from espace.site.bench.extraction import (
    BARE,
    OTHER,
    REFUSED,
    UNSTRUCTURED,
    Quality,
    files_in,
    line,
    qualities,
    table,
    told,
)
from espace.wire.cda import parse
from wire.cda.cda_samples import HEADER, cda, level_1
from wire.files_made import pdf_saying

SUMMARY = "1.2.250.1.213.1.1.1.13 Synthèse médicale"
GOOD = observation(coded("code", "2345-7", LOINC, "Glucose"), '<value xsi:type="PQ" value="7.77" unit="g/L"/>')
BAD = observation(coded("code", "718-7", LOINC, "Secret"), template=CISIS + "48")


def document(*entries: str, header: str = HEADER) -> bytes:
    return cda(header, f"<component><structuredBody>{section('30954-2', *entries)}</structuredBody></component>")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two summaries, one of a model of no list, three of one file, two PDFs, and something else, in folders."""
    foreign = HEADER.replace('<templateId root="1.2.250.1.213.1.1.1.13"/>', "")
    (tmp_path / "more").mkdir()
    (tmp_path / "a.xml").write_bytes(document(GOOD, GOOD, GOOD))
    (tmp_path / "more" / "b.xml").write_bytes(document(GOOD, BAD))
    (tmp_path / "c.xml").write_bytes(document(GOOD, header=foreign))
    (tmp_path / "d.xml").write_bytes(cda(body=level_1('<text mediaType="text/plain">Secret</text>')))
    for name, words in (("g", "Secret"), ("h", "")):
        body = b64encode(pdf_saying(words)).decode()
        text = f'<text mediaType="application/pdf" representation="B64">{body}</text>'
        (tmp_path / f"{name}.xml").write_bytes(cda(body=level_1(text)))
        (tmp_path / f"{name}.PDF").write_bytes(pdf_saying(words))
    (tmp_path / "e.xml").write_bytes(b"<html/>")
    (tmp_path / "f.txt").write_bytes(b"Secret")
    return tmp_path


def test_entries_facts_and_what_was_not_understood_are_counted_by_model(folder: Path) -> None:
    assert qualities(files_in(folder)) == [
        Quality(SUMMARY, 2, 5, 4, Counter({(CISIS + "48", "30954-2", Unread.NO_VALUE): 1}), worded=2),
        Quality(BARE, 2, worded=1),
        Quality(UNSTRUCTURED, 3, worded=2),
        Quality(OTHER, 1, 1, 1, worded=1),
        Quality(REFUSED, 1),
    ]


def test_the_command_prints_a_table_and_writes_one_object_a_line(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "figures.json"
    assert cli.main(["bench", "extraction", "--files", str(folder), "--json", str(file)]) == 0
    shown = capsys.readouterr()
    assert shown.err == "Reading…\n"
    rows = [each.split() for each in shown.out.splitlines()]
    assert rows[0] == ["model", "documents", "with", "words", "entries", "facts", "not", "understood", "share"]
    assert rows[1][-7:] == ["2", "2", "5", "4", "1", "80.0", "%"]
    assert rows[6] == ["all", "9", "6", "6", "5", "1", "83.3", "%"]
    assert shown.out.splitlines()[7] == f"  {SUMMARY}: 1 × no_value, {CISIS}48, section 30954-2"
    assert json.loads(file.read_bytes().splitlines()[0]) == {
        "model": SUMMARY,
        "documents": 2,
        "worded": 2,
        "entries": 5,
        "facts": 4,
        "share": 80.0,
        "missed": [{"template": CISIS + "48", "section": "30954-2", "why": "no_value", "count": 1}],
    }
    for word in ("Secret", "Glucose", "7.77", "PAT-TROIS", "279035121518989"):
        assert word not in shown.out + file.read_text()


def test_without_an_entry_there_is_no_share() -> None:
    nothing = Quality(UNSTRUCTURED, 3)
    assert nothing.share is None
    assert table([nothing]).splitlines()[1].split()[-5:] == ["0", "0", "0", "0", "-"]
    assert json.loads(line(nothing))["share"] is None


def test_what_has_no_template_and_no_section_is_named_so() -> None:
    odd = Quality(OTHER, 1, 1, 0, Counter({("", "", Unread.TOO_MANY): 1}))
    assert table([odd]).endswith(f"  {OTHER}: 1 × too_many, no template, section without code")


def test_a_document_of_another_country_is_counted_without_its_patient() -> None:
    """Its header has no national identity: no door would take it."""
    abroad = HEADER.replace("1.2.250.1.213.", "2.16.840.1.113883.3.")
    whole = (
        document(GOOD, BAD, header=abroad).replace(b"<recordTarget", b"<other").replace(b"</recordTarget", b"</other")
    )
    assert parse(whole, zone=UTC).document is None
    [one] = qualities([whole, whole])
    assert (one.model, one.documents, one.entries, one.facts) == (OTHER, 2, 4, 2)
    bare = whole.replace(b"<structuredBody", b"<x").replace(b"</structuredBody", b"</x")
    assert [each.model for each in qualities([bare, b"<html/>", b"<"])] == [REFUSED]


def test_a_folder_without_files_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["bench", "extraction", "--files", str(tmp_path)]) == 1
    assert cli.main(["bench", "extraction", "--files", str(tmp_path / "nowhere")]) == 1
    said = capsys.readouterr().err
    assert "No *.xml or *.pdf file in" in said and "--files must be a folder." in said


def test_what_is_told_of_the_invented_population_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extraction, "stories", lambda seed, day: ())
    documents = list(told(2))
    found = qualities(documents)
    assert sum(each.documents for each in found) == len(documents) > 10
    assert {each.share for each in found if each.model != UNSTRUCTURED} == {100.0}
