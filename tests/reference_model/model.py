"""An independent model of who may do what and who sees what, written from the rules of the product and nothing else.

It shares no code with the platform, nor does its table of addresses. Where the two disagree, one of them is wrong;
test_enumeration.py asks both the same questions. Codes are those that docs/reference/reasons.md tells outside."""

from collections.abc import Mapping

from espace.kernel.values import replace
from reference_model.addresses import DOORS, HOLDER, NOT_FOR, ORGANISATION, PROFESSIONAL, STATUS, Operation
from reference_model.facts import (
    ADVISER,
    CARER,
    CURRENT,
    DELETED,
    DOCTOR,
    ENDED,
    GUARDIAN,
    HEALTH_PROFESSIONS,
    IN_FORCE,
    LAPSED,
    NONE,
    OVER,
    PARENT,
    READS,
    STATES,
    SUPERSEDED,
    WAITING,
    WRITES,
    Answer,
    Document,
    Person,
    World,
)


def refusal(world: World, who: Person, purpose: str, verb: str) -> str:
    """Why this may not be done; "" when it may. The order is the order of the rules: who, budget, space, person."""
    if purpose == "proxy":
        return _helping(world, who, verb)
    if purpose == "holder":
        known = "" if verb in READING | ARRANGING | DECIDING else "no_rule_allows"
        shut = "" if (verb, world.state) in REOPENS else STATES[world.state][1] or known
        return shut if who.own else "not_found"
    if who.kind not in (ORGANISATION, PROFESSIONAL) or who.frozen:
        return "account_frozen" if who.frozen else "holder_cannot_feed"
    if purpose == "feed":
        return STATES[world.state][0] if verb in ("deposit", "own_deposits", "amend") else "no_rule_allows"
    if who.kind == ORGANISATION:
        return "organisation_cannot_read"
    if purpose in ("break_glass", "dispatch") and verb != "break_glass":
        return "no_rule_allows"
    allowed = _declaring(world, who, purpose) if verb == "break_glass" else _caring(world, who, verb)
    return STATES[world.state][1] or allowed


REOPENS = frozenset({("reopen", "suspended"), ("reopen", "closed")})
READING = frozenset({"list", "read", "download"})
ARRANGING = frozenset({"add", "describe", "arrange", "remove", "restore", "state"})
DECIDING = frozenset(
    {
        *("history", "mask", "unmask", "block", "unblock", "name_doctor", "settings", "unveil", "switches", "see_as"),
        *("name_administrator", "remove_administrator", "give_access", "end_access", "add_member", "end_team"),
        *("visibility", "notices", "copy", "take_copy", "invite", "contest", "end_help", "report", "advise", "close"),
    }
)
"""What a carer never does: manage shares, see who read, have others help, take a copy of everything (A27)."""
NEVER = {CARER: DECIDING, ADVISER: DECIDING | {"remove", "restore"}, GUARDIAN: {"invite", "unveil", "advise", "close"}}
NEVER[PARENT] = NEVER[GUARDIAN] - {"invite"}
"""A minor's secrets are theirs to tell, sessions of advisers theirs to begin, carers theirs to choose or a parent's."""


def _helping(world: World, who: Person, verb: str) -> str:
    """Whoever helps: what their right is worth, then what it lets them do; everybody may stop."""
    if not who.helps:
        return "not_found"
    if verb != "end_help" and (closed := STATES[world.state][1]):
        return closed
    if who.helps == ADVISER and who.help in (OVER, ENDED):
        return "advising_over"
    if who.help == OVER:
        return "came_of_age" if who.helps == PARENT else "help_over"
    if who.help != IN_FORCE:
        return "help_waiting" if who.help == WAITING else "help_ended"
    if verb in READING or verb == "end_help":  # nothing leaves the counter of an adviser
        return "adviser_takes_nothing" if (who.helps, verb) == (ADVISER, "download") else ""
    if verb in NEVER[who.helps]:
        return "helper_may_not"
    return "" if who.acts else "helper_reads_only"


