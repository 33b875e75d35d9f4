"""The first tables, and SQLite's full-text index over the folded words of questions.

Revision: 0001, after none.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# An external-content FTS5 table (sqlite.org/fts5.html, 4.4.3) that triggers keep in agreement. A later
# migration that rebuilds search_documents on SQLite must make the triggers again.
_SEARCH_INDEX = (
    """
    CREATE VIRTUAL TABLE search_index USING fts5(
        number, title, author, question, answer,
        content='search_documents', content_rowid='id',
        tokenize='unicode61 remove_diacritics 0', prefix='3 4 5'
    )
    """,
    """
    CREATE TRIGGER search_documents_inserted AFTER INSERT ON search_documents BEGIN
        INSERT INTO search_index(rowid, number, title, author, question, answer)
        VALUES (new.id, new.number, new.title, new.author, new.question, new.answer);
    END
    """,
    """
    CREATE TRIGGER search_documents_deleted AFTER DELETE ON search_documents BEGIN
        INSERT INTO search_index(search_index, rowid, number, title, author, question, answer)
        VALUES ('delete', old.id, old.number, old.title, old.author, old.question, old.answer);
    END
    """,
    """
    CREATE TRIGGER search_documents_updated AFTER UPDATE ON search_documents BEGIN
        INSERT INTO search_index(search_index, rowid, number, title, author, question, answer)
        VALUES ('delete', old.id, old.number, old.title, old.author, old.question, old.answer);
        INSERT INTO search_index(rowid, number, title, author, question, answer)
        VALUES (new.id, new.number, new.title, new.author, new.question, new.answer);
    END
    """,
)


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "actors_missing",
        sa.Column("actor_ref", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tried_at", UTCDateTime(), nullable=False),
        sa.Column("next_try_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("actor_ref", name=op.f("pk_actors_missing")),
    )
    op.create_table(
        "crawl_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("finished_at", UTCDateTime(), nullable=True),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("bytes_received", sa.BigInteger(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unreadable", sa.Integer(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crawl_runs")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_crawl_runs_source", "crawl_runs", ["source"])
    op.create_table(
        "deputies",
        sa.Column("actor_ref", sa.String(), nullable=False),
        sa.Column("civility", sa.String(), nullable=True),
        sa.Column("first_name", sa.String(), nullable=True),
        sa.Column("last_name", sa.String(), nullable=True),
        sa.Column("read_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("actor_ref", name=op.f("pk_deputies")),
    )
    op.create_table(
        "job_locks",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_locks")),
    )
    op.create_table(
        "ledger",
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("legislature", sa.Integer(), nullable=False),
        sa.Column("crc", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("closure_code", sa.String(), nullable=True),
        sa.Column("closure_label", sa.String(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("ministry", sa.String(), nullable=True),
        sa.Column("group_label", sa.String(), nullable=True),
        sa.Column("actor_ref", sa.String(), nullable=True),
        sa.Column("rubric", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_ledger")),
    )
    op.create_index("ix_ledger_legislature", "ledger", ["legislature"])
    op.create_table(
        "place",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_place")),
    )
    op.create_table(
        "questions",
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("legislature", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("actor_ref", sa.String(), nullable=True),
        sa.Column("mandate_ref", sa.String(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("fact", sa.String(), nullable=False),
        sa.Column("signalled", sa.Boolean(), nullable=False),
        sa.Column("last_sequence", sa.Integer(), nullable=False),
        sa.Column("missing_runs", sa.Integer(), nullable=False),
        sa.Column("first_seen_at", UTCDateTime(), nullable=False),
        sa.Column("read_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_questions")),
    )
    op.create_index("ix_questions_actor_ref", "questions", ["actor_ref"])
    op.create_index("ix_questions_due_on", "questions", ["due_on"])
    op.create_index("ix_questions_number", "questions", ["number", "legislature"])
    op.create_index("ix_questions_published_on", "questions", ["published_on"])
    op.create_table(
        "source_issues",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("raw", sa.String(), nullable=False),
        sa.Column("first_seen_at", UTCDateTime(), nullable=False),
        sa.Column("resolved_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_issues")),
    )
    op.create_index("ix_source_issues_uid", "source_issues", ["uid"])
    op.create_table(
        "source_state",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("etag", sa.String(), nullable=True),
        sa.Column("last_modified", sa.String(), nullable=True),
        sa.Column("entries", sa.Integer(), nullable=True),
        sa.Column("robots", sa.String(), nullable=True),
        sa.Column("robots_read_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_source_state")),
    )
    op.create_table(
        "mandates",
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("actor_ref", sa.String(), nullable=False),
        sa.Column("legislature", sa.Integer(), nullable=True),
        sa.Column("department", sa.String(), nullable=True),
        sa.Column("department_code", sa.String(), nullable=True),
        sa.Column("constituency", sa.Integer(), nullable=True),
        sa.Column("begins_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["actor_ref"], ["deputies.actor_ref"], name=op.f("fk_mandates_actor_ref")),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_mandates")),
    )
    op.create_index("ix_mandates_actor_ref", "mandates", ["actor_ref"])
    op.create_table(
        "matches",
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("topic_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["uid"], ["questions.uid"], name=op.f("fk_matches_uid")),
        sa.PrimaryKeyConstraint("uid", "position", name=op.f("pk_matches")),
    )
    op.create_index("ix_matches_uid", "matches", ["uid", "topic", "state"])
    op.create_table(
        "question_labels",
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["uid"], ["questions.uid"], name=op.f("fk_question_labels_uid")),
        sa.PrimaryKeyConstraint("uid", "kind", "slug", "since", name=op.f("pk_question_labels")),
    )
    op.create_index("ix_question_labels_slug", "question_labels", ["kind", "slug"])
    op.create_table(
        "question_files",
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["uid"], ["questions.uid"], name=op.f("fk_question_files_uid")),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_question_files")),
    )
    op.create_table(
        "revisions",
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("observed_at", UTCDateTime(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["uid"], ["questions.uid"], name=op.f("fk_revisions_uid")),
        sa.PrimaryKeyConstraint("uid", "number", name=op.f("pk_revisions")),
    )
    op.create_table(
        "search_documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["uid"], ["questions.uid"], name=op.f("fk_search_documents_uid")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_documents")),
        sa.UniqueConstraint("uid", name=op.f("uq_search_documents_uid")),
    )
    op.create_table(
        "events",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("observed_at", UTCDateTime(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("listed_at", UTCDateTime(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["uid", "revision"], ["revisions.uid", "revisions.number"], name=op.f("fk_events_uid")
        ),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_events")),
        sa.UniqueConstraint("id", name=op.f("uq_events_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_listed_at", "events", ["listed_at"])
    op.create_index("ix_events_uid", "events", ["uid", "sequence"])
    if op.get_bind().dialect.name == "sqlite":
        for statement in _SEARCH_INDEX:
            op.execute(statement)


def downgrade() -> None:
    """Drop every table, the dependent ones first."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_index")
    for table in (
        "events",
        "search_documents",
        "revisions",
        "question_files",
        "question_labels",
        "matches",
        "mandates",
        "source_state",
        "source_issues",
        "questions",
        "place",
        "ledger",
        "job_locks",
        "deputies",
        "crawl_runs",
        "actors_missing",
    ):
        op.drop_table(table)
