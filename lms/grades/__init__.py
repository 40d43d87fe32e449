"""Marks: what counts with what weight, what somebody set instead of what was earned, and how every mark came about."""
