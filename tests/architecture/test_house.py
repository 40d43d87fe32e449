"""The rules of the house that no reader should have to check by eye."""

import re
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from jinja2 import nodes

from lms.core import db

ROOT = Path(__file__).parents[2]
CODE = sorted((ROOT / "lms").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if path.parent.name != "pdf"]

PHYSICAL = re.compile(
    r"(?<![\w-])((margin|padding|border)-(left|right|top|bottom)[\w-]*|left|right|top|bottom|width|height|"
    r"(min|max)-(width|height))\s*:"
    r"|text-align:\s*(left|right)|float:"
)


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_every_route_says_who_may_open_it(app: Flask) -> None:
    views = app.view_functions
    assert len(views) > 45
    assert [name for name, view in views.items() if not hasattr(view, "guard")] == []


def test_one_place_commits() -> None:
    commits = [relative(path) for path in CODE if re.search(r"\.commit\(\)", path.read_text())]
    assert commits == ["lms/core/db.py"]


def test_migrations_and_models_say_the_same(app: Flask) -> None:
    with db.db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, db.Base.metadata) == []


@pytest.mark.parametrize("sheet", sorted((ROOT / "static/css").glob("*.css")), ids=relative)
def test_the_stylesheets_know_no_left_and_right(sheet: Path) -> None:
    css = sheet.read_text()
    # Conditions ask for the viewport, which has no logical name that every browser knows.
    rules = re.sub(r"@media[^{]*", "", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL))
    assert [match.group() for match in PHYSICAL.finditer(rules)] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=relative)
def test_a_template_imports_what_it_uses_and_no_more(template: Path, app: Flask) -> None:
    tree = app.jinja_env.parse(template.read_text())
    imported = {
        name if isinstance(name, str) else name[1] for each in tree.find_all(nodes.FromImport) for name in each.names
    }
    assert imported - {each.name for each in tree.find_all(nodes.Name) if each.ctx == "load"} == set()


@pytest.mark.parametrize("template", PAGES, ids=relative)
def test_pages_carry_no_style_and_no_script_of_their_own(template: Path) -> None:
    text = template.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


@pytest.mark.parametrize("template", PAGES, ids=relative)
def test_pages_ask_other_hosts_for_nothing(template: Path) -> None:
    assert not re.search(r"(src|href|action)=\"(https?:)?//", template.read_text())


@pytest.mark.parametrize("path", CODE, ids=relative)
def test_files_stay_short_enough_to_read(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400


def test_translated_texts_are_never_built_from_pieces() -> None:
    built = [
        relative(path)
        for path in [*CODE, *TEMPLATES]
        if re.search(r"\b(_|_l|gettext)\(f\"|\b(_|_l|gettext)\(\"[^\"]*\"\s*[+~]", path.read_text())
    ]
    assert built == []
