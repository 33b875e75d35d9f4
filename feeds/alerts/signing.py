"""Secrets and signatures of webhooks, as Standard Webhooks says.

Enters: a secret, an id, an instant, a body. Leaves: the three headers that a receiver verifies.
"""

from __future__ import annotations

import base64
import secrets
from datetime import datetime

_BYTES = 32  # the specification asks for 24 to 64
_PREFIX = "whsec_"


def new_secret() -> str:
    """A random secret, to be shown once to who receives."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode("ascii")


def webhook_id(message_id: str) -> str:
    """The webhook-id of a message: the same at each attempt."""
    return f"msg_{message_id}"


def signed_headers(secret: str, message_id: str, body: bytes, at: datetime) -> dict[str, str]:
    """Id, instant of this attempt, signature. Raises ValueError on a secret of the wrong form."""
    from standardwebhooks import Webhook  # noqa: PLC0415  # new_secret is for commands that send nothing

    id_ = webhook_id(message_id)
    return {
        "webhook-id": id_,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(id_, at, body.decode()),
    }
