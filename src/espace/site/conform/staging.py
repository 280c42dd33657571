"""What a scenario is played with: who takes part, the documents that it makes, what it noted on the way."""

from collections.abc import Callable
from dataclasses import dataclass, field

from espace.kernel.values import replace
from espace.site.bench.assertions import Signing, vihf
from espace.site.conform.equipment import Card, Equipment
from espace.site.conform.letters import Letter, new_letter


@dataclass
class Stage:
    """One scenario being played."""

    kit: Equipment
    kept: dict[str, str] = field(default_factory=dict)
    letters: dict[str, Letter] = field(default_factory=dict)

    def letter(self, name: str = "first") -> Letter:
        """The document of that name, made when first asked for. Two of them are versions of one."""
        if name not in self.letters:
            first = next(iter(self.letters.values()), None)
            self.letters[name] = new_letter(self.kit.patient, self.kit.feeder.structure, first)
        return self.letters[name]

    def id(self, name: str, make: Callable[[], str]) -> str:
        """An identifier that stays the same for the whole scenario."""
        return self.kept.setdefault(name, make())

    def signing(
        self, *, reader: bool = False, audience: str = "", card: Card | None = None, ins: str = ""
    ) -> Signing:
        """What the assertion of the feeder, or of the reader, says before it is signed; `ins` is another number than
        the patient's."""
        patient = self.kit.patient
        party = self.kit.reader if reader else self.kit.feeder
        signs = card or party.signature
        if signs is None:
            raise LookupError("a scenario without its certificates is not played")
        return vihf(
            signs.certificate,
            signs.key,
            subject=party.number,
            mode="DIRECTE" if reader else "INDIRECTE",
            place=party.structure,
            audience=audience or self.kit.audience,
            patient=replace(patient, ins=ins or patient.ins).cx,
            role=party.role,
        )
