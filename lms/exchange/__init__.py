"""Files that leave and come: course packages, what other systems write, tables."""
