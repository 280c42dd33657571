"""Every reason told outside has its page: both sentences, where it shows, rule, source, fix, a valid example.

The database is closed to these tests: the pages say nothing to it.
"""

import base64
import hashlib
import html
import json
import re
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from espace.kernel.reasons import REASONS
from espace.looks.words import english
from espace.site.refusals.facts import Form, Sample, Where
from espace.site.refusals.table import FAMILIES, OF, SAMPLES, SOURCES, samples_of, sources_of
from espace.site.refusals.where import shown
from espace.wire import hl7v2
from espace.wire.datamatrix import read_datamatrix
from espace.wire.nomenclature import class_of
from espace.wire.xml import XmlLimits, parse_xml

TOLD = sorted({reason.told_code for reason in REASONS.values()})
EVERY_SAMPLE = {sample.lines: sample for code in OF for sample in samples_of(REASONS[code])}
LIMITS = XmlLimits(max_bytes=100_000, max_depth=50)


def page(path: str, language: str = "fr", status: int = 200) -> str:
    browser = Client()
    browser.cookies["django_language"] = language
    answer = browser.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def left_out(code: str) -> list[str]:
    """What the page of a code should say, and does not."""
    reason, said = REASONS[code], html.unescape(page(f"/erreurs/{code}/"))
    expected = [
        f"<h1><code>{code}</code></h1>",
        reason.professional.fr,
        reason.professional.en,
        reason.fix.fr if reason.fix else "Il n’y a rien à corriger.",
        *(sources_of(reason) or ["Règle de la plateforme."]),
        *(line for door in shown(code) for line in door.lines),
        *(sample.lines for sample in samples_of(reason)),
    ]
    return [one for one in expected if not one or one not in said]


def test_every_code_has_one_family_and_nothing_else_has() -> None:
    assert sorted(OF) == TOLD
    assert sum(len(family.reasons) for family in FAMILIES) == len(OF)
    assert len({family.slug for family in FAMILIES}) == len(FAMILIES)
    assert set(SOURCES) <= set(OF) and set(SAMPLES) <= set(OF)


def test_every_code_has_its_page() -> None:
    said = {code: left_out(code) for code in TOLD}
    assert {code: one for code, one in said.items() if one} == {}
    assert all(samples_of(REASONS[code]) and shown(code) for code in TOLD)


def test_a_page_speaks_english() -> None:
    said = page("/erreurs/xml_doctype/", "en")
    assert '<html lang="en">' in said and "A rule of this platform." in said
    assert '<p class="lead measure">A DOCTYPE is refused.</p>' in said
    assert '<p class="measure soft" lang="fr">Un DOCTYPE est refusé.</p>' in said
    assert "How to correct it" in said and "Comment corriger" not in said
    assert not english()


@pytest.mark.parametrize("path", ["/erreurs/nulle_part/", "/erreurs/space_opposed/", "/erreurs/%00/", "/erreurs/a.b/"])
def test_what_is_told_under_another_code_or_not_at_all_has_no_page(path: str) -> None:
    assert "hash_mismatch" not in page(path, status=404)


def test_pages_are_only_asked_for() -> None:
    assert [Client().post(path).status_code for path in ("/erreurs/", "/erreurs/hash_mismatch/")] == [405, 405]


def test_no_line_begins_with_its_punctuation() -> None:
    said = [one.fr for family in FAMILIES for one in (family.title, family.rule, family.line)]
    said += [sample.title.fr for sample in EVERY_SAMPLE.values()]
    assert [one for one in said if re.search(r"[^\u202f][:;?!»]|«[^\u202f]", one)] == []


# --- the list -----------------------------------------------------------------------------------------------


def found(words: str) -> list[str]:
    return re.findall(r'href="/erreurs/(\w+)/"', page(f"/erreurs/?code={words}"))


def test_the_list_has_every_code_once() -> None:
    assert sorted(found("")) == TOLD


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("hash_mismatch", ["hash_mismatch"]),
        ("  Hash-Mismatch ", ["hash_mismatch"]),
        ("XDSNonIdenticalHash", ["unique_id_reused"]),
        ("XDSReplaceFailed", ["replace_refused"]),
        ("vihf_expired%00", ["vihf_expired"]),
        ("rien_de_tel", []),
        ("%3Cscript%3E", []),
        ("x" * 5000, []),
    ],
)
def test_a_code_is_found_by_its_letters_or_by_that_of_ihe(words: str, codes: list[str]) -> None:
    assert found(words) == codes


