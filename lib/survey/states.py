"""The four states of a cell, and the questions one asks of them.

Which state a cell is in is decided by `validation`; shares and their denominators belong to the analysis
room.
"""

import pandas as pd

VALUE = 0
"""An answer was given."""
NOT_TICKED = 1
"""The respondent answered this multiple choice, and did not tick this option."""
NOT_ANSWERED = 2
"""The question was left blank, or its page never reached: an export does not tell the two apart."""
NOT_ASKED = 3
"""The questionnaire hid the question from this respondent, or the file does not carry it."""

LABELS = {
    VALUE: "réponse",
    NOT_TICKED: "non coché",
    NOT_ANSWERED: "sans réponse",
    NOT_ASKED: "question non posée",
}


def answered(states: pd.DataFrame) -> pd.Series:
    """Tell which respondents answered at least one of these columns.

    Parameters
    ----------
    states : DataFrame
        Columns of `Edition.states`: those of a question, of a row of it, or of several questions.

    Returns
    -------
    Series of bool, with the index of `states`; False everywhere when there is no column.
    """
    return (states == VALUE).any(axis=1)


def asked(states: pd.DataFrame) -> pd.Series:
    """Tell which respondents were asked at least one of these columns; same shape as `answered`."""
    return (states != NOT_ASKED).any(axis=1)
