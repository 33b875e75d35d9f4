"""One file of the deputies' archive to what a page shows of its author, and nothing else.

Enters: the bytes of `acteur/PA….json` (AMO30, AMO10) and the entry's name. Leaves: a `Deputy`, or
None with what was not understood. Never raises. The file holds birth, address and staff: those keys
are not looked at, so they are not reported either.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.parsers.fields import (
    Notes,
    date_of,
    each,
    loaded,
    number_of,
    object_of,
    reference_of,
    shortened,
    text_of,
)
from tracker.questions import Constituency, Deputy, Mandate, SourceIssue

KNOWN_CIVILITIES = frozenset({"M.", "Mme", "Mlle"})
ASSEMBLY_MANDATE = "ASSEMBLEE"

_REF_IN_NAME = re.compile(r"PA\d{1,9}", re.ASCII)
_DEPARTMENT = re.compile(r"\d{2,3}|2[AB]", re.ASCII)  # `099` is the French living abroad


@dataclass(frozen=True, slots=True)
class ParsedDeputy:
    """What one file gave: the deputy if it names one, and what was not understood."""

    deputy: Deputy | None
    issues: tuple[SourceIssue, ...]


def parse_deputy(data: bytes, *, name: str) -> ParsedDeputy:
    """Read one file. `name` is the entry's name; the reference it holds must be the file's own.

    Issue codes that come without a deputy: `unreadable`, `not-an-actor`,
    `missing-reference` of the actor, `wrong-name`, `missing-name`. With one: `unknown-form`,
    `unknown-value`, `unknown-date`, `missing-reference` of a mandate, which is left out,
    `double-encoded-mended`, `double-encoded-left`, `control-characters`, `too-many`.
    """
    found = _REF_IN_NAME.search(name)
    named = found[0] if found else None
    notes = Notes(named or shortened(name), data)
    root = loaded(data, notes)
    if notes.issues:
        return ParsedDeputy(None, notes.issues)
    actor = root.get("acteur") if isinstance(root, dict) else None
    if not isinstance(actor, dict):
        notes.add("not-an-actor", "", root)
        return ParsedDeputy(None, notes.issues)
    return ParsedDeputy(_deputy(actor, named, notes), notes.issues)


def _deputy(actor: dict[str, object], named: str | None, notes: Notes) -> Deputy | None:
    ref = reference_of(actor.get("uid"), "PA", notes, "acteur.uid")
    if ref is None:
        notes.add("missing-reference", "acteur.uid", "")
        return None
    if named is not None and named != ref:
        notes.add("wrong-name", "acteur.uid", ref)
        return None
    state = object_of(actor.get("etatCivil"), notes, "acteur.etatCivil") or {}
    path = "acteur.etatCivil.ident"
    identity = object_of(state.get("ident"), notes, path) or {}
    civility = text_of(identity.get("civ"), notes, path + ".civ")
    last_name = text_of(identity.get("nom"), notes, path + ".nom")
    if civility is not None and civility not in KNOWN_CIVILITIES:
        notes.add("unknown-value", path + ".civ", civility)
    if last_name is None:
        notes.add("missing-name", path + ".nom", "")
        return None
    return Deputy(
        actor_ref=ref,
        civility=civility,
        first_name=text_of(identity.get("prenom"), notes, path + ".prenom"),
        last_name=last_name,
        mandates=_mandates(actor.get("mandats"), notes),
    )


def _mandates(value: object, notes: Notes) -> tuple[Mandate, ...]:
    """The mandates at the Assemblée, in the source's order; groups, ministries and the rest are left."""
    parent = object_of(value, notes, "acteur.mandats") or {}
    found: list[Mandate] = []
    for item, path in each(parent.get("mandat"), "acteur.mandats.mandat"):
        mandate = object_of(item, notes, path)
        if (
            mandate is None
            or text_of(mandate.get("typeOrgane"), notes, path + ".typeOrgane") != ASSEMBLY_MANDATE
        ):
            continue
        ref = reference_of(mandate.get("uid"), "PM", notes, path + ".uid")
        if ref is None:
            notes.add("missing-reference", path + ".uid", "")  # nothing could refer to such a mandate
            continue
        found.append(
            Mandate(
                ref=ref,
                legislature=number_of(mandate.get("legislature"), notes, path + ".legislature"),
                constituency=_constituency(mandate.get("election"), notes, path + ".election"),
                begins_on=date_of(mandate.get("dateDebut"), notes, path + ".dateDebut"),
                ends_on=date_of(mandate.get("dateFin"), notes, path + ".dateFin"),
            )
        )
    return tuple(found)


def _constituency(value: object, notes: Notes, path: str) -> Constituency:
    election = object_of(value, notes, path) or {}
    path += ".lieu"
    place = object_of(election.get("lieu"), notes, path) or {}
    code = text_of(place.get("numDepartement"), notes, path + ".numDepartement")
    if code is not None and not _DEPARTMENT.fullmatch(code):
        notes.add("unknown-value", path + ".numDepartement", code)
    return Constituency(
        department=text_of(place.get("departement"), notes, path + ".departement"),
        department_code=code,
        number=number_of(place.get("numCirco"), notes, path + ".numCirco"),
    )
