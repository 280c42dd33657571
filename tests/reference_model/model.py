"""An independent model of who may do what and who sees what, written from the rules of the product and nothing else.

It shares no code with the platform: neither it nor its table of addresses imports anything of it. Where it and the
platform disagree, one of them is wrong; test_enumeration.py asks both the same questions. Codes are those that
docs/reference/reasons.md tells outside.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from reference_model.addresses import DOORS, HOLDER, NOBODY, ORGANISATION, PROFESSIONAL, Operation

NONE, LAPSED, IN_FORCE = "none", "lapsed", "in_force"
CURRENT, ARCHIVED, DELETED, SUPERSEDED = "current", "archived", "deleted", "superseded"

_NOT_OPEN = ("space_not_open", "space_not_open")
STATES = {
    **dict.fromkeys(("not_invited", "informed", "closed", "erasure_requested", "erased", "deceased"), _NOT_OPEN),
    "opposed": ("space_opposed", "space_opposed"),
    **dict.fromkeys(("opened", "activated"), ("", "")),
    "suspended": ("", "space_suspended"),
}
"""Why a space in this state may not be fed, and may not be read; "" where it may."""

VISIBILITIES = frozenset({"MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX"})

_CODES = {
    401: "token_missing",
    403: "holder_cannot_feed organisation_cannot_read no_rule_allows space_suspended consent_missing consent_lapsed"
    " professional_blocked not_entitled emergency_objected dispatch_objected not_a_carer not_a_regulator glass_ended"
    " not_your_document",
    404: "not_found professional_unknown",
    422: "space_unknown space_opposed space_not_open change_refused not_a_doctor",
    429: "account_frozen",
}
STATUS = {code: status for status, codes in _CODES.items() for code in codes.split()}

READS: Mapping[str, frozenset[str]] = {
    "11502-2": frozenset({"10", "21", "40", "60"}),
    "68599-0": frozenset({"10", "93"}),
    "ATTEST-RESID": frozenset({"41"}),
    "DOCPAT02": frozenset({"10", "21", "40", "60"}),
}
"""Which of the professions of the enumeration read a kind (order of 26 October 2023, as published)."""

WRITES: Mapping[str, frozenset[str]] = {"11502-2": frozenset({"10", "21"})}
HEALTH_PROFESSIONS = frozenset({"10", "21", "40", "60"})
"""Of the enumeration's; a social worker is no health profession (CSP L1111-17 I is for those)."""
DOCTOR = "10"


@dataclass(frozen=True)
class Document:
    """`by` deposited it and `author` wrote it (names of people or organisations; "holder" for what the holder added).

    `masked_by` holds "depositor", "holder", "rule" (everything, or what arrives, is masked) or several; `held` is a
    disclosure hold in force; `from_parents` (of a minor) hides from representatives, who have no door yet.
    """

    name: str
    kind: str = "11502-2"
    by: str = "hospital"
    author: str = ""
    masked_by: frozenset[str] = frozenset()
    held: bool = False
    from_parents: bool = False
    status: str = CURRENT
    replaces: str = ""
    set: str = ""

    @property
    def own(self) -> bool:
        return self.by == HOLDER


@dataclass(frozen=True)
class World:
    """One space: `state` is None where nobody with this identity has one. The switches are the holder's, and so are the
    rules that mask everything, or whatever arrives."""

    name: str
    state: str | None
    documents: Mapping[str, Document] = field(default_factory=dict)
    emergencies: bool = True
    calls: bool = True
    masked_in_emergency: bool = False
    all_masked: bool = False
    new_masked: bool = False
    people: Mapping[str, "Person"] = field(default_factory=dict)

    def with_document(self, document: Document) -> "World":
        return replace(self, documents={**self.documents, document.name: document})


@dataclass(frozen=True)
class Person:
    """Whoever asks, and what links them to the world: `own` is the holder of this very record."""

    name: str
    kind: str
    own: bool = False
    profession: str = ""
    consent: str = NONE
    attending: bool = False
    blocked: bool = False
    emergency: str = NONE
    call: str = NONE
    regulates: bool = False
    frozen: bool = False

    @property
    def linked(self) -> bool:
        return (self.consent, self.emergency, self.call) != (NONE, NONE, NONE) or self.attending or self.blocked


@dataclass(frozen=True)
class Answer:
    """What must come back: the code told ("" when allowed), its status, and the documents that it names.

    `seen` maps the name of a document to the status in which it is told; None where the answer lists none.
    """

    status: int
    code: str = ""
    seen: Mapping[str, str] | None = None
    to_signin: bool = False


