"""What happened, kept for good, and what it means, folded from it."""
