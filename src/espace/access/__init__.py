"""Facts → decide() → Grant: the one decision and the one gate."""
