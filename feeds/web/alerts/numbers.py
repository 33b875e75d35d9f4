"""Numbers of alerts and webhooks in addresses.

Enters: part of a path. Leaves: `NUMBER`, a path parameter that takes what can be such a number and nothing
longer: Starlette's own `int` takes digits without end, which Python then refuses to read.
"""

from __future__ import annotations

from starlette.convertors import Convertor, register_url_convertor


class _NumberConvertor(Convertor[int]):
    regex = "[0-9]{1,18}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


register_url_convertor("numbered", _NumberConvertor())

NUMBER = "{number:numbered}"
