"""The content store of this installation: a folder, or a bucket of an S3 server."""

from functools import cache
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from django.conf import settings

from espace.record.adapters.address import s3_address
from espace.record.adapters.contract import ContentStore
from espace.record.adapters.local import LocalContentStore


def content_store() -> ContentStore:
    """The store that the settings name."""
    return _opened(
        settings.ESPACE_CONTENT_URL, settings.ESPACE_CONTENT_ACCESS_KEY, settings.ESPACE_CONTENT_SECRET_KEY
    )


@cache
def _opened(url: str, access_key: str, secret_key: str) -> ContentStore:
    if urlsplit(url).scheme == "s3":
        # Here: a folder needs no S3 library in memory.
        from espace.record.adapters.s3 import S3ContentStore

        return S3ContentStore(s3_address(url), access_key=access_key, secret_key=secret_key)
    return LocalContentStore(Path(url2pathname(urlsplit(url).path)))
