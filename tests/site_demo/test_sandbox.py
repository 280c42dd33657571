"""A vendor's sandbox: what is given works at the doors, is bounded, and exists in demonstrations alone."""

import argparse
import io
import os
import re
import subprocess
import sys
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificate
from django.test import Client
from pytest_django.fixtures import Settings

from door import call, form
from espace.edge import clock_at, now
from espace.site import certifying, cli
from espace.site.commands import conform
from espace.site.conform import gathering
from espace.site.sandbox.facts import Full, Vendor, is_name
from espace.site.sandbox.giving import Given, give
from espace.site.sandbox.inventing import MOST, patients_of
from espace.wire.saml.certificates import Use, judge, read_trust
from soap_door import REPOSITORY, post

pytestmark = pytest.mark.usefixtures("db")
VENDOR = Vendor("Éditions <du> Bac & Cie ✓", "Logi-soin 4")
HERE = "/demo/bac-a-sable/"


@pytest.fixture(autouse=True)
def demonstration(settings: Settings, tmp_path: Path) -> Settings:
    settings.ESPACE_DEMONSTRATION = True
    settings.ESPACE_MAIL_FOLDER = tmp_path
    settings.ESPACE_SANDBOX_HOUR = 1000
    return settings


@cache
def given() -> Given:
    made = give(VENDOR, at=now())
    assert isinstance(made, Given)
    return made


def unpacked(folder: Path) -> Path:
    for name, content in given().files.items():
        (folder / name).write_bytes(content)
    return folder


def environment(folder: Path) -> dict[str, str]:
    """What the shell knows once it has read espace.env."""
    said = subprocess.run(["/bin/sh", "-c", ". ./espace.env && env"], cwd=folder, capture_output=True, text=True)
    return dict(line.partition("=")[::2] for line in said.stdout.splitlines())


def curl_of(folder: Path) -> Path:
    """Where there is a curl that writes what it would send, and prints $ANSWER."""
    tools = folder / "tools"
    tools.mkdir()
    curl = tools / "curl"
    curl.write_text('#!/bin/sh\nfor one in "$@"; do printf \'%s\\n\' "$one"; done > sent\nprintf "%s" "$ANSWER"\n')
    curl.chmod(0o700)
    return tools


def token_of(folder: Path) -> str:
    """What token.sh gets, its curl being the door itself: the form that it would send is answered here."""
    path = f"{curl_of(folder)}{os.pathsep}{os.environ['PATH']}"
    run = ["/bin/sh", "token.sh"]
    answers = os.environ | {"PATH": path, "ANSWER": '{"access_token":"x","expires_in":1}'}
    assert subprocess.run(run, cwd=folder, env=answers, capture_output=True, text=True).stdout == "x\n"
    fields = [line for line in (folder / "sent").read_text().splitlines() if re.match(r"[a-z_]+=", line)]
    answer = form("/oauth/token", **dict(line.split("=", 1) for line in fields))
    assert answer.status == 200, answer.body
    refused = os.environ | {"PATH": path, "ANSWER": '{"error":"invalid_client"}'}
    told = subprocess.run(run, cwd=folder, env=refused, capture_output=True, text=True)
    assert (told.returncode, told.stdout) == (1, "") and "invalid_client" in told.stderr
    return str(answer.json["access_token"])


def test_what_is_given_deposits_by_two_doors_and_its_professional_reads(tmp_path: Path) -> None:
    files, token = given().files, token_of(unpacked(tmp_path))
    deposit: dict[str, Any] = {"token": token, "kind": "application/fhir+json"}
    assert call("POST", "/fhir", files["bundle.json"], **deposit).json["type"] == "transaction-response"
    again = call("POST", "/fhir", files["bundle.json"], **deposit)
    assert {one["response"]["status"] for one in again.json["entry"]} == {"200 OK"}
    answer = call("POST", "/hl7v2", files["message.hl7"], token=token, kind="application/hl7-v2")
    assert b"MSA|AA|" in answer.body and b"DESTDMP|FILED" in answer.body
    known = environment(tmp_path)
    for ins in (known["INS_1"], known["INS_2"]):
        query = f"patient.identifier=urn:oid:{known['INS_AUTHORITY']}|{ins}"
        found = call("GET", "/fhir/DocumentReference", token=known["PROFESSIONAL_TOKEN"], query=query)
        assert found.json["total"] == 1
        assert VENDOR.organisation in found.body.decode()


def test_the_pages_to_read_name_every_file_and_hold_nothing_secret() -> None:
    files = given().files
    for page in ("LISEZMOI.md", "README.md"):
        text = files[page].decode()
        assert VENDOR.organisation in text
        assert {name for name in files if f"`{name}`" in text} == set(files) - {"LISEZMOI.md", "README.md"}
        assert "PRIVATE" not in text and given().sandbox.professional_token not in text


