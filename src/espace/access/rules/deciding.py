"""The one decision. Sources: C01-C40; CSP L1111-15, L1111-17, L1111-18, R1111-46, R1111-54.

Each purpose has its own short list of conditions; a purpose without a list is refused, and so is
whatever falls through: the last line refuses.
"""

from collections.abc import Callable
from datetime import datetime

from espace.access.facts import Facts, Relation, Standing, Whose
from espace.access.rules.consenting import may_read, standing, team_standing
from espace.access.rules.emergency import glass_standing
from espace.enrolment.rules import FEEDING, READING, REOPENABLE
from espace.identity.facts.mandates import Helps, MandateState, Scope
from espace.kernel.reasons import Reason, advising, care, emergency, feeding, helping, national, stating, teams
from espace.kernel.reasons import decisions as reasons
from espace.kernel.values import replace
from espace.kernel.words import ActorKind, Purpose, Verb

_FEEDING: dict[ActorKind, dict[Verb, Reason]] = {
    ActorKind.ORGANISATION: {
        Verb.DEPOSIT: reasons.FEED_AUTHORISED,
        Verb.OWN_DEPOSITS: reasons.OWN_DEPOSITS,
        Verb.AMEND: care.AUTHOR_AMENDS,
        Verb.FEEDING_WISH: feeding.FEEDING_STATED,
        Verb.MAIL: feeding.MAIL_ROUTED,
        Verb.STATUS: national.FEEDER_KNOWS,
    },
    ActorKind.PROFESSIONAL: {
        Verb.DEPOSIT: care.PROFESSIONAL_FEEDS,
        Verb.OWN_DEPOSITS: reasons.OWN_DEPOSITS,
        Verb.AMEND: care.AUTHOR_AMENDS,
        Verb.MAIL: feeding.MAIL_ROUTED,
    },
}
_SUPPORTING = {Verb.STATE_HELP: helping.STATED_BY_AUTHORITY, Verb.END_HELP: helping.ENDED_BY_OPERATOR}
_BY_ITSELF: dict[Verb, Reason] = {Verb.ANNOUNCE: care.HOLD_ENDED, Verb.CLOSE: reasons.CLOSED_AS_ASKED}
"""What time brings about, whatever the state of the space: nobody is shown anything by it who may not read."""
_CANNOT_FEED = {
    ActorKind.HOLDER: reasons.HOLDER_CANNOT_FEED,
    ActorKind.ORGANISATION: reasons.ORGANISATION_CANNOT_READ,
}
_OWN_ARRANGING = (Verb.ADD, Verb.DESCRIBE, Verb.ARRANGE, Verb.REMOVE, Verb.RESTORE, Verb.STATE)
_HOLDER: dict[Verb, Reason] = {
    **dict.fromkeys((Verb.LIST, Verb.READ, Verb.DOWNLOAD, Verb.HISTORY, Verb.SEE_AS), reasons.HOLDER_OWN_RECORD),
    **dict.fromkeys((Verb.COPY, Verb.TAKE_COPY), reasons.HOLDER_OWN_RECORD),
    **dict.fromkeys(_OWN_ARRANGING, reasons.HOLDER_OWN_DOCUMENTS),
    **dict.fromkeys(
        (
            Verb.MASK, Verb.UNMASK, Verb.VISIBILITY, Verb.BLOCK, Verb.UNBLOCK, Verb.NAME_DOCTOR, Verb.SETTINGS,
            Verb.SWITCHES, Verb.INVITE, Verb.ADVISE, Verb.END_HELP, Verb.CONTEST,
            Verb.REPORT,
            Verb.NAME_ADMINISTRATOR, Verb.REMOVE_ADMINISTRATOR,
            Verb.GIVE_ACCESS, Verb.END_ACCESS, Verb.ADD_MEMBER, Verb.END_TEAM,
            Verb.UNVEIL, Verb.NOTICES, Verb.CLOSE,
        ),
        care.HOLDER_DECIDES,
    ),
}
_HELPING: dict[Helps, Reason] = {
    Helps.PARENT: helping.PARENT_ACTS,
    Helps.GUARDIAN: helping.GUARDIAN_ACTS,
    Helps.CARER: helping.CARER_ACTS,
    Helps.ADVISER: advising.ADVISER_ACTS,
}
_CHOSEN_DO = {
    Helps.CARER: frozenset(_OWN_ARRANGING),
    Helps.ADVISER: frozenset({Verb.ADD, Verb.DESCRIBE, Verb.ARRANGE, Verb.STATE}),
}
"""What those do, besides reading, whom the holder chose and who stands for nobody."""
_NOBODY_ELSE = frozenset({Verb.UNVEIL, Verb.ADVISE, Verb.CLOSE})
"""What the holder does themselves, whoever stands for them."""
_CARE_READING = frozenset({Verb.LIST, Verb.READ, Verb.DOWNLOAD})
_SECRET = {
    Purpose.CARE: _CARE_READING | {Verb.STATUS, Verb.CONSENT, Verb.WITHDRAW},
    Purpose.FEED: frozenset({Verb.DEPOSIT, Verb.AMEND}),
}
_CONSENT: dict[Standing, Reason] = {
    Standing.IN_FORCE: care.CONSENT_IN_FORCE,
    Standing.LAPSED: care.CONSENT_LAPSED,
    Standing.NONE: care.CONSENT_MISSING,
}
_ADMINISTRATION = frozenset({Verb.HISTORY, Verb.BLOCK})
"""What the attending doctor and administrators do besides reading (R1111-43, R1111-54)."""
_TEAM_ACTS = {Verb.TEAM: teams.TEAM_READ, Verb.ADD_MEMBER: teams.MEMBER_ADDED}
_FROZEN = {
    Whose.ACCOUNT: care.ACCOUNT_FROZEN,
    Whose.ORGANISATION: care.ORGANISATION_FROZEN,
    Whose.COUNTRY: care.COUNTRY_FROZEN,
}
_OWN_ACTS = {Verb.CONSENT: care.CONSENT_RECORDED, Verb.WITHDRAW: care.CONSENT_WITHDRAWN}


