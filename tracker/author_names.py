"""The name that opens a question's text, for authors whom no file has named yet.

Enters: the source's HTML fragment. Leaves: civility and name, or nothing. The Assemblée writes its
questions in the third person (« Mme Camille Exemple attire l'attention de Mme la ministre … »), so a
name is believed only there: at the very start, before a verb of asking, with a minister addressed
soon after. A text that opens in any other way names nobody.
"""

from __future__ import annotations

import html
import re

_HEAD = 1500  # characters of the fragment that are looked at
_ADDRESSEE_WITHIN = 250  # characters after the verb
_MOST_WORDS = 7
_LONGEST_ASIDE = 120

_CIVILITIES = {"M.": "M.", "Mme": "Mme", "Mlle": "Mlle", "Monsieur": "M.", "Madame": "Mme"}
_PARTICLES = frozenset(
    {"de", "du", "des", "la", "le", "les", "van", "von", "der", "den", "di", "da", "dos", "el"}
)
_MARKUP = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
_OPENING = re.compile(r"(M\.\s?|(?:Mme|Mlle|Monsieur|Madame)\s)")
_ASKING = re.compile(
    r"(?:(?:se|s['’]|souhaite|tient à|désire|veut)\s*)?"
    r"(?:attire|appelle|alerte|interroge|interpelle|demande|rappelle|questionne|sollicite|signale|souhaite"
    r"|souhaiterait|voudrait|aimerait|désire|expose|fait|inquiète|étonne|prie|tient|permet|remercie|sensibilise"
    r"|saisit|informe|soumet|exprime|invite|réitère|renouvelle|souligne|insiste|regrette|déplore|dénonce|évoque"
    r"|relaie|porte|soulève|revient|attirer|appeler|alerter|interroger|interpeller|demander|rappeler|savoir)\b"
)
_ADDRESSEE = re.compile(
    r"\b(?:ministres?|secrétaires? d['’]État|garde des sceaux|haute?-commissaire|Gouvernement)\b",
    re.IGNORECASE,
)


def author_named_in(fragment: str) -> tuple[str | None, str | None]:
    """Civility (« M. », « Mme », « Mlle ») and name that open a question's HTML; (None, None) if unsure."""
    text = " ".join(html.unescape(_MARKUP.sub(" ", fragment[:_HEAD])).split())
    opening = _OPENING.match(text)
    if opening is None:
        return None, None
    name, after = _name_at(text[opening.end() :])
    if name is None:
        return None, None
    verb = _ASKING.match(after)
    if verb is None or _ADDRESSEE.search(after, verb.end(), verb.end() + _ADDRESSEE_WITHIN) is None:
        return None, None
    return _CIVILITIES[opening[0].strip()], name


def _name_at(text: str) -> tuple[str | None, str]:
    """The capitalised words (and their particles) at the start, and what follows them.

    An aside between commas (« , députée de l'Exemple, ») is stepped over.
    """
    words: list[str] = []
    after = text
    while after and len(words) <= _MOST_WORDS:
        word, _, following = after.partition(" ")
        bare = word.rstrip(",")
        if bare not in _PARTICLES and not _is_name(bare):
            break
        words.append(bare)
        after = following
        if bare != word:
            after = _beyond_aside(after)
            break
    if not words or len(words) > _MOST_WORDS or words[0] in _PARTICLES or words[-1] in _PARTICLES:
        return None, text
    return " ".join(words), after


def _is_name(word: str) -> bool:
    """Whether a word can be part of a name: a capital first, or after « d' » or « l' »."""
    core = word[2:] if word[:2].casefold() in {"d'", "d’", "l'", "l’"} else word
    return core[:1].isupper() and all(letter.isalpha() or letter in "'’./-" for letter in core)


def _beyond_aside(text: str) -> str:
    """What follows « députée de l'Exemple, »; the text itself when it goes on with the verb."""
    aside, comma, beyond = text.partition(", ")
    if _ASKING.match(text) or not comma or len(aside) > _LONGEST_ASIDE:
        return text
    return beyond
