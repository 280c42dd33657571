"""What a transaction of this door is given and gives back: neither knows HTTP, SOAP nor assertions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from espace.exchange.callers import Caller, Opening
from espace.kernel.words import ActorKind, Refused
from espace.wire.xds import PatientStatement
from espace.wire.xml import Element


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, its envelope open and its sender known.

    `body` is the one element of the SOAP body, `parts` the attachments by Content-ID without their `<>`, `message_id`
    what the sender called the message, `patient` whom the assertion is about (its resource-id), None where it names
    nobody.
    """

    body: Element
    parts: Mapping[str, memoryview] = field(default_factory=dict, repr=False)
    message_id: str = ""
    patient: PatientStatement | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: the serialised element of the body, which declares its own namespaces and has no XML declaration,
    and the attachments that its `<xop:Include href="cid:NAME"/>` name, by NAME."""

    body: bytes
    parts: Mapping[str, bytes] = field(default_factory=dict, repr=False)


Work = Callable[[], Answer]
"""What remains to be done once a request is read: it may be run again (serialisation failure)."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """One row of the door's table: the WS-Addressing actions asked and answered, the tags of the elements of both
    bodies, for what each kind of actor may open a record (the scope of such an Opening is "": assertions have none),
    what is done, and how a refusal is said in the body (a RegistryResponse that failed).

    `read` reads everything that was sent and returns the Work; both may raise Refused. `takes_parts`: the message may
    have attachments.
    """

    action: str
    answers: str
    element: str
    answer: str
    openings: Mapping[ActorKind, Opening]
    read: Callable[[Asked, Caller], Work]
    refused: Callable[[Refused], bytes]
    takes_parts: bool = False
