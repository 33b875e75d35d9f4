"""The remote zip against sources that do what servers do, without Scrapy between."""

from __future__ import annotations

import http.client
import io
import itertools
import os
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

import pytest

from crawler.answers import Answer, ArchiveChangedError
from crawler.archive import MAX_RATIO, EntryRead, RemoteArchive
from crawler.remote_file import RemoteFile
from crawler.simulator.archives import zip_of
from crawler.simulator.server import SourceServer
from tracker.errors import SourceError

PATH = "/a.zip"
FILES = {f"json/{number}.json": os.urandom(700) for number in range(1, 101)}


async def fetch(url: str, headers: Mapping[str, str], *, at_most: int | None = None) -> Answer:
    """One GET over a connection of its own."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=5)
    try:
        connection.request("GET", parts.path, headers=dict(headers))
        response = connection.getresponse()
        named = {name.lower(): value for name, value in response.getheaders()}
        if at_most is not None and response.status == 200 and int(named["content-length"]) > at_most:
            return Answer(200, named, cut=True)
        try:
            return Answer(response.status, named, response.read())
        except http.client.IncompleteRead as cut:
            return Answer(response.status, named, cut.partial, cut=True)
    finally:
        connection.close()


class Pauses(list[int]):
    """Waits that take no time."""

    async def __call__(self, attempt: int) -> None:
        self.append(attempt)


opened: list[RemoteFile] = []


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """Every file is closed at the end of a test."""
    yield
    while opened:
        opened.pop().close()


def archive_at(source: SourceServer, **chosen: int) -> RemoteArchive:
    """The archive that a source serves."""
    opened.append(RemoteFile(source.url + PATH, fetch, pause=Pauses()))
    return RemoteArchive(opened[-1], **{"max_entry_bytes": 100_000, **chosen})


async def read(archive: RemoteArchive, names: Sequence[str] | None = None) -> dict[str, EntryRead]:
    """Entries by name, all of them unless named."""
    wanted = [info for info in archive.entries if names is None or info.filename in names]
    portions = [portion async for portion in archive.read(wanted)]
    return {entry.info.filename: entry for entry in itertools.chain.from_iterable(portions)}


async def _assert_read_whole(source: SourceServer, **chosen: int) -> None:
    archive = archive_at(source, **chosen)
    assert await archive.open()
    found = await read(archive)
    assert {name: entry.data for name, entry in found.items()} == FILES


@pytest.fixture(autouse=True)
def served(source: SourceServer) -> bytes:
    """A hundred files that cannot be deflated."""
    whole = zip_of(FILES.items())
    source.put(PATH, whole)
    return whole


SCATTERED = [f"json/{number}.json" for number in range(2, 100, 3)]


async def test_scattered_entries_come_in_few_requests(source: SourceServer) -> None:
    """Thirty-three entries far from each other: two requests of many ranges, nothing else fetched."""
    archive = archive_at(source)
    await archive.open()
    source.asked.clear()
    found = await read(archive, SCATTERED)
    assert {name: entry.data for name, entry in found.items()} == {name: FILES[name] for name in SCATTERED}
    assert [one.status for one in source.asked] == [206, 206]
    assert sum(one.sent for one in source.asked) < 33 * (700 + 300)


@pytest.mark.parametrize("answer", ["first", "whole", "refused"])
async def test_a_source_that_gives_one_range_at_a_time(source: SourceServer, answer: str) -> None:
    """Asked for several, it gives the first, everything, or 416: single ranges do, within the budget."""
    source.faults.several = answer
    archive = archive_at(source)
    await archive.open()
    source.asked.clear()
    found = await read(archive, SCATTERED)
    assert {name: entry.data for name, entry in found.items()} == {name: FILES[name] for name in SCATTERED}
    assert not archive.file.several
    assert len(source.asked) <= 34
    assert all("," not in one.headers["Range"] for one in source.asked[1:])


@pytest.mark.parametrize("chunk_bytes", [1, 5_000, 4_000_000])
async def test_everything_comes_in_chunks(source: SourceServer, chunk_bytes: int) -> None:
    """Whatever the size of chunks, all entries are read; a chunk is let go before the next one."""
    await _assert_read_whole(source, chunk_bytes=chunk_bytes)


async def test_chunks_do_not_pile_up(source: SourceServer) -> None:
    """What has been read of a sparse file is not kept."""
    archive = archive_at(source, chunk_bytes=5_000)
    await archive.open()
    async for _ in archive.read(archive.entries):
        held = sum(len(block) for block in archive.file.handle._blocks)
        assert held < 5_000 + 1_024 + 8_000  # a chunk, the tail, the directory


async def test_a_farm_of_servers_with_their_own_etags(source: SourceServer) -> None:
    """Same date and size, another ETag each time: one build; it comes whole when If-Range does not match."""
    source.faults.other_etags = True
    await _assert_read_whole(source)


async def test_a_source_that_knows_no_range_from_the_end(source: SourceServer) -> None:
    """416 to `bytes=-1024`: downloaded whole."""
    source.faults.from_the_end = False
    await _assert_read_whole(source)


async def test_a_source_without_validators(source: SourceServer) -> None:
    """Size and checksums are enough."""
    source.faults.etags = source.faults.dates = False
    await _assert_read_whole(source)


async def test_ranges_refused_halfway(source: SourceServer) -> None:
    """The tail came by range, then ranges are ignored: what comes whole is used."""
    source.before_answer = lambda _: len(source.asked) == 1 and setattr(source.faults, "ranges", False)
    await _assert_read_whole(source)


@pytest.mark.parametrize("cut_after", [1, 100, 600, 20_000])
async def test_answers_cut_again_and_again(source: SourceServer, cut_after: int) -> None:
    """Each cut answer brings something; the rest is asked for."""
    source.faults.cut_after, source.faults.cuts = cut_after, 4
    await _assert_read_whole(source)


async def test_several_ranges_cut(source: SourceServer) -> None:
    """Parts that came before the cut are kept."""
    archive = archive_at(source)
    await archive.open()
    source.faults.cut_after, source.faults.cuts = 3_000, 3
    found = await read(archive, SCATTERED)
    assert {name: entry.data for name, entry in found.items()} == {name: FILES[name] for name in SCATTERED}
    assert archive.file.several


async def test_a_source_that_gives_nothing_is_given_up(source: SourceServer) -> None:
    """Answers cut before their first byte, for ever: the tries are counted."""
    archive = archive_at(source)
    await archive.open()
    source.faults.cut_after, source.faults.cuts = 0, 1_000
    with pytest.raises(SourceError, match="intervalles"):
        await read(archive)


async def test_an_archive_that_shrank_under_us(source: SourceServer) -> None:
    """A range that is no longer there means another build."""
    source.faults.etags = source.faults.dates = False
    archive = archive_at(source)
    await archive.open()
    source.put(PATH, b"")
    with pytest.raises(ArchiveChangedError):
        await read(archive)


async def test_another_size_is_another_build(source: SourceServer, served: bytes) -> None:
    """Without validators the size tells."""
    source.faults.etags = source.faults.dates = False
    archive = archive_at(source)
    await archive.open()
    source.put(PATH, served + b"more")
    with pytest.raises(ArchiveChangedError):
        await read(archive)


async def test_two_builds_of_one_size_are_told_by_their_checksums(
    source: SourceServer, served: bytes
) -> None:
    """The last guard: bytes that do not match the directory's CRC are never handed over."""
    source.faults.etags = source.faults.dates = False
    archive = archive_at(source)
    await archive.open()
    source.put(PATH, bytes(byte ^ 0xFF for byte in served))
    found = await read(archive)
    assert {entry.data for entry in found.values()} == {None}
    assert all("abîmée" in entry.problem and not entry.is_refused for entry in found.values())


