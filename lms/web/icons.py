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
    "plus": "M12 5v14M5 12h14",
    "copy": "M9 9h11v11H9zM5 15H4V4h11v1",
    "mail": "M3.5 6h17v12.5h-17zM3.5 7l8.5 6.5L20.5 7",
    "arrow": "M4.5 12h15M13 6l6 6-6 6",
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
