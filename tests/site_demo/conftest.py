"""The crowd is long to tell: a sample of it by default, the whole of it with `--whole-crowd`."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--whole-crowd", action="store_true", help="tell the stories of the whole crowd, not of a sample")
