"""What the pages tell people to type works: the commands of a page are run in order against a live server."""

import copy
import json
import os
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from docs.changed import CHANGES, INS, no_set_id, resource
from docs.generate import DOCS, ROOT
from docs.typed import Server, blocks, espace, notes_of, our_curl, program
from espace.site.commands import COMMANDS
from espace.site.config import load
from espace.site.supervisor import answers_ready
from espace.site.testbed import free_port
from espace.wire.cda import parse

PAGES = sorted([*(DOCS / "how-to").glob("*.md"), ROOT / "README.md"])
DEPOSIT = DOCS / "how-to" / "deposit-a-document.md"
READ = DOCS / "how-to" / "read-as-holder.md"
CARE = DOCS / "how-to" / "read-as-professional.md"
FACTS = DOCS / "how-to" / "read-facts.md"
ABROAD = DOCS / "how-to" / "hand-over-a-patient-summary.md"
FEED = DOCS / "vendors" / "espace-feed.md"
HL7 = DOCS / "vendors" / "hl7v2.md"
CONFORM = DOCS / "vendors" / "conformance.md"
FHIR = DOCS / "vendors" / "fhir.md"
SOAP = DOCS / "vendors" / "soap.md"
XDM = DOCS / "vendors" / "xdm.md"
IMPORT = DOCS / "how-to" / "import-the-directory-and-the-matrix.md"
FED, MESSAGED, ARCHIVED = "285054499900260", "285054499900359", "285054499900557"
"""Patients of the pages that deposit the letter again by another door: it is one document for each."""


@pytest.fixture(scope="module")
def server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`./espace serve` on a port of its own, with this worker's databases."""
    port = free_port()
    tools = tmp_path_factory.mktemp("tools")
    if shutil.which("curl") is None:
        our_curl(tools)
    environment = {
        **{name: value for name, value in os.environ.items() if name != "ESPACE_PUBLIC_URL"},
        "ESPACE_PORT": str(port),
        "ESPACE_PROCESSES": "1",
        "PYTHONPATH": str(ROOT / "src"),
        "PATH": f"{tools}{os.pathsep}{os.environ.get('PATH', '')}",
    }
    process = subprocess.Popen([sys.executable, "-P", "-m", "espace", "serve"], env=environment, stderr=subprocess.PIPE)
    try:
        assert process.stderr is not None
        for line in process.stderr:
            if b"Serving at" in line:
                break
        assert answers_ready(load(environment)), "the server did not start"
        yield Server(f"http://localhost:{port}", environment)
    finally:
        process.terminate()
        process.communicate(timeout=30)


# --- every command ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [*PAGES, FHIR, DOCS / "vendors" / "README.md"], ids=lambda page: page.stem)
def test_every_command_named_in_a_page_exists_with_its_options(page: Path) -> None:
    named = re.findall(r"\./espace (?P<command>[a-z]+)(?P<rest>[^`\n)|]*)", page.read_text(encoding="utf-8"))
    assert named
    for command, rest in named:
        assert command in COMMANDS
        for option in re.findall(r"(?<= )--?[a-z][a-z-]*", rest):
            assert option in help_of(command) or command == "test", f"./espace {command} {option}"


@cache
def help_of(command: str) -> str:
    parser = ArgumentParser()
    import_module(f"espace.site.commands.{command}").arguments(parser)
    below = (one.choices or {} for one in parser._actions if isinstance(one, _SubParsersAction))
    return "\n".join(one.format_help() for one in (parser, *(sub for choices in below for sub in choices.values())))


def test_blocks_are_run_here_or_say_why_not() -> None:
    assert {note for page in PAGES for note in notes_of(page)} <= {"", "keeps-running", "for-operators"}


# --- a vendor's first quarter of an hour --------------------------------------------------------------------