def _declaring(world: World, who: Person, purpose: str) -> str:
    """Break-glass: individual, a health profession, refused to the blocked and where the patient objected. Calls to
    the centre 15 have their own switch, and open in spite of a block (the SAMU apart)."""
    if purpose == "dispatch":
        return "not_a_regulator" if not who.regulates else "" if world.calls else "dispatch_objected"
    if who.blocked or who.profession not in HEALTH_PROFESSIONS:
        return "professional_blocked" if who.blocked else "not_a_carer"
    return "" if world.emergencies else "emergency_objected"


def _caring(world: World, who: Person, verb: str) -> str:
    if verb in ("status", "consent", "withdraw"):
        return "professional_blocked" if who.blocked and verb != "status" else ""
    if verb in ("history", "block"):
        return "professional_blocked" if who.blocked else "" if who.named else "not_an_administrator"
    if verb in ("team", "add_member"):
        return _in_team(who)
    return ground(world, who)[1] if verb in READING else "no_rule_allows"


def _in_team(who: Person) -> str:
    """What a member of a care team does in it: as long as the consent for all of it is in force."""
    if who.blocked or who.team != IN_FORCE:
        return "professional_blocked" if who.blocked else "consent_lapsed" if who.team == LAPSED else "team_missing"
    return "" if who.profession in HEALTH_PROFESSIONS else "not_a_health_profession"


def ground(world: World, who: Person) -> tuple[str, str]:
    """On what ground a professional reads an open space, or ("", why not)."""
    emergency = who.emergency if world.emergencies else NONE  # an objection ends what was declared before it
    call = who.call if world.calls else NONE
    consented = IN_FORCE in (who.consent, who.team)
    agreed = not who.blocked and (who.named or consented)
    if call == IN_FORCE and not agreed and (who.regulates or not who.blocked):
        return ("call", "") if who.regulates else ("", "not_a_regulator")
    if who.blocked:
        return "", "professional_blocked"
    if who.named or consented:
        return "named" if who.named else "consent", ""
    if emergency == IN_FORCE:
        return ("emergency", "") if who.profession in HEALTH_PROFESSIONS else ("", "not_a_carer")
    if emergency == LAPSED or call == LAPSED:
        return "", "glass_ended"
    return "", "consent_lapsed" if LAPSED in (who.consent, who.team) else "consent_missing"


def seen(world: World, who: Person) -> dict[str, str]:
    """The documents of an open record that exist for this reader, each in the status that it has for them: a deleted
    version leaves what it replaced as it was replaced."""
    every = world.documents.items()
    shown = {name: one.status for name, one in every if _shows(world, who, one)}
    newer = [replace(one, status=CURRENT) for _, one in every if one.replaces]
    successors = {one.replaces for one in newer if _shows(world, who, one)}
    return {name: SUPERSEDED if name in successors else status for name, status in shown.items()}


def _shows(world: World, who: Person, one: Document) -> bool:
    if who.kind == HOLDER:
        helped = who.help == IN_FORCE and not one.from_parents
        return one.status != DELETED and not one.held and (who.own or helped)
    if one.status == DELETED or who.kind != PROFESSIONAL or who.name == one.author:
        return one.status != DELETED and who.kind == PROFESSIONAL
    emergency = (basis := ground(world, who)[0]) in ("call", "emergency")
    aimed = who.name in one.hidden_from and not (emergency and world.masked_in_emergency)
    if who.profession not in READS[one.kind] or aimed:
        return False  # aimed at a person, a mask wins over whatever else shows masked documents to them
    return not one.masked_by or basis == "named" or (emergency and world.masked_in_emergency)


def deposits(world: World, who: Person) -> dict[str, str]:
    """What a feeder follows: ids and status of its own, whatever hides them from others."""
    successors = {one.replaces for one in world.documents.values() if one.replaces}
    return {
        name: SUPERSEDED if name in successors and one.status != DELETED else one.status
        for name, one in world.documents.items()
        if one.by == who.name
    }


def amends(who: Person, one: Document) -> bool:
    """Whoever deposited or wrote a document changes its state; what the holder added is the holder's."""
    return not one.own and who.name in (one.by, one.author)


