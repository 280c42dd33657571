"""The reports of the conformance kit, whatever a server or a file name says in them; its command, its options."""

import json
import re
import xml.etree.ElementTree as ElementTree
from argparse import ArgumentParser, Namespace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from espace.identity.rules import ins_key
from espace.kernel.reasons import Sentence
from espace.site.commands import conform
from espace.site.conform import gathering, junit, page
from espace.site.conform.equipment import NOBODY, Patient
from espace.site.conform.facts import CannotRun, Difference, Door, Family, Report, Result, Rule, Verdict
from espace.site.conform.scenarios import SCENARIOS

PAGE = Path(__file__).parents[2] / "docs" / "vendors" / "conformance.md"
RULE = Rule(Sentence("La règle `x`", "The rule `x`"), "IHE ; 1")
HOSTILE = "<script>alert(1)</script> & ` \x00\x1b[31m \udc80 ]]>"


def result(id_: str, verdict: Verdict, *differences: Difference, why: Sentence | None = None) -> Result:
    return Result(id_, Family.FHIR, Sentence(f"Titre {HOSTILE}", "Title"), RULE, verdict, differences, why, (), 0.25)


REPORT = Report(
    f"http://localhost/{HOSTILE}",
    "2026-03-04T10:00:00Z",
    (
        result("un", Verdict.PASSED),
        result(
            "deux",
            Verdict.FAILED,
            Difference(Sentence("Ici", "Here"), Sentence("HTTP 200", "HTTP 200"), HOSTILE, Sentence("Faites", "Do")),
            Difference(Sentence("Là", "There"), Sentence("Faux", "Wrong"), "x", Sentence("À", "Do"), "hash_mismatch"),
        ),
        result("trois", Verdict.NOT_APPLICABLE, why=Sentence("rien", "nothing")),
    ),
)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_junit_counts_and_tells_everything(language: str) -> None:
    root = ElementTree.fromstring(junit.written(REPORT, language))
    [suite] = root
    for one in (root, suite):
        assert [one.get(name) for name in ("tests", "failures", "errors", "skipped", "time")] == [
            "3", "1", "0", "1", "0.750"
        ]  # fmt: skip
    assert suite.get("timestamp") == "2026-03-04T10:00:00"
    cases = {str(one.get("name")).split(":")[0]: one for one in suite}
    assert [each.tag for each in cases["un"]] == []
    assert [each.tag for each in cases["trois"]] == ["skipped"]
    [failure] = cases["deux"]
    assert failure.tag == "failure"
    text = failure.text or ""
    assert "<script>" in text
    assert "hash_mismatch" in text
    assert ("Trouvé" if language == "fr" else "Found") in text


class Tags(HTMLParser):
    """The tags of a page and the attributes that could fetch anything."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags = list[str]()
        self.fetches = list[str]()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.fetches += [f"{name}={value}" for name, value in attrs if name in ("src", "href", "action", "style")]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_is_whole_and_holds_nothing_but_text(language: str) -> None:
    text = page.written(REPORT, language).decode()
    found = Tags(text)
    assert f'<html lang="{language}">' in text
    assert found.tags.count("h1") == 1
    assert not {"script", "link", "img", "iframe"} & set(found.tags)
    assert found.fetches == ["href=#main"]
    assert "@import" not in text
    assert "url(http" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert ">1</dd>" in text
    assert ("Échoué" if language == "fr" else "Failed") in text


def test_where_nothing_failed_the_page_says_so() -> None:
    report = Report("x", "2026-03-04T10:00:00Z", REPORT.results[:1])
    assert "Rien à corriger." in page.written(report, "fr").decode()


# --- scenarios ----------------------------------------------------------------------------------------------


def test_every_scenario_has_its_own_id_words_and_source() -> None:
    assert len({one.id for one in SCENARIOS}) == len(SCENARIOS)
    for one in SCENARIOS:
        steps = [each for step in one.steps for each in (step.does, step.fix, *(said.said for said in step.expects))]
        sentences = [one.title, one.rule.said, *steps]
        assert all(said.fr and said.en for said in sentences), one.id
        assert one.rule.source
        assert all(step.expects for step in one.steps), one.id
        assert not [said.fr for said in sentences if " :" in said.fr or " ;" in said.fr or "« " in said.fr], one.id


def test_the_identities_of_the_kit_are_of_the_test_kind() -> None:
    assert Patient().authority == "1.2.250.1.213.1.4.10"
    for number in (Patient().ins, NOBODY):
        assert number[13:] == ins_key(number[:13])


# --- the command --------------------------------------------------------------------------------------------


def options(*words: str) -> Namespace:
    parser = ArgumentParser()
    conform.arguments(parser)
    return parser.parse_args(words)


def test_the_command_lists_its_scenarios_and_its_patient(capsys: pytest.CaptureFixture[str]) -> None:
    assert conform.run(options("--list")) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [one.id for one in SCENARIOS]
    assert conform.run(options("--patient")) == 0
    header, line = capsys.readouterr().out.splitlines()
    assert header.split(",")[:2] == ["ins", "oid"]
    assert line == "285054499900458,1.2.250.1.213.1.4.10,CONFORMITE,ALICE MARIE,1985-05-14,F,44109,"


def test_the_command_reads_messages_and_writes_both_reports(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"resourceType": "Bundle"}))
    written = [tmp_path / "rapport.xml", tmp_path / "rapport.html"]
    words = ["--traffic", str(tmp_path / "a.json"), "--junit", str(written[0]), "--html", str(written[1])]
    assert conform.run(options(*words)) == 1
    assert "0 réussis, 1 échoués" in capsys.readouterr().err
    assert ElementTree.parse(written[0]).getroot().get("failures") == "1"
    assert "a.json" in written[1].read_text("utf-8")


@pytest.mark.parametrize(
    "words",
    [
        ("--traffic", "absent"),
        ("--target", "http://localhost:1"),
        ("--target", "http://localhost:1", "--only", "rien"),
        ("--target", "http://localhost:1", "--token-command", "false"),
        ("--target", "http://localhost:1", "--certificate", "absent.pem"),
        ("--target", "http://localhost:1", "--with", "absent.toml"),
    ],
)
def test_what_cannot_be_judged_ends_with_two_and_a_sentence(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert conform.run(options(*words)) == 2
    assert capsys.readouterr().err.startswith("espace: ")


# --- what is given ------------------------------------------------------------------------------------------


def given(tmp_path: Path, text: str, *words: str) -> gathering.Equipment:
    (tmp_path / "banc.toml").write_text(text)
    return gathering.equipment(options("--target", "https://hote:1/", "--with", str(tmp_path / "banc.toml"), *words))


def test_a_file_says_everything_and_options_come_first(tmp_path: Path) -> None:
    for name in ("a.pem", "a.key"):
        (tmp_path / name).touch()
    text = f"""
