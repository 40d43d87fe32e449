"""What the documentation says is so."""

import re
from pathlib import Path

import click
import pytest
from flask import Flask

from lms.core import settings

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "courses/README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_pictures_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_setting_is_explained_and_no_other() -> None:
    read = set(re.findall(r"\"(LMS_[A-Z_]+)\"", Path(settings.__file__).read_text()))
    explained = set(re.findall(r"\| `(LMS_[A-Z_]+)`", (ROOT / "docs/production.md").read_text()))
    assert len(read) > 5
    assert explained == read


def test_the_commands_that_are_named_exist_and_all_are_named(app: Flask) -> None:
    readme, production = (ROOT / "README.md").read_text(), (ROOT / "docs/production.md").read_text()
    table = readme.split("| Command | What |")[1].split("##")[0]
    named = re.findall(r"^\| `([a-z ]+)`", table, re.MULTILINE)
    named += re.findall(r"flask --app wsgi ([a-z]+ ?[a-z]*)", production)
    assert len(named) > 6
    own = {
        f"{group} {command}" if isinstance(commands, click.Group) else group
        for group, commands in app.cli.commands.items()
        for command in (commands.commands if isinstance(commands, click.Group) else [group])
    }
    assert own - set(named) == set()
    for command in named:
        result = app.test_cli_runner().invoke(args=[*command.split(), "--help"])
        assert result.exit_code == 0, command


def test_the_addresses_that_are_promised_are_there(app: Flask) -> None:
    table = (ROOT / "README.md").read_text().split("| Address | What |")[1].split("Commands")[0]
    promised = re.findall(r"^\| `(?:[A-Z/]+ )?(/[^`]*)`", table, re.MULTILINE)
    assert len(promised) == 10
    rules = {rule.rule for rule in app.url_map.iter_rules()}
    assert [each for each in promised if each not in rules] == []


def test_every_folder_of_the_code_is_in_the_map() -> None:
    architecture = (ROOT / "docs/architecture.md").read_text()
    folders = {path.parent.name for path in (ROOT / "lms").glob("*/__init__.py")}
    assert [name for name in sorted(folders) if f"`lms/{name}/`" not in architecture] == []
