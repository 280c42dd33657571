"""The only writers of the record. The gate holds the transaction."""

from espace.record.actions.amending import amend
from espace.record.actions.arranging import arrange, make_folder, remove_folder, rename_folder
from espace.record.actions.hiding import hide_from, show_to
from espace.record.actions.inspecting import inspected
from espace.record.actions.linking import end_link, make_link
from espace.record.actions.mailing import enclose
from espace.record.actions.masking import mask, unmask
from espace.record.actions.opening import open_to_representatives
from espace.record.actions.owning import add, describe
from espace.record.actions.photos import photos_to_pdf
from espace.record.actions.refiling import amend_folder
from espace.record.actions.removing import remove, restore
from espace.record.actions.ruling import end_rule, mask_by_rule, show_arrived
from espace.record.actions.submit import submit
from espace.record.actions.topics import (
    choose_topics,
    link,
    make_topic,
    mask_topic,
    remove_topic,
    rename_topic,
    show_topic,
    unlink,
)

__all__ = [
    "add",
    "amend",
    "amend_folder",
    "arrange",
    "choose_topics",
    "describe",
    "enclose",
    "end_link",
    "end_rule",
    "hide_from",
    "inspected",
    "link",
    "make_folder",
    "make_link",
    "make_topic",
    "mask",
    "mask_by_rule",
    "mask_topic",
    "open_to_representatives",
    "photos_to_pdf",
    "remove",
    "remove_folder",
    "remove_topic",
    "rename_folder",
    "rename_topic",
    "restore",
    "show_arrived",
    "show_to",
    "show_topic",
    "submit",
    "unlink",
    "unmask",
]
