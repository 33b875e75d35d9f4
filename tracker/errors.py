"""One tree of errors that are meant for people: each says what happened and what to do.

Enters: nothing. Leaves: exceptions; the command line prints `str(error)` and exits with
`exit_code`, without a traceback. The messages are in French: operators read them.
"""

from __future__ import annotations


class TrackerError(Exception):
    """Anything the service can explain; subclasses say whose turn it is to act."""

    exit_code = 1


class UsageError(TrackerError):
    """The command or address asked for something that does not exist or makes no sense."""

    exit_code = 2


class SettingsError(TrackerError):
    """A setting, or a topic file, is wrong."""

    exit_code = 3


class SchemaError(TrackerError):
    """The database has a schema this version does not know."""

    exit_code = 4


class SourceError(TrackerError):
    """The source could not be read or does not look as it should; nothing public changed."""

    exit_code = 5


class BusyError(TrackerError):
    """Another process is doing this job now."""

    exit_code = 6


class IntegrityError(TrackerError):
    """What is kept disagrees with itself (`verify`)."""

    exit_code = 7