def decide(facts: Facts) -> Reason:
    """Why this is allowed or refused (`reason.allows`)."""
    rule = _RULES.get(facts.purpose)
    reason = rule(facts) if rule else reasons.NO_RULE_ALLOWS
    return _kept_secret(facts, reason) if facts.secret and reason.allows else reason


def _kept_secret(facts: Facts, allowed: Reason) -> Reason:
    """The secret care of a minor, by one professional (CSP L1111-5, L1111-5-1): from majority on nobody is represented,
    and nothing is to be hidden from them (D59, D60)."""
    if facts.actor is not ActorKind.PROFESSIONAL or facts.verb not in _SECRET.get(facts.purpose, ()):
        return reasons.NO_RULE_ALLOWS
    return allowed if facts.minor else care.SECRET_FOR_MINORS


def closed_because(relation: Relation, at: datetime, *, regulates: bool) -> Reason | None:
    """Why a professional linked so may not read an open space, or None: as `decide` has it, for who asks its status."""
    if may_read(relation, at, regulates=regulates):
        return None
    if relation.blocked_at is not None:
        return care.PROFESSIONAL_BLOCKED
    if (glass := glass_standing(relation.glass, at)) is Standing.NONE:
        return _not_agreed(standing(relation.consent, at), team_standing(relation.team, at))
    return emergency.NOT_A_REGULATOR if glass is Standing.IN_FORCE else emergency.GLASS_ENDED