def test_nothing_found_says_what_to_do_and_nothing_typed_is_markup() -> None:
    said = page("/erreurs/?code=%22%3E%3Czzz%3E")
    assert "Aucune raison n’a ce code" in said and "&quot;&gt;&lt;zzz&gt;" in said and "<zzz>" not in said


# --- where --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("hash_mismatch", ("HTTP 422", "OperationOutcome.issue.code = invalid")),
        ("hash_mismatch", ("RegistryError/@errorCode = XDSRepositoryMetadataError",)),
        ("hash_mismatch", ("MSA-1 = AE", "ERR-3 = 207 (HL70357)", "ERR-5 = hash_mismatch^^ESPACE")),
        ("unique_id_reused", ("RegistryError/@errorCode = XDSNonIdenticalHash",)),
        ("soap_version", ("HTTP 400", "Fault/Code = s:VersionMismatch")),
        ("vihf_expired", ("HTTP 400", "Fault/Code = s:Sender", "Fault/Code/Subcode = w:MessageExpired")),
        ("temporarily_unavailable", ("HTTP 503", "Fault/Code = s:Receiver")),
        ("token_expired", ("HTTP 401", "MSA-1 = AR")),
        ("hl7_message_unsupported", ("ERR-3 = 200, 201, 202, 203 (HL70357)",)),
    ],
)
def test_a_page_says_what_each_door_says(code: str, lines: tuple[str, ...]) -> None:
    said = [line for door in shown(code) for line in door.lines]
    assert [line for line in lines if line not in said] == []


def test_only_what_allows_is_read_in_the_access_log() -> None:
    assert all((Where.LOG in OF[code].where) is REASONS[code].allows for code in TOLD)


# --- sources and examples -----------------------------------------------------------------------------------


def test_an_article_that_the_sentence_names_is_a_source() -> None:
    said = {code: re.findall(r"art\. ([LR][\d-]+)", REASONS[code].professional.fr) for code in TOLD}
    assert sum(map(len, said.values())) > 10
    assert [code for code in TOLD for one in said[code] if one not in " ".join(sources_of(REASONS[code]))] == []


def of_form(form: Form) -> list[Sample]:
    return [sample for sample in EVERY_SAMPLE.values() if sample.form is form]


@pytest.mark.parametrize("sample", of_form(Form.JSON), ids=lambda sample: sample.title.en)
def test_an_example_in_json_is_json(sample: Sample) -> None:
    assert isinstance(json.loads(sample.lines), dict)


@pytest.mark.parametrize("sample", of_form(Form.XML), ids=lambda sample: sample.title.en)
def test_an_example_in_xml_is_taken_by_the_reader_of_the_doors(sample: Sample) -> None:
    parsed = parse_xml(sample.lines.encode(), LIMITS)
    assert parsed.root is not None and parsed.problems == ()


def test_the_message_in_hl7_is_read() -> None:
    message = next(sample.lines for sample in of_form(Form.HL7) if sample.lines.startswith("MSH"))
    taking = hl7v2.Taking(zone=ZoneInfo("Europe/Paris"), max_bytes=10_000, processing=frozenset("P"))
    received = hl7v2.read(message.replace("\n", "\r").encode(), taking)
    assert received.problems == () and received.transmission is not None
    assert received.transmission.act is hl7v2.Act.FILE


def test_the_datamatrix_is_read() -> None:
    said = read_datamatrix(samples_of(REASONS["datamatrix_unreadable"])[0].lines)
    assert (getattr(said, "number", ""), getattr(said, "sex", "")) == ("285054499900161", "F")


def test_examples_of_bytes_and_codes_are_true() -> None:
    attachment, binary = json.loads(samples_of(REASONS["hash_mismatch"])[0].lines).values()
    data = base64.b64decode(binary["data"])
    assert data.decode() == "Glycémie à jeun : 0,92 g/l" and attachment["size"] == len(data) == 28
    assert base64.b64decode(attachment["hash"]) == hashlib.sha1(data).digest()
    assert hashlib.sha1(data).hexdigest() in samples_of(REASONS["hash_mismatch"])[1].lines
    assert class_of("11488-4") == "10"
    assert 97 - 2850544999001 % 97 == 61
