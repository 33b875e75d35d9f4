"""Addresses of the source, as the format page gives them."""

from __future__ import annotations

import pytest

from crawler.addresses import deputies_archives, questions_archive, questions_run
from tracker.errors import UsageError

ROOT = "https://data.assemblee-nationale.fr/static/openData/repository"


@pytest.mark.parametrize(
    ("legislature", "path"),
    [
        (17, "17/questions/questions_ecrites/Questions_ecrites.json.zip"),
        (16, "16/questions/questions_ecrites/Questions_ecrites.json.zip"),
        (15, "15/questions/questions_ecrites/Questions_ecrites_XV.json.zip"),
        (18, "18/questions/questions_ecrites/Questions_ecrites.json.zip"),
    ],
)
def test_each_legislature_has_its_archive(legislature: int, path: str) -> None:
    """The 15th has a numeral in its name; a final slash of the root changes nothing."""
    assert (
        questions_archive(ROOT, legislature) == questions_archive(ROOT + "/", legislature) == f"{ROOT}/{path}"
    )
    assert questions_run(legislature) == f"questions/{legislature}"


@pytest.mark.parametrize("legislature", [14, 13, 1])
def test_the_14th_and_before_are_refused(legislature: int) -> None:
    """In French, with what to do."""
    with pytest.raises(UsageError, match=f"La {legislature}e législature n'est pas lue.*Choisissez la 15e"):
        questions_archive(ROOT, legislature)


def test_deputies_come_from_amo30_then_amo10() -> None:
    """Both of the directory that is kept up to date."""
    first, second = deputies_archives(ROOT)
    assert first.startswith(f"{ROOT}/17/amo/tous_acteurs_mandats_organes_xi_legislature/AMO30_")
    assert second.startswith(f"{ROOT}/17/amo/deputes_actifs_mandats_actifs_organes/AMO10_")
