"""How far trainees have come: read-only views over the record."""
