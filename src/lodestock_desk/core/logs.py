"""Logs as lines of JSON, without what people typed: no query strings, no form values, no addresses in paths."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime

_TOKEN = re.compile(r"(/(?:r|receipt|password/reset/key)/)[^/\s?]+")
_QUERY = re.compile(r"\?\S*")
_MAIL = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+")


def without_content(text: str) -> str:
    """The text with one-time tokens, query strings and mail addresses taken out."""
    return _MAIL.sub("(address)", _QUERY.sub("", _TOKEN.sub(r"\1(token)", text)))


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and the kind of error (never its values)."""

    def format(self, record: logging.LogRecord) -> str:
        """The line for one log record."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": without_content(record.getMessage()),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            trace = record.exc_info[2]
            while trace is not None and trace.tb_next is not None:
                trace = trace.tb_next
            if trace is not None:
                line["place"] = f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}"
        return json.dumps(line, ensure_ascii=False)