def answer(world: World, who: Person, door: str, name: str, about: str = "") -> Answer:
    """What a door answers to this person: `about` names the document, set… that the address names."""
    operation = DOORS[door][name]
    who = replace(who, regulates=False) if door == "mhd" else who  # calls to the centre 15 are handled on the pages
    if who.kind not in operation.opens:  # pages send to the sign-in
        return _refused(NOT_FOR[who.kind], door) if door == "mhd" else Answer(302, to_signin=True)
    if operation.shows_form:
        return Answer(404 if door == "helping" and not who.helps else operation.success)
    if door == "mhd" and who.kind == HOLDER and not who.own:  # another's record: empty, or what does not exist
        found = operation.about == "patient" and "{id}" not in name and "$" not in name
        return Answer(200, seen={}) if found else _refused("not_found", door)
    who = sworn(who) if operation.secret else who
    purpose, verb = operation.opens[who.kind]
    if code := refusal(world, who, purpose, verb):
        by_id = door == "mhd" and "{id}" in name and not who.own
        return _refused("not_found" if by_id else code, door)
    return (_in_secret if operation.secret else _allowed)(world, who, door, name, about)


def _in_secret(world: World, who: Person, door: str, name: str, about: str) -> Answer:
    """The secret care of a minor. The form of a deposit tells nothing of a suspended space, not even that."""
    kept = secrets(world)
    if not kept.documents and (world.state, name) != ("suspended", "GET pro_secret_deposit"):
        return _refused("secret_for_minors", door)
    return _allowed(kept, who, door, name, about)


def secrets(world: World) -> World:
    """What is kept from representatives, and nothing else."""
    return replace(world, documents={name: one for name, one in world.documents.items() if one.from_parents})


def sworn(who: Person) -> Person:
    """In the secret care of a minor a consent to it counts; it opens nothing else."""
    return who if who.secret == NONE or who.consent == IN_FORCE else replace(who, consent=who.secret)


def _refused(code: str, door: str) -> Answer:
    """What is said outside: an opposed space is one that does not exist, but for its own holder and who helps them."""
    said = "space_unknown" if code == "space_opposed" and door not in ("portal", "helping") else code
    return Answer(STATUS[said], said)


def _done(operation: Operation, code: str, door: str = "portal") -> Answer:
    return _refused(code, door) if code else Answer(operation.success)


def _allowed(world: World, who: Person, door: str, name: str, about: str) -> Answer:
    operation = DOORS[door][name]
    verb = operation.opens[who.kind][1]
    if verb == "deposit" and name.startswith("POST") and who.profession not in ("", *WRITES["11502-2"]):
        # The form of the page does not offer a kind that the profession does not write.
        return Answer(200) if door == "workstation" else _refused("not_entitled", door)
    if operation.writes and who.profession not in WRITES[operation.writes]:
        return _refused("not_entitled", door)
    if operation.about == "professional":
        return _deciding(world, who, name, operation, about)
    if operation.about == "helper":
        return _of_helper(world, who, name, operation, about)
    if name == "POST end_advising":
        return _done(operation, "" if who.decides else "helper_may_not")
    if name == "GET ask_adviser" and ADVISER in world.helpers and world.helpers[ADVISER].help == IN_FORCE:
        return Answer(302)  # to the session that lasts
    if name == "POST invite_representative":
        return _done(operation, _one_more_parent(world, who), door)
    if operation.about in ("team", "folder", "topic", "own"):  # put back already, or to be put back
        own = {name for name, one in world.documents.items() if one.own and operation.about == "own"}
        unknown = "team_unknown" if operation.about == "team" else "not_found"
        return _done(operation, "" if about in own or about == operation.about != "own" else unknown, door)
    if operation.about == "document":
        return (_amending if verb == "amend" else _one)(world, who, door, operation, about)
    if operation.about == "set":  # it exists for those to whom a member shows
        members = {n: s for n, s in seen(world, who).items() if (world.documents[n].set or n) == about}
        return Answer(200, seen=members) if members else _refused("not_found", door)
    if name == "GET /fhir/Patient/{id}" and who.kind == PROFESSIONAL and ground(world, who)[1]:
        return _refused("not_found", door)
    return Answer(operation.success, seen=_listed(world, who, operation))


