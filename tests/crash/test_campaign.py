"""A campaign of kills on a throw-away installation with fsync on: nothing is lost, and the checker would have told.

40 kills (SIGKILL) of the web server, the worker and PostgreSQL, at random and at named points, and a few more of them
with an S3 server that is killed too: enough for each of these programs to die, and for the checker to have one
document of each kind to be damaged. What is claimed of a hundred kills and more is for the command to show, in minutes:
`./espace bench crash --kills N`.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from espace.site.testbed import without_settings
from running import migrated

ROOT = Path(__file__).parents[2]
KILLS, SEED = 40, 1
KILLS_ON_S3 = 6
DYING = ({"web-process", "web-server"}, {"worker"}, {"postgresql-process", "postmaster"})

DAMAGES: dict[str, set[str]] = {
    "a document deleted": {"lost", "half_visible"},
    "a place deleted": {"half_visible"},
    "an identifier deleted": {"half_visible"},
    "a set deleted": {"half_visible"},
    "a document twice": {"duplicate", "half_visible"},
    "an identifier twice": {"duplicate"},
    "a mask taken off": {"undone"},
    "a mask altered": {"altered", "undone"},
    "a replacement forgotten": {"undone"},
    "a deletion undone": {"undone"},
    "a document made deleted": {"undone"},
    "a line deleted": {"trace_gap", "untraced"},
    "a line altered": {"trace_gap", "untraced"},
    "a line given another commitment": {"trace_gap"},
    "a line and its leaf deleted": {"trace_gap", "untraced"},
    "a line and its leaf deleted, the others renumbered": {"untraced"},
    "a leaf out of place": {"trace_gap"},
    "a leaf that waits again": {"trace_gap", "dropped"},
    "an event given up": {"dropped"},
    "an event forgotten": {"dropped"},
    "a deposit counted twice": {"duplicate"},
    "a reading not counted": {"dropped"},
    "a content deleted": {"lost"},
    "a content altered": {"altered"},
    "a content cut": {"altered"},
    "a content emptied": {"altered"},
}
"""What is done by hand to the database or the store → what the checker must name."""


@pytest.mark.slow
def test_nothing_is_lost_and_whatever_were_lost_would_be_named() -> None:
    words = [sys.executable, "-P", "tests/crash/damage.py", *map(str, (migrated(), KILLS, SEED))]
    environment = without_settings(os.environ) | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}"}
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr[-4000:]
    said = json.loads(done.stdout)
    assert said["found"] == [], said["table"]
    assert said["kills"] >= KILLS
    killed = kills_of(said["table"])
    assert [programs for programs in DYING if not killed.keys() & programs] == []
    named = {name: set(found) for name, found in said["damages"].items()}
    assert named.pop("nothing") == set()
    assert set(named) == set(DAMAGES)
    assert {name: DAMAGES[name] - found for name, found in named.items() if DAMAGES[name] - found} == {}


@pytest.mark.slow
def test_nothing_is_lost_when_an_s3_server_is_killed_too() -> None:
    options = ["--store", "s3", "--kills", str(KILLS_ON_S3), "--spaces", "3", "--seed", str(SEED)]
    words = [sys.executable, "-P", "tests/begun.py", str(migrated()), "bench", "crash", *options]
    environment = without_settings(os.environ) | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}"}
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr[-4000:]
    assert int(kills_of(done.stdout)["s3-server"]) >= 1


def kills_of(table: str) -> dict[str, str]:
    """What died → how often, of the table that the command prints."""
    return dict(reversed(line.split()) for line in table.splitlines() if len(line.split()) == 2)
