"""Certificates: issued once, rendered, checked by anyone, revoked with a reason."""
