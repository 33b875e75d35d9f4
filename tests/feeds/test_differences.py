"""What changed between two texts."""

from __future__ import annotations

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from feeds.differences import word_differences


def test_words_added_and_taken_away_are_marked():
    """By words, not by letters."""
    made = word_differences("Le chat est gris.", "Le chat noir est grise.")
    assert made == "Le chat <ins>noir </ins>est <del>gris</del><ins>grise</ins>."


def test_long_unchanged_passages_are_shortened():
    """What surrounds a change stays, the rest becomes « […] »."""
    words = [f"m{number}" for number in range(300)]
    changed = [*words[:150], "nouveau", *words[150:]]
    made = word_differences(" ".join(words), " ".join(changed))
    assert made.startswith("[…] m")
    assert "<ins>nouveau </ins>" in made
    assert made.endswith(" […]")
    assert "m20 " not in made


def test_markup_in_a_text_is_shown_as_text():
    """The texts are plain: whatever looks like a tag is escaped."""
    assert word_differences("a", "a <script>") == "a<ins> &lt;script&gt;</ins>"


def test_texts_too_far_apart_are_shown_whole():
    """Old then new, rather than minutes of comparison."""
    old, new = " ".join(f"a{n}" for n in range(4000)), " ".join(f"b{n}" for n in range(4000))
    assert word_differences(old, new) == f"<del>{old}</del><ins>{new}</ins>"


@given(st.text("ab c.\n", max_size=60), st.text("ab c.\n", max_size=60))
def test_the_marks_say_exactly_both_texts(old, new):
    """Without the insertions one reads the old text, without the deletions the new one."""
    made = word_differences(old, new).replace("<br>", "\n")
    without_new = re.sub(r"<ins>.*?</ins>", "", made, flags=re.DOTALL)
    without_old = re.sub(r"<del>.*?</del>", "", made, flags=re.DOTALL)
    assert html.unescape(re.sub(r"</?del>", "", without_new)) == old
    assert html.unescape(re.sub(r"</?ins>", "", without_old)) == new
