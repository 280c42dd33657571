"""One line for each unauthenticated or unattributable refusal; bounded, and without patient data.

Whoever sends a million bad requests a minute must neither fill the disk nor hide something else: a kind
gets so many lines a minute, and the next minute's first line says how many were left out.
"""

import logging
import re
import threading
from dataclasses import dataclass, field

from espace.edge import now

LINES_A_MINUTE = 120
KINDS_A_MINUTE = 64
_WORD_MOST = 64
_UNSAFE = re.compile(r"[^A-Za-z0-9_.:{}/ -]")

_logger = logging.getLogger("espace.security")


@dataclass(slots=True)
class _Budget:
    """Lines noted in the present minute, by kind."""

    minute: int = 0
    noted: dict[str, int] = field(default_factory=dict)

    def spend(self, kind: str, minute: int) -> dict[str, int] | None:
        """None when the kind's budget is spent; else the lines left out in the minute before, by kind."""
        left_out: dict[str, int] = {}
        if minute != self.minute:
            left_out = {name: count - LINES_A_MINUTE for name, count in self.noted.items() if count > LINES_A_MINUTE}
            self.minute, self.noted = minute, {}
        name = kind if kind in self.noted or len(self.noted) < KINDS_A_MINUTE else "other"
        self.noted[name] = self.noted.get(name, 0) + 1
        return left_out if self.noted[name] <= LINES_A_MINUTE else None


_budget = _Budget()
_lock = threading.Lock()


def note(kind: str, reason: str, request_id: str) -> None:
    """Log one refusal: what was tried, the reason's code, the request. Words only, cut and cleaned."""
    with _lock:
        left_out = _budget.spend(_word(kind), int(now().timestamp()) // 60)
    if left_out is None:
        return
    for name, count in left_out.items():
        _logger.warning("lines left out", extra={"kind": name, "lines": count})
    said = {"kind": _word(kind), "reason": _word(reason), "request_id": _word(request_id)}
    _logger.warning("refused", extra=said)


def _word(text: str) -> str:
    return _UNSAFE.sub("_", text[:_WORD_MOST]) or "-"
