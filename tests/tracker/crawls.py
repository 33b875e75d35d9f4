"""A crawl without network: what the archive holds at an instant goes through a real recorder."""

from __future__ import annotations

import zlib

from tracker.ports import LedgerMark, Reading
from tracker.questions import QuestionId
from tracker.recorder import Recorder
from tracker.selection import Selection
from tracker.topics import load_topics

ASALEE = load_topics(None)
EVERYTHING = Selection()


def reading(question, *, crc=None):
    """A file of the archive that parses to this record; its CRC moves with what it says."""
    raw = repr(question).encode()
    return Reading(question.uid, zlib.crc32(raw) if crc is None else crc, len(raw), raw, question)


def unreadable(uid, *, crc=1, issues=()):
    """A file of the archive that nothing could be read of."""
    return Reading(uid, crc, 2, b"{}", None, issues)


def crawl(store, readings, at, *, topics=ASALEE, parser="1", complete=True, batch_size=500):
    """Poll an archive that holds these files (or records): read what the ledger lacks, commit."""
    files = [file if isinstance(file, Reading) else reading(file) for file in readings]
    recorder = Recorder(store, topics, at, parser=parser, batch_size=batch_size)
    for file in files:
        marks = recorder.marks(QuestionId.from_uid(file.uid).legislature)
        if marks.get(file.uid) != LedgerMark(file.crc, file.size, recorder.reader):
            recorder.take(file)
    return recorder.commit(present=[file.uid for file in files], complete=complete)


def told(reader, selection=EVERYTHING):
    """All events in our sequence, as (id, origin)."""
    views = sorted(reader.events(selection), key=lambda view: view.recorded.sequence)
    return [(view.recorded.event.id, view.recorded.origin.value) for view in views]


def listed(reader):
    """The ids of events in feed order, newest first."""
    return [view.recorded.event.id for view in reader.events(EVERYTHING)]


class Killed(Exception):  # noqa: N818  # what happens to a process is no error of its own
    """The process ends here."""


class KilledAfter:
    """A store whose process is killed after some writes."""

    def __init__(self, store, writes):
        self._store = store
        self._left = writes

    def __getattr__(self, name):
        return getattr(self._store, name)

    def write(self, batch):
        self._spend()
        return self._store.write(batch)

    def _spend(self):
        if not self._left:
            raise Killed
        self._left -= 1
