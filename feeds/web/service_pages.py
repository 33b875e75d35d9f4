"""What the service says of itself: what it is and how it counts, and how it fares.

Enters: nothing but the place. Leaves: `/a-propos` and `/etat`, in plain French words. What is held for
review is no one's business but the operator's: it is shown nowhere here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from feeds import wording
from feeds.issue_words import not_understood
from feeds.typography import legislature, typeset
from feeds.web.kept_pages import PageKeeper
from feeds.web.site import Site
from feeds.web.templating import Pages
from tracker.ports import GOOD_OUTCOMES, QUESTION_RUNS, CrawlReport, RunOutcome
from tracker.questions import QuestionId
from tracker.status import LEGISLATURE_ENDS

_RUNS = 20
_METHODS = ["GET", "HEAD"]


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file of the source as a reader knows it: a question with its official page, or just its name."""

    name: str
    url: str | None


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run as a line of a table."""

    report: CrawlReport
    what: str
    outcome: str
    reason: str


def service_router(site: Site, pages: Pages, keeper: PageKeeper) -> APIRouter:
    """The routes of both pages."""
    router = APIRouter(
        include_in_schema=False, default_response_class=HTMLResponse, route_class=keeper.route()
    )

    @router.api_route("/a-propos", methods=_METHODS)
    def about(request: Request) -> HTMLResponse:
        """What this is, where it comes from, what each figure means, who answers for it."""
        options = site.options
        context = {
            "legislatures": [legislature(number) for number in site.figures.of_all(site.today())],
            "ends": [(legislature(number), on) for number, on in LEGISLATURE_ENDS.items()],
            "legal": (
                ("Éditeur", options.operator_name),
                ("Adresse", options.operator_address),
                ("Contact", options.operator_contact),
                ("Direction de la publication", options.publication_director),
                ("Hébergeur", options.hosting),
            ),
        }
        return pages.response(request, "a-propos.html", context)

    @router.api_route("/etat", methods=_METHODS)
    def state(request: Request) -> HTMLResponse:
        """The last runs, the last good check, what of the source is not understood now."""
        issues = site.reader.open_issues()
        runs = site.reader.runs(limit=_RUNS)
        context = {
            "silent_for": site.silent_for(),
            "stale_after_hours": site.options.stale_after_hours,
            "is_last_bad": _is_last_bad(runs),
            "runs": [_run(report) for report in runs],
            "kinds": [(kind, [_named(name) for name in kind.files]) for kind in not_understood(issues)],
        }
        return pages.response(request, "etat.html", context)

    return router


def _is_last_bad(runs: Sequence[CrawlReport]) -> bool:
    """Whether the latest reading of questions that has ended is one that changed nothing public."""
    ended = (
        report.outcome
        for report in runs
        if report.source.startswith(QUESTION_RUNS) and report.outcome is not RunOutcome.RUNNING
    )
    return next(ended, RunOutcome.UNCHANGED) not in GOOD_OUTCOMES


def _run(report: CrawlReport) -> RunLine:
    reason = typeset(report.reason) if report.reason else ""
    return RunLine(report, _source(report.source), wording.outcome(report.outcome), reason)


def _source(source: str) -> str:
    """What a run reads, in words."""
    number = source.removeprefix(QUESTION_RUNS)
    if number != source and number.isdecimal():
        return f"Questions, {legislature(int(number))}"
    return "Noms des députés" if source == "deputies" else source


def _named(name: str) -> NamedFile:
    try:
        question = QuestionId.from_uid(name)
    except ValueError:
        return NamedFile(name, None)
    told = typeset(f"n° {question.number} ({legislature(question.legislature)})")
    return NamedFile(told, question.official_url)
