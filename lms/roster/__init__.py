"""The nominal roll of a mission: its units, its trainees, and taking it in from a file."""
