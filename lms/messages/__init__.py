"""What mentors and trainees write to each other: announcements to a cohort, questions on a lesson."""
