"""What every domain stands on: no request, no domain noun."""
