"""Concord: training and mentoring for police peace operations."""
