"""Errors under a number: the journal says where they came from, the visitor is given the number only.

The journal never holds an error's message: a message may quote an answer.
"""

import logging
import secrets

from lib.survey.settings import SettingsError
from lib.ui.observing import journal, measures


def log(error: Exception, where: journal.Where | None = None) -> str:
    """Log an error's class and its lines of code under an incident number, and return the number.

    Parameters
    ----------
    error
        What failed.
    where
        Who was shown what, where it does not fail in the run of a session.
    """
    incident = secrets.token_hex(4)
    # What a person wrote in a file of settings, and no answer: it says what to mend.
    sentence = str(error) if isinstance(error, SettingsError) else ""
    journal.tell("error", level=logging.ERROR, incident=incident, error=error, sentence=sentence, where=where)
    measures.INCIDENTS.labels(type(error).__name__).inc()
    return incident
