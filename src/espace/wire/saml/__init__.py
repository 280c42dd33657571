"""SAML 2.0 assertions in WS-Security, as French health software signs them (VIHF)."""
