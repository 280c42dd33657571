"""`./espace` in a copy of the checkout, without network: its locks are empty and its program a few lines."""

import os
import shlex
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from espace.site.source import ROOT

pytestmark = pytest.mark.slow

PROGRAM = "import os, sys; print(sys.version_info >= (3, 11), os.environ['PYTHONPATH'], *sys.argv[1:])\n"
TOOLS = ("cat", "chmod", "cksum", "dirname", "env", "flock", "mkdir", "readlink", "rm", "sh")


def _checkout(above: Path) -> Path:
    """In a folder whose name has a space."""
    root = above / "my checkout"
    (root / "src" / "espace").mkdir(parents=True)
    (root / "src" / "espace" / "__main__.py").write_text(PROGRAM)
    (root / "requirements").mkdir()
    for name in ("uv", "run", "dev"):
        (root / "requirements" / f"{name}.lock").write_text("# nothing\n")
    shutil.copy(ROOT / "espace", root / "espace")
    return root


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    return _checkout(tmp_path)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A checkout in which the launcher was run once, with this machine's Python, and what it said."""
    root = _checkout(tmp_path_factory.mktemp("first"))
    return root, _launch(root, "serve", "two words")


@pytest.fixture(scope="module")
def quick(
    first: tuple[Path, subprocess.CompletedProcess[str]], tmp_path_factory: pytest.TempPathFactory
) -> str:
    """A PATH whose first Python makes an environment by copying the one of `first`, before its libraries.

    Python takes seconds to make one: once is enough, the rest is about what the launcher does around.
    """
    folder, made = tmp_path_factory.mktemp("quick"), tmp_path_factory.mktemp("made") / "venv"
    shutil.copytree(first[0] / ".venv", made, symlinks=True, ignore=shutil.ignore_patterns("espace-*"))
    _uv(made)
    copy = f'[ "$1 $2" != "-m venv" ] || exec cp -a {shlex.quote(str(made))}/. "$3"'
    _python(folder, "python3.14", f'{copy}\nexec {shlex.quote(str(Path(sys.executable).resolve()))} "$@"')
    return f"{folder}:{os.environ['PATH']}"


def _launch(checkout: Path, *words: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": path or os.environ["PATH"], "HOME": str(checkout.parent), "PIP_NO_INDEX": "1"}
    command = [str(checkout / "espace"), *words]
    return subprocess.run(
        command, env=environment, cwd=checkout.parent, capture_output=True, text=True, check=False, timeout=300
    )


def _tools(folder: Path) -> Path:
    """A PATH with what every Debian has, and no Python."""
    folder.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found is not None, tool
        (folder / tool).symlink_to(found)
    return folder


def _uv(environment: Path) -> Path:
    """The program of the first lock, which is empty here, put in the environment by hand: it fails where there is
    something to install. The file where it notes its words."""
    asked = environment.parent / "asked of uv"
    script = f'echo "$*" >>{shlex.quote(str(asked))}\nfor lock; do :; done\n! grep -q "^[^#]" "$lock"'
    _python(environment / "bin", "uv", script)
    return asked


def _python(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_made_once_then_quick_and_silent_then_repaired(
    first: tuple[Path, subprocess.CompletedProcess[str]], quick: str, tmp_path: Path
) -> None:
    checkout, launched = first
    assert (launched.returncode, launched.stdout) == (0, f"True {checkout}/src serve two words\n")
    assert "installing the libraries (2/2)" in launched.stderr

    again = _launch(checkout, "token", "hospital")
    assert (again.returncode, again.stdout, again.stderr) == (0, f"True {checkout}/src token hospital\n", "")

    asked = _uv(checkout / ".venv")
    for_tests = _launch(checkout, "test")
    assert "installing" in for_tests.stderr
    assert _launch(checkout, "check").stderr == ""
    locks = [f"{checkout}/requirements/{name}.lock" for name in ("run", "dev")]
    lines = asked.read_text().splitlines()
    assert [line.split(" -r ")[1] for line in lines] == locks
    assert all(line.startswith("pip install ") and " --no-build --require-hashes " in line for line in lines)

    (checkout / "requirements" / "run.lock").write_text("# nothing, newer\n")
    assert "installing" in _launch(checkout, "serve").stderr
    assert _launch(checkout, "serve").stderr == ""

    (checkout / ".venv" / "espace-installing").touch()
    (checkout / ".venv" / "half-installed").touch()
    repaired = _launch(checkout, "serve", path=quick)
    assert repaired.returncode == 0
    assert "half made or stale" in repaired.stderr
    assert not (checkout / ".venv" / "half-installed").exists()

    (checkout / ".venv" / "bin" / "python").unlink()
    (checkout / ".venv" / "bin" / "python").symlink_to("/nowhere/python3.11")
    assert "Python 3.11 or later was not found" in _launch(checkout, "serve", path=str(_tools(tmp_path / "bin"))).stderr


def test_two_launches_at_once_make_one_environment(checkout: Path, quick: str) -> None:
    environment = {"PATH": quick, "HOME": str(checkout.parent), "PIP_NO_INDEX": "1"}
    launches = [
        subprocess.Popen(
            [str(checkout / "espace"), "serve"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    told = [launch.communicate(timeout=300) for launch in launches]
    assert [launch.returncode for launch in launches] == [0, 0]
    assert [out for out, _ in told] == [f"True {checkout}/src serve\n"] * 2
    assert sum("making the environment" in err for _, err in told) == 1


def test_an_installation_that_fails_is_said_and_not_taken_for_done(checkout: Path, quick: str) -> None:
    (checkout / "requirements" / "run.lock").write_text(f"absent-package==1.0 --hash=sha256:{'0' * 64}\n")
    failed = _launch(checkout, "serve", path=quick)
    assert (failed.returncode, failed.stdout) == (1, "")
    assert "the installation did not finish" in failed.stderr
    assert not list((checkout / ".venv").glob("*.stamp"))
    assert (checkout / ".venv" / "espace-installing").exists()


def test_without_python_the_package_to_install_is_named(checkout: Path, tmp_path: Path) -> None:
    failed = _launch(checkout, "demo", path=str(_tools(tmp_path / "bin")))
    assert (failed.returncode, failed.stdout) == (1, "")
    assert "apt-get install python3 python3-venv" in failed.stderr


def test_a_python_that_is_too_old_is_not_used(checkout: Path, tmp_path: Path) -> None:
    tools = _tools(tmp_path / "bin")
    _python(tools, "python3", "exit 1")
    assert "Python 3.11 or later was not found" in _launch(checkout, "demo", path=str(tools)).stderr


def test_without_venv_the_package_of_that_python_is_named(checkout: Path, tmp_path: Path) -> None:
    tools = _tools(tmp_path / "bin")
    _python(tools, "python3", 'case "$2" in *ensurepip*) exit 1 ;; *print*) echo 3.12 ;; esac')
    failed = _launch(checkout, "demo", path=str(tools))
    assert failed.returncode == 1
    assert "apt-get install python3.12-venv" in failed.stderr
    assert not (checkout / ".venv").exists()


def test_the_launcher_and_the_integration_script_can_be_run() -> None:
    for script in (ROOT / "espace", ROOT / ".ci" / "run"):
        assert stat.S_IMODE(script.stat().st_mode) & 0o111 == 0o111
