"""The page of the schema says what the tables of alerts hold."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import Table

from db import alert_tables

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "schema.md"
TABLES = [value for value in vars(alert_tables).values() if isinstance(value, Table)]


def test_the_page_describes_every_column():
    """`docs/reference/schema.md` has a section for each table, which names its columns first in each line."""
    page = PAGE.read_text(encoding="utf-8")
    sections = {part.split("`")[0]: part for part in page.split("\n## `")[1:]}
    assert len(TABLES) == 11
    for table in TABLES:
        lines = re.findall(r"^- (.*?)(?::|\.$)", sections[table.name], re.MULTILINE)
        described = [name for line in lines for name in re.findall(r"`(\w+)`", line)]
        assert sorted(described) == sorted(column.name for column in table.columns), table.name
