"""The door for archives of documents (IHE XDM): over HTTP, and by the mail of the secure mail operators."""
