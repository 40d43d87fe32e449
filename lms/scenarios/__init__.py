"""Branching scenarios: one moment a page, a decision, and what follows from it."""
