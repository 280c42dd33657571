"""Reactions to what happens below. Only what the holder did not see happen is told, but for two things: naming an
attending doctor, which opens masked documents to them, and the ways to sign in, which somebody else may be changing."""

from django.conf import settings
from django.utils import timezone

from espace import edge
from espace.access.events import AttendingDoctorNamed, ConsentRecorded, GlassBroken
from espace.enrolment.events import HolderInvited
from espace.identity import queries as identity
from espace.identity.events import (
    AddressChanged,
    MailCodeMade,
    NewAddressCode,
    NewBrowser,
    PasswordChanged,
    PasswordTried,
    RecoveryTold,
    SignInChanged,
)
from espace.identity.facts.recovery import RecoveryStep
from espace.identity.queries.accounts import address_of, holder_named
from espace.identity.queries.recovery import recovery_of_link
from espace.kernel.ids import PatientId
from espace.notices import actions, rules
from espace.notices.adapters import send
from espace.notices.events import MailPostponed
from espace.notices.facts import Recipient
from espace.notices.queries import recipient
from espace.record.actions.holding import first_to_tell, held_now
from espace.record.events import DocumentAnnounced, DocumentsFiled, HoldLasts
from espace.record.rules import over


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
    """D53: what was held until it was announced shows now."""
    if not event.told:
        return
    actions.tell(patient=PatientId(event.patient), topic=rules.NEW_DOCUMENT, happened=event.at, at=edge.now())


def tell_of_hold(event: HoldLasts) -> None:
    """D53: two weeks after a deposit that nobody announced, the patient is told to consult, and nothing of why: once
    for all of one day. Once the document shows by itself, which is told too, it is too late for that.

    Nothing is kept of it: that somebody was told would say that they have such a document. Told again after a crash, it
    is the same mail."""
    found = held_now(event, days=settings.ESPACE_HOLD_TELL_DAYS)
    if found is None or found.deleted or over(found.since, days=settings.ESPACE_HOLD_DAYS, at=edge.now()):
        return
    to = recipient(PatientId(event.patient), rules.CONSULT)
    if to and first_to_tell(event, found):
        id = f"{event.patient}|{rules.CONSULT.code}|{found.since.date()}"
        send(rules.notice(rules.CONSULT, to=to, link=f"{settings.ESPACE_PUBLIC_URL}/", id=id))


def tell_of_consent(event: ConsentRecorded) -> None:
    """C11, C40: a consent that a professional says they were given."""
    now = edge.now()
    actions.tell(patient=PatientId(event.patient), topic=rules.CONSENT, happened=now, at=now)


def tell_of_emergency(event: GlassBroken) -> None:
    """M06, CSP R1111-48: the record was opened in an emergency, without consent."""
    actions.tell(patient=PatientId(event.patient), topic=rules.EMERGENCY, happened=event.at, at=edge.now())


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
        send(rules.sign_in_code(to=Recipient(*address), code=event.code, id=id, inside=event.inside))


def tell_of_password(event: PasswordChanged) -> None:
    """Another password."""
    actions.tell(patient=PatientId(event.patient), topic=rules.PASSWORD_CHANGED, happened=event.at, at=edge.now())


def tell_of_guessing(event: PasswordTried) -> None:
    """Wrong passwords from one place: a mail, once a day at most, to whom the identifier belongs, if to anybody."""
    patient = holder_named(event.identifier)
    if patient:
        actions.tell(patient=patient, topic=rules.PASSWORD_TRIED, happened=event.at, at=edge.now())


def mail_address_code(event: NewAddressCode) -> None:
    """The code that proves a new address, to that address."""
    if edge.now() < event.until:
        id = f"{event.patient}|address_code|{event.until.isoformat()}"
        send(rules.address_code(to=Recipient(event.address, event.language), code=event.code, id=id))


def tell_old_address(event: AddressChanged) -> None:
    """The address of before is told, whoever changed it."""
    if event.old:
        id = f"{event.patient}|address_changed|{event.at.isoformat()}"
        to = Recipient(event.old, event.language)
        send(rules.address_changed(to=to, link=f"{settings.ESPACE_PUBLIC_URL}/", id=id))


def tell_of_recovery(event: RecoveryTold) -> None:
    """Each step of a way back, as sign-in itself whatever the state of the space; no link that leads nowhere any
    more is sent."""
    address = address_of(PatientId(event.patient))
    if address is None or (event.token and recovery_of_link(event.token, at=edge.now()) is None):
        return
    step, path = RecoveryStep(event.step), f"connexion/perdu/{event.token}/" if event.token else ""
    mail = rules.recovery(
        step,
        to=Recipient(*address),
        link=f"{settings.ESPACE_PUBLIC_URL}/{path}",
        moment=timezone.localtime(event.moment).strftime(_MOMENT.get(address[1], _MOMENT["fr"])),
        id=f"{event.patient}|recovery|{step}|{event.moment.isoformat()}",
    )
    send(mail)


_MOMENT = {"fr": "%d/%m/%Y à %H h %M", "en": "%d/%m/%Y at %H:%M"}


def send_postponed(event: MailPostponed) -> None:
    """The mail that waited for its time."""
    actions.tell_now(patient=PatientId(event.patient), topic=rules.TOPICS[event.topic], at=edge.now())
