"""Archives built as the Assemblée builds them.

Enters: what `crawler.simulator.question_json` makes. Leaves: zips with its names and its order,
lexical; the same content and date give the same bytes.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from crawler.addresses import deputies_archives, questions_archive
from crawler.simulator.server import SourceServer
from tracker.questions import QuestionId

BUILT_AT = datetime(2026, 10, 10, 1, 11, tzinfo=UTC)


def zip_of(files: Iterable[tuple[str, bytes]], *, at: datetime = BUILT_AT) -> bytes:
    """A deflated zip of these files, in lexical order of their names."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, at.timetuple()[:6]), data, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def questions_zip(questions: Mapping[str, object], *, at: datetime = BUILT_AT) -> bytes:
    """`json/QANR5L17QE13983.json` for each uid; bytes are kept as they are, anything else is JSON."""
    return zip_of(((f"json/{uid}.json", _bytes_of(content)) for uid, content in questions.items()), at=at)


def deputies_zip(actors: Mapping[str, object], *, at: datetime = BUILT_AT) -> bytes:
    """`json/acteur/PA….json` for each actor, beside an organe, which no one has to fetch."""
    files = [(f"json/acteur/{ref}.json", _bytes_of(content)) for ref, content in actors.items()]
    organe = _bytes_of({"organe": {"uid": "PO000001", "codeType": "GP", "libelle": "Groupe Exemple"}})
    return zip_of([*files, ("json/organe/PO000001.json", organe)], at=at)


def publish(
    server: SourceServer,
    *,
    questions: Mapping[str, object] | None = None,
    actors: Mapping[str, object] | None = None,
    at: datetime = BUILT_AT,
) -> None:
    """Have a source serve these, at the true paths: questions by legislature, actors as AMO30 and AMO10."""
    by_legislature: dict[int, dict[str, object]] = defaultdict(dict)
    for uid, content in (questions or {}).items():
        by_legislature[QuestionId.from_uid(uid).legislature][uid] = content
    for legislature, some in by_legislature.items():
        server.put(questions_archive(server.root, legislature), questions_zip(some, at=at), modified=at)
    if actors is not None:
        for address in deputies_archives(server.root):
            server.put(address, deputies_zip(actors, at=at), modified=at)


def _bytes_of(content: object) -> bytes:
    if isinstance(content, bytes):
        return content
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
