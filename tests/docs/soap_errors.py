"""Which of our reasons is which error of IHE."""

from collections import defaultdict

from docs.markdown import code, table
from espace.exchange.xds.errors import CODES


def errors() -> str:
    """The codes, each with the reasons that it stands for."""
    found: dict[str, list[str]] = defaultdict(list)
    for reason, name in CODES.items():
        found[name].append(code(reason.code))
    # One reason is told by its place too: see `code_of`.
    found["XDSNonIdenticalHash"].append(code("unique_id_reused"))
    return table(("errorCode", "reasons"), ((code(name), ", ".join(sorted(found[name]))) for name in sorted(found)))
