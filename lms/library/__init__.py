"""Courses as documents: read from folders, checked, published as immutable versions."""
