"""A plain letter in Rich Text Format 1.5."""


def _escaped(text: str) -> str:
    out = []
    for character in text:
        if character in "\\{}":
            out.append(f"\\{character}")
        elif ord(character) < 128:
            out.append(character)
        else:
            # A \u control word holds a signed 16-bit number and is followed by the fallback.
            code = ord(character)
            out.append(f"\\u{code if code < 32768 else code - 65536}?")
    return "".join(out)


def letter(title: str, paragraphs: tuple[str, ...]) -> bytes:
    """The letter, ASCII only; characters beyond the basic plane are not for letters: ValueError."""
    if any(ord(character) > 0xFFFF for character in title + "".join(paragraphs)):
        raise ValueError("a character beyond the basic multilingual plane")
    body = "\\par\\par\n".join(_escaped(paragraph).replace("\n", "\\line\n") for paragraph in paragraphs)
    head = "{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Helvetica;}}\\f0\\fs22\n"
    return f"{head}{{\\b\\fs32 {_escaped(title)}\\par}}\\par\n{body}\\par\n}}".encode("ascii")
