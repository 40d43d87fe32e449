"""Course files that leave and come: packages, and what other systems write."""
