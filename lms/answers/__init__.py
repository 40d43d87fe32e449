"""Short answers that the key does not know, marked once for all equal ones."""
