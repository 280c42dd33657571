"""Documents: entries, submission sets, versions, restrictions, sealed contents."""
