"""Where courses are written: drafts in parts, their history, review and publication."""