def test_the_conformance_kit_reads_what_it_plays_with(
    demonstration: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parser = argparse.ArgumentParser()
    conform.arguments(parser)
    options = parser.parse_args(["--target", "https://localhost:8443", "--with", "conform.toml"])
    for number, made in enumerate((given(), with_certificates(demonstration, tmp_path))):
        folder = tmp_path / str(number)
        folder.mkdir()
        for name, content in made.files.items():
            (folder / name).write_bytes(content)
        monkeypatch.chdir(folder)
        with monkeypatch.context() as context:
            context.setenv("PATH", f"{curl_of(folder)}{os.pathsep}{os.environ['PATH']}")
            context.setenv("ANSWER", '{"access_token":"x","expires_in":1}')
            kit = gathering.equipment(options)
        known, patient = made.sandbox, made.sandbox.patients[2]
        assert (kit.patient.ins, kit.patient.birth_date) == (patient.ins, patient.birth_date)
        assert (kit.patient.birth_name, kit.patient.given_names) == (patient.birth_name, patient.given_names)
        assert (kit.feeder.token, kit.reader.token) == ("x", known.professional_token)
        assert (kit.feeder.structure, kit.reader.number) == (known.structure.organisation.id, known.professional.id)
        assert (kit.source_id, kit.audience) == (known.structure.source_id, f"{demonstration.ESPACE_PUBLIC_URL}/xds")
        cards = (kit.feeder.connection, kit.feeder.signature, kit.reader.connection, kit.authorities)
        assert all(bool(one) is bool(number) for one in cards)


def test_everybody_is_somebody_else() -> None:
    numbers = [one.ins for number in range(1, 501) for one in patients_of(number)] + [patients_of(MOST)[2].ins]
    assert len(set(numbers)) == len(numbers) == 1501
    assert all(1945 <= one.birth_date.year <= 2004 for one in patients_of(77))
    first, second = given().sandbox, give(VENDOR, at=now())
    assert isinstance(second, Given)
    other = second.sandbox
    assert other.number > first.number
    assert first.structure.source_id != other.structure.source_id and first.client_id != other.client_id
    assert first.private_key != other.private_key


def test_so_many_in_an_hour_and_in_all(demonstration: Settings) -> None:
    at = now() + timedelta(days=30)
    demonstration.ESPACE_SANDBOX_HOUR = 1
    assert isinstance(give(VENDOR, at=at), Given)
    assert give(VENDOR, at=at) is Full.HOUR
    late = give(VENDOR, at=at + timedelta(minutes=61))
    assert isinstance(late, Given)
    demonstration.ESPACE_SANDBOX_HOUR, demonstration.ESPACE_SANDBOX_MOST = 1000, late.sandbox.number
    assert give(VENDOR, at=at) is Full.MOST


def with_certificates(settings: Settings, folder: Path) -> Given:
    by = certifying.authority(folder / "authority", at=now())
    settings.ESPACE_AUTHORITIES = str(by.folder / "authority.pem")
    made = give(VENDOR, at=now())
    assert isinstance(made, Given)
    return made


def test_its_program_signs_what_deposits_by_soap_and_signs_anew(demonstration: Settings, tmp_path: Path) -> None:
    made = with_certificates(demonstration, tmp_path)
    for name, content in made.files.items():
        (tmp_path / name).write_bytes(content)
    structure = made.sandbox.structure.organisation.id
    shown = load_pem_x509_certificate(made.files[f"{structure}.connection.pem"]).public_bytes(Encoding.DER)
    for _time in range(2):
        subprocess.run([sys.executable, "-S", "soap.py"], cwd=tmp_path, check=True)
        body = (tmp_path / "soap.xml").read_bytes()
        answer = post(REPOSITORY, "application/soap+xml; charset=utf-8", body, certificate=shown)
        assert (answer.http, answer.status, answer.errors) == (200, "Success", [])
    again = post(REPOSITORY, "application/soap+xml; charset=utf-8", body, certificate=shown)
    assert again.fault[2] == "vihf_replayed"


def test_an_authority_of_ours_gives_certificates_that_the_door_accepts(demonstration: Settings, tmp_path: Path) -> None:
    made, at = with_certificates(demonstration, tmp_path), now()
    structure, person = made.sandbox.structure.organisation.id, made.sandbox.professional.id
    trust = read_trust(made.files["authority.pem"])
    shown = {
        f"{structure}.connection": (Use.CONNECTION, structure),
        f"{structure}.signature": (Use.SIGNATURE, structure),
        person: (Use.CONNECTION, person),
    }
    for name, (use, who) in shown.items():
        assert b"PRIVATE KEY" in made.files[f"{name}.key"]
        certificate = load_pem_x509_certificate(made.files[f"{name}.pem"]).public_bytes(Encoding.DER)
        bearer = judge(certificate, trust, use=use).bearer(at)
        assert (bearer.structure or bearer.person) == who
    for name in ("README.md", "LISEZMOI.md"):
        assert f"`{structure}.connection.pem`" in made.files[name].decode()
    demonstration.ESPACE_AUTHORITIES = str(tmp_path / "elsewhere.pem")
    other = give(VENDOR, at=at)
    assert isinstance(other, Given) and not [name for name in other.files if name.endswith(".connection.pem")]


# --- the page -----------------------------------------------------------------------------------------------


def asked(browser: Client, **said: str) -> Any:
    return browser.post(HERE, {"organisation": "Hôpital d’essai", "software": "Dossier 2", **said})


def test_the_page_gives_everything_once_and_its_archive() -> None:
    browser = Client()
    assert "Créer mon bac à sable" in browser.get(HERE).content.decode()
    page = asked(browser)
    text = page.content.decode()
    assert page.status_code == 200 and page.headers["Cache-Control"] == "no-store"
    assert "Hôpital d’essai" in text and "BEGIN PRIVATE KEY" in text and len(page.content) < 100_000
    [signed] = re.findall(r'name="files" value="([^"]+)"', text)
    taken = browser.post(f"{HERE}fichiers/", {"files": signed})
    assert taken.headers["Content-Type"] == "application/zip"
    assert taken.headers["Content-Disposition"] == 'attachment; filename="bac-a-sable.zip"'
    with ZipFile(io.BytesIO(taken.content)) as opened:
        assert {"bac-a-sable/key.pem", "bac-a-sable/README.md"} <= set(opened.namelist())
        assert opened.read("bac-a-sable/key.pem").decode().strip() in text
    assert "BEGIN PRIVATE KEY" not in browser.get(HERE).content.decode()
    with clock_at(datetime(2026, 1, 1, tzinfo=UTC)):
        forged = browser.post(f"{HERE}fichiers/", {"files": b64encode(taken.content).decode()})
    assert forged.status_code == 422 and "ne peuvent plus être téléchargés" in forged.content.decode()


@pytest.mark.parametrize(
    "said", [{"organisation": ""}, {"software": "7"}, {"organisation": "x" * 81}, {"software": "a\u202eb"}]
)
def test_a_name_that_is_none_is_asked_again_with_what_was_typed(said: dict[str, str]) -> None:
    page = asked(Client(), **said)
    assert page.status_code == 422
    assert "À corriger" in page.content.decode() and "BEGIN PRIVATE KEY" not in page.content.decode()


def test_when_there_is_no_room_the_page_says_so(demonstration: Settings) -> None:
    demonstration.ESPACE_SANDBOX_HOUR = 0
    page = asked(Client())
    assert page.status_code == 429
    assert "Revenez plus tard" in page.content.decode()


def test_a_form_of_another_site_is_refused() -> None:
    assert Client(enforce_csrf_checks=True).post(HERE, {"organisation": "Un", "software": "Deux"}).status_code == 403


@pytest.mark.parametrize("path", [HERE, f"{HERE}fichiers/"])
@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_elsewhere_there_is_nothing_there(demonstration: Settings, method: str, path: str) -> None:
    demonstration.ESPACE_DEMONSTRATION = False
    browser = Client(enforce_csrf_checks=True)
    found, absent = (getattr(browser, method)(one) for one in (path, "/demo/bac-a-table/"))
    assert (found.status_code, absent.status_code) == (404, 404)
    assert _plain(found, path) == _plain(absent, "/demo/bac-a-table/")


def _plain(answer: Any, path: str) -> str:
    """What is said, but for the address and what is drawn anew in each form."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode()).replace(path, "")


def test_nothing_is_made_where_real_people_are(demonstration: Settings) -> None:
    demonstration.ESPACE_TEST_IDENTITIES = False
    with pytest.raises(RuntimeError):
        give(VENDOR, at=now())


def test_a_name_has_letters_and_no_line() -> None:
    assert is_name("CH 2") and is_name("x" * 80)
    assert not any(is_name(one) for one in ("", "A", "12", "a\nb", "a\u202eb", "x" * 81))


# --- the command --------------------------------------------------------------------------------------------


def test_the_command_writes_the_same_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "mine"
    assert cli.main(["sandbox", "Mon hôpital", "--to", str(folder)]) == 0
    assert re.fullmatch(r"bac-a-sable-\d+\n", capsys.readouterr().out)
    assert {path.name for path in folder.iterdir()} >= {"key.pem", "token.sh", "bundle.json"}
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert cli.main(["sandbox", "Mon hôpital", "--to", str(folder)]) == 1
    assert cli.main(["sandbox", "7", "--to", str(tmp_path / "other")]) == 1
