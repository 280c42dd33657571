"""Homes of their own for the tests of the set-up: under a folder that an unprivileged account can cross."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from espace.site.config import Config, load
from espace.site.testbed import remove_home, without_settings


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that does not exist yet; gone afterwards, with what its server kept elsewhere."""
    above = Path(tempfile.mkdtemp(prefix="espace-test-"))
    above.chmod(0o711)
    yield above / "home"
    remove_home(load({"ESPACE_HOME": str(above / "home")}))
    shutil.rmtree(above)


@pytest.fixture
def config(home: Path) -> Config:
    return load({"ESPACE_HOME": str(home)})


@pytest.fixture
def environment(home: Path) -> dict[str, str]:
    """For a command in a process of its own."""
    return without_settings(os.environ) | {"ESPACE_HOME": str(home)}
