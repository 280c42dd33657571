"""What the page on measuring tells people to type writes its figures, and leaves nothing: the command as it is, which
makes its installation from nothing, and starts a web server and a worker of its own for each measurement."""

import json
import os
import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from docs.generate import DOCS
from docs.typed import SHOWN, Server, blocks, espace
from espace.site.bench.facts import What
from espace.site.testbed import without_settings
from figures import assert_measured

MEASURE = DOCS / "how-to" / "measure.md"


@pytest.mark.slow
def test_the_measurement_of_the_page_writes_its_figures_and_leaves_nothing(tmp_path: Path) -> None:
    with TemporaryDirectory(prefix="measure") as name:
        folder = Path(name)
        folder.chmod(0o711)  # the account of the database crosses it
        measuring = Server(SHOWN, without_settings(os.environ) | {"TMPDIR": name})
        done = measuring.run("\n".join(blocks(MEASURE)), espace(tmp_path))
        assert done.returncode == 0, done.stdout + done.stderr
        assert list(folder.iterdir()) == []
    found = [json.loads(line) for line in (tmp_path / "figures.json").read_text(encoding="utf-8").splitlines()]
    assert len(found) == 2
    for clients, one in enumerate(found, start=1):
        assert_measured(What.SEARCH, one, clients)
    header = done.stdout.splitlines()[0].split()
    assert header[:3] == ["clients", "req/s", "errors"]
    table = MEASURE.read_text(encoding="utf-8").split("## Reading the table")[1]
    told = " ".join(re.findall(r"^\| (`.+?) \|", table, re.MULTILINE))
    assert all(f"`{name}`" in told for name in ("req/s", "errors", "p50", "SQL", "CPU", "MiB", "bound/s", "share"))
    assert {"req/s", "errors", "p50", "SQL", "CPU", "MiB", "bound/s", "share"} <= set(header)
