"""Topic files: what is followed, as data.

Enters: the topic that ships with the service, and an operator's folder of TOML files. Leaves: a
`TopicSet`, or a `SettingsError` that names the file and the key. `docs/reference/topics.md` describes
the format; `tracker/data/topics/asalee.toml` is the example to copy.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

from tracker.errors import SettingsError
from tracker.matching import Finding, Topic, TopicMatch, TopicSet, Verdict, spellings
from tracker.milestones import Citation, Milestone

__all__ = [
    "Citation",
    "Finding",
    "Milestone",
    "Topic",
    "TopicMatch",
    "TopicSet",
    "Verdict",
    "load_topics",
    "parse_topic",
]

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ADDRESS = re.compile(r"https?://[^\s/]+\S*")
_FRENCH = {str: "un texte", int: "un nombre entier", list: "une liste", dict: "une section"}

T = TypeVar("T")


def load_topics(directory: Path | None) -> TopicSet:
    """The shipped topics, then those of `directory`, by file name.

    A file of `directory` with the slug of a shipped topic replaces it; two files there with one slug
    are an error.
    """
    shipped = {topic.slug: topic for topic in _read(files("tracker").joinpath("data", "topics").iterdir())}
    if directory is None:
        return TopicSet(shipped.values())
    if not directory.is_dir():
        raise SettingsError(f"Le dossier de sujets {directory} n’existe pas (réglage TRACKER_TOPICS_DIR).")
    own: dict[str, Topic] = {}
    for topic in _read(directory.iterdir()):
        if topic.slug in own:
            raise SettingsError(f"Deux fichiers de {directory} définissent le sujet « {topic.slug} ».")
        own[topic.slug] = topic
    return TopicSet((shipped | own).values())


def parse_topic(toml: str, source: str) -> Topic:
    """One topic from the text of its file; `source` names the file in errors."""
    try:
        table = _Table(tomllib.loads(toml), source)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{source} n’est pas un fichier TOML valable : {error}.") from error
    slug = table.take("slug", str)
    if not _SLUG.fullmatch(slug):
        raise table.error("slug", "lettres minuscules, chiffres et tirets seulement, par exemple « asalee »")
    name = table.take("name", str)
    label = table.take("label", str, name)
    version = table.take("version", int)
    if version < 1:
        raise table.error("version", "un nombre entier à partir de 1")
    sure, doubtful, exceptions = (table.section(key) for key in ("sure", "doubtful", "exceptions"))
    topic = Topic(
        slug=slug,
        name=name,
        label=label,
        version=version,
        sure=sure.forms("forms"),
        doubtful=doubtful.forms("forms"),
        near=doubtful.forms("near"),
        within=doubtful.take("within", int, 200),
        exceptions=exceptions.forms("phrases"),
        milestones=tuple(_milestone(entry) for entry in table.sections("milestones")),
    )
    if not topic.sure and not topic.doubtful:
        raise sure.error("forms", "au moins une forme à rechercher")
    if topic.doubtful and not topic.near:
        raise doubtful.error("near", "au moins un mot à trouver près d’une forme douteuse")
    if topic.within < 1:
        raise doubtful.error("within", "un nombre de caractères à partir de 1")
    for part in (table, sure, doubtful, exceptions):
        part.finish()
    return topic


def _read(entries: Iterable[Traversable]) -> list[Topic]:
    topics = []
    for entry in sorted(entries, key=lambda entry: entry.name):
        if not entry.name.endswith(".toml"):
            continue
        try:
            text = entry.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{entry} ne peut pas être lu : {error}.") from error
        topics.append(parse_topic(text, str(entry)))
    return topics


def _milestone(entry: _Table) -> Milestone:
    date, text, note = entry.take("date", str), entry.take("text", str), entry.take("note", str, "") or None
    sources = tuple(_citation(source) for source in entry.sections("sources"))
    try:
        milestone = Milestone(date, text, sources, note)
    except ValueError as error:
        expected = "une année, un mois ou un jour qui existe, par exemple « 2024-06-21 »"
        raise entry.error("date", expected) from error
    if not sources:
        raise entry.error("sources", "au moins une source, par exemple { name = 'Journal officiel' }")
    entry.finish()
    return milestone


def _citation(entry: _Table) -> Citation:
    name, url = entry.take("name", str), entry.take("url", str, "") or None
    if url is not None and not _ADDRESS.fullmatch(url):
        raise entry.error("url", "une adresse complète, commençant par https:// ou http://")
    entry.finish()
    return Citation(name, url)


class _Table:
    """A TOML table that is emptied as it is read, so that what is left is a mistake to report."""

    def __init__(self, table: dict[str, object], source: str, path: str = "") -> None:
        self._table, self._source, self._path = dict(table), source, path

    def take(self, key: str, kind: type[T], default: T | None = None) -> T:
        """The value of a key, of the right kind; without default the key must be there."""
        value = self._table.pop(key, default)
        if isinstance(value, kind) and not isinstance(value, bool) and value != "":
            return value
        if value is default and default is not None:
            return default
        raise self.error(key, _FRENCH[kind])

    def forms(self, key: str) -> tuple[str, ...]:
        """A list of forms, each with something to look for; absent, none."""
        forms: list[str] = []
        for form in self.take(key, list, []):
            if not isinstance(form, str) or not spellings(form):
                raise self.error(key, f"des textes avec une lettre ou un chiffre ({form!r} n’en a pas)")
            forms.append(form)
        return tuple(forms)

    def section(self, key: str) -> _Table:
        """A table inside this one; absent, an empty one."""
        return _Table(self.take(key, dict, {}), self._source, f"{self._path}{key}.")

    def sections(self, key: str) -> list[_Table]:
        """The tables of an array; absent, none."""
        entries = self.take(key, list, [])
        if not all(isinstance(entry, dict) for entry in entries):
            raise self.error(key, f"des sections [[{key}]]")
        return [_Table(entry, self._source, f"{self._path}{key}[{n}].") for n, entry in enumerate(entries, 1)]

    def finish(self) -> None:
        """Refuse keys that nothing read: a misspelt one would be silently without effect."""
        if self._table:
            raise SettingsError(f"{self._source} : clé inconnue « {self._path}{next(iter(self._table))} ».")

    def error(self, key: str, expected: str) -> SettingsError:
        """The error for a key, with what it should hold."""
        return SettingsError(f"{self._source} : la clé « {self._path}{key} » doit contenir {expected}.")
