"""The contract of every key service, and what the file back end promises about its file."""

import json
import os
import threading
from pathlib import Path

import pytest

from espace.keys.adapters import file
from espace.keys.facts import KeyService, KeyServiceUnavailable, SealBroken

KEY = bytes(range(32))
A = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
Z = "//////////////////////////////////////////8="


@pytest.fixture(params=["file"])
def service(request: pytest.FixtureRequest, tmp_path: Path) -> KeyService:
    """Each back end, freshly made; the next ones join the list."""
    file.create(tmp_path)
    return file.load(tmp_path)


def test_a_wrapped_key_comes_back_in_its_own_context_only(service: KeyService) -> None:
    wrapped = service.wrap(KEY, b"anne|content|1")
    assert service.unwrap(wrapped, b"anne|content|1") == KEY
    assert KEY not in wrapped
    for other in (b"paul|content|1", b"anne|log|1", b"anne|content|2", b""):
        with pytest.raises(SealBroken):
            service.unwrap(wrapped, other)


def test_a_wrapped_key_altered_anywhere_does_not_come_back(service: KeyService) -> None:
    wrapped = service.wrap(KEY, b"anne")
    for position in range(len(wrapped)):
        altered = bytearray(wrapped)
        altered[position] ^= 0x40
        with pytest.raises(SealBroken):
            service.unwrap(bytes(altered), b"anne")
    with pytest.raises(SealBroken):
        service.unwrap(b"", b"anne")


def test_system_data_open_in_their_own_context_only(service: KeyService) -> None:
    sealed = service.seal(b"totp secret", b"mfa|1")
    assert service.open(sealed, b"mfa|1") == b"totp secret"
    assert b"totp" not in sealed
    with pytest.raises(SealBroken):
        service.open(sealed, b"mfa|2")
    with pytest.raises(SealBroken):
        service.open(bytes(len(sealed)), b"mfa|1")


def test_a_wrapped_key_is_not_system_data_and_the_reverse(service: KeyService) -> None:
    with pytest.raises(SealBroken):
        service.open(service.wrap(KEY, b"same"), b"same")
    with pytest.raises(SealBroken):
        service.unwrap(service.seal(KEY, b"same"), b"same")


def test_the_index_is_stable_keyed_and_32_bytes(service: KeyService, tmp_path: Path) -> None:
    assert service.hmac(b"255069999999934") == service.hmac(b"255069999999934")
    assert service.hmac(b"255069999999934") != service.hmac(b"255069999999935")
    assert len(service.hmac(b"")) == 32
    file.create(tmp_path / "another")
    assert file.load(tmp_path / "another").hmac(b"x") != service.hmac(b"x")


def test_health_says_nothing_when_all_is_well(service: KeyService) -> None:
    service.health()


def test_the_index_under_a_known_key_is_this_literal(tmp_path: Path) -> None:
    from espace.keys.rules import index_input

    _write(tmp_path, {"wrapping": {"1": Z}, "sealing": {"1": Z}, "index": A})
    found = file.load(tmp_path).hmac(index_input("ins", "255069999999934"))
    assert found.hex() == "abc5e2e73b88a026e95bfda60febdfe5882f663d279114711dfab3a44ca760e5"


def test_the_file_and_its_folder_are_for_their_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    file.create(folder)
    assert (folder / "service.json").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in folder.iterdir()] == ["service.json"]


def test_keys_are_made_once_whoever_comes_first(tmp_path: Path) -> None:
    start = threading.Barrier(8)
    seen: list[bytes] = []

    def make() -> None:
        start.wait()
        file.create(tmp_path)
        seen.append(file.load(tmp_path).hmac(b"who"))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 8
    assert len(set(seen)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["service.json"]


def test_a_crash_while_making_them_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_more_room(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", no_more_room)
        with pytest.raises(OSError, match="No space left"):
            file.create(tmp_path)
    assert not (tmp_path / "service.json").exists()
    file.create(tmp_path)
    file.load(tmp_path).health()


def test_the_file_is_durable_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    real_fsync, real_link = os.fsync, Path.hardlink_to

    def fsync(descriptor: int) -> None:
        order.append("fsync")
        real_fsync(descriptor)

    def link(path: Path, target: Path) -> None:
        order.append("link")
        real_link(path, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "hardlink_to", link)
    file.create(tmp_path)
    assert order == ["fsync", "link", "fsync"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    file.create(tmp_path)
    (tmp_path / "service.json").chmod(mode)
    with pytest.raises(KeyServiceUnavailable, match="chmod 600"):
        file.load(tmp_path)


GOOD = {"format": "espace-keys/1", "current": 1, "wrapping": {"1": A}, "sealing": {"1": A}, "index": A}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "[" * 500,
        "\ud7ff",
        json.dumps(GOOD | {"format": "espace-keys/2"}),
        json.dumps(GOOD | {"current": 2}),
        json.dumps(GOOD | {"wrapping": {}, "sealing": {}}),
        json.dumps(GOOD | {"wrapping": {"1": "AA=="}}),
        json.dumps(GOOD | {"index": "?"}),
        json.dumps(GOOD | {"wrapping": [A]}),
        json.dumps({name: value for name, value in GOOD.items() if name != "index"}),
    ],
)
def test_a_file_that_is_not_keys_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "service.json"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(KeyServiceUnavailable):
        file.load(tmp_path)


def test_no_file_is_unavailable_and_answers_503(tmp_path: Path) -> None:
    with pytest.raises(KeyServiceUnavailable) as caught:
        file.load(tmp_path)
    assert caught.value.reason.status == 503


def test_a_file_replaced_while_running_is_noticed(tmp_path: Path) -> None:
    file.create(tmp_path)
    service = file.load(tmp_path)
    (tmp_path / "service.json").unlink()
    with pytest.raises(KeyServiceUnavailable):
        service.health()
    file.create(tmp_path)
    with pytest.raises(KeyServiceUnavailable, match="restart"):
        service.health()


def test_older_versions_open_and_the_newest_seals(tmp_path: Path) -> None:
    _write(tmp_path / "old", {"wrapping": {"1": A}, "sealing": {"1": A}, "index": A})
    _write(tmp_path / "new", {"current": 2, "wrapping": {"1": A, "2": Z}, "sealing": {"1": A, "2": Z}, "index": A})
    old, new = file.load(tmp_path / "old"), file.load(tmp_path / "new")
    assert new.unwrap(old.wrap(KEY, b"anne"), b"anne") == KEY
    assert new.open(old.seal(b"secret", b"mfa"), b"mfa") == b"secret"
    with pytest.raises(SealBroken, match="version 2"):
        old.unwrap(new.wrap(KEY, b"anne"), b"anne")


def test_keys_are_not_shown_by_repr(service: KeyService) -> None:
    assert "wrapping" not in repr(service)


def _write(folder: Path, keys: dict[str, object]) -> None:
    folder.mkdir(exist_ok=True)
    path = folder / "service.json"
    path.write_text(json.dumps({"format": "espace-keys/1", "current": 1} | keys))
    path.chmod(0o600)
