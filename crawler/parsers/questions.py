"""One file of the written-questions archive to a record.

Enters: the bytes of `QANR5L17QE13983.json` and the entry's name. Leaves: a `QuestionRecord`, or None
when the file is not a written question that can be read, with what was not understood. Never raises.
Which key goes where, and what nobody has verified, is in `docs/reference/source.md`.

Every key is taken out of its object and what is left is noted, so that a change of the source is
seen on the day it happens. The raw file is kept beside the record by who calls.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from crawler.parsers.fields import (
    Notes,
    children_of,
    date_of,
    fragment_of,
    has_content,
    loaded,
    number_of,
    object_of,
    reference_of,
    shortened,
    text_of,
    uid_in,
)
from crawler.parsers.journal import jo_reference
from crawler.parsers.repeated import dates_within
from tracker.questions import (
    Attribution,
    Author,
    Closure,
    Group,
    Ministry,
    PublishedText,
    QuestionId,
    QuestionKind,
    QuestionRecord,
    SourceIssue,
)

PARSER_VERSION = 1  # part of the reader's fingerprint: raise it when the same bytes give another record

KNOWN_CLOSURES = frozenset({"REP_PUB", "FM", "DE", "AU", "ID"})
NO_HEADING = "aucune tête d'analyse"  # a placeholder of the source, not a heading
NO_MINISTRY = Ministry(None, None, None)
_BODY = frozenset({"organeRef", "abrege", "developpe"})

SINGLE_FILE_ROOT = "questionsEcrites"  # the 14th legislature's archive: one file for all its questions
_XSI_TYPE = "QuestionEcrite_Type"
_TAGS = re.compile(r"<[^>]*>|&nbsp;|&#160;|&#xa0;", re.IGNORECASE)
_SHORT = 200  # characters; a longer fragment is never only tags


@dataclass(frozen=True, slots=True)
class ParsedQuestion:
    """What one file gave: the record if it is a readable written question, and what was not understood."""

    record: QuestionRecord | None
    issues: tuple[SourceIssue, ...]


def parse_question(data: bytes, *, name: str) -> ParsedQuestion:
    """Read one file. `name` is the entry's name or uid; the uid it holds must be the file's own.

    The codes of the issues, and which of them come without a record, are in `docs/reference/source.md`.
    """
    named = uid_in(name)
    notes = Notes(named or shortened(name), data)
    question = _question_in(loaded(data, notes), notes)
    identity = None if question is None else _identity(question, named, notes)
    if question is None or identity is None:
        return ParsedQuestion(None, notes.issues)
    record = _record(identity, question, notes)
    # what was read as nothing because it was not understood has not been taken back by the source
    return ParsedQuestion(None if notes.misshapen else record, notes.issues)


def _question_in(root: object, notes: Notes) -> dict[str, object] | None:
    """The one object under `question`, or None with the reason noted."""
    if notes.issues:
        return None
    question = root.pop("question", None) if isinstance(root, dict) else None
    if not isinstance(question, dict) or not isinstance(root, dict):
        single = isinstance(root, dict) and SINGLE_FILE_ROOT in root
        notes.add("single-file-archive" if single else "not-a-question", "", root)
        return None
    if root:
        notes.left_over(root, "")
    return question


def _identity(question: dict[str, object], named: str | None, notes: Notes) -> QuestionId | None:
    """Who the question is, when the file, its name and its numbers agree that it is a written one."""
    uid = text_of(question.pop("uid", None), notes, "uid")
    kind = text_of(question.pop("type", None), notes, "type")
    if named is None and uid is not None:
        notes.uid = uid_in(uid) or notes.uid
    if kind is not None and kind != QuestionKind.WRITTEN:
        notes.add("not-written", "type", kind)
        return None
    try:
        identity = QuestionId.from_uid(uid or "")
    except ValueError:
        identity = None
    if identity is None or identity.uid != uid:  # leading zeros would make two uids of one question
        notes.add("unknown-uid", "uid", uid)
        return None
    if named is not None and named != uid:
        notes.add("wrong-name", "uid", uid)
        return None
    stated = object_of(question.pop("identifiant", None), notes, "identifiant")
    if stated is not None:
        number = number_of(stated.pop("numero", None), notes, "identifiant.numero")
        legislature = number_of(stated.pop("legislature", None), notes, "identifiant.legislature")
        stated.pop("regime", None)
        if number not in {None, identity.number} or legislature not in {None, identity.legislature}:
            notes.add("identity-mismatch", "identifiant", f"{number}, {legislature}")
        if stated:
            notes.left_over(stated, "identifiant")
    return identity


def _record(identity: QuestionId, question: dict[str, object], notes: Notes) -> QuestionRecord:
    take = question.pop
    absent = sorted({"textesReponse", "cloture"} - question.keys())
    xsi_type = take("@xsi:type", None)
    if xsi_type not in (_XSI_TYPE, None):
        notes.add("unknown-value", "@xsi:type", xsi_type)
    rubric, heading, title = _indexation(take("indexationAN", None), notes)
    questions = _texts(
        take("textesQuestion", None), "texteQuestion", notes, "textesQuestion", keep_blank=True
    )
    answers = _texts(take("textesReponse", None), "texteReponse", notes, "textesReponse", keep_blank=False)
    record = QuestionRecord(
        id=identity,
        rubric=rubric,
        heading=heading,
        title=title,
        author=_author(take("auteur", None), notes),
        ministry_asked=_ministry(take("minInt", None), notes, "minInt"),
        attributions=_attributions(take("minAttribs", None), notes),
        question_texts=questions,
        answer_texts=answers,
        closure=_closure(take("cloture", None), notes),
        signalled_on=dates_within(take("signalement", None), "signalement", notes),
        renewed_on=dates_within(take("renouvellements", None), "renouvellements", notes),
    )
    if not questions:
        notes.add("empty-text", "textesQuestion", "")
    notes.left_over(question, "")
    if absent and has_content(question):
        notes.add("unknown-form", ", ".join(absent), question)  # perhaps under the names left over
    return record


def _indexation(value: object, notes: Notes) -> tuple[str | None, str | None, str | None]:
    """Rubric, heading and title. The title's key depends on the legislature; the heading stands in for it."""
    index = object_of(value, notes, "indexationAN")
    if index is None:
        return None, None, None
    rubric = text_of(index.pop("rubrique", None), notes, "indexationAN.rubrique")
    heading = text_of(index.pop("teteAnalyse", None), notes, "indexationAN.teteAnalyse")
    if heading is not None and heading.casefold().replace("’", "'") == NO_HEADING:
        heading = None
    title = _analyses(index.pop("analyses", None), "analyse", notes, "indexationAN.analyses")
    if "ANALYSE" in index:
        older = _analyses(index.pop("ANALYSE"), "ANA", notes, "indexationAN.ANALYSE")
        title = title or older
    if index:
        notes.left_over(index, "indexationAN")
    return rubric, heading, title or heading


