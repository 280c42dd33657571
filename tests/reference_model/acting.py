"""What becomes of a world by an act that was allowed, by the same independent model; and what arrives in it."""

from collections.abc import Callable, Mapping
from typing import Any

from espace.kernel.values import replace
from reference_model.addresses import DOORS
from reference_model.facts import ADVISER, CURRENT, DELETED, ENDED, IN_FORCE, LAPSED, NONE, Document, Person, World


def after(world: World, who: Person, door: str, name: str, about: str = "") -> World:
    """The world once an allowed act was done; `people` says what links everybody to it."""
    verb = DOORS[door][name].opens[who.kind][1]
    if verb == "visibility" and name not in _CHANGES:
        return _by_rule(world, name)
    if name in _CHANGES:
        for one in versions(world, about) if verb in ("mask", "unmask", "visibility") else [about]:
            world = world.with_document(_CHANGES[name](world.documents[one]))
        return world
    people, target, act = world.people, world.people.get(about, who), name.split()[-1]
    if act in ("end_help", "leave_help", "end_advising"):
        name = ADVISER if act == "end_advising" else about or who.name
        return replace(world, helpers={**world.helpers, name: replace(world.helpers[name], help=ENDED)})
    if act == "end_team":
        people = {n: replace(one, team=LAPSED if one.among else one.team) for n, one in people.items()}
    if act == "name_doctor":
        people = {n: replace(one, attending=False) for n, one in people.items()}
    if act in _LINKS:
        people = {**people, target.name: replace(target, **_LINKS[act])}
    return replace(world, people=people)


def _by_rule(world: World, name: str) -> World:
    """One act masks everything, one shows again what it masked and nothing that was masked one by one."""
    if name == "POST visibility":
        return replace(world, new_masked=True)
    rule, masks = "topic" if "topic" in name else "rule", name == "POST mask_many"
    for one in world.documents.values():
        world = world.with_document(replace(one, masked_by=one.masked_by - {rule} | ({rule} if masks else set())))
    return world if rule == "topic" else replace(world, all_masked=masks)


def arriving(world: World, one: Document) -> Document:
    """A document as the holder's rules make it when it arrives."""
    return replace(one, masked_by=one.masked_by | {"rule"}) if world.all_masked or world.new_masked else one


_UNLINKED: dict[str, Any] = {"consent": NONE, "team": NONE, "among": False, "emergency": NONE}
_BLOCKED = {**_UNLINKED, "attending": False, "administrator": False, "blocked": True, "secret": NONE}
"""A block ends all but a call to the centre 15, which has its own switch."""
_LINKS: Mapping[str, Mapping[str, Any]] = {
    "block": _BLOCKED,
    "pro_block": _BLOCKED,
    "pro_withdraw": {**_UNLINKED, "call": NONE},
    "end_access": {**_UNLINKED, "call": NONE},
    "join_team": {"team": IN_FORCE, "among": True},
    "pro_add_member": {"team": IN_FORCE, "among": True},
    "name_administrator": {"administrator": True},
    "remove_administrator": {"administrator": False},
    "unblock": {"blocked": False},
    "name_doctor": {"attending": True, "blocked": False},
    "remove_doctor": {"attending": False},
    "pro_consent": {"consent": IN_FORCE, "emergency": NONE, "call": NONE},
    "give_access": {"consent": IN_FORCE},
    "pro_emergency": {"emergency": IN_FORCE},
    "call": {"call": IN_FORCE},
}
"""What an act makes of the link of the one whom it is about: somebody named by the holder, or the caller."""


def versions(world: World, *names: str) -> set[str]:
    """Every version of a document: those that it replaces and those that replace it."""
    found = {*names}
    near = {one.replaces for one in world.documents.values() if one.name in found and one.replaces}
    near |= {one.name for one in world.documents.values() if one.replaces in found}
    return found if near <= found else versions(world, *found, *near)


_CHANGES: Mapping[str, Callable[[Document], Document]] = {
    "POST mask": lambda one: replace(one, masked_by=one.masked_by | {"holder"}),
    "POST topics_of": lambda one: replace(one, masked_by=one.masked_by | {"topic"}),  # of one that is masked
    "POST unmask": lambda one: replace(one, masked_by=frozenset()),
    "POST hide_from": lambda one: replace(one, hidden_from=one.hidden_from | {"agreed"}),
    "POST show_to": lambda one: replace(one, hidden_from=one.hidden_from - {"agreed"}),
    "POST remove": lambda one: replace(one, status=DELETED),
    "POST restore": lambda one: replace(one, status=CURRENT),
    "DELETE /fhir/DocumentReference/{id}": lambda one: replace(one, status=DELETED),
}
