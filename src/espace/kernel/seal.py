"""The mould of the Grant. Only `access.gate` imports it to build one, and `kernel.words` to check it."""


class Seal:
    """One object, compared by identity: nothing equals it but itself."""

    __slots__ = ()


SEAL = Seal()
