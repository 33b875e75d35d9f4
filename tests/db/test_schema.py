"""The schema: what is created, what is refused, and that tables and migrations say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Table, inspect, text

from db import tables
from db.engine import open_engine, writing
from db.migrating import alembic_config, head
from db.schema import SCHEMA_VERSION, check_schema, is_empty, migrate
from tracker.errors import SchemaError

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "schema.md"
TABLES = [value for value in vars(tables).values() if isinstance(value, Table)]


@pytest.fixture
def empty(tmp_path):
    """A place where nothing has been made yet, its folder included."""
    engine = open_engine(f"sqlite:///{tmp_path / 'nouveau' / 'base.sqlite3'}")
    yield engine
    engine.dispose()


def test_an_empty_place_is_created_and_accepted(empty):
    """`is_empty`, `migrate`, `check_schema`: what `run` does on an empty directory."""
    assert is_empty(empty)
    migrate(empty)
    assert not is_empty(empty)
    check_schema(empty)


def test_the_version_of_this_programme_is_that_of_its_last_migration():
    """The constant that every command compares with is not forgotten when a migration is added."""
    assert head() == SCHEMA_VERSION


def test_migrating_twice_changes_nothing(empty):
    """A place that is up to date stays as it is."""
    migrate(empty)
    migrate(empty)
    check_schema(empty)


def test_an_empty_place_is_refused_with_the_command(empty):
    """A command that needs the schema says which command makes it."""
    with pytest.raises(SchemaError, match="asalee-tracker migrate"):
        check_schema(empty)


def test_an_older_schema_is_refused_with_the_command(empty, monkeypatch):
    """Checked against a version that follows ours, the present schema is the older one."""
    migrate(empty)
    monkeypatch.setattr("db.schema.SCHEMA_VERSION", "0009")
    with pytest.raises(SchemaError, match=r"plus ancien.*asalee-tracker migrate"):
        check_schema(empty)


@pytest.mark.parametrize("act", [check_schema, migrate])
def test_a_newer_schema_is_refused_and_left_alone(empty, act):
    """A version this programme has never heard of: no command here can help, the message says what can."""
    migrate(empty)
    with writing(empty) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaError, match="version plus récente"):
        act(empty)


@pytest.mark.parametrize("act", [check_schema, migrate])
def test_a_database_of_another_programme_is_refused_and_left_alone(empty, act):
    """Tables without a version are not ours to touch."""
    with writing(empty) as connection:
        connection.execute(text("CREATE TABLE recettes (id INTEGER)"))
    with pytest.raises(SchemaError, match="TRACKER_DATABASE_URL"):
        act(empty)
    assert inspect(empty).get_table_names() == ["recettes"]


def test_tables_and_migrations_say_the_same(engine):
    """Alembic's autogenerate finds no difference."""
    with writing(engine) as connection:
        command.check(alembic_config(connection))


def test_every_migration_goes_up_and_down(empty):
    """Down to nothing but Alembic's own table, and up again."""
    migrate(empty)
    with writing(empty) as connection:
        command.downgrade(alembic_config(connection), "base")
    assert inspect(empty).get_table_names() == ["alembic_version"]
    with writing(empty) as connection:
        command.upgrade(alembic_config(connection), "head")
    check_schema(empty)


def test_a_migration_that_fails_leaves_nothing_behind(empty):
    """Schema changes are part of the transaction."""
    migration_error = RuntimeError("coupure")

    def fail():
        with writing(empty) as connection:
            command.upgrade(alembic_config(connection), "head")
            raise migration_error

    with pytest.raises(RuntimeError, match="coupure"):
        fail()
    assert is_empty(empty)


def test_full_text_index_is_not_one_of_our_tables(engine):
    """The index exists in the file, and autogenerate is told to leave it alone."""
    assert "search_index" in inspect(engine).get_table_names()


def test_the_page_describes_every_column():
    """`docs/reference/schema.md` has a section for each table, which names its columns and no other."""
    page = PAGE.read_text(encoding="utf-8")
    sections = {part.split("`")[0]: part for part in page.split("\n## `")[1:]}
    for table in TABLES:
        lines = re.findall(r"^- (.*?)(?::|\.$)", sections[table.name], re.MULTILINE)
        described = [name for line in lines for name in re.findall(r"`(\w+)`", line)]
        assert sorted(described) == sorted(column.name for column in table.columns), table.name
