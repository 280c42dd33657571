"""The units of systemd: whatever ends, for whatever reason and however often, is started again."""

from configparser import ConfigParser

import pytest

from espace.site.source import ROOT


@pytest.mark.parametrize("name", ["web", "worker", "mllp", "mail"])
def test_what_ends_is_started_again_for_ever(name: str) -> None:
    unit = ConfigParser(strict=False, interpolation=None)
    unit.read(ROOT / "deploy" / "systemd" / f"espace-{name}.service", encoding="utf-8")
    assert unit["Service"]["Restart"] == "always"
    assert float(unit["Service"]["RestartSec"]) == 2
    assert unit["Unit"]["StartLimitIntervalSec"] == "0"
    assert unit["Service"]["ExecStart"].split()[0] == "/opt/espace/espace"
