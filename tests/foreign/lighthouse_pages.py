"""The main pages judged by Lighthouse (npm): 98 of 100 or more in each of its four categories, in three tries at most.

`./espace check --lighthouse` runs it: a minute and more of a browser, so that the suite, which collects `test_*.py`,
leaves it out. What it found is kept in artefacts/lighthouse.json.
"""

import json
import os
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from browser.every import DOCTOR, HOLDER, VISITOR, World, furnished, the
from espace.site.foreign import FOREIGN, installed
from serving import ROOT, serving

pytestmark = pytest.mark.usefixtures("db")

LEAST = 98
DEADLINE_SECONDS = 600
KEPT = ROOT / "artefacts" / "lighthouse.json"
JUDGED = (
    (VISITOR, "account_login"),
    (HOLDER, "home"),
    (HOLDER, "documents"),
    (HOLDER, "reading"),
    (HOLDER, "history"),
    (DOCTOR, "pro_home"),
    (DOCTOR, "pro_patient"),
    (DOCTOR, "pro_reading"),
)


@pytest.fixture
def world(db: None) -> World:
    return furnished()


@pytest.fixture
def address(world: World, tmp_path: Path) -> Iterator[str]:
    with serving(tmp_path / "server.log") as found:
        yield found


def test_the_main_pages_have_ninety_eight_everywhere(world: World, address: str, tmp_path: Path) -> None:
    place = installed("lighthouse")
    assert place is not None, "npm lighthouse is not installed: ./espace test installs it where node and npm are"
    chromium = os.environ.get("ESPACE_CHROMIUM") or shutil.which("chromium")
    asked = [_asked(world, address, *one) for one in JUDGED]
    _warm(asked)
    (tmp_path / "node_modules").symlink_to(place / "node_modules")
    judge = shutil.copy(FOREIGN / "lighthouse" / "judge.mjs", tmp_path)
    command = ["node", str(judge), json.dumps({"chromium": chromium, "pages": asked})]
    said = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_SECONDS, check=False)
    assert said.returncode == 0, said.stderr[-3000:]
    found = [json.loads(line) for line in said.stdout.splitlines()]
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert [one["name"] for one in found] == [name for _, name in JUDGED]
    assert [one for one in found if min(one["scores"].values()) < LEAST] == []


def _asked(world: World, address: str, role: str, name: str) -> dict[str, str]:
    session = world.client(role).cookies.get("sessionid")
    cookie = f"sessionid={session.value}" if session else ""
    return {"name": name, "url": address + the(world, role, name).path, "cookie": cookie}


def _warm(asked: list[dict[str, str]]) -> None:
    """Every page once from both processes: what is measured is a server that has been up for a while."""
    for one in asked * 4:
        request = urllib.request.Request(one["url"], headers={"Cookie": one["cookie"]})
        urllib.request.urlopen(request, timeout=30).close()
