"""How a mission's certificates look, and how they become signed PDFs."""