# --- The decision


def told(code: str, door: str) -> str:
    """What is said outside: an opposed space is one that does not exist, but for its own holder."""
    return "space_unknown" if code == "space_opposed" and door != "portal" else code


def refusal(world: World, who: Person, purpose: str, verb: str) -> str:
    """Why this may not be done; "" when it may. The order is the order of the rules: who, budget, space, person."""
    if purpose == "holder":
        return _holder_refusal(world, who, verb)
    if who.kind == ORGANISATION and purpose == "feed" and verb in ("deposit", "own_deposits", "amend"):
        return _space(world, feeding=True)
    if who.kind == ORGANISATION:
        return "organisation_cannot_read"
    if who.kind != PROFESSIONAL:
        return "holder_cannot_feed"
    if who.frozen:
        return "account_frozen"
    if purpose == "feed":
        return _space(world, feeding=True) if verb in ("deposit", "own_deposits", "amend") else "no_rule_allows"
    if closed := _space(world, feeding=False):
        return closed
    if purpose in ("break_glass", "dispatch"):
        return _declaring(world, who, purpose) if verb == "break_glass" else "no_rule_allows"
    return _caring(world, who, verb)


def _space(world: World, *, feeding: bool) -> str:
    if world.state is None:
        return "space_unknown"
    return STATES[world.state][0 if feeding else 1]


HOLDERS_VERBS = frozenset(
    {
        *("list", "read", "download", "history", "mask", "unmask", "block", "unblock", "name_doctor", "settings"),
        *("add", "describe", "arrange", "remove", "restore", "switches", "visibility"),
    }
)


def _holder_refusal(world: World, who: Person, verb: str) -> str:
    if who.kind != HOLDER or not who.own:
        return "not_found"
    return _space(world, feeding=False) or ("" if verb in HOLDERS_VERBS else "no_rule_allows")


def _declaring(world: World, who: Person, purpose: str) -> str:
    """Break-glass: individual, a health profession, refused to the blocked and where the patient objected. Calls to
    the centre 15 have their own switch, and open in spite of a block (the SAMU apart)."""
    if purpose == "dispatch":
        if not who.regulates:
            return "not_a_regulator"
        return "" if world.calls else "dispatch_objected"
    if who.blocked:
        return "professional_blocked"
    if who.profession not in HEALTH_PROFESSIONS:
        return "not_a_carer"
    return "" if world.emergencies else "emergency_objected"


def _caring(world: World, who: Person, verb: str) -> str:
    if verb == "status":
        return ""
    if verb in ("consent", "withdraw"):
        return "professional_blocked" if who.blocked else ""
    if verb not in ("list", "read", "download"):
        return "no_rule_allows"
    return ground(world, who)[1]


def ground(world: World, who: Person) -> tuple[str, str]:
    """On what ground a professional reads an open space, or ("", why not)."""
    if not world.emergencies:
        who = replace(who, emergency=NONE)  # an objection ends what was declared before it
    if not world.calls:
        who = replace(who, call=NONE)
    agreed = not who.blocked and ((who.attending and who.profession == DOCTOR) or who.consent == IN_FORCE)
    if who.call == IN_FORCE and who.regulates and not agreed:
        return "call", ""
    if who.blocked:
        return "", "professional_blocked"
    if who.call == IN_FORCE and not agreed:
        return "", "not_a_regulator"
    if who.attending and who.profession == DOCTOR:
        return "attending", ""
    if who.consent == IN_FORCE:
        return "consent", ""
    if who.emergency == IN_FORCE:
        if who.profession not in HEALTH_PROFESSIONS:
            return "", "not_a_carer"
        return "emergency", ""
    if who.emergency == LAPSED or who.call == LAPSED:
        return "", "glass_ended"
    return "", "consent_lapsed" if who.consent == LAPSED else "consent_missing"


# --- What is seen


def seen(world: World, who: Person) -> dict[str, str]:
    """The documents of an open record that exist for this reader, each in the status that it has for them."""
    shown = {name for name, one in world.documents.items() if _shows(world, who, one)}
    successors = {one.replaces for one in world.documents.values() if one.replaces and _knows_of(world, who, one)}
    return {
        name: SUPERSEDED if name in successors else world.documents[name].status
        for name in world.documents
        if name in shown
    }


def _knows_of(world: World, who: Person, one: Document) -> bool:
    """Whether this reader may know that a version came: a deleted one leaves what it replaced as it was replaced."""
    return _shows(world, who, replace(one, status=CURRENT))


