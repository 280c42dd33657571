"""What happens after what: event → reactions. To know what follows an event, read its line."""

from collections.abc import Callable
from typing import Any

from espace.access.events import AttendingDoctorNamed, ConsentRecorded
from espace.enrolment.events import HolderInvited
from espace.identity.events import MailCodeMade, NewBrowser, SignInChanged
from espace.indicators.handlers import count
from espace.notices.events import MailPostponed
from espace.notices.handlers import (
    invite_holder,
    mail_sign_in_code,
    send_postponed,
    tell_of_announced,
    tell_of_attending_doctor,
    tell_of_consent,
    tell_of_documents,
    tell_of_new_browser,
    tell_of_sign_in,
)
from espace.outbox.events import Counted
from espace.record.events import DocumentAnnounced, DocumentsFiled

REACTIONS: dict[type, tuple[Callable[[Any], object], ...]] = {
    HolderInvited: (invite_holder,),
    MailCodeMade: (mail_sign_in_code,),
    NewBrowser: (tell_of_new_browser,),
    SignInChanged: (tell_of_sign_in,),
    ConsentRecorded: (tell_of_consent,),
    AttendingDoctorNamed: (tell_of_attending_doctor,),
    DocumentsFiled: (tell_of_documents,),
    DocumentAnnounced: (tell_of_announced,),
    MailPostponed: (send_postponed,),
    Counted: (count,),
}

TOGETHER: frozenset[Callable[..., object]] = frozenset({count})
"""Reactions that take all the events of a batch at once: one commit for fifty counters."""
