"""Cohorts of trainees who take a course version together."""