def _analyses(value: object, child: str, notes: Notes, path: str) -> str | None:
    found = [text_of(item, notes, at) for item, at in children_of(value, child, notes, path)]
    return " / ".join(text for text in found if text is not None) or None


def _author(value: object, notes: Notes) -> Author:
    author = object_of(value, notes, "auteur") or {}
    identity = object_of(author.pop("identite", None), notes, "auteur.identite") or {}
    actor = reference_of(identity.pop("acteurRef", None), "PA", notes, "auteur.identite.acteurRef")
    mandate = reference_of(identity.pop("mandatRef", None), "PM", notes, "auteur.identite.mandatRef")
    body = _ministry(author.pop("groupe", None), notes, "auteur.groupe")
    group = None if body is None else Group(body.ref, body.abbreviation, body.name)
    if actor is None:
        notes.add("missing-author", "auteur.identite.acteurRef", "")
    if identity:
        notes.left_over(identity, "auteur.identite")
    if author:
        notes.left_over(author, "auteur")
    return Author(actor, mandate, group)


def _ministry(value: object, notes: Notes, path: str) -> Ministry | None:
    """A body of the Assemblée or the Government: its reference (since the 17th) and its two names."""
    body = object_of(value, notes, path)
    if not body:
        return None
    if body.keys() == _BODY:
        try:
            known = _understood(body["organeRef"], body["abrege"], body["developpe"])
        except TypeError:  # an object or a list in a scalar's place
            known = None
        if known is not None:
            return known
    return _body(body, notes, path)


