"""Our side of OpenID Connect: what we ask of the provider, and what we believe of its answers (ADR 0012)."""
