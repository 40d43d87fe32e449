"""Quizzes and final assessments: papers, attempts, marking."""
