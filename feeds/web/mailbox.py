"""`/demo/boite`: the mailbox of the demonstration, which gets all mail whoever it is for.

Enters: a Maildir. Leaves: HTML: the list, one message with its text and its HTML part. That part is shown in
a frame with a policy of its own: no script, nothing loaded, its links open in the whole window.
"""

from __future__ import annotations

import email
import mailbox
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from feeds.web.headers import CONTENT_SECURITY_POLICY
from feeds.web.templating import Pages

PATH = "/demo/boite"

_METHODS = ["GET", "HEAD"]
_WITH_FRAME = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
_IN_FRAME = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; form-action 'none'; "
    "sandbox allow-top-navigation-by-user-activation"
)
_WHOLE_WINDOW = '<base target="_top">'


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it is listed."""

    key: str
    to: str
    subject: str
    sent_at: datetime
    reply: bool


def mailbox_router(pages: Pages, folder: Path) -> APIRouter:
    """The routes of the mailbox."""
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    @router.api_route(PATH, methods=_METHODS)
    def mails(request: Request) -> HTMLResponse:
        """All mails, newest first."""
        found = sorted(_mails(folder), key=lambda mail: (mail.sent_at, mail.key), reverse=True)
        return pages.response(request, "boite.html", {"mails": found, "base": PATH})

    @router.api_route(f"{PATH}/{{key}}", methods=_METHODS)
    def mail(request: Request, key: str) -> HTMLResponse:
        """One mail: what a mailbox shows, and what it does not."""
        found = _read(folder, key)
        context = {
            "mail": _listed(key, found),
            "text": _part(found, "plain"),
            "headers": [(name, " ".join(str(value).split())) for name, value in found.items()],
            "frame": f"{PATH}/{key}/html",
            "back": PATH,
        }
        page = pages.response(request, "boite-message.html", context)
        page.headers["Content-Security-Policy"] = _WITH_FRAME
        return page

    @router.api_route(f"{PATH}/{{key}}/html", methods=_METHODS)
    def html_part(key: str) -> HTMLResponse:
        """The HTML part, as it was sent but for where its links open."""
        part = _part(_read(folder, key), "html").replace("<head>", f"<head>{_WHOLE_WINDOW}", 1)
        return HTMLResponse(part, headers={"Content-Security-Policy": _IN_FRAME})

    return router


def _mails(folder: Path) -> Iterator[Mail]:
    for key, content in mailbox.Maildir(folder, create=True).items():
        yield _listed(key, email.message_from_bytes(content.as_bytes(), policy=default))


def _read(folder: Path, key: str) -> EmailMessage:
    try:
        content = mailbox.Maildir(folder, create=True).get_bytes(key)
    except KeyError:
        raise HTTPException(404, detail="Ce message n’est pas, ou n’est plus, dans la boîte.") from None
    return email.message_from_bytes(content, policy=default)


def _listed(key: str, mail: EmailMessage) -> Mail:
    return Mail(
        key,
        str(mail["To"]),
        str(mail["Subject"]),
        parsedate_to_datetime(str(mail["Date"])),
        mail["In-Reply-To"] is not None,
    )


def _part(mail: EmailMessage, subtype: str) -> str:
    body = mail.get_body((subtype,))
    return str(body.get_content()) if body is not None else ""
