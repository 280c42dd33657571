"""Adding to the register: requests write their lines, one sequencer appends their leaves and signs their tree."""

from espace.trace.actions.appending import append, reveal
from espace.trace.actions.publishing import publish
from espace.trace.actions.sequencing import SEQUENCER_LOCK, sequence

__all__ = ["SEQUENCER_LOCK", "append", "publish", "reveal", "sequence"]
