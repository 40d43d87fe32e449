"""What is seen when everything is put together: the mentor's home, the cohort table, the report at a course's end."""
