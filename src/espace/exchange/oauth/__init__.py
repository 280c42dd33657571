"""OAuth 2.0 for software without a user (RFC 6749, section 4.4; SMART App Launch 2.2, « backend services »)."""