def _of_helper(world: World, who: Person, name: str, operation: Operation, about: str) -> Answer:
    """The holder, or who stands for them, ends the help of a carer; what an authority stated is contested."""
    target = world.helpers.get(about)
    if target is None:
        return _refused("not_found", "portal")
    may = name != "POST end_help" or about == who.name or (who.decides and target.helps in (CARER, ADVISER))
    return _done(operation, "" if may else "helper_may_not")


def _one_more_parent(world: World, who: Person) -> str:
    """The second legal representative is the first one's to invite, and there are two at most."""
    parents = [one for one in world.helpers.values() if one.helps == PARENT and one.help in (IN_FORCE, WAITING)]
    return "helper_may_not" if who.helps != PARENT else "representatives_full" if len(parents) > 1 else ""


def _deciding(world: World, who: Person, name: str, operation: Operation, about: str) -> Answer:
    """Anybody of the directory is blocked, even before any access; only a doctor is an attending doctor; what applies
    to nobody there, and nobody, answer alike."""
    act, target = name.split()[1], world.people.get(about)
    known = {act: bool(target and target.linked) for act in ("unblock", "end_access", "remove_administrator")}
    known["remove_doctor"] = bool(target and target.attending)
    if target is None or not known.get(act, True):
        return _refused("professional_unknown", "portal")
    refusals = {
        "not_a_doctor": act == "name_doctor" and target.profession != DOCTOR,
        "professional_blocked": act in ("give_access", "name_administrator") and target.blocked,
        "not_a_health_profession": act == "name_administrator" and target.profession not in HEALTH_PROFESSIONS,
        "named_by_the_patient": name == "POST pro_block" and target.named,
    }
    kept_out = _kept_out(who, name, target) if act in ("join_team", "pro_add_member") else ""
    return _done(operation, next((code for code, applies in refusals.items() if applies), kept_out))


def _kept_out(who: Person, name: str, target: Person) -> str:
    """Why somebody does not join a care team: a professional is not told whether the patient blocked a colleague, or
    has them in another team."""
    if target.profession not in HEALTH_PROFESSIONS:
        return "not_a_health_profession"
    if not name.startswith("POST"):
        return ""
    if target.blocked:
        return "member_blocked" if who.kind == HOLDER else "member_refused"
    same = target.among if who.kind == HOLDER or who.among else target.name == who.name
    return "member_refused" if target.team == IN_FORCE and not same else ""


def _removed(world: World) -> Mapping[str, str]:
    """What the holder added and removed, which they may put back."""
    return {name: DELETED for name, one in world.documents.items() if one.own and one.status == DELETED}


def _amending(world: World, who: Person, door: str, operation: Operation, about: str) -> Answer:
    one = world.documents.get(about)
    if one is None or not amends(who, one):
        return _refused("not_found", door)
    return _done(operation, "change_refused" if one.status == DELETED and operation.success == 200 else "", door)


def _one(world: World, who: Person, door: str, operation: Operation, about: str) -> Answer:
    if operation.success == 302 and operation.opens[who.kind][1] == "remove" and about in _removed(world):
        return Answer(302)  # what is asked twice is done once
    one = world.documents.get(about)
    if one is None or about not in seen(world, who) or (operation.made_only and not amends(who, one)):
        return _refused("not_found", door)
    return _done(operation, "not_your_document" if operation.own_only and not one.own else "", door)


def _listed(world: World, who: Person, operation: Operation) -> Mapping[str, str] | None:
    if operation.lists in ("", "removed"):
        return _removed(world) if operation.lists else None
    if who.kind == ORGANISATION:
        return deposits(world, who)
    found = seen(world, who)
    return {n: s for n, s in found.items() if s == CURRENT} if operation.lists == "current" else found
