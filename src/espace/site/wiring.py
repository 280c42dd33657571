"""What happens after what: event → reactions. To know what follows an event, read its line."""

from collections.abc import Callable
from typing import Any

from espace.access.events import (
    AdministrationChanged,
    AttendingDoctorNamed,
    CareTeamChanged,
    ConsentRecorded,
    FeedingWishStated,
    GlassBroken,
    RecordOpened,
)
from espace.access.handlers import close_space
from espace.clinical.events import ExtractionGoesOn
from espace.clinical.handlers import extract, extract_more, forget
from espace.enrolment.events import ClosingDue, HolderInvited, SpaceMoved
from espace.identity.events import (
    AddressChanged,
    HelpAnswered,
    HelpAsked,
    HelpEnded,
    MailCodeMade,
    MajorityNears,
    NewAddressCode,
    NewBrowser,
    PasswordChanged,
    PasswordTried,
    RecoveryAsked,
    RecoveryTold,
    SessionOver,
    SignInChanged,
)
from espace.identity.handlers import forget_session, make_recovery_links
from espace.indicators.handlers import count
from espace.kernel.ids import PatientId
from espace.notices.events import MailPostponed
from espace.notices.handlers import (
    invite_holder,
    mail_address_code,
    mail_help_answered,
    mail_help_asked,
    mail_help_ended,
    mail_sign_in_code,
    note_of_help,
    send_postponed,
    tell_of_administration,
    tell_of_announced,
    tell_of_attending_doctor,
    tell_of_change,
    tell_of_consent,
    tell_of_copy,
    tell_of_documents,
    tell_of_emergency,
    tell_of_feeding_wish,
    tell_of_guessing,
    tell_of_hold,
    tell_of_majority,
    tell_of_new_browser,
    tell_of_password,
    tell_of_reading,
    tell_of_recovery,
    tell_of_session_over,
    tell_of_sign_in,
    tell_of_space,
    tell_of_team,
    tell_old_address,
)
from espace.outbox.events import Counted
from espace.outbox.facts import Event
from espace.portal.copies.making import make_copy
from espace.record.events import (
    CopyGoesOn,
    CopyReady,
    DocumentAnnounced,
    DocumentChanged,
    DocumentDeleted,
    DocumentsFiled,
    HoldEnds,
    HoldLasts,
    MailAsked,
)
from espace.record.handlers import show_held
from espace.trace import actions as trace


def reveal_lines(event: DocumentAnnounced) -> None:
    """What was done with a document while it was held joins the holder's own chain of the access log."""
    trace.reveal(PatientId(event.patient), event.versions, still=event.still)


REACTIONS: dict[type, tuple[Callable[[Any], object], ...]] = {
    HolderInvited: (invite_holder,),
    SpaceMoved: (tell_of_space,),
    ClosingDue: (close_space,),
    MailCodeMade: (mail_sign_in_code,),
    NewBrowser: (tell_of_new_browser,),
    SignInChanged: (tell_of_sign_in,),
    PasswordChanged: (tell_of_password,),
    PasswordTried: (tell_of_guessing,),
    NewAddressCode: (mail_address_code,),
    AddressChanged: (tell_old_address,),
    RecoveryAsked: (make_recovery_links,),
    RecoveryTold: (tell_of_recovery,),
    HelpAsked: (mail_help_asked,),
    HelpAnswered: (note_of_help, mail_help_answered),
    HelpEnded: (note_of_help, mail_help_ended),
    SessionOver: (forget_session, tell_of_session_over),
    MajorityNears: (tell_of_majority,),
    RecordOpened: (tell_of_reading,),
    ConsentRecorded: (tell_of_consent,),
    AdministrationChanged: (tell_of_administration,),
    CareTeamChanged: (tell_of_team,),
    GlassBroken: (tell_of_emergency,),
    AttendingDoctorNamed: (tell_of_attending_doctor,),
    FeedingWishStated: (tell_of_feeding_wish,),
    DocumentsFiled: (tell_of_documents, extract),
    DocumentDeleted: (forget,),
    ExtractionGoesOn: (extract_more,),
    DocumentChanged: (tell_of_change,),
    DocumentAnnounced: (tell_of_announced, reveal_lines),
    HoldLasts: (tell_of_hold,),
    HoldEnds: (show_held,),
    CopyGoesOn: (make_copy,),
    CopyReady: (tell_of_copy,),
    MailPostponed: (send_postponed,),
    Counted: (count,),
}

AWAITED: frozenset[type[Event]] = frozenset({MailAsked})
"""Events that no worker takes yet: they wait for messaging, and that they do is no delay of the worker's."""

TOGETHER: frozenset[Callable[..., object]] = frozenset({count})
"""Reactions that take all the events of a batch at once: one commit for fifty counters."""
