"""The configuration: defaults, what is refused and in which words, what is written and how private it is."""

import os
import stat
from pathlib import Path

import pytest

from espace.site.config import (
    BadConfiguration,
    Config,
    Database,
    Mark,
    load,
    parse_database_url,
    prepare_home,
    read_mark,
    read_secret_key,
    write_mark,
)


def test_the_defaults(home: Path) -> None:
    config = load({"ESPACE_HOME": str(home)})
    assert config.home == home
    assert config.port == 8000
    assert config.public_url == "http://localhost:8000"
    assert config.mail_url == "smtp://127.0.0.1:8002"
    assert config.mail_from == "espace-sante@localhost"
    assert config.content_url == f"file://{home}/contents"
    assert config.max_document_bytes == 52_428_800
    assert config.max_request_bytes == 75_497_472
    assert config.embedded
    assert not config.test_identities
    assert not config.demonstration


def test_the_home_of_an_ordinary_user_is_in_their_data_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert load({"HOME": "/home/camille"}).home == Path("/home/camille/.local/share/espace")
    assert load({"HOME": "/h", "XDG_DATA_HOME": "/data"}).home == Path("/data/espace")


def test_the_home_of_root_is_in_var_lib(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert load({"HOME": "/root"}).home == Path("/var/lib/espace")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ESPACE_PORT", "http"),
        ("ESPACE_PORT", "0"),
        ("ESPACE_PORT", "65536"),
        ("ESPACE_PORT", "-1"),
        ("ESPACE_PORT", "٨٠٠٠"),
        ("ESPACE_PORT", "9" * 5000),
        ("ESPACE_TEST_IDENTITIES", "yes"),
        ("ESPACE_BUDGET_PROFESSIONS", "21=60"),
        ("ESPACE_AUTHORITIES", "/nowhere/authorities.pem"),
        ("ESPACE_AUTHORITIES", __file__),
        ("ESPACE_REVOCATIONS", "/nowhere/revocations.pem"),
        ("ESPACE_DISPATCH_CENTRES", "990000017"),
        ("ESPACE_HOLD_DAYS", "14"),
        ("ESPACE_MAJORITY_REMINDERS", "six mois"),
        ("ESPACE_HOLD_TELL_DAYS", "31"),
        ("ESPACE_MAX_DOCUMENT_BYTES", "50MB"),
        ("ESPACE_MAIL_URL", "localhost:25"),
        ("ESPACE_MAIL_URL", "smtp://localhost:mail"),
        ("ESPACE_DATABASE_URL", "postgresql://app@db/espace"),
    ],
)
def test_a_bad_value_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(BadConfiguration, match=name):
        load({name: value})


@pytest.mark.parametrize("url", ["mysql://a@b/c", "postgresql://a@b", "postgresql://a@b:port/c", "", "espace"])
def test_a_database_url_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(BadConfiguration, match="postgresql://"):
        parse_database_url(url)


def test_a_database_url_is_read_whole() -> None:
    assert parse_database_url("postgresql://app:p%40ss@db.example:5433/espace?sslmode=require") == Database(
        "espace", "app", "p@ss", "db.example", "5433", (("sslmode", "require"),)
    )
    assert parse_database_url("postgresql://app:x@/espace?host=%2Frun%2Fpg&port=6") == Database(
        "espace", "app", "x", "/run/pg", "6"
    )


def test_loading_writes_nothing(home: Path) -> None:
    load({"ESPACE_HOME": str(home)})
    assert not home.exists()


def test_a_prepared_home_is_private_and_keeps_its_secret(config: Config) -> None:
    prepare_home(config)
    secret = read_secret_key(config.home)
    prepare_home(config)
    assert secret is not None
    assert len(secret) == 64
    assert read_secret_key(config.home) == secret
    assert stat.S_IMODE((config.home / "secrets" / "key").stat().st_mode) == 0o600
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in config.home.iterdir()} == {0o700}


def test_a_home_that_cannot_be_written_is_said(home: Path) -> None:
    home.write_text("a file is in the way")
    with pytest.raises(BadConfiguration, match="cannot be written"):
        prepare_home(load({"ESPACE_HOME": str(home)}))
    home.unlink()


def test_the_mark_of_a_demonstration_switches_test_identities_on(config: Config) -> None:
    prepare_home(config)
    write_mark(config.home, Mark.DEMONSTRATION)
    marked = load({"ESPACE_HOME": str(config.home)})
    assert (marked.mark, marked.demonstration, marked.test_identities) == (Mark.DEMONSTRATION, True, True)
    refused = load({"ESPACE_HOME": str(config.home), "ESPACE_TEST_IDENTITIES": "0"})
    assert not refused.test_identities


def test_a_mark_is_never_changed(config: Config) -> None:
    prepare_home(config)
    write_mark(config.home, Mark.TEST)
    with pytest.raises(BadConfiguration, match="test home"):
        write_mark(config.home, Mark.DEMONSTRATION)


@pytest.mark.parametrize("contents", [b"", b"production", b"\xff\xfe", b"demonstration demonstration"])
def test_an_unreadable_mark_is_no_mark(config: Config, contents: bytes) -> None:
    prepare_home(config)
    (config.home / "mark").write_bytes(contents)
    assert read_mark(config.home) is Mark.NONE
