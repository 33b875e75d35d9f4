"""Several processes on one file: readers never wait or see half a batch, writers take turns."""

from __future__ import annotations

import multiprocessing
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

from db.engine import open_engine
from db.schema import check_schema, migrate
from db.store import SqlStore
from tests.builders import NOW, record
from tests.db.writes import write_all
from tracker.selection import Selection

TODAY = date(2026, 11, 20)
PROCESSES = multiprocessing.get_context("spawn")


def write_questions(url, start, batches):
    """In another process: batches of five questions."""
    engine = open_engine(url)
    store = SqlStore(engine)
    for batch in range(batches):
        first = start + 5 * batch
        write_all(store, *(record(number) for number in range(first, first + 5)))
    engine.dispose()


def test_a_reader_sees_whole_batches_while_a_writer_writes(engine, reader):
    """From another process: counts only grow, by whole batches, and no read fails."""
    writer = PROCESSES.Process(target=write_questions, args=(str(engine.url), 1, 40))
    writer.start()
    counts = []
    while writer.is_alive():
        views = reader.questions(Selection(), today=TODAY)
        assert all(len(view.events) == 1 for view in views)
        counts.append(len(views))
    writer.join()
    assert writer.exitcode == 0
    assert counts == sorted(counts)
    assert all(count % 5 == 0 for count in counts)
    assert reader.count(Selection(), today=TODAY) == 200


def test_two_writers_take_turns(engine, store, reader):
    """None is refused, nothing is lost, and every event has its own sequence."""
    writers = [
        PROCESSES.Process(target=write_questions, args=(str(engine.url), start, 20)) for start in (1, 1001)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0]
    events = reader.events_after(0, limit=1000)
    assert [view.recorded.sequence for view in events] == list(range(1, 201))
    assert int(reader.version()) == 40
    assert len(store.followed_uids()) == 200


def test_a_read_does_not_stop_a_write(engine, store, reader):
    """A slow reader in the middle of its transaction: the writer commits at once."""
    with engine.connect() as slow, slow.begin():
        slow.exec_driver_sql("SELECT * FROM questions").all()
        write_all(store, record(1))
    assert reader.count(Selection(), today=TODAY) == 1


def test_one_of_many_claims_wins(engine):
    """Ten workers ask for the same job at the same instant."""
    together = threading.Barrier(10)

    def claim(number):
        store = SqlStore(engine)
        together.wait()
        return store.acquire_lock("crawl", f"worker-{number}", NOW + timedelta(minutes=1), NOW)

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(claim, range(10))) == 1


def test_two_that_migrate_at_once_make_one_schema(tmp_path):
    """Two services started together on an empty place."""
    url = f"sqlite:///{tmp_path / 'base.sqlite3'}"
    engines = [open_engine(url), open_engine(url)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(migrate, engines))
    for engine in engines:
        check_schema(engine)
        engine.dispose()