@pytest.fixture(scope="module")
def deposited(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which every command of the page was typed."""
    where = espace(tmp_path_factory.mktemp("vendor"))
    script = "\n".join([*blocks(DEPOSIT), 'printf %s "$TOKEN" > token'])
    done = server.run(script, where)
    assert done.returncode == 0, done.stdout + done.stderr
    return where


def test_the_document_of_the_page_lacks_nothing_of_the_national_header(deposited: Path) -> None:
    result = parse((deposited / "letter.xml").read_bytes(), zone=ZoneInfo("Europe/Paris"))
    assert (result.problems, result.warnings) == ((), ())


def test_the_program_makes_a_bundle_of_the_document_of_the_page(deposited: Path, server: Server) -> None:
    done = server.run("./espace feed letter.xml --bundle > made.json", deposited)
    assert done.returncode == 0, done.stderr
    made, shown = (json.loads((deposited / name).read_text()) for name in ("made.json", "bundle.json"))
    data = [[one["resource"].get("data") for one in bundle["entry"]][-1] for bundle in (made, shown)]
    assert data[0] == data[1]


def answered(folder: Path, name: str) -> list[tuple[str, str]]:
    entries = json.loads((folder / name).read_text(encoding="utf-8"))["entry"]
    return [(one["response"]["status"], one["response"]["location"].split("/")[0]) for one in entries]


def test_the_first_deposit_is_answered_as_the_page_says(deposited: Path) -> None:
    created = [("201 Created", "List"), ("201 Created", "DocumentReference"), ("201 Created", "Binary")]
    assert answered(deposited, "answer.json") == created
    assert answered(deposited, "replaced.json") == created


def test_sending_again_gives_the_first_ids(deposited: Path) -> None:
    first, again = (json.loads((deposited / name).read_text()) for name in ("answer.json", "again.json"))
    locations = [[one["response"]["location"] for one in bundle["entry"]] for bundle in (first, again)]
    assert locations[0] == locations[1]
    assert {status for status, _ in answered(deposited, "again.json")} == {"200 OK"}


def test_the_page_of_the_feeder_leads_to_a_first_deposit(
    server: Server, tmp_path_factory: pytest.TempPathFactory
) -> None:
    where = espace(tmp_path_factory.mktemp("feeding"))
    ours = f'PYTHONPATH="{ROOT / "clients" / "espace-feed" / "src"}" exec "{sys.executable}"'
    program(where / "espace-feed", f'{ours} -P -m espace_feed "$@"')
    program(where / "python3", f'{ours} "$@"')
    script = "\n".join(['PATH="$PWD:$PATH"', *blocks(FEED)])
    done = server.run(script.replace(INS.decode(), FED), where)
    assert done.returncode == 0, done.stdout + done.stderr
    told = done.stdout.splitlines()
    assert "sent 1, waiting 0, quarantine 0, refused 0, without sidecar 0" in told
    assert "sent 1, waiting 0, quarantine 0, refused 1, without sidecar 0" in told
    assert told[-1].startswith("sent ")
    assert "logiciel-hopital-deux-rives" in told


def test_the_page_of_hl7_leads_to_a_first_deposit(server: Server, tmp_path: Path) -> None:
    """The page takes the patient and the letter of « deposit a document »."""
    before = [block for block in blocks(DEPOSIT) if "people.csv" in block or "letter.xml <<" in block]
    script = "\n".join([*before, *blocks(HL7)])
    done = server.run(script.replace(INS.decode(), MESSAGED), espace(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line for line in done.stdout.splitlines() if len(line) == 3] == ["200"] * 5 + ["403", "200", "200", "422"]


def test_the_page_of_xdm_leads_to_a_first_deposit_by_mail_and_to_the_same_by_http(
    server: Server, tmp_path: Path
) -> None:
    before = [block for block in blocks(DEPOSIT) if "people.csv" in block]
    made, sends, sent = "\n".join(blocks(XDM)).partition("send IHE_XDM.ZIP\n")
    authority, mail, seen = blocks(XDM, note="mail")
    service = blocks(XDM, note="keeps-running")[1].strip()
    running = f"{service} 2> said &\nSERVICE=$!\nuntil grep -q Taking said; do sleep 0.1; done"
    by_mail = "\n".join([authority, running, mail, "kill $SERVICE", seen]).replace("2525", str(free_port()))
    script = "\n".join(["trap 'kill $SERVICE || :' EXIT", *before, made, by_mail, sends, sent])
    done = server.run(script.replace(INS.decode(), ARCHIVED), espace(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line for line in done.stdout.splitlines() if len(line) == 3] == ["200", "200", "422"]


def test_the_page_of_fhir_leads_to_a_first_deposit_in_a_sandbox(server: Server, tmp_path: Path) -> None:
    done = server.run("\n".join(blocks(FHIR)), espace(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line for line in done.stdout.splitlines() if len(line) == 3] == ["200", "422"]
    assert "bac-a-sable-" in done.stdout


def test_the_page_of_soap_signs_a_first_message_in_a_sandbox(server: Server, tmp_path: Path) -> None:
    """Sending it takes a front: what the program signs is sent by the tests of the sandbox."""
    where = espace(tmp_path)
    accepting = server.environment | {"ESPACE_AUTHORITIES": str(where / "ac" / "authority.pem")}
    assert server.run("./espace authority ac", where).returncode == 0
    done = Server(server.url, accepting).run("\n".join(blocks(SOAP)), where)
    assert done.returncode == 0, done.stdout + done.stderr
    assert b"SignatureValue" in (where / "bac-a-sable" / "soap.xml").read_bytes()


def test_the_page_of_the_conformance_kit_passes_against_a_real_server(server: Server, tmp_path: Path) -> None:
    done = server.run("\n".join(blocks(CONFORM)), espace(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 échoués" in done.stderr
    left_out = [line.split()[2] for line in done.stderr.splitlines() if line.startswith("Sans objet")]
    assert [one for one in left_out if not one.startswith(("soap-", "vihf-", "td0"))] == ["hl7-objection", "hl7-mllp"]
    [suites] = re.findall(r"<testsuites [^>]*>", (tmp_path / "conformity.xml").read_text(encoding="utf-8"))
    assert 'failures="0"' in suites
    assert "Rapport de conformité" in (tmp_path / "conformity.html").read_text(encoding="utf-8")


def refusals() -> dict[str, tuple[int, str]]:
    """Change → HTTP status and code, as the page has them."""
    section = DEPOSIT.read_text(encoding="utf-8").split("## Ten refusals")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (.+?) \| (\d{3}) \| `(\w+)` \|", section, re.MULTILINE)
    return {change: (int(status), code) for change, status, code in rows}


def test_the_page_has_the_ten_refusals_that_are_tried_here() -> None:
    assert refusals().keys() == CHANGES.keys()


@pytest.mark.parametrize("change", CHANGES)
def test_a_refusal_is_the_one_that_the_page_announces(change: str, deposited: Path, server: Server) -> None:
    bundle = copy.deepcopy(json.loads((deposited / "bundle.json").read_text(encoding="utf-8")))
    CHANGES[change](bundle)
    body = json.dumps(bundle).encode() + (b"," if change == "a comma too many" else b"")
    headers = {"Content-Type": "application/fhir+json"}
    if change != "no `Authorization` header":
        headers["Authorization"] = f"Bearer {(deposited / 'token').read_text()}"
    status, outcome = post(f"{server.url}/fhir", body, headers)
    codes = [issue["details"]["coding"][0]["code"] for issue in outcome["issue"]]
    assert (status, codes[0]) == refusals()[change]


def test_the_id_of_the_set_may_be_left_out(deposited: Path, server: Server) -> None:
    headers = {
        "Content-Type": "application/fhir+json",
        "Authorization": f"Bearer {(deposited / 'token').read_text()}",
    }
    for _time in range(2):
        bundle = json.loads((deposited / "bundle.json").read_text(encoding="utf-8"))
        no_set_id(bundle)
        status, answer = post(f"{server.url}/fhir", json.dumps(bundle).encode(), headers)
        assert (status, answer["resourceType"]) == (200, "Bundle"), answer


def post(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(urllib.request.Request(url, body, headers), timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)


# --- the holder's program -----------------------------------------------------------------------------------


def test_a_holder_lists_their_documents_by_program(server: Server, deposited: Path, tmp_path: Path) -> None:
    done = server.run("\n".join(blocks(READ)), espace(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads((tmp_path / "documents.json").read_text(encoding="utf-8"))
    titles = {one["resource"]["content"][0]["attachment"]["title"] for one in found["entry"]}
    assert titles == {"Compte rendu de consultation"}


# --- a professional -----------------------------------------------------------------------------------------


def test_a_professional_deposits_finds_reads_and_masks_by_program(server: Server, tmp_path: Path) -> None:
    """The page takes the letter of « deposit a document »."""
    letter = next(block for block in blocks(DEPOSIT) if "letter.xml" in block)
    done = server.run("\n".join([letter, *blocks(CARE)]), espace(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_document_is_read_as_facts_by_program(server: Server, tmp_path: Path) -> None:
    letter = next(block for block in blocks(DEPOSIT) if "letter.xml" in block)
    done = server.run("\n".join([letter, *blocks(FACTS), *blocks(ABROAD)]), espace(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    [allergy, source] = [one["resource"] for one in json.loads((tmp_path / "allergies.json").read_bytes())["entry"]]
    assert (allergy["type"], allergy["category"], allergy["onsetDateTime"]) == ("allergy", ["medication"], "2019")
    assert source["target"] == [{"reference": f"AllergyIntolerance/{allergy['id']}"}]
    summary = json.loads((tmp_path / "summary.json").read_bytes())["entry"]
    assert [one["resource"]["id"] for one in summary[3:]] == [allergy["id"]]
    said = [one["title"] for one in summary[0]["resource"]["section"] if "entry" in one]
    assert said == ["Allergies et intolérances"]


# --- an operator's files ------------------------------------------------------------------------------------


def test_an_operator_imports_the_directory_and_the_matrix(server: Server, tmp_path: Path) -> None:
    done = server.run("\n".join(blocks(IMPORT)), espace(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 lines taken, 0 refused; professionals: 2 added" in done.stderr
    assert "line 2: RPPS: 8 and 11 digits with their key" in done.stderr
    assert "2052 cells of 19 professions, in force from 2031-01-01 on." in done.stderr


# --- machines without curl ----------------------------------------------------------------------------------


def test_our_small_curl_sends_what_curl_sends(server: Server, deposited: Path, tmp_path: Path) -> None:
    """The search of the page, with the body and the parameters that it has, through our own program."""
    our_curl(tmp_path)
    ours = Server(server.url, server.environment | {"PATH": f"{tmp_path}{os.pathsep}{server.environment['PATH']}"})
    follow = next(block for block in blocks(DEPOSIT) if "deposits.json" in block)
    send = next(block for block in blocks(DEPOSIT) if "again.json" in block)
    answer = json.loads((deposited / "bundle.json").read_text(encoding="utf-8"))
    identifier = resource(answer, 1)["masterIdentifier"]["value"]
    (tmp_path / "bundle.json").write_text(json.dumps(answer), encoding="utf-8")
    before = f"TOKEN={(deposited / 'token').read_text()}\nID={identifier}\n"
    done = ours.run(before + send + follow, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_proofs_of_the_first_page_are_tests_that_exist() -> None:
    rows = re.findall(r"\| `\./espace test ([^`]+)` \|", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert rows
    named = {ROOT / word for row in rows for word in row.split()}
    assert {path for path in named if not path.is_file() and not list(path.rglob("test_*.py"))} == set()
