"""How fast the product answers, measured over HTTP on a seeded database."""