def _feed(facts: Facts) -> Reason:
    """An organisation's identity is enough to feed, and a blocked professional still feeds (C04, C13, C24);
    feeding opens no content."""
    if facts.actor is ActorKind.SYSTEM:
        return _of_itself(facts)
    allowed = _FEEDING.get(facts.actor, {}).get(facts.verb)
    if allowed is None:
        return _CANNOT_FEED.get(facts.actor, reasons.NO_RULE_ALLOWS)
    if not facts.within_budget:
        return care.ORGANISATION_FROZEN if facts.actor is ActorKind.ORGANISATION else care.ACCOUNT_FROZEN
    if facts.state is None:
        return reasons.SPACE_UNKNOWN
    if refusal := FEEDING[facts.state]:
        return refusal
    return feeding.FEEDING_OBJECTED if facts.objected and facts.verb is Verb.DEPOSIT else allowed


def _of_itself(facts: Facts) -> Reason:
    if facts.verb not in _BY_ITSELF:
        return reasons.NO_RULE_ALLOWS
    return reasons.SPACE_UNKNOWN if facts.state is None else _BY_ITSELF[facts.verb]


def _extraction(facts: Facts) -> Reason:
    """The platform reads what was deposited, to know what it states; whoever asks to see that asks as they are."""
    if facts.actor is not ActorKind.SYSTEM or facts.verb is not Verb.EXTRACT:
        return reasons.NO_RULE_ALLOWS
    if facts.state is None:
        return reasons.SPACE_UNKNOWN
    return FEEDING[facts.state] or reasons.FACTS_EXTRACTED


def _holder(facts: Facts) -> Reason:
    """The holder reads their own record, decides on it, and on nobody else's (CSP L1111-13-1)."""
    if facts.actor is not ActorKind.HOLDER or not facts.own_record:
        return reasons.NOT_THE_HOLDER
    if facts.state is None:
        return reasons.SPACE_UNKNOWN
    if facts.verb is Verb.REOPEN and facts.state in REOPENABLE:
        return care.HOLDER_DECIDES
    return READING[facts.state] or _HOLDER.get(facts.verb, reasons.NO_RULE_ALLOWS)


def _care(facts: Facts) -> Reason:
    """An individual professional, within budget, not blocked, with consent or as attending doctor.

    While the budget of their organisation or of the country is spent, nobody links themselves to one more patient: who
    reads already goes on, and so do emergencies, which are declared for another purpose.
    """
    if facts.actor is not ActorKind.PROFESSIONAL:
        return _CANNOT_FEED.get(facts.actor, reasons.NO_RULE_ALLOWS)
    if not facts.within_budget:
        return care.ACCOUNT_FROZEN
    if facts.state is None:
        return reasons.SPACE_UNKNOWN
    if refusal := READING[facts.state]:
        return refusal
    if facts.verb is Verb.STATUS:
        return care.SPACE_STATUS
    reason = _known(facts)
    new_link = reason.allows and facts.verb is not Verb.WITHDRAW and not _known(replace(facts, verb=Verb.READ)).allows
    return frozen_by(facts.braked) if facts.braked and new_link else reason


def frozen_by(whose: Whose) -> Reason:
    """Why a new patient is refused where this budget is spent."""
    return _FROZEN[whose]


def _known(facts: Facts) -> Reason:
    if facts.blocked:
        return _urgent(facts) if _on_call(facts) else care.PROFESSIONAL_BLOCKED
    return _with_consent(facts)


def _with_consent(facts: Facts) -> Reason:
    if own := _OWN_ACTS.get(facts.verb):
        return own
    if facts.verb in _TEAM_ACTS:
        return _in_team(facts)
    if facts.verb in _ADMINISTRATION:
        return _named(facts) or teams.NOT_AN_ADMINISTRATOR
    if facts.verb not in _CARE_READING:
        return reasons.NO_RULE_ALLOWS
    if named := _named(facts):
        return named
    if facts.standing is Standing.IN_FORCE:
        return care.CONSENT_IN_FORCE
    if facts.team is Standing.IN_FORCE:
        return teams.TEAM_CONSENT
    if facts.secret_consent is Standing.IN_FORCE:
        return care.SECRET_CONSENT
    refusal = _not_agreed(facts.standing, facts.team, facts.secret_consent)
    return refusal if facts.glass is Standing.NONE else _urgent(facts)


