"""Masks, rules and topics in any order: what is masked is what an independent model says."""

import random

import pytest

from cast import holder, organisation, sender
from record.test_amending import deposit
from record.test_masking import mask, unmask
from record.test_masking_rules import BIOLOGY, decides, masked
from record.test_topics import hide, link, links, make, show, unlink

pytestmark = pytest.mark.django_db


class Model:
    """What masks each document: itself, the kind, a topic; written apart from the code that it judges."""

    def __init__(self, documents: int) -> None:
        self.masks: list[set[str]] = [set() for _ in range(documents)]
        self.links: list[set[str]] = [set() for _ in range(documents)]
        self.on: set[str] = set()

    def mask(self, number: int) -> None:
        self.masks[number].add("alone")

    def unmask(self, number: int) -> None:
        self.masks[number].clear()

    def kind(self, *, on: bool) -> None:
        for one in self.masks:
            one.add("kind") if on else one.discard("kind")

    def link(self, number: int, topic: str, *, on: bool) -> None:
        linked = self.links[number]
        linked.add(topic) if on else linked.discard(topic)
        if on and topic in self.on:
            self.masks[number].add(topic)
        elif not on:
            self.masks[number].discard(topic)

    def topic(self, topic: str, *, on: bool) -> None:
        self.on = self.on | {topic} if on else self.on - {topic}
        for linked, masks in zip(self.links, self.masks, strict=True):
            if on and topic in linked:
                masks.add(topic)
            elif not on:
                masks.discard(topic)

    @property
    def masked(self) -> set[int]:
        return {number for number, one in enumerate(self.masks) if one}


def test_any_sequence_of_acts_masks_what_the_model_says() -> None:
    chance, camille, hospital = random.Random(2), holder(), sender(organisation())
    current = [deposit(camille, hospital, content=bytes([n])) for n in range(3)]
    ids = {name: make(camille, name) for name in ("Un", "Deux")}
    model = Model(len(current))
    for _ in range(20):
        number, name, on = chance.randrange(3), chance.choice(["Un", "Deux"]), chance.random() < 0.6
        act = chance.choice(["alone", "kind", "link", "link", "topic", "topic", "version"])
        if act == "alone":
            (mask if on else unmask)(camille, current[number])
            (model.mask if on else model.unmask)(number)
        elif act == "kind":
            decides(camille, BIOLOGY, on=on)
            model.kind(on=on)
        elif act == "link":
            (link if on else unlink)(camille, ids[name], current[number])
            model.link(number, name, on=on)
        elif act == "topic":
            (hide if on else show)(camille, ids[name])
            model.topic(name, on=on)
        else:
            content = chance.randbytes(8)
            current[number] = deposit(camille, hospital, content=content, replaces=current[number])
        assert masked(camille) & {*current} == {current[number] for number in model.masked}, (act, number, name, on)
    assert {current.index(one) for one in links(camille) if one in current} == {
        number for number, one in enumerate(model.links) if one
    }
