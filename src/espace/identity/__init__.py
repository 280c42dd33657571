"""People (INS and traits), organisations, accounts: who is who."""
