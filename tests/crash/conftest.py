"""Each test here has an installation of its own."""

from collections.abc import Iterator

import pytest

from running import fresh_installation


@pytest.fixture
def installation() -> Iterator[dict[str, str]]:
    with fresh_installation() as environment:
        yield environment
