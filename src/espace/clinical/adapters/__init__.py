"""What a document that is one file says, asked of a process of its own."""

from espace.clinical.adapters.words import KINDS, File, Words, plain, words_of

__all__ = ["KINDS", "File", "Words", "plain", "words_of"]
