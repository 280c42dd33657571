"""What may be filed, what it follows, and what a reader sees of it."""

from espace.record.rules.amending import amending_problems, replaced, status_after
from espace.record.rules.filing import bare_id, is_adult, labels_of, problems, version_problems
from espace.record.rules.following import Fate, collision, entry_named, fates, meeting
from espace.record.rules.holding import held_since, over
from espace.record.rules.masking import (
    MASKING_RULES,
    NEW,
    NOTED_AT_MOST,
    extents,
    masked_on_arrival,
    under,
)
from espace.record.rules.owning import (
    ADDED_AT_ONCE,
    ARRANGED_AT_ONCE,
    FOLDERS_AT_MOST,
    REMOVED_AT_ONCE,
    folder_name,
    has_room,
    own_entry,
    removed_lately,
    require_own,
    restated,
    restorable,
    stated_problems,
)
from espace.record.rules.searching import DEPOSIT_ITEMS, DOCUMENT_ITEMS, SET_ITEMS, page_of
from espace.record.rules.seeing import (
    line_shown,
    seen_by_helper,
    seen_by_holder,
    seen_by_professional,
    told_of,
    written_by,
)

__all__ = [
    "ADDED_AT_ONCE",
    "ARRANGED_AT_ONCE",
    "DEPOSIT_ITEMS",
    "DOCUMENT_ITEMS",
    "FOLDERS_AT_MOST",
    "MASKING_RULES",
    "NEW",
    "NOTED_AT_MOST",
    "REMOVED_AT_ONCE",
    "SET_ITEMS",
    "Fate",
    "amending_problems",
    "bare_id",
    "collision",
    "entry_named",
    "extents",
    "fates",
    "folder_name",
    "has_room",
    "held_since",
    "is_adult",
    "labels_of",
    "line_shown",
    "masked_on_arrival",
    "meeting",
    "over",
    "own_entry",
    "page_of",
    "problems",
    "removed_lately",
    "replaced",
    "require_own",
    "restated",
    "restorable",
    "seen_by_helper",
    "seen_by_holder",
    "seen_by_professional",
    "stated_problems",
    "status_after",
    "told_of",
    "under",
    "version_problems",
    "written_by",
]
