"""The icons, drawn here: a page costs no further request for them."""

from functools import cache

from flask import Flask
from markupsafe import Markup

# Lines in a square of 24 by 24.
PATHS = {
    "check": "M4 12.5l5 5L20 6.5",
    "lock": "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
    "play": "M7 4.5v15l12-7.5z",
    "clock": "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3 2",
    "book": "M4 5h6a2 2 0 0 1 2 2v12a2 2 0 0 0-2-2H4zM20 5h-6a2 2 0 0 0-2 2v12a2 2 0 0 1 2-2h6z",
    "branch": "M12 21v-8M12 13c0-4-6-3-6-9M3.5 6.5 6 4l2.5 2.5M12 13c0-4 6-3 6-9M15.5 6.5 18 4l2.5 2.5",
    "hand-in": "M12 15V3.5M7.5 8 12 3.5 16.5 8M4 14v6.5h16V14",
    "quiz": "M5 3.5h14v17H5zM9 9a3 3 0 1 1 3 3v1.5M12 16.5v.5",
    "award": "M12 3.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM8.5 13.5 7 21l5-2.5L17 21l-1.5-7.5",
    "alert": "M12 4 2.5 20h19zM12 10v4.5M12 17v.5",
    "info": "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 11v5.5M12 7.5V8",
    "flag": "M6 21V4h11l-2.5 4 2.5 4H6",
    "globe": "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM3.5 12h17M12 3.5c5 5 5 12 0 17-5-5-5-12 0-17z",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "download": "M12 4v11M7 10.5l5 5 5-5M4.5 19.5h15",
    "user": "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20.5c.8-4.5 4-6 7.5-6s6.7 1.5 7.5 6",
    "users": "M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM2.5 20c.5-4 3.2-5.5 6.5-5.5s6 1.5 6.5 5.5"
    "M16 5.5a3.5 3.5 0 0 1 0 6.5M18 15c2 .8 3.2 2.5 3.5 5",
    "shield": "M12 3 4.5 6v5.5c0 4.5 3.2 7.8 7.5 9.5 4.3-1.7 7.5-5 7.5-9.5V6z",
    "x": "M6 6l12 12M18 6 6 18",
    "up": "M12 19V5M6 11l6-6 6 6",
    "down": "M12 5v14M6 13l6 6 6-6",
    "sort": "M8 9.5 12 5l4 4.5M8 14.5l4 4.5 4-4.5",
    "plus": "M12 5v14M5 12h14",
    "copy": "M9 9h11v11H9zM5 15H4V4h11v1",
    "mail": "M3.5 6h17v12.5h-17zM3.5 7l8.5 6.5L20.5 7",
    "arrow": "M4.5 12h15M13 6l6 6-6 6",
    "bold": "M7 4.5h6a3.7 3.7 0 0 1 0 7.5H7zM7 12h7a3.8 3.8 0 0 1 0 7.5H7z",
    "italic": "M10 4.5h7M7 19.5h7M14 4.5l-4 15",
    "strike": "M4 12h16M16.5 7.5c-.5-2-2.3-3-4.5-3-2.6 0-4.5 1.4-4.5 3.5 0 1 .4 1.8 1.2 2.5M7.5 16c.4 2.3 2.2 3.5 4.6 "
    "3.5 2.7 0 4.6-1.4 4.6-3.7 0-.7-.2-1.3-.5-1.8",
    "code": "M9 7l-5 5 5 5M15 7l5 5-5 5",
    "code-block": "M4 4.5h16v15H4zM10 9l-3 3 3 3M14 9l3 3-3 3",
    "link": "M10 14a4 4 0 0 0 5.7 0l3.3-3.3A4 4 0 0 0 13.3 5l-1 1M14 10a4 4 0 0 0-5.7 0L5 13.3A4 4 0 0 0 10.7 19l1-1",
    "bullets": "M9 6h11M9 12h11M9 18h11M4.5 6v.01M4.5 12v.01M4.5 18v.01",
    "numbers": "M10 6h10M10 12h10M10 18h10M4 5l1.5-1v4.5M4 14.5c0-2 3-2 3 0 0 1-3 2-3 3.5h3",
    "tasks": "M11 7h9M11 17h9M3.5 7l1.8 1.8L8.5 5M3.5 17l1.8 1.8L8.5 15",
    "quote": "M6 17c2.5-1 4-3.5 4-7V7H5v5h5M15 17c2.5-1 4-3.5 4-7V7h-5v5h5",
    "table": "M4 5h16v14H4zM4 10h16M4 14.5h16M12 5v14",
    "box": "M4 5h16v14H4zM7.5 5v14M11 10h6M11 14h4",
    "picture": "M4 5h16v14H4zM4 16l4.5-5 4 4.5 2.5-2.5 5 5M15.5 9v.01",
    "cite": "M6 4h12v16l-6-3.5L6 20z",
    "undo": "M8 5 4 9l4 4M4 9h10a5 5 0 0 1 0 10h-3",
    "redo": "M16 5l4 4-4 4M20 9H10a5 5 0 0 0 0 10h3",
    "pen": "M4 20l1-4.5L16 4.5l3.5 3.5L8.5 19zM14 6.5l3.5 3.5",
    "rule": "M4 12h16M4 6h4M4 18h4M12 6h8M12 18h8",
}


@cache
def icon(name: str) -> Markup:
    """An icon beside words that say the same, so hidden from who listens."""
    return Markup(
        '<svg class="icon icon-{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{}"/></svg>'
    ).format(name, PATHS[name])


def init_app(app: Flask) -> None:
    """Give templates ``icon('check')``."""
    app.jinja_env.globals["icon"] = icon
