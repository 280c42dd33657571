"""The keys that sign the log: made once, private, several at a time, never made anew where a log exists already."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from espace.keys.adapters import signing
from espace.keys.facts import KeyServiceUnavailable

ORIGIN = "essai.example/transparency"
TEXT = b"essai.example/transparency\n1\nAAAA\n"


def stated(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "log.json").read_text())
    return found


def test_one_key_is_made_once_and_is_its_owner_s_alone(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    signing.create(folder, ORIGIN)
    first = stated(folder)
    signing.create(folder, "another.example/log")
    assert stated(folder) == first
    assert signing.origin(folder) == ORIGIN
    assert (folder / "log.json").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in folder.iterdir()] == ["log.json"]


def test_what_is_signed_is_verified_by_the_public_key(tmp_path: Path) -> None:
    signing.create(tmp_path, ORIGIN)
    ((key, signature),) = signing.sign(tmp_path, TEXT)
    assert (key.name, key.algorithm, key.retired) == (ORIGIN, 1, False)
    Ed25519PublicKey.from_public_bytes(key.public).verify(signature, TEXT)
    assert signing.public_keys(tmp_path) == (key,)


def test_a_retired_key_signs_no_more_and_stays_published(tmp_path: Path) -> None:
    signing.create(tmp_path, ORIGIN)
    old = stated(tmp_path)["signers"][0]
    new = {"name": "essai.example/log2", "algorithm": "ed25519", "private": base64.b64encode(bytes(32)).decode()}
    said = {"format": "espace-log-keys/1", "origin": "essai.example/log2",
            "signers": [{**old, "retired": True}, {**new, "retired": False}]}  # fmt: skip
    (tmp_path / "log.json").write_text(json.dumps(said))
    assert signing.origin(tmp_path) == "essai.example/log2"
    assert [key.name for key, _ in signing.sign(tmp_path, TEXT)] == ["essai.example/log2"]
    assert [(key.name, key.retired) for key in signing.public_keys(tmp_path)] == [
        (ORIGIN, True), ("essai.example/log2", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"format": "espace-log-keys/2"},
        {"signers": []},
        {"signers": [{"name": "a", "algorithm": "rsa", "private": "", "retired": False}]},
        {"signers": [{"name": "a b", "algorithm": "ed25519", "private": "A" * 43 + "=", "retired": False}]},
        {"signers": [{"name": "a+b", "algorithm": "ed25519", "private": "A" * 43 + "=", "retired": False}]},
        {"signers": [{"name": "a", "algorithm": "ed25519", "private": "AAAA", "retired": False}]},
        {"signers": [{"name": "a", "algorithm": "ed25519", "private": "A" * 43 + "=", "retired": True}]},
        {"signers": "a"},
    ],
)
def test_a_file_that_is_none_signs_nothing_and_tells_no_secret(change: dict[str, object], tmp_path: Path) -> None:
    signing.create(tmp_path, ORIGIN)
    said = stated(tmp_path)
    (tmp_path / "log.json").write_text(json.dumps(said | change))
    with pytest.raises(KeyServiceUnavailable) as raised:
        signing.sign(tmp_path, TEXT)
    assert str(raised.value) == f"{tmp_path / 'log.json'} is not a file of the keys of the log"


def test_a_file_open_to_others_or_absent_signs_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyServiceUnavailable, match="FileNotFoundError"):
        signing.sign(tmp_path, TEXT)
    assert signing.public_keys(tmp_path) == ()
    signing.create(tmp_path, ORIGIN)
    (tmp_path / "log.json").chmod(0o640)
    with pytest.raises(KeyServiceUnavailable, match="chmod 600"):
        signing.sign(tmp_path, TEXT)
