"""Reactions to what happens below. Only what the holder did not see happen is told, but for the attending doctor:
naming one opens masked documents to them, so it is confirmed."""

from django.conf import settings

from espace import edge
from espace.access.events import AttendingDoctorNamed, ConsentRecorded
from espace.enrolment.events import HolderInvited
from espace.identity import queries as identity
from espace.kernel.ids import PatientId
from espace.notices import actions, rules
from espace.notices.adapters import send
from espace.notices.events import MailPostponed
from espace.record.events import DocumentAnnounced, DocumentsFiled


def invite_holder(event: HolderInvited) -> None:
    """Mail the activation link; a person without an e-mail address is told by letter (A03), not from here."""
    email = identity.person(PatientId(event.patient)).email
    if email:
        send(rules.invitation(to=email, link=f"{settings.ESPACE_PUBLIC_URL}/activation/{event.token}/"))


def tell_of_documents(event: DocumentsFiled) -> None:
    """M07: new documents, where the holder may see one of them."""
    if event.shown:
        patient = PatientId(event.patient)
        actions.tell(patient=patient, topic=rules.NEW_DOCUMENT, happened=event.at, at=edge.now())


def tell_of_announced(event: DocumentAnnounced) -> None:
    """D51: what was held until it was announced shows now."""
    actions.tell(patient=PatientId(event.patient), topic=rules.NEW_DOCUMENT, happened=event.at, at=edge.now())


def tell_of_consent(event: ConsentRecorded) -> None:
    """C11, C40: a consent that a professional says they were given."""
    now = edge.now()
    actions.tell(patient=PatientId(event.patient), topic=rules.CONSENT, happened=now, at=now)


def tell_of_attending_doctor(event: AttendingDoctorNamed) -> None:
    """C15: another attending doctor, or none any more."""
    now = edge.now()
    actions.tell(patient=PatientId(event.patient), topic=rules.ATTENDING_DOCTOR, happened=now, at=now)


def send_postponed(event: MailPostponed) -> None:
    """The mail that waited for its time."""
    actions.tell_now(patient=PatientId(event.patient), topic=rules.TOPICS[event.topic], at=edge.now())
