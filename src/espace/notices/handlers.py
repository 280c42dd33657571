"""Reactions to what happens below. Only what the holder did not see happen is told, but for two things: naming an
attending doctor, which opens masked documents to them, and the ways to sign in, which somebody else may be changing."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from espace import edge
from espace.access.events import (
    AdministrationChanged,
    AttendingDoctorNamed,
    CareTeamChanged,
    ConsentRecorded,
    FeedingWishStated,
    GlassBroken,
    RecordOpened,
)
from espace.enrolment.events import HolderInvited, SpaceMoved
from espace.enrolment.queries import state
from espace.enrolment.rules import READING
from espace.identity import queries as identity
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
    RecoveryTold,
    SessionOver,
    SignInChanged,
)
from espace.identity.facts.mandates import Helps
from espace.identity.facts.recovery import RecoveryStep
from espace.identity.queries.accounts import address_of, holder_named
from espace.identity.queries.mandates import over_by_itself, parents_at_majority, representatives_of, still_asked
from espace.identity.queries.recovery import recovery_of_link
from espace.kernel.ids import PatientId
from espace.kernel.words import FROM_REPRESENTATIVES
from espace.notices import actions, rules
from espace.notices.adapters import send
from espace.notices.events import MailPostponed
from espace.notices.facts import Kind, Notice, Recipient
from espace.notices.queries import recipient
from espace.notices.rules import helping, majority
from espace.record.actions.holding import first_to_tell, held_now
from espace.record.events import Changing, CopyReady, DocumentAnnounced, DocumentChanged, DocumentsFiled, HoldLasts
from espace.record.rules import over
from espace.trace.facts import Audience


def invite_holder(event: HolderInvited) -> None:
    """Mail the activation link; a person without an e-mail address is told by letter (A03), not from here."""
    email = identity.person(PatientId(event.patient)).email
    if email:
        send(rules.invitation(to=email, link=f"{settings.ESPACE_PUBLIC_URL}/activation/{event.token}/"))


def tell_of_space(event: SpaceMoved) -> None:
    """A30, A33: the space is to be closed, is closed, or is open again; whatever was chosen, and whatever its state."""
    address = address_of(PatientId(event.patient))
    if address:
        id = f"{event.patient}|{event.step}|{event.at.isoformat()}"
        until = timezone.localdate(event.until) if event.until else None
        link = f"{settings.ESPACE_PUBLIC_URL}/"
        send(rules.of_space(event.step, to=Recipient(*address), until=until, link=link, id=id))


def tell_of_documents(event: DocumentsFiled) -> None:
    """M07: new documents, where the holder may see one of them. Nothing is mailed of a minor's secret care: their
    representatives may be who reads the mail (D55, D60)."""
    patient = PatientId(event.patient)
    for replaces, kind in ((False, Kind.NEW_DOCUMENT), (True, Kind.REPLACED)):
        some = [(one.id, one.title, one.hidden) for one in event.documents if one.replaces is replaces]
        told = rules.told_of_documents(kind, some, at=event.at, who=event.who, place=event.place)
        actions.note(patient=patient, notice=told, about=str(event.submission))
    if event.shown and not event.secret:
        only_replaced = bool(event.documents) and all(one.replaces for one in event.documents)
        topic = rules.REPLACED if only_replaced else rules.NEW_DOCUMENT
        actions.tell(patient=patient, topic=topic, happened=event.at, at=edge.now())


def tell_of_announced(event: DocumentAnnounced) -> None:
    """D53: what was held until it was announced shows now."""
    if not event.told:
        return
    patient, one = PatientId(event.patient), (event.document, event.title, event.still)
    told = rules.told_of_documents(Kind.NEW_DOCUMENT, [one], at=event.at, who="")
    actions.note(patient=patient, notice=told, about=f"{event.document}|{event.at}")
    if not event.still >= FROM_REPRESENTATIVES:
        actions.tell(patient=patient, topic=rules.NEW_DOCUMENT, happened=event.at, at=edge.now())


def tell_of_change(event: DocumentChanged) -> None:
    """M07, D25: a document that its author deleted, shows to professionals again, or states otherwise."""
    patient, one = PatientId(event.patient), event.document
    kind, topic = _CHANGES[event.change]
    some = [(one.id, one.title, one.hidden)]
    told = rules.told_of_documents(kind, some, at=event.at, who=event.who, place=event.place)
    actions.note(patient=patient, notice=told, about=f"{one.id}|{event.at}")
    if not one.hidden >= FROM_REPRESENTATIVES:
        actions.tell(patient=patient, topic=topic, happened=event.at, at=edge.now())


def tell_of_hold(event: HoldLasts) -> None:
    """D53: two weeks after a deposit that nobody announced, the patient is told to consult, and nothing of why: once
    for all of one day. Once the document shows by itself, which is told too, it is too late for that.

    Nothing is kept of it: that somebody was told would say that they have such a document. Told again after a crash, it
    is the same mail."""
    found = held_now(event, days=settings.ESPACE_HOLD_TELL_DAYS)
    if found is None or found.deleted or found.secret:
        return
    if over(found.since, days=settings.ESPACE_HOLD_DAYS, at=edge.now()):
        return
    to = recipient(PatientId(event.patient), rules.CONSULT)
    if to and first_to_tell(event, found):
        id = f"{event.patient}|{rules.CONSULT.code}|{found.since.date()}"
        send(rules.notice(rules.CONSULT, to=to, link=f"{settings.ESPACE_PUBLIC_URL}/", id=id))


def tell_of_consent(event: ConsentRecorded) -> None:
    """C11, C40: a consent that a professional says they were given; a minor reads of one to secret care in their space
    only."""
    patient, now = PatientId(event.patient), edge.now()
    audiences = rules.HOLDER_ALONE if event.secret else rules.EVERYBODY
    told = Notice(Kind.CONSENT, event.at or now, audiences, who=event.who, place=event.place)
    actions.note(patient=patient, notice=told, about=f"{event.at or now}|{event.who}")
    if not event.secret:
        actions.tell(patient=patient, topic=rules.CONSENT, happened=now, at=now)


def tell_of_reading(event: RecordOpened) -> None:
    """M05, C26: a professional read, for the first time or again that day. Nothing is mailed of a minor's secret care:
    their representatives may be who reads the mail."""
    actions.note_reading(event, day=timezone.localdate(event.at))
    if Audience.REPRESENTATIVES in event.shown:
        topic = rules.FIRST_ACCESS if event.first else rules.ACCESS
        actions.tell(patient=PatientId(event.patient), topic=topic, happened=event.at, at=edge.now())


def tell_of_emergency(event: GlassBroken) -> None:
    """M06, CSP R1111-48: the record was opened in an emergency, without consent."""
    told = Notice(Kind.EMERGENCY, event.at, rules.EVERYBODY, who=event.who, place=event.place)
    actions.note(patient=PatientId(event.patient), notice=told, about=f"{event.at}|{event.who}")
    actions.tell(patient=PatientId(event.patient), topic=rules.EMERGENCY, happened=event.at, at=edge.now())


def tell_of_attending_doctor(event: AttendingDoctorNamed) -> None:
    """C15: another attending doctor, or none any more."""
    now = edge.now()
    told = Notice(Kind.ATTENDING_DOCTOR, event.at or now, rules.EVERYBODY, who=event.who)
    actions.note(patient=PatientId(event.patient), notice=told, about=f"{event.at or now}|{event.who}")
    actions.tell(patient=PatientId(event.patient), topic=rules.ATTENDING_DOCTOR, happened=now, at=now)


def tell_of_copy(event: CopyReady) -> None:
    """N06: the copy of a whole space is ready, for whoever asked for it."""
    _note_way_in(event.own, Kind.COPY, event.at)
    actions.tell(patient=PatientId(event.own), topic=rules.COPY_READY, happened=event.at, at=edge.now())


def tell_of_new_browser(event: NewBrowser) -> None:
    """B10: a sign-in from a browser that was never theirs."""
    _note_way_in(event.patient, Kind.NEW_BROWSER, event.at)
    actions.tell(patient=PatientId(event.patient), topic=rules.NEW_BROWSER, happened=event.at, at=edge.now())


def tell_of_sign_in(event: SignInChanged) -> None:
    """A way in was added, removed or made again."""
    _note_way_in(event.patient, Kind.SIGN_IN_CHANGED, event.at)
    actions.tell(patient=PatientId(event.patient), topic=rules.SIGN_IN_CHANGED, happened=event.at, at=edge.now())


def mail_sign_in_code(event: MailCodeMade) -> None:
    """B08: the code, as long as it is worth something; whatever the state of the space, as sign-in itself."""
    address = address_of(PatientId(event.patient))
    if address and edge.now() < event.until:
        id = f"{event.patient}|sign_in_code|{event.until.isoformat()}"
        send(rules.sign_in_code(to=Recipient(*address), code=event.code, id=id, inside=event.inside))


def tell_of_password(event: PasswordChanged) -> None:
    """Another password."""
    _note_way_in(event.patient, Kind.PASSWORD_CHANGED, event.at)
    actions.tell(patient=PatientId(event.patient), topic=rules.PASSWORD_CHANGED, happened=event.at, at=edge.now())


def tell_of_guessing(event: PasswordTried) -> None:
    """Wrong passwords from one place: a mail, once a day at most, to whom the identifier belongs, if to anybody."""
    patient = holder_named(event.identifier)
    if patient:
        # The first of a day says it, as by mail: nobody fills a page by guessing.
        _note_way_in(patient, Kind.PASSWORD_TRIED, event.at, about=str(timezone.localdate(event.at)))
        actions.tell(patient=patient, topic=rules.PASSWORD_TRIED, happened=event.at, at=edge.now())


def mail_address_code(event: NewAddressCode) -> None:
    """The code that proves a new address, to that address."""
    if edge.now() < event.until:
        id = f"{event.patient}|address_code|{event.until.isoformat()}"
        send(rules.address_code(to=Recipient(event.address, event.language), code=event.code, id=id))


def tell_old_address(event: AddressChanged) -> None:
    """The address of before is told, whoever changed it."""
    _note_way_in(event.patient, Kind.ADDRESS_CHANGED, event.at)
    if event.old:
        id = f"{event.patient}|address_changed|{event.at.isoformat()}"
        to = Recipient(event.old, event.language)
        send(rules.address_changed(to=to, link=f"{settings.ESPACE_PUBLIC_URL}/", id=id))


def tell_of_recovery(event: RecoveryTold) -> None:
    """Each step of a way back, as sign-in itself whatever the state of the space; no link that leads nowhere any
    more is sent."""
    _note_way_in(event.patient, Kind.RECOVERY, edge.now(), detail=event.step, about=f"{event.step}|{event.moment}")
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


def mail_help_asked(event: HelpAsked) -> None:
    """A20, A26: the invitation, to the address that was typed; nothing where it was answered or taken back since."""
    if still_asked(event.token, at=edge.now()):
        to = Recipient(event.address, event.language)
        link = f"{settings.ESPACE_PUBLIC_URL}/aider/{event.token}/"
        send(helping.help_mail(helping.ASKED, to=to, link=link, id=f"{event.patient}|help|{event.token}"))


def mail_help_answered(event: HelpAnswered) -> None:
    """To who may end it: the holder, or for a child without account who stands for them."""
    what = helping.ACCEPTED if event.accepted else helping.DECLINED
    what = helping.SESSION_BEGAN if event.kind == Helps.ADVISER else what
    for patient in _told_of_help(PatientId(event.patient)):
        _mail_of_help(patient, what, event.at)


def mail_help_ended(event: HelpEnded) -> None:
    """To the other of the two: who helped, unless it is they who left; then the holder. That the session of a digital
    adviser ended, to the holder always: they may not be who sat at the counter."""
    if event.kind == Helps.ADVISER:
        for patient in _told_of_help(PatientId(event.patient)):
            _mail_of_help(patient, helping.SESSION_ENDED, event.at)
    elif event.left:
        for patient in _told_of_help(PatientId(event.patient)):
            _mail_of_help(patient, helping.LEFT, event.at)
    elif event.helper:
        _mail_of_help(PatientId(event.helper), helping.ENDED, event.at)


def _told_of_help(patient: PatientId) -> tuple[PatientId, ...]:
    return (patient,) if address_of(patient) else representatives_of(patient, edge.now())


def _mail_of_help(patient: PatientId, what: str, at: datetime | None) -> None:
    if address := address_of(patient):
        page = "conseiller/" if what in (helping.SESSION_BEGAN, helping.SESSION_ENDED) else ""
        link = f"{settings.ESPACE_PUBLIC_URL}/partage/proches/{page}"
        send(helping.help_mail(what, to=Recipient(*address), link=link, id=f"{patient}|help|{what}|{at}"))


def note_of_help(event: HelpAnswered | HelpEnded) -> None:
    """A18-A27: what somebody who was asked to help answered; and that they help no more, where the holder did not end
    it themselves."""
    session = event.kind == Helps.ADVISER
    if not event.who or (isinstance(event, HelpEnded) and event.own and not session):
        return
    if isinstance(event, HelpEnded):
        said = "advised" if session else "ended"
    else:
        said = "advises" if session else "accepts" if event.accepted else "declines"
    at = event.at or edge.now()
    told = Notice(Kind.HELP, at, rules.EVERYBODY, who=event.who, detail=said)
    actions.note(patient=PatientId(event.patient), notice=told, about=f"{at}|{said}|{event.who}")


def tell_of_majority(event: MajorityNears) -> None:
    """A22: to the child, and to each legal representative in their own space: soon, then on the day itself. Nothing of
    a space that nobody may read any more."""
    child = PatientId(event.patient)
    here = state(child)
    if here is None or READING[here]:
        return
    soon = event.days > 0
    kind, audiences = (Kind.MAJORITY_NEARS, rules.EVERYBODY) if soon else (Kind.MAJORITY, rules.HOLDER_ALONE)
    to_child, to_parent = majority.SOON if soon else majority.TODAY
    about = f"{child}|{event.days}"
    actions.note(patient=child, notice=Notice(kind, event.at, audiences), about=about)
    _mail_of_majority(child, to_child, about)
    for parent, name in parents_at_majority(child):
        actions.note(patient=parent, notice=Notice(kind, event.at, rules.HOLDER_ALONE, who=name), about=about)
        _mail_of_majority(parent, to_parent, f"{parent}|{about}")


def _mail_of_majority(patient: PatientId, what: str, about: str) -> None:
    if address := address_of(patient):
        link = f"{settings.ESPACE_PUBLIC_URL}/partage/proches/"
        send(majority.majority_mail(what, to=Recipient(*address), link=link, id=f"majority|{about}"))


def tell_of_session_over(event: SessionOver) -> None:
    """A session that nobody ended: its time was over."""
    if found := over_by_itself(PatientId(event.patient), event.mandate, at=edge.now()):
        kind = Helps.ADVISER
        ended = HelpEnded(event.patient, found.helper, found.helper_name, at=found.until, left=True, kind=kind)
        note_of_help(ended)
        mail_help_ended(ended)


def tell_of_administration(event: AdministrationChanged) -> None:
    """C16: an administrator was named or removed; or one of them blocked somebody for the holder."""
    at, now = event.at or edge.now(), edge.now()
    told = Notice(Kind.ADMINISTRATION, at, rules.EVERYBODY, who=event.who, place=event.place, detail=event.blocked)
    actions.note(patient=PatientId(event.patient), notice=told, about=f"{at}|{event.who}|{event.blocked}")
    actions.tell(patient=PatientId(event.patient), topic=rules.ADMINISTRATION, happened=now, at=now)


def tell_of_team(event: CareTeamChanged) -> None:
    """C09, C11: a consent for a care team, or one more member of it, whom somebody of it added."""
    at = event.at or edge.now()
    told = Notice(Kind.TEAM, at, rules.EVERYBODY, who=event.who, place=event.place, detail=event.added)
    actions.note(patient=PatientId(event.patient), notice=told, about=f"{at}|{event.who}|{event.added}")
    now = edge.now()
    actions.tell(patient=PatientId(event.patient), topic=rules.CARE_TEAM, happened=now, at=now)


def tell_of_feeding_wish(event: FeedingWishStated) -> None:
    """An organisation says that the patient objects to its feeding their space, or does no more. Nothing is mailed of a
    minor's: their representatives may be who reads the mail."""
    detail = "objected" if event.objects else "lifted"
    audiences = rules.HOLDER_ALONE if event.secret else rules.EVERYBODY
    told = Notice(Kind.FEEDING, event.at, audiences, who=event.who, detail=detail)
    actions.note(patient=PatientId(event.patient), notice=told, about=f"{event.at}|{event.who}|{detail}")
    if not event.secret:
        actions.tell(patient=PatientId(event.patient), topic=rules.FEEDING_WISH, happened=event.at, at=edge.now())


def _note_way_in(patient: UUID, kind: Kind, at: datetime, *, detail: str = "", about: str = "") -> None:
    """In the portal of the person whose account it is, and of nobody who helps them."""
    told = Notice(kind, at, rules.HOLDER_ALONE, detail=detail)
    actions.note(patient=PatientId(patient), notice=told, about=about or str(at))


_CHANGES = {
    Changing.DELETED: (Kind.DELETED, rules.DELETED),
    Changing.UNMASKED: (Kind.UNMASKED, rules.UNMASKED),
    Changing.CORRECTED: (Kind.CORRECTED, rules.CORRECTED),
}
_MOMENT = {"fr": "%d/%m/%Y à %H h %M", "en": "%d/%m/%Y at %H:%M"}


def send_postponed(event: MailPostponed) -> None:
    """The mail that waited for its time."""
    actions.tell_now(patient=PatientId(event.patient), topic=rules.TOPICS[event.topic], at=edge.now())
