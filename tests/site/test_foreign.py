"""Installing the foreign judges: once for each lock, whole or not at all, and a sentence when it cannot be done."""

import json
from pathlib import Path

import pytest

from espace.site.foreign import FOREIGN, install, judges, place_of

NPM = """#!/bin/sh
echo "$@" >> "$HOME/calls"
test -f package-lock.json && mkdir node_modules
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "foreign"
    for name in ("one", "two"):
        (folder / name).mkdir(parents=True)
        (folder / name / "package.json").write_text("{}")
        (folder / name / "package-lock.json").write_text(f'{{"name": "{name}"}}')
    (folder / "not a judge").mkdir()
    return folder


def machine(tmp_path: Path, npm: str = NPM) -> dict[str, str]:
    """A machine whose npm is this script."""
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "npm").write_text(npm)
    (tools / "npm").chmod(0o755)
    return {"HOME": str(tmp_path), "PATH": f"{tools}:/usr/bin:/bin"}


def test_each_is_installed_once(tmp_path: Path, source: Path) -> None:
    environment = machine(tmp_path)
    assert judges(source) == ["one", "two"]
    for _run in range(2):
        assert install(environment, source) == []
        assert (tmp_path / "calls").read_text().count("ci --ignore-scripts") == 2
    place = place_of("one", environment, source)
    assert place.parent == tmp_path / ".cache" / "espace-foreign"
    assert sorted(file.name for file in place.iterdir()) == ["node_modules", "package-lock.json", "package.json"]
    assert len(list(place.parent.iterdir())) == 2


def test_another_lock_is_another_installation(tmp_path: Path, source: Path) -> None:
    environment = machine(tmp_path) | {"XDG_CACHE_HOME": str(tmp_path / "elsewhere")}
    assert install(environment, source) == []
    before = place_of("one", environment, source)
    (source / "one" / "package-lock.json").write_text('{"name": "one", "lockfileVersion": 3}')
    assert place_of("one", environment, source) != before
    assert install(environment, source) == []
    assert place_of("one", environment, source).is_dir()


def test_what_fails_is_said_and_leaves_nothing(tmp_path: Path, source: Path) -> None:
    environment = machine(tmp_path, "#!/bin/sh\nmkdir node_modules\nexit 1\n")
    told = install(environment, source)
    assert [line.partition(" »")[0] for line in told] == ["the foreign judge « one", "the foreign judge « two"]
    assert list((tmp_path / ".cache" / "espace-foreign").iterdir()) == []


def test_without_npm_it_is_said(tmp_path: Path, source: Path) -> None:
    assert install({"HOME": str(tmp_path), "PATH": str(tmp_path)}, source) == [
        "the foreign judges that npm installs (apt-get install npm)."
    ]


@pytest.mark.parametrize("name", judges())
def test_locks_name_no_place_to_fetch_from(name: str) -> None:
    """As the locks of Python: hashes, and the registry is each machine's own choice."""
    lock = json.loads((FOREIGN / name / "package-lock.json").read_text(encoding="utf-8"))
    packages = {path: one for path, one in lock["packages"].items() if path}
    assert packages
    assert [path for path, one in packages.items() if "resolved" in one or "integrity" not in one] == []
    assert not (FOREIGN / name / "node_modules").exists()
