"""The trainee's way through a course: home, outline, lessons."""
