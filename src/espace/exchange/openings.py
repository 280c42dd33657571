"""For what those who deposit, or add measures, open a record, at whatever door their token is shown."""

from espace.catalogue.facts import CREATE, DELETE, OWN_MEASURES, UPDATE, USER_CREATE, USER_DELETE, USER_UPDATE
from espace.exchange.callers import Opening
from espace.kernel.words import ActorKind, Purpose, Verb

FILING = {
    ActorKind.ORGANISATION: Opening(Purpose.FEED, Verb.DEPOSIT, CREATE),
    ActorKind.PROFESSIONAL: Opening(Purpose.FEED, Verb.DEPOSIT, USER_CREATE),
}
CHANGING = {
    ActorKind.ORGANISATION: Opening(Purpose.FEED, Verb.AMEND, UPDATE),
    ActorKind.PROFESSIONAL: Opening(Purpose.FEED, Verb.AMEND, USER_UPDATE),
}
DELETING = {
    ActorKind.ORGANISATION: Opening(Purpose.FEED, Verb.AMEND, DELETE),
    ActorKind.PROFESSIONAL: Opening(Purpose.FEED, Verb.AMEND, USER_DELETE),
}
MEASURING = {
    ActorKind.HOLDER: Opening(Purpose.HOLDER, Verb.STATE, OWN_MEASURES),
    ActorKind.APP: Opening(Purpose.APP, Verb.STATE, OWN_MEASURES),
}
MAILING = {
    ActorKind.ORGANISATION: Opening(Purpose.FEED, Verb.MAIL, CREATE),
    ActorKind.PROFESSIONAL: Opening(Purpose.FEED, Verb.MAIL, USER_CREATE),
}
