"""An archive downloaded whole, when the source gives no ranges of it.

Enters: the first answer, a whole body that may have been cut. Leaves: a temporary file (already
unlinked, so nothing is left behind by a kill) of the announced size, finished in pieces if need be.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from http import HTTPStatus
from pathlib import Path
from typing import IO

from crawler.answers import Answer, ArchiveChangedError, Build, Fetch
from tracker.errors import SourceError

TRIES = 5

Pause = Callable[[int], Awaitable[None]]


async def download_rest(
    url: str, first: Answer, *, fetch: Fetch, pause: Pause, directory: Path | None
) -> IO[bytes]:
    """Keep the body of `first` and ask for what it lacks; the file is positioned anywhere.

    Raises SourceError when the rest does not come in `TRIES` requests, ArchiveChangedError when it
    belongs to another build.
    """
    with ExitStack() as unless_whole:
        file = unless_whole.enter_context(tempfile.TemporaryFile(dir=directory))
        await _finish(file, url, first, fetch=fetch, pause=pause)
        unless_whole.pop_all()
        return file


async def _finish(file: IO[bytes], url: str, answer: Answer, *, fetch: Fetch, pause: Pause) -> None:
    build = Build.of(answer)
    for attempt in range(1, TRIES + 1):
        _keep(file, answer)
        here = file.seek(0, os.SEEK_END)
        if not (answer.cut if build.size is None else here < build.size):
            return
        await pause(attempt)
        answer = await fetch(url, {"Range": f"bytes={here}-", **build.if_range})
        if answer.status not in {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT}:
            break
        if build.is_other_than(Build.of(answer)):
            raise ArchiveChangedError
    raise SourceError("Le téléchargement de l'archive a été coupé plusieurs fois ; rien n'a été lu.")


def _keep(file: IO[bytes], answer: Answer) -> None:
    """Write what came where it belongs: a 200 is the file from its beginning, a 206 says from where."""
    if answer.status == HTTPStatus.OK:
        file.seek(0)
        file.write(answer.body)
        return
    for piece in answer.pieces:
        if piece.start <= file.seek(0, os.SEEK_END):
            file.seek(piece.start)
            file.write(piece.data)
