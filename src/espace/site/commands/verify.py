"""`./espace verify`: the same program that holders download, on a proof file."""

from espace.site.verify_trace import arguments, run

__all__ = ["arguments", "run"]
