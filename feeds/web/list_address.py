"""The address of a list of questions: which ones, in what order, which page.

Enters: a query string (`statut=echeance-depassee&groupe=gdr&tri=echeance&page=2`). Leaves: a
`ListAddress`, and the addresses of the same list sorted otherwise or at another page, each in one stable
form. Raises UsageError, which is shown as a page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from feeds.web.asked import pairs_of, single
from tracker.addresses import from_query, to_query
from tracker.errors import UsageError
from tracker.selection import Selection

PAGE_SIZE = 25
_MOST_PAGES = 9_999
_REVERSED = "-inverse"


@dataclass(frozen=True, slots=True)
class Order:
    """A way to sort: what the reader calls it, which end comes first, and its name in a form."""

    reader: str
    descending: bool
    label: str


ORDERS: Mapping[str, Order] = {
    "publication": Order("published", descending=True, label="Les plus récentes d’abord"),
    "publication-inverse": Order("published", descending=False, label="Les plus anciennes d’abord"),
    "echeance": Order("due", descending=False, label="Échéance la plus ancienne d’abord"),
    "echeance-inverse": Order("due", descending=True, label="Échéance la plus lointaine d’abord"),
    "reponse": Order("answered", descending=True, label="Dernières réponses d’abord"),
    "reponse-inverse": Order("answered", descending=False, label="Premières réponses d’abord"),
    "numero": Order("number", descending=True, label="Numéro, du plus grand au plus petit"),
    "numero-inverse": Order("number", descending=False, label="Numéro, du plus petit au plus grand"),
    "changement": Order("changed", descending=True, label="Derniers changements d’abord"),
}
DEFAULT = "publication"


@dataclass(frozen=True, slots=True)
class ListAddress:
    """A list of questions: `sort` is a key of `ORDERS`, pages begin at 1."""

    selection: Selection
    sort: str = DEFAULT
    page: int = 1

    @property
    def query(self) -> str:
        """The query string, without `?`; what is usual is left out."""
        own = {"tri": self.sort if self.sort != DEFAULT else "", "page": self.page if self.page > 1 else ""}
        added = urlencode([(name, value) for name, value in own.items() if value])
        return "&".join(part for part in (to_query(self.selection), added) if part)

    @property
    def path(self) -> str:
        """The address on this service."""
        return f"/questions?{self.query}" if self.query else "/questions"

    @property
    def order(self) -> Order:
        """How it is sorted."""
        return ORDERS[self.sort]

    def at(self, page: int) -> ListAddress:
        """Another page of the list."""
        return replace(self, page=page)

    def of(self, selection: Selection) -> ListAddress:
        """Other questions, in the same order."""
        return ListAddress(selection, self.sort)

    def sorted_by(self, name: str) -> ListAddress:
        """The list sorted by that; the other way round when it already is."""
        turned = name + _REVERSED
        return ListAddress(self.selection, turned if self.sort == name and turned in ORDERS else name)

    def direction(self, name: str) -> str | None:
        """`ascending` or `descending` when the list is sorted by that, as `aria-sort` says it."""
        if self.sort not in {name, name + _REVERSED}:
            return None
        return "descending" if self.order.descending else "ascending"


def read_list_address(query: str) -> ListAddress:
    """The list that a query string asks for."""
    pairs = pairs_of(query)
    sort, page = single(pairs, "tri") or DEFAULT, single(pairs, "page") or "1"
    if sort not in ORDERS:
        raise UsageError(f"« {sort[:40]} » n'est pas un tri. Tris possibles : {', '.join(ORDERS)}.")
    if not re.fullmatch(r"[1-9][0-9]{0,3}", page):
        raise UsageError(f"« {page[:40]} » n'est pas une page. Les pages vont de 1 à {_MOST_PAGES}.")
    selection = from_query(pair for pair in pairs if pair[0] not in {"tri", "page"})
    return ListAddress(selection, sort, int(page))


def has_blanks(query: str) -> bool:
    """Whether a query string holds fields left empty, as a form sends them."""
    return any(not value.strip() for _, value in pairs_of(query))
