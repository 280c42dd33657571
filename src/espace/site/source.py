"""The checkout that this program runs from."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def tool_environment() -> dict[str, str]:
    """The environment of the development tools: our sources first."""
    return os.environ | {"PYTHONPATH": str(ROOT / "src")}
