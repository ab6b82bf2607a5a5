"""Errors under a number: the log says where they came from, the visitor is given the number only.

The log never holds an error's message: a message may quote an answer.
"""

import logging
import secrets
import traceback

from lib.survey.settings import SettingsError

LOG = logging.getLogger("numerique")


def log(error: Exception) -> str:
    """Log an error's type and its lines of code under an incident number, and return the number."""
    incident = secrets.token_hex(4)
    lines = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    LOG.error("incident %s %s %s", incident, type(error).__name__, " < ".join(reversed(lines[-8:])))
    if isinstance(error, SettingsError):
        # What a person wrote in a file of settings, and no answer: it says what to mend.
        LOG.error("incident %s %s", incident, error)
    return incident
