"""The screen on which a room guesses, as HTML: the question, then buttons to choose from or a dial for a share.

What is asked, and what is answered, is made by `lib.display.guessing`; what a guess does is in `assets/player.js`.
"""

import re
from html import escape

from lib.display.formats import JOINER, NARROW
from lib.display.guessing import Question
from lib.display.maps import script_json

DIGITS = "1234567890"
_INVERTED = re.compile(r"-(?=(?:t-)?(?:je|tu|ils?|elles?|on|nous|vous|ce|ci|là)\b|t-)")
_TICKS = "".join(f"<span>{tick}{NARROW}%</span>" for tick in (0, 25, 50, 75, 100))
_SCALE = (
    '<div class="dial"><output>?</output><input type="range" min="0" max="100" step="1" value="50" '
    f'aria-label="Réponse de la salle, en pourcentage"><p class="ticks" aria-hidden="true">{_TICKS}</p></div>'
)


def html(asked: Question) -> str:
    """Return what the screen shows before the figure."""
    return (
        f'<div class="ask" data-kind="{asked.kind}"><p class="kicker">Devinez d’abord</p>'
        f'<p class="asked">{heading(asked.question)}</p>{_choices(asked.choices) if asked.choices else _SCALE}'
        '<p class="go"><button type="button" data-do="next">Voir les réponses</button></p>'
        f'<script type="application/json">{script_json(asked.told)}</script></div>'
    )


def heading(text: str) -> str:
    """Return a title or a question as HTML; « ont-ils » is not cut after its hyphen."""
    return _INVERTED.sub(f"-{JOINER}", escape(text))


def _choices(labels: tuple[str, ...]) -> str:
    items = "".join(
        f'<li><button type="button" data-choice="{place}" aria-pressed="false">'
        f"<kbd>{DIGITS[place : place + 1]}</kbd><span>{escape(label)}</span></button></li>"
        for place, label in enumerate(labels)
    )
    return f'<ol class="choices">{items}</ol>'
