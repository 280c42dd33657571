"""The messages that the kit sends: fresh ids each time, invented people, in the forms of the standards."""