@lru_cache(maxsize=1024)  # some tens of ministries and groups
def _understood(ref: object, abbreviation: object, name: object) -> Ministry | None:
    """A body that leaves nothing to note; None when there is something, to be read with its path."""
    notes = Notes("", may_have_controls=True)
    body = _body({"organeRef": ref, "abrege": abbreviation, "developpe": name}, notes, "")
    return None if notes.issues else body


def _body(body: dict[str, object], notes: Notes, path: str) -> Ministry | None:
    ministry = Ministry(
        reference_of(body.pop("organeRef", None), "PO", notes, path + ".organeRef"),
        text_of(body.pop("abrege", None), notes, path + ".abrege"),
        text_of(body.pop("developpe", None), notes, path + ".developpe"),
    )
    if body:
        notes.left_over(body, path)
    return None if ministry == NO_MINISTRY else ministry


def _attributions(value: object, notes: Notes) -> tuple[Attribution, ...]:
    """The ministries in charge, in the source's order, which is oldest first."""
    found: list[Attribution] = []
    for item, path in children_of(value, "minAttrib", notes, "minAttribs"):
        attribution = object_of(item, notes, path)
        if attribution is None:
            continue
        jo = jo_reference(attribution.pop("infoJO", None), notes, path + ".infoJO")
        ministry = _ministry(attribution.pop("denomination", None), notes, path + ".denomination")
        if attribution:
            notes.left_over(attribution, path)
        if ministry is None:
            notes.add("missing-ministry", path + ".denomination", "")
        else:
            found.append(Attribution(ministry, jo.on))
    if len(found) > 1:
        dates = [one.on for one in found if one.on is not None]
        if dates != sorted(dates):
            notes.add("unordered", "minAttribs.minAttrib", ", ".join(on.isoformat() for on in dates))
    return tuple(found)


def _texts(
    value: object, child: str, notes: Notes, path: str, *, keep_blank: bool
) -> tuple[PublishedText, ...]:
    """The publications of a text, blank ones noted and left out: they answer nothing.

    A question that has nothing but a blank one keeps it (`keep_blank`), for its date.
    """
    found: list[PublishedText] = []
    blank: list[PublishedText] = []
    for item, at in children_of(value, child, notes, path):
        text = object_of(item, notes, at)
        if text is None:
            continue
        jo = jo_reference(text.pop("infoJO", None), notes, at + ".infoJO")
        html = fragment_of(text.pop("texte", None), notes, at + ".texte")
        erratum = text_of(text.pop("erratum", None), notes, at + ".erratum")
        if text:
            notes.left_over(text, at)
            if html is None and has_content(text):
                notes.add("unknown-form", at, text)  # perhaps the text under another name
        if html is None or (len(html) < _SHORT and not _TAGS.sub("", html).strip()):
            notes.add("empty-text", at + ".texte", erratum or html or "")
            blank.append(PublishedText("", jo, erratum))
        else:
            found.append(PublishedText(html, jo, erratum))
    return tuple(found or (blank if keep_blank else []))


def _closure(value: object, notes: Notes) -> Closure | None:
    """How the source says that the question ended; its date, else that of the issue it is printed in."""
    closure = object_of(value, notes, "cloture")
    if not closure:
        return None
    code = text_of(closure.pop("codeCloture", None), notes, "cloture.codeCloture")
    label = text_of(closure.pop("libelleCloture", None), notes, "cloture.libelleCloture")
    on = date_of(closure.pop("dateCloture", None), notes, "cloture.dateCloture")
    jo = jo_reference(closure.pop("infoJO", None), notes, "cloture.infoJO")
    if closure:
        notes.left_over(closure, "cloture")
    if code is None and label is None and on is None and jo.on is None:
        return None
    if code not in KNOWN_CLOSURES:
        notes.add("unknown-closure", "cloture.codeCloture", f"{code}: {label}")
    return Closure(code, label, on or jo.on)