def _named(facts: Facts) -> Reason | None:
    """Whom the holder named reads without asking for consent again (R1111-54)."""
    if facts.attending:
        return care.ATTENDING_DOCTOR
    return teams.ADMINISTRATOR if facts.administrator and facts.carer else None


def _not_agreed(*consents: Standing) -> Reason:
    """Why neither a consent of one's own nor that of a team opens the record."""
    return _CONSENT[Standing.LAPSED if Standing.LAPSED in consents else Standing.NONE]


def _in_team(facts: Facts) -> Reason:
    """What a member does in their team, as long as the patient's consent for it is in force (CSP L1110-12)."""
    if facts.team is not Standing.IN_FORCE:
        return care.CONSENT_LAPSED if facts.team is Standing.LAPSED else teams.TEAM_MISSING
    return _TEAM_ACTS[facts.verb] if facts.carer else teams.NOT_A_HEALTH_PROFESSION


def _on_call(facts: Facts) -> bool:
    """The doctor who handles a call about the patient reads whoever blocked whom: that ground has its own switch."""
    in_force = facts.dispatched and facts.glass is Standing.IN_FORCE
    return facts.regulates and in_force and facts.verb in _CARE_READING


def _urgent(facts: Facts) -> Reason:
    """What is read on the ground of an emergency that was declared, as long as it lasts and is not refused."""
    if facts.glass is not Standing.IN_FORCE:
        return emergency.GLASS_ENDED
    refusal = _refused_call(facts) if facts.dispatched else _refused_emergency(facts)
    return refusal or (emergency.DISPATCH_IN_FORCE if facts.dispatched else emergency.GLASS_IN_FORCE)


def _break_glass(facts: Facts) -> Reason:
    """Declaring an emergency (CSP L1111-17 I; C18). What is then read is decided as care is."""
    return _declared(facts, _refused_emergency, emergency.GLASS_BROKEN)


def _dispatch(facts: Facts) -> Reason:
    """The doctor of the emergency call centre (CSP L1111-17 I; C19)."""
    return _declared(facts, _refused_call, emergency.DISPATCH_OPENED)


def _declared(facts: Facts, refused: Callable[[Facts], Reason | None], allowed: Reason) -> Reason:
    if facts.actor is not ActorKind.PROFESSIONAL:
        return _CANNOT_FEED.get(facts.actor, reasons.NO_RULE_ALLOWS)
    if facts.verb is not Verb.BREAK_GLASS:
        return reasons.NO_RULE_ALLOWS
    if not facts.within_budget:
        return care.ACCOUNT_FROZEN
    if facts.state is None:
        return reasons.SPACE_UNKNOWN
    return READING[facts.state] or refused(facts) or allowed


def _refused_emergency(facts: Facts) -> Reason | None:
    """A health profession, unless the patient blocked its member or objected (C18, C24)."""
    if facts.blocked:
        return care.PROFESSIONAL_BLOCKED
    if not facts.carer:
        return emergency.NOT_A_CARER
    return None if facts.switches.break_glass else emergency.EMERGENCY_OBJECTED


def _refused_call(facts: Facts) -> Reason | None:
    """A doctor who handles emergency calls, unless the patient objected to that (C19, C20)."""
    if not facts.regulates:
        return emergency.NOT_A_REGULATOR
    return None if facts.switches.dispatch else emergency.DISPATCH_OBJECTED


