"""What `./espace bench` writes, whatever it measured."""

from typing import Any

from espace.site.bench.facts import PAGES, READINGS, TARGETS, What


def assert_measured(what: What, one: dict[str, Any], clients: int = 1) -> None:
    """A line of figures is whole, and each figure could be one."""
    assert (one["what"], one["clients"], one["errors"], one["first_error"]) == (what, clients, 0, "")
    assert one["requests"] > 0
    assert 0 < one["p50_ms"] <= one["p95_ms"] <= one["p99_ms"]
    assert 5 < one["statements"] < 40
    assert one["cpu_ms"].keys() == {"server", "worker", "postgresql", "client"}
    assert all(one["peak_mib"][name] > 10 for name in ("server", "worker", "postgresql"))
    assert one["targets"] == TARGETS[what]
    assert {"cores", "memory_mib", "disk", "date", "load", "python", "postgresql"} <= one["machine"].keys()
    assert (one["bound"] is None) == (what in PAGES)
    assert (one["files"] is None) == (what not in READINGS)
    assert one["bound"] is None or (one["bound"]["rate"] > 0 and one["share"] > 0)
