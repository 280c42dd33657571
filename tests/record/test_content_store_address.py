"""The address of a bucket: what it says, and each way in which it is refused before anything starts."""

import pytest

from espace.record.adapters.address import S3Address, s3_address
from espace.site.config import BadConfiguration, load

HOME = {"ESPACE_HOME": "/nowhere"}
KEYS = {"ESPACE_CONTENT_ACCESS_KEY": "ESSAI", "ESPACE_CONTENT_SECRET_KEY": "essai-de-secret"}
BUCKET = {"ESPACE_CONTENT_URL": "s3://dossiers/a?endpoint=https://s3.exemple.fr"}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("s3://dossiers?endpoint=https://a.fr", S3Address("dossiers", "", "https://a.fr", "us-east-1")),
        ("s3://dossiers/?endpoint=https://a.fr&region=x-3", S3Address("dossiers", "", "https://a.fr", "x-3")),
        (
            "s3://dossiers/a/b/?endpoint=https://s3.exemple.fr&region=rbx",
            S3Address("dossiers", "a/b", "https://s3.exemple.fr", "rbx"),
        ),
        (
            "s3://d.1-x/p?endpoint=http%3A%2F%2F127.0.0.1%3A8333",
            S3Address("d.1-x", "p", "http://127.0.0.1:8333", "us-east-1"),
        ),
        ("s3://dos?endpoint=http://[::1]:9/", S3Address("dos", "", "http://[::1]:9", "us-east-1")),
    ],
)
def test_an_address_of_a_bucket(url: str, expected: S3Address) -> None:
    assert s3_address(url) == expected


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("s3://", "must look like"),
        ("s3:dossiers", "must look like"),
        ("s3://D!", "must look like"),
        ("s3://dossiers:99/x", "must look like"),
        ("s3://dossiers:x/x", "must look like"),
        ("s3://dossiers/x#y", "must look like"),
        ("s3://dossiers?region", "must look like"),
        ("s3://dossiers?endpoint=https://[", "must look like"),
        ("s3://clef:secret@dossiers/x", "must hold no key"),
        ("s3://dossiers/../x", "prefix"),
        ("s3://dossiers/a b", "prefix"),
        ("s3://dossiers/a//b", "prefix"),
        ("s3://dossiers/%00", "prefix"),
        ("s3://dossiers?secret=x", "not: secret"),
        ("s3://dossiers?region=", "region"),
        ("s3://dossiers?region=a&region=b", "twice"),
        ("s3://dossiers", "https://host:port"),
        ("s3://dossiers?region=eu-west-3", "https://host:port"),
        ("s3://dossiers?endpoint=", "https://host:port"),
        ("s3://dossiers?endpoint=ftp://s3.exemple.fr", "https://host:port"),
        ("s3://dossiers?endpoint=https://s3.exemple.fr/path", "https://host:port"),
        ("s3://dossiers?endpoint=https://a:b@s3.exemple.fr", "https://host:port"),
        ("s3://dossiers?endpoint=https://s3.exemple.fr:x", "must look like"),
        ("s3://dossiers?endpoint=http://s3.exemple.fr", "this machine only"),
        ("s3://dossiers?endpoint=http://10.0.0.7:8333", "this machine only"),
    ],
)
def test_an_address_that_is_refused_says_why_and_is_not_quoted(url: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence) as caught:
        s3_address(url)
    assert "secret@" not in str(caught.value)
    assert "s3.exemple.fr" not in str(caught.value)


def test_a_bucket_and_its_keys_are_configured_and_never_shown() -> None:
    config = load(HOME | BUCKET | KEYS)
    assert (config.content_access_key, config.content_secret_key) == ("ESSAI", "essai-de-secret")
    assert "essai" not in repr(config).lower()


def test_the_grace_period_is_a_day_unless_said_otherwise() -> None:
    assert load(HOME).orphan_hours == 24
    assert load(HOME | {"ESPACE_ORPHAN_HOURS": "1"}).orphan_hours == 1


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (BUCKET, "needs ESPACE_CONTENT_ACCESS_KEY and"),
        (BUCKET | {"ESPACE_CONTENT_ACCESS_KEY": "ESSAI"}, "needs ESPACE_CONTENT_ACCESS_KEY and"),
        (KEYS, "need an s3: address"),
        (KEYS | {"ESPACE_CONTENT_URL": "s3://dossiers?endpoint=http://s3.exemple.fr"}, "this machine only"),
        ({"ESPACE_CONTENT_URL": "https://s3.exemple.fr/dossiers"}, "file:///folder or s3:"),
        ({"ESPACE_CONTENT_URL": "/var/lib/contents"}, "file:///folder or s3:"),
        ({"ESPACE_CONTENT_URL": "file://server/share"}, "file:///folder or s3:"),
        ({"ESPACE_CONTENT_URL": "file:///"}, "file:///folder or s3:"),
        ({"ESPACE_CONTENT_URL": ""}, "file:///folder or s3:"),
        ({"ESPACE_ORPHAN_HOURS": "0"}, "between 1 and 8760"),
        ({"ESPACE_ORPHAN_HOURS": "0.5"}, "between 1 and 8760"),
    ],
)
def test_what_cannot_be_used_is_told_before_anything_starts(said: dict[str, str], sentence: str) -> None:
    with pytest.raises(BadConfiguration, match=sentence) as caught:
        load(HOME | said)
    assert "essai-de-secret" not in str(caught.value)