def _shows(world: World, who: Person, one: Document) -> bool:
    if one.status == DELETED:
        return False
    if who.kind == HOLDER:
        return who.own and not one.held
    if who.kind != PROFESSIONAL:
        return False
    if who.name == one.author:
        return True
    basis = ground(world, who)[0]
    emergency = basis in ("call", "emergency")
    if who.profession not in READS[one.kind]:
        return False
    masked = bool(one.masked_by)
    return not masked or basis == "attending" or (emergency and world.masked_in_emergency)


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


def sets(world: World, who: Person) -> frozenset[str]:
    """The submission sets that exist for this reader: those of which a member shows."""
    return frozenset(world.documents[name].set or name for name in seen(world, who))


# --- The doors


def answer(world: World, who: Person, door: str, name: str, about: str = "") -> Answer:
    """What a door answers to this person: `about` names the document, set… that the address names."""
    operation = DOORS[door][name]
    if door == "mhd":
        who = replace(who, regulates=False)  # calls to the centre 15 are handled on the pages
    if who.kind not in operation.opens:
        return _not_for(who, door)
    if operation.shows_form:
        return Answer(200)
    if door == "mhd" and who.kind == HOLDER and not who.own:
        return _another_holder(name, operation)
    if door == "portal" and not who.own:
        return _refused("not_found", door)
    purpose, verb = operation.opens[who.kind]
    if code := refusal(world, who, purpose, verb):
        by_id = door == "mhd" and "{id}" in name and not who.own
        return _refused("not_found" if by_id else code, door)
    return _allowed(world, who, door, name, about)


def _not_for(who: Person, door: str) -> Answer:
    """Pages send to the sign-in; the FHIR door says why this kind of caller has nothing to do there."""
    if door != "mhd":
        return Answer(302, to_signin=True)
    codes = {NOBODY: "token_missing", HOLDER: "holder_cannot_feed", ORGANISATION: "organisation_cannot_read"}
    return _refused(codes[who.kind], door)


def _another_holder(name: str, operation: Operation) -> Answer:
    """Somebody else's record: an empty answer to a search, what does not exist by its address."""
    if operation.about == "patient" and name != "GET /fhir/Patient/{id}":
        return Answer(200, seen={})
    return _refused("not_found", "mhd")


def _refused(code: str, door: str) -> Answer:
    said = told(code, door)
    return Answer(STATUS[said], said)


def _allowed(world: World, who: Person, door: str, name: str, about: str) -> Answer:
    operation = DOORS[door][name]
    verb = operation.opens[who.kind][1]
    if verb == "amend":
        return _amending(world, who, operation, about)
    if verb == "deposit" and name.startswith("POST") and who.profession not in ("", *WRITES["11502-2"]):
        # The form of the page does not offer a kind that the profession does not write.
        return Answer(200) if door == "workstation" else _refused("not_entitled", door)
    if operation.about == "professional":
        return _deciding(world, name.split()[1], operation, about)
    if operation.about in ("folder", "own"):
        own = {name for name, one in world.documents.items() if one.own}  # put back already, or to be put back
        known = about in (own if operation.about == "own" else {"folder"})
        return Answer(operation.success) if known else _refused("not_found", door)
    if operation.about == "document":
        return _one(world, who, door, operation, about)
    if operation.about == "set":
        known = about in sets(world, who)
        members = {n: s for n, s in seen(world, who).items() if (world.documents[n].set or n) == about}
        return Answer(200, seen=members) if known else _refused("not_found", door)
    if name == "GET /fhir/Patient/{id}" and who.kind == PROFESSIONAL and ground(world, who)[1]:
        return _refused("not_found", door)
    return Answer(operation.success, seen=_listed(world, who, operation))


def _deciding(world: World, act: str, operation: Operation, about: str) -> Answer:
    """Anybody of the directory is blocked, even before any access; only a doctor is an attending doctor; what applies
    to nobody there, and nobody, answer alike."""
    target = world.people.get(about)
    fits = target is not None and {"unblock": target.linked, "remove_doctor": target.attending}.get(act, True)
    if target is None or not fits:
        return _refused("professional_unknown", "portal")
    if act == "name_doctor" and target.profession != DOCTOR:
        return _refused("not_a_doctor", "portal")
    return Answer(operation.success)


def _removed(world: World) -> Mapping[str, str]:
    """What the holder added and removed, which they may put back."""
    return {name: DELETED for name, one in world.documents.items() if one.own and one.status == DELETED}


