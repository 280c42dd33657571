"""HL7 v3 messages of the national requests: elements ⇄ values; pure."""