[server]
audience = "https://public/xds"
repository = "/iti41"
[patient]
ins = "1"
given_names = "A B"
birth_date = 1990-01-02
[feeder]
token_command = "echo jeton"
structure = "1990000010"
source_id = "urn:oid:1.2"
certificate = "{tmp_path}/a.pem"
"""
    kit = given(tmp_path, text, "--ins", "2", "--structure", "3")
    assert (kit.target, kit.audience, kit.source_id) == ("https://hote:1", "https://public/xds", "1.2")
    assert (kit.patient.ins, kit.patient.given_names, str(kit.patient.birth_date)) == ("2", ("A", "B"), "1990-01-02")
    assert kit.paths == {Door.REPOSITORY: "/iti41"}
    assert (kit.feeder.token, kit.feeder.structure) == ("jeton", "3")
    assert kit.feeder.connection is not None
    assert kit.feeder.connection == kit.feeder.signature
    assert kit.feeder.connection.key.name == "a.key"


def test_the_file_of_the_page_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ac").mkdir()
    text = PAGE.read_text("utf-8").split("```toml\n")[1].split("```")[0].replace("./espace token", "echo")
    for pem in re.findall(r'"(ac/[^"]+)\.pem"', text):
        (tmp_path / f"{pem}.pem").touch()
        (tmp_path / f"{pem}.key").touch()
    text = text.replace("echo doctor --ins ", "echo ")
    kit = given(tmp_path, text)
    assert (kit.audience, kit.mllp, kit.feeder.token) == ("http://localhost:8000/xds", "localhost:2575", "hospital")
    assert (kit.reader.number, kit.reader.structure, kit.reader.token) == ("810999000010", "1990000044", Patient().ins)
    assert None not in (kit.feeder.connection, kit.feeder.signature, kit.reader.connection, kit.authorities)


@pytest.mark.parametrize(
    "text",
    [
        "[patient]\nauthority = '1.2.250.1.213.1.4.8'",
        "[patient]\nbirth_date = 'hier'",
        "[patient]\ngiven_names = []",
        "[patient]\nins = ['1']",
        "[feeder]\ntokn = 'x'",
        "[autre]\nx = 'y'",
        "[feeder]\ntoken = 'a b'",
        "[server]\nfhir = 'http://autre/'",
        "feeder = 1",
        "[feeder",
        "[reader]\ntoken_command = 'echo deux mots'",
        "[reader]\ntoken_command = '\"'",
    ],
)
def test_what_a_file_may_not_say_is_told(text: str, tmp_path: Path) -> None:
    """Among it, a real authority: nobody's true number is sent anywhere."""
    with pytest.raises(CannotRun):
        given(tmp_path, text)
