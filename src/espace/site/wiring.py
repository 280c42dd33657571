"""What happens after what: event → reactions. To know what follows an event, read its line."""

from collections.abc import Callable
from typing import Any

from espace.enrolment.events import HolderInvited
from espace.indicators.handlers import count
from espace.notices.handlers import invite_holder
from espace.outbox.events import Counted

REACTIONS: dict[type, tuple[Callable[[Any], object], ...]] = {
    HolderInvited: (invite_holder,),
    Counted: (count,),
}