def _app(facts: Facts) -> Reason:
    """An application adds measures to the space of the holder who let it (L13): it reads nothing, changes nothing."""
    if facts.actor is not ActorKind.APP or not facts.own_record or facts.verb is not Verb.STATE:
        return reasons.NO_RULE_ALLOWS
    if facts.state is None:
        return reasons.SPACE_UNKNOWN
    return READING[facts.state] or stating.APP_AUTHORISED


def _proxy(facts: Facts) -> Reason:
    """Somebody who helps the holder: what their mandate is worth, then what it lets them do (A18-A27)."""
    if facts.actor is not ActorKind.HOLDER or facts.own_record or facts.helps is None:
        oneself = facts.own_record and facts.helps is not None
        unknown = helping.HELP_ONESELF if oneself else helping.INVITATION_UNKNOWN
        return unknown if facts.invited else helping.NOT_A_HELPER
    if facts.state is None:
        return reasons.SPACE_UNKNOWN
    if facts.verb is not Verb.END_HELP and (refusal := READING[facts.state]):
        return refusal
    if facts.help_state is not MandateState.IN_FORCE:
        return _unanswered(facts)
    return _helping(facts)


def _unanswered(facts: Facts) -> Reason:
    """A mandate that is not in force lets its bearer answer it, where it waits; nothing else."""
    if facts.help_state is MandateState.WAITING:
        answered = advising.ADVISER_ACTS if facts.helps is Helps.ADVISER else helping.HELP_ANSWERED
        return answered if facts.verb is Verb.ANSWER else helping.HELP_WAITING
    if facts.helps is Helps.ADVISER:
        return advising.ADVISING_OVER
    if facts.help_state is MandateState.OVER:
        return helping.CAME_OF_AGE if facts.helps is Helps.PARENT else helping.HELP_OVER
    return helping.HELP_ENDED


def _helping(facts: Facts) -> Reason:
    """Whoever helps may always stop, and read; change things within their scope; and decide in the holder's place
    where they stand for them, as no carer does. A digital adviser reads on the page, adds and arranges: nothing leaves
    the counter, nothing goes."""
    allowed = _HELPING[facts.helps or Helps.CARER]
    if facts.helps is Helps.ADVISER and facts.verb is Verb.DOWNLOAD:
        return advising.ADVISER_TAKES_NOTHING
    if facts.verb is Verb.END_HELP or facts.verb in _CARE_READING:
        return allowed
    if facts.verb is Verb.ANSWER:
        return helping.HELPS_ALREADY
    chosen = _CHOSEN_DO.get(facts.helps) if facts.helps else None
    if facts.verb in _HOLDER and chosen is not None and facts.verb not in chosen:
        return helping.HELPER_MAY_NOT
    if facts.verb in _NOBODY_ELSE or (facts.verb is Verb.INVITE and facts.helps is not Helps.PARENT):
        return helping.HELPER_MAY_NOT
    if facts.verb not in _HOLDER:
        return reasons.NO_RULE_ALLOWS
    return allowed if facts.scope is Scope.ACT else helping.HELPER_READS_ONLY


def _support(facts: Facts) -> Reason:
    """The operator enters and ends what authorities state of who helps whom, reads nothing, and can do nothing else."""
    if facts.actor is not ActorKind.SYSTEM or facts.verb not in _SUPPORTING:
        return reasons.NO_RULE_ALLOWS
    if facts.state is None:
        return reasons.SPACE_UNKNOWN
    closed = READING[facts.state] if facts.verb is Verb.STATE_HELP else None
    return closed or _SUPPORTING[facts.verb]


_RULES: dict[Purpose, Callable[[Facts], Reason]] = {
    Purpose.FEED: _feed,
    Purpose.EXTRACTION: _extraction,
    Purpose.HOLDER: _holder,
    Purpose.PROXY: _proxy,
    Purpose.APP: _app,
    Purpose.SUPPORT: _support,
    Purpose.CARE: _care,
    Purpose.BREAK_GLASS: _break_glass,
    Purpose.DISPATCH: _dispatch,
}
