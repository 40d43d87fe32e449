"""The application as WSGI servers and the `flask` command find it."""

from lms.app import create_app

app = create_app()