def _amending(world: World, who: Person, operation: Operation, about: str) -> Answer:
    one = world.documents.get(about)
    if one is None or not amends(who, one):
        return _refused("not_found", "mhd")
    if one.status == DELETED and operation.success == 200:
        return _refused("change_refused", "mhd")
    return Answer(operation.success)


def _one(world: World, who: Person, door: str, operation: Operation, about: str) -> Answer:
    if operation.success == 302 and operation.opens[who.kind][1] == "remove" and about in _removed(world):
        return Answer(302)  # what is asked twice is done once
    if about not in seen(world, who):
        return _refused("not_found", door)
    one = world.documents[about]
    if operation.own_only and not one.own:
        return _refused("not_your_document", door)
    return Answer(operation.success)


def _listed(world: World, who: Person, operation: Operation) -> Mapping[str, str] | None:
    if not operation.lists or operation.lists == "recent":
        return None
    if operation.lists == "removed":
        return _removed(world)
    if who.kind == ORGANISATION:
        return deposits(world, who)
    found = seen(world, who)
    return {n: s for n, s in found.items() if s == CURRENT} if operation.lists == "current" else found


# --- What an act changes


def after(world: World, who: Person, door: str, name: str, about: str = "") -> World:
    """The world once an allowed act was done; `people` says what links everybody to it."""
    verb = DOORS[door][name].opens[who.kind][1]
    if verb == "visibility":
        return _by_rule(world, name)
    if name in _CHANGES:
        for one in versions(world, about) if verb in ("mask", "unmask") else [about]:
            world = world.with_document(_CHANGES[name](world.documents[one]))
        return world
    if name.split()[-1] in _LINKS:
        target = world.people.get(about, who)
        others = {n: replace(one, attending=False) for n, one in world.people.items()}
        people = others if name == "POST name_doctor" else world.people
        return replace(world, people={**people, target.name: _LINKS[name.split()[-1]](target)})
    return world


def _by_rule(world: World, name: str) -> World:
    """One act masks everything, one shows again what it masked and nothing that was masked one by one."""
    if name == "POST visibility":
        return replace(world, new_masked=True)
    masks = name == "POST mask_many"
    for one in world.documents.values():
        others = one.masked_by - {"rule"}
        world = world.with_document(replace(one, masked_by=others | {"rule"} if masks else others))
    return replace(world, all_masked=masks)


def arriving(world: World, one: Document) -> Document:
    """A document as the holder's rules make it when it arrives."""
    masked = world.all_masked or world.new_masked
    return replace(one, masked_by=one.masked_by | {"rule"}) if masked else one


def _unlinked(who: Person) -> Person:
    return replace(who, consent=NONE, attending=False, emergency=NONE, call=NONE)


_LINKS: Mapping[str, Callable[[Person], Person]] = {
    "block": lambda who: replace(_unlinked(who), blocked=True, call=who.call),
    "unblock": lambda who: replace(who, blocked=False),
    "name_doctor": lambda who: replace(who, attending=True, blocked=False),
    "remove_doctor": lambda who: replace(who, attending=False),
    "pro_consent": lambda who: replace(who, consent=IN_FORCE, emergency=NONE, call=NONE),
    "pro_withdraw": lambda who: replace(who, consent=NONE, emergency=NONE, call=NONE),
    "pro_emergency": lambda who: replace(who, emergency=IN_FORCE),
    "call": lambda who: replace(who, call=IN_FORCE),
}
"""What an act makes of the link of the one whom it is about: somebody named by the holder, or the caller. A block ends
all but a call to the centre 15, which has its own switch."""


def versions(world: World, name: str) -> set[str]:
    """Every version of a document: those that it replaces and those that replace it."""
    found = {name}
    while True:
        near = {one.replaces for one in world.documents.values() if one.name in found and one.replaces}
        near |= {one.name for one in world.documents.values() if one.replaces in found}
        if near <= found:
            return found
        found |= near


_CHANGES: Mapping[str, Callable[[Document], Document]] = {
    "POST mask": lambda one: replace(one, masked_by=one.masked_by | {"holder"}),
    "POST unmask": lambda one: replace(one, masked_by=frozenset()),
    "POST remove": lambda one: replace(one, status=DELETED),
    "POST restore": lambda one: replace(one, status=CURRENT),
    "DELETE /fhir/DocumentReference/{id}": lambda one: replace(one, status=DELETED),
}
