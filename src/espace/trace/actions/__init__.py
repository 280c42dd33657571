"""Adding to the register: requests write their lines, one sequencer appends their leaves and signs their tree."""

from espace.trace.actions.appending import append, reveal
from espace.trace.actions.nobody import append_about_nobody
from espace.trace.actions.publishing import publish
from espace.trace.actions.sequencing import SEQUENCER_LOCK, sequence

__all__ = ["SEQUENCER_LOCK", "append", "append_about_nobody", "publish", "reveal", "sequence"]
