"""The names under which a list of options or rows is met in files: labels, codes, and codes of other tools.

It says which option a text is; what an answer means belongs to `validation`.
"""

from collections.abc import Iterable
from functools import lru_cache

from lib.survey.normalisation import normalise, squeeze
from lib.survey.questionnaire import OTHER, Option

# How tools write the answer « Autre », and yes or no, in the language or the code of their own.
_SAME = {
    OTHER: ("-oth-", "other", "autre"),
    "oui": ("y", "yes", "o"),
    "non": ("n", "no"),
}


class Names:
    """The options that texts name: `names.code("Élu·e")` is « elu ».

    A label comes before a code, a code before the code of another tool; letters and digits alone are compared
    last, and only where that leaves one option.
    """

    def __init__(self, options: tuple[Option, ...]) -> None:
        exact: dict[str, str] = {}
        for names in (
            [(option.label, option.code) for option in options],
            [(option.code, option.code) for option in options],
            [(alias, option.code) for option in options for alias in option.aliases],
        ):
            _add(exact, ((normalise(name), code) for name, code in names))
        loose: dict[str, str] = {}
        _add(loose, ((squeeze(name), code) for option in options for name, code in _all(option)))
        for same, texts in _SAME.items():
            if same in exact:
                for text in texts:
                    exact.setdefault(text, exact[same])
        self.exact = exact
        self._loose = loose

    def code(self, text: str) -> str | None:
        """Return the code of the option that `text` names, None when it names none."""
        return self.exact.get(normalise(text)) or self._loose.get(squeeze(text))


@lru_cache(maxsize=512)
def names(options: tuple[Option, ...]) -> Names:
    """Return the names of a list of options, worked out once."""
    return Names(options)


def _all(option: Option) -> list[tuple[str, str]]:
    return [(name, option.code) for name in (option.label, option.code, *option.aliases)]


def _add(known: dict[str, str], named: Iterable[tuple[str, str]]) -> None:
    """Add names that are not known yet; one that two options share names neither."""
    added: dict[str, str | None] = {}
    for name, code in named:
        added[name] = code if added.get(name, code) == code else None
    for name, single in added.items():
        if single is not None and name:
            known.setdefault(name, single)
