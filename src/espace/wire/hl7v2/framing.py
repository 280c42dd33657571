"""MLLP (HL7 v2.5.1, appendix C; « Minimal Lower Layer Protocol » 1): a stream of bytes ⇄ messages."""

from collections.abc import Iterator

from espace.kernel.reasons import hl7v2 as reasons
from espace.kernel.words import Refused

BEGINS, ENDS = b"\x0b", b"\x1c\r"
_BETWEEN = b"\r\n"
"""What some senders leave between two messages, to keep a connection alive."""


def framed(message: bytes) -> bytes:
    return BEGINS + message + ENDS


class Frames:
    """One side of one connection: bytes are fed as they come, messages come out whole."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._begun = False
        self._buffer = bytearray()
        self._looked = 0

    @property
    def begun(self) -> bool:
        """Whether a message has begun that has not ended."""
        return self._begun or bool(self._buffer)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The messages that these bytes end. Raises Refused, after which the connection is of no use any more:
        HL7_FRAMING, for bytes outside of a frame, a frame within a frame, or more than `most` bytes."""
        self._buffer += data
        while self._begin():
            end = self._buffer.find(ENDS[:1], self._looked)
            if end < 0 or end == len(self._buffer) - 1:
                self._looked = len(self._buffer) if end < 0 else end
                self._check(len(self._buffer) if end < 0 else end)
                return
            self._check(end)
            if self._buffer[end : end + 2] != ENDS:
                raise Refused(reasons.HL7_FRAMING, detail="FS is followed by CR")
            message = bytes(memoryview(self._buffer)[:end])
            if BEGINS in message:
                raise Refused(reasons.HL7_FRAMING, detail="VT within a message")
            del self._buffer[: end + 2]
            self._begun, self._looked = False, 0
            yield message

    def _begin(self) -> bool:
        """Whether a message has begun, its first byte taken away."""
        if self._begun:
            return True
        rest = self._buffer.lstrip(_BETWEEN)
        if rest and not rest.startswith(BEGINS):
            raise Refused(reasons.HL7_FRAMING, detail="VT is expected")
        self._buffer, self._begun, self._looked = rest[1:], bool(rest), 0
        return self._begun

    def _check(self, size: int) -> None:
        if size > self.most:
            raise Refused(reasons.HL7_FRAMING, detail=f"{self.most} bytes at most")
