"""The SOAP door takes the certificates of the test authority."""

from pathlib import Path
from typing import Any

import pytest

from carded import authorities


@pytest.fixture(autouse=True)
def accepted_authority(settings: Any, tmp_path: Path) -> None:
    settings.ESPACE_AUTHORITIES = authorities(tmp_path)
