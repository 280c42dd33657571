"""Sans-IO codecs: bytes ⇄ values, no network, no table. Each lists every problem it finds, with its place."""
