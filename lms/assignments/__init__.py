"""Assignments: what trainees hand in, and the rubric that mentors judge it by."""
