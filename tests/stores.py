"""A folder of contents of a test's own, as `./espace migrate` makes one."""

from pathlib import Path
from typing import Any

from espace.record.actions.contents import make_store
from espace.record.adapters import LocalContentStore


def folder(path: Path) -> LocalContentStore:
    """A store in this folder, which bears a mark that no key service made."""
    store = LocalContentStore(path)
    store.mark(b"of this test")
    return store


def own_folder(settings: Any, path: Path) -> None:
    """From here on contents are in this folder, marked by this installation."""
    settings.ESPACE_CONTENT_URL = path.as_uri()
    make_store(anew=True)
