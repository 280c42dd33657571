"""What the page of FHIR clients tells people to type works, in order, with the clients themselves."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from docs.generate import DOCS
from docs.typed import SHOWN, blocks, espace, program
from espace.site.foreign import installed
from serving import ROOT

PAGE = DOCS / "how-to" / "use-a-fhir-client.md"
NEEDS = "npm fhir-kit-client is not installed: ./espace test installs it where node and npm are"


def test_the_commands_of_the_page(address: str, tmp_path: Path) -> None:
    place = installed("fhir")
    if place is None:
        pytest.skip(NEEDS)
    (tmp_path / "node_modules").symlink_to(place / "node_modules")
    tools = tmp_path / "tools"
    tools.mkdir()
    program(tools / "python3", f'exec "{sys.executable}" "$@"')
    script = "\n".join(blocks(PAGE)).replace(SHOWN, address)
    environment = {
        **os.environ,
        "ESPACE_PUBLIC_URL": address,
        "PYTHONPATH": str(ROOT / "src"),
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
    }
    command = ["/bin/sh", "-eu", "-c", script]
    done = subprocess.run(
        command, cwd=espace(tmp_path), env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "GUERIN" in done.stdout
