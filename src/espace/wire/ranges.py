"""Parts of what is downloaded (RFC 9110, section 14): one range of bytes, so that a download that was cut goes on."""

import re
from dataclasses import dataclass

_ONE = re.compile(r"bytes=[ \t]*(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))[ \t]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cut:
    """The bytes from `first` to `end`, which is not among them, of `size`; `partial` where a range was asked for and is
    answered as one: of no byte where the range begins after the end."""

    first: int
    end: int
    size: int
    partial: bool = False

    @property
    def satisfiable(self) -> bool:
        """False is answered by 416 (Range Not Satisfiable)."""
        return not self.partial or self.first < self.end

    @property
    def content_range(self) -> str:
        """The header of a 206, or of a 416."""
        return f"bytes {self.first}-{self.end - 1}/{self.size}" if self.satisfiable else f"bytes */{self.size}"


def cut(asked: str, *, unless: str = "", tag: str, size: int) -> Cut:
    """What the Range header asks of a representation of `size` bytes whose strong ETag is `tag`; `unless` is the header
    If-Range. The whole where there is no range, where it is not one range of bytes, well written (several are never
    answered: a server may ignore them), or where If-Range is about another representation."""
    whole, found = Cut(0, size, size), _ONE.fullmatch(asked)
    if found is None or (unless and unless != tag):
        return whole
    first, last, suffix = found[1], found[2], found[3]
    if suffix is not None:
        return Cut(max(0, size - int(suffix)), size, size, partial=True)
    if last and int(last) < int(first):
        return whole
    end = min(int(last) + 1, size) if last else size
    return Cut(int(first), end, size, partial=True)
