"""What was done and is planned, stays and devices, as R4 tells them (Procedure, Encounter, CarePlan, Device)."""

from collections.abc import Mapping

from espace.clinical.facts import Detail, State
from espace.exchange.fhir.facts import common
from espace.exchange.fhir.facts.common import Thing
from espace.wire.fhir.facts import resources, values
from espace.wire.fhir.facts.elements import UNKNOWN, Told
from espace.wire.fhir.resources import Coding, DeviceName, Extension, Reference
from espace.wire.nomenclature import systems

WORN = "urn:espace:extension:worn"
"""Since when, until when a device is worn, which Device of R4 does not say."""

_DONE: Mapping[State, str] = {
    State.ACTIVE: "in-progress",
    State.OVER: "completed",
    State.STOPPED: "stopped",
    State.PLANNED: "preparation",
    State.UNKNOWN: "unknown",
}
_STAYED: Mapping[State, str] = {
    State.ACTIVE: "in-progress",
    State.OVER: "finished",
    State.STOPPED: "cancelled",
    State.PLANNED: "planned",
    State.UNKNOWN: "unknown",
}
_CLASSES = frozenset({"AMB", "EMER", "FLD", "HH", "IMP", "ACUTE", "NONAC", "OBSENC", "PRENC", "SS", "VR"})
_PLANNED: Mapping[State, tuple[str, str]] = {
    State.ACTIVE: ("active", "in-progress"),
    State.OVER: ("completed", "completed"),
    State.STOPPED: ("revoked", "stopped"),
    State.PLANNED: ("active", "scheduled"),
    State.UNKNOWN: ("unknown", "unknown"),
}
"""Status of the plan, and of what it plans."""

_WORN: Mapping[State, str] = {
    State.ACTIVE: "active",
    State.OVER: "inactive",
    State.STOPPED: "inactive",
    State.PLANNED: "unknown",
    State.UNKNOWN: "unknown",
}


def procedure(thing: Thing) -> resources.Procedure:
    fact = thing.fact
    return resources.Procedure(
        id=thing.id,
        meta=common.meta(thing),
        extension=common.extensions(thing),
        identifier=common.identifiers(fact),
        status="not-done" if fact.absent else _DONE[fact.state],
        category=thing.one(Detail.CATEGORY),
        code=values.concept(fact.what),
        subject=thing.subject,
        performed_date_time=values.single(fact.when),
        performed_period=values.period(fact.when),
        asserter=common.asserter(thing),
        performer=common.performers(thing),
        reason_code=thing.concepts(Detail.INDICATION),
        body_site=(*thing.concepts(Detail.SITE), *thing.concepts(Detail.LATERALITY)),
        outcome=thing.one(Detail.OUTCOME),
        note=common.notes(fact.comment),
    )


def stay(thing: Thing) -> resources.Encounter:
    """Encounter of R4 has no notes: the author's words stand in its type."""
    fact = thing.fact
    described = values.concept(fact.what)
    codes = (fact.what.code, *(one.code for one in fact.what.others))
    kind = next((Coding(system=systems.ACT_CODE.uri, code=code) for code in codes if code in _CLASSES), None)
    return resources.Encounter(
        id=thing.id,
        meta=common.meta(thing),
        extension=common.extensions(thing),
        identifier=common.identifiers(fact),
        status="cancelled" if fact.absent else _STAYED[fact.state],
        class_=kind or Coding(extension=UNKNOWN),
        type=(described,),
        subject=thing.subject,
        period=values.whole(fact.when),
        reason_code=thing.concepts(Detail.INDICATION),
        service_provider=Reference(display=fact.place_name) if fact.place_name.strip() else None,
    )


def plan(thing: Thing) -> resources.CarePlan:
    fact = thing.fact
    status, activity = _PLANNED[fact.state]
    detail = resources.Detail(
        code=values.concept(fact.what),
        reason_code=thing.concepts(Detail.INDICATION),
        status=activity,
        do_not_perform=fact.absent or None,
        scheduled_period=values.whole(fact.when),
    )
    return resources.CarePlan(
        id=thing.id,
        meta=common.meta(thing),
        extension=common.extensions(thing),
        identifier=common.identifiers(fact),
        status=status,
        intent="plan",
        category=thing.concepts(Detail.CATEGORY),
        title=values.text(values.named(fact.what)),
        subject=thing.subject,
        period=values.whole(fact.when),
        created=common.recorded(thing),
        author=common.asserter(thing),
        activity=(resources.Activity(detail=detail),),
        note=common.notes(fact.comment),
    )


def device(thing: Thing) -> resources.Device:
    """One said not to be worn is inactive; « no device » is its type."""
    fact = thing.fact
    told, worn = values.concept(fact.what), values.whole(fact.when)
    extensions: tuple[Extension, ...] = (Told(url=WORN, value_period=worn),) if worn else ()
    name = values.text(values.named(fact.what))
    return resources.Device(
        id=thing.id,
        meta=common.meta(thing),
        extension=(*common.extensions(thing), *extensions),
        identifier=common.identifiers(fact),
        status="inactive" if common.refuted(fact) else _WORN[fact.state],
        manufacturer=values.text(fact.maker),
        lot_number=values.text(fact.lot),
        device_name=(DeviceName(name=name, type="user-friendly-name"),) if name else (),
        type=told,
        patient=thing.subject,
        note=common.notes(fact.comment),
    )