async def test_a_zip_with_a_long_comment(source: SourceServer, served: bytes) -> None:
    """The end record lies before the tail: `zipfile` asks for more."""
    target = io.BytesIO(served)
    with zipfile.ZipFile(target, "a") as archive:
        archive.comment = b"c" * 5_000
    source.put(PATH, target.getvalue())
    await _assert_read_whole(source)


@pytest.mark.parametrize("size", [0, 1, 21, 300, 1_500])
async def test_what_is_no_zip_is_refused(source: SourceServer, served: bytes, size: int) -> None:
    """Empty, tiny, or the beginning of a zip."""
    source.put(PATH, served[:size])
    with pytest.raises(SourceError, match=r"tronquée|n'est pas un zip"):
        await archive_at(source).open()


async def test_a_directory_of_absurd_size_is_not_fetched(source: SourceServer, served: bytes) -> None:
    """The end record announces a directory of hundreds of megabytes."""
    broken = bytearray(served)
    end = served.rindex(b"PK\x05\x06")
    broken[end + 12 : end + 16] = (200_000_000).to_bytes(4, "little")
    broken[end + 16 : end + 20] = (0).to_bytes(4, "little")
    source.put(PATH, bytes(200_000_000) + bytes(broken[end:]))
    with pytest.raises(SourceError, match="démesuré"):
        await archive_at(source).open()
    assert sum(one.sent for one in source.asked) < 100_000


async def test_entries_that_may_harm_are_refused_unfetched(source: SourceServer) -> None:
    """Too big, too inflated, encrypted, or squeezed in an unbounded way: each with its reason."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("good.json", b"{}")
        archive.writestr("big.json", os.urandom(100_001))
        archive.writestr("bomb.json", b"0" * 99_999)
        archive.writestr("lzma.json", b"0" * 100, zipfile.ZIP_LZMA)
        archive.writestr("locked.json", b"{}")
    whole = bytearray(target.getvalue())
    record = whole.index(b"PK\x01\x02", whole.index(b"PK\x01\x02") + 1)
    while b"locked.json" not in whole[record : record + 60]:
        record = whole.index(b"PK\x01\x02", record + 1)
    whole[record + 8] |= 1
    source.put(PATH, bytes(whole))
    archive = archive_at(source)
    await archive.open()
    source.asked.clear()
    found = await read(archive)
    assert found["good.json"].data == b"{}"
    assert {name for name, entry in found.items() if entry.is_refused} == found.keys() - {"good.json"}
    assert "absurde" in found["big.json"].problem
    assert "gonflée" in found["bomb.json"].problem
    assert "compressée" in found["lzma.json"].problem
    assert "chiffrée" in found["locked.json"].problem
    assert sum(one.sent for one in source.asked) < 1_000
    assert MAX_RATIO == 200


async def test_entries_that_overlap_are_refused(source: SourceServer) -> None:
    """Directory entries that share bytes with the next one are how modern bombs are made."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.json", b"a" * 50)
        archive.writestr("b.json", b"b" * 50)
        archive.filelist[0].compress_size = archive.filelist[0].file_size = 90
        archive._didModify = True
    source.put(PATH, target.getvalue())
    archive = archive_at(source)
    await archive.open()
    found = await read(archive)
    assert "déborde" in found["a.json"].problem
    assert found["b.json"].data == b"b" * 50


async def test_an_archive_not_opened_has_no_entries(source: SourceServer) -> None:
    """Nothing is read before `open`."""
    archive = archive_at(source)
    assert list(archive.entries) == []
