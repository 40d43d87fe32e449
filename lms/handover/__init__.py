"""Handing over: what a leaving mentor leaves open, and what the successor takes on."""
