"""Sessions in a room, and who was there."""
