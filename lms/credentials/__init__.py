"""Credentials: Open Badges 3.0 with a Data Integrity proof, their issuer, their status lists, and checking them."""
