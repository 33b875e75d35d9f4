"""Words as they are searched: the same for a question's texts and for what someone types.

Enters: a text. Leaves: folded words without their plural's mark, so that accents, œ, case and plurals
never matter: `hôpital` finds `hôpitaux`. `db.search` looks for them in SQL, `tracker.selecting` in a text
at hand.
"""

from __future__ import annotations

from tracker.text import fold

MAX_TERMS = 32  # what a person types; more would only slow a query down
_SHORTEST_PREFIX = 3
_OTHER_NUMBER = (("travail", "travau"), ("travau", "travail"), ("al", "au"), ("au", "al"))


def search_terms(words: str) -> list[str]:
    """The folded words of a text, in order, each without its plural's s or x."""
    return [
        word[:-1] if len(word) > _SHORTEST_PREFIX and word[-1] in "sx" else word
        for word in fold(words).split()
    ]


def asked_terms(words: str) -> list[str]:
    """The distinct terms of what someone typed, as many as are looked for."""
    return list(dict.fromkeys(search_terms(words)))[:MAX_TERMS]


def forms_of(term: str) -> tuple[str, ...]:
    """A term as asked, and the other number of a word in -al or -aux, both cut as in `search_terms`."""
    if len(term) <= _SHORTEST_PREFIX or term.endswith("eau"):
        return (term,)
    for ending, other in _OTHER_NUMBER:
        if term.endswith(ending):
            return (term, term.removesuffix(ending) + other)
    return (term,)


def is_prefix(term: str) -> bool:
    """True of a term that also finds the longer words beginning with it; a number finds only itself."""
    return len(term) >= _SHORTEST_PREFIX and term.isalpha()


def holds(document: str, terms: list[str]) -> bool:
    """Whether a text of search terms parted by single spaces holds all of `terms`."""
    padded = f" {document} "
    return all(
        any((f" {form}" if is_prefix(form) else f" {form} ") in padded for form in forms_of(term))
        for term in terms
    )
