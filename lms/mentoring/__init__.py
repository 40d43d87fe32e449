"""Mentoring one person: notes on how they work, and plans of what is to change."""
