"""Reactions to what happens below. Only what the holder did not see happen is told, but for two things: naming an
attending doctor, which opens masked documents to them, and the ways to sign in, which somebody else may be changing."""

from django.conf import settings

from espace import edge
from espace.access.events import AttendingDoctorNamed, ConsentRecorded
from espace.enrolment.events import HolderInvited
from espace.identity import queries as identity
from espace.identity.events import MailCodeMade, NewBrowser, SignInChanged
from espace.identity.queries.accounts import address_of
from espace.kernel.ids import PatientId
from espace.notices import actions, rules
from espace.notices.adapters import send
from espace.notices.events import MailPostponed
from espace.notices.facts import Recipient
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


def tell_of_new_browser(event: NewBrowser) -> None:
    """B10: a sign-in from a browser that was never theirs."""
    actions.tell(patient=PatientId(event.patient), topic=rules.NEW_BROWSER, happened=event.at, at=edge.now())


def tell_of_sign_in(event: SignInChanged) -> None:
    """A way in was added, removed or made again."""
    actions.tell(patient=PatientId(event.patient), topic=rules.SIGN_IN_CHANGED, happened=event.at, at=edge.now())


def mail_sign_in_code(event: MailCodeMade) -> None:
    """B08: the code, as long as it is worth something; whatever the state of the space, as sign-in itself."""
    address = address_of(PatientId(event.patient))
    if address and edge.now() < event.until:
        id = f"{event.patient}|sign_in_code|{event.until.isoformat()}"
        send(rules.sign_in_code(to=Recipient(*address), code=event.code, id=id))


def send_postponed(event: MailPostponed) -> None:
    """The mail that waited for its time."""
    actions.tell_now(patient=PatientId(event.patient), topic=rules.TOPICS[event.topic], at=edge.now())
