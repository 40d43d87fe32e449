"""People who sign in: their role, their password, their sessions, their preferences."""
