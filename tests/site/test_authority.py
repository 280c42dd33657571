"""`./espace authority`: certificates that the door takes, keys that nobody else reads, one authority for a folder."""

import argparse
import re
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from espace import edge
from espace.kernel.words import Refused
from espace.site.commands import authority
from espace.site.terminal import Failed
from espace.wire.saml.certificates import Use, bearer, read_trust

STRUCTURE, PERSON = "1990000017", "899700123456"


def _run(*said: str) -> int:
    parser = argparse.ArgumentParser()
    authority.arguments(parser)
    return authority.run(parser.parse_args(said))


def _der(path: Path) -> bytes:
    return x509.load_pem_x509_certificate(path.read_bytes()).public_bytes(Encoding.DER)


def test_what_it_makes_is_taken_for_its_use(tmp_path: Path) -> None:
    folder = tmp_path / "ac"
    assert _run(str(folder), "--structure", STRUCTURE, "--person", PERSON, "--server", "localhost") == 0
    trust, at = read_trust((folder / "authority.pem").read_bytes()), edge.now()
    connecting = bearer(_der(folder / f"{STRUCTURE}.connection.pem"), trust, use=Use.CONNECTION, at=at)
    signing = bearer(_der(folder / f"{STRUCTURE}.signature.pem"), trust, use=Use.SIGNATURE, at=at)
    assert connecting.structure == signing.structure == STRUCTURE
    for use in Use:
        assert bearer(_der(folder / f"{PERSON}.pem"), trust, use=use, at=at).person == PERSON
    with pytest.raises(Refused):
        bearer(_der(folder / "localhost.pem"), trust, use=Use.CONNECTION, at=at)


def test_keys_are_their_owners_alone_and_match(tmp_path: Path) -> None:
    _run(str(tmp_path), "--person", PERSON)
    for name in ("authority", PERSON):
        key, pem = tmp_path / f"{name}.key", tmp_path / f"{name}.pem"
        assert key.stat().st_mode & 0o077 == 0
        certificate = x509.load_pem_x509_certificate(pem.read_bytes())
        assert load_pem_private_key(key.read_bytes(), None).public_key() == certificate.public_key()


def test_a_folder_keeps_its_authority(tmp_path: Path) -> None:
    _run(str(tmp_path))
    first = (tmp_path / "authority.pem").read_bytes()
    _run(str(tmp_path), "--person", PERSON)
    assert (tmp_path / "authority.pem").read_bytes() == first


@pytest.mark.parametrize(
    "said", [("--structure", "990000017"), ("--person", "../../x"), ("--server", "a/b"), ("--person", "8997001234567")]
)
def test_a_number_that_is_none_makes_nothing(tmp_path: Path, said: tuple[str, str]) -> None:
    with pytest.raises(Failed):
        _run(str(tmp_path / "ac"), *said)
    assert not (tmp_path / "ac").exists()


def test_files_of_others_are_left(tmp_path: Path) -> None:
    (tmp_path / "authority.pem").write_text("mine")
    (tmp_path / "authority.key").write_text("mine")
    with pytest.raises(Failed):
        _run(str(tmp_path), "--person", PERSON)
    assert (tmp_path / "authority.key").read_text() == "mine"


def test_the_command_of_the_page_makes_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = Path(__file__).parents[2] / "docs" / "how-to" / "accept-client-certificates.md"
    [said] = re.findall(r"^\./espace authority (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    monkeypatch.chdir(tmp_path)
    assert _run(*said.split()) == 0
    assert {path.name for path in (tmp_path / "ac").glob("*.pem")} == {
        "authority.pem",
        "1990000017.connection.pem",
        "1990000017.signature.pem",
        "810999000018.pem",
        "localhost.pem",
    }
