"""What the privacy page says, as configured in data/privacy.toml, with the delays of data/retention.toml.

It checks that nothing a reader is owed is missing; how long data is really kept belongs to `lib.survey.store`.
"""

import re
import tomllib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from lib.survey.retention import Retention, load_retention
from lib.territory.region_folder import data_file

PATH = data_file("privacy.toml")

OWED = frozenset(
    {
        *("responsable", "delegue", "hebergeur", "finalites", "base-legale", "categories", "destinataires"),
        *("pseudonymes", "protection", "droits", "contact", "retrait", "cookies"),
    }
)
"""Identifiers of the items without which a reader is not informed."""

# A French number, with or without its country code; a day or an identifier has no such groups.
TELEPHONE = re.compile(r"(?<!\d)(?:\+33\s?|0)[1-9](?:[\s.\-\u202f\u00a0]?\d{2}){4}(?!\d)")
DELAY = re.compile(r"\{([^{}]*)\}")


class PrivacyError(ValueError):
    """What is wrong with the configuration of the privacy page, in a French sentence."""


@dataclass(frozen=True)
class Item:
    """One thing that a reader is told.

    Attributes
    ----------
    text : what is said, delays written out; empty when it is still to be written.
    pending : who must complete the text, or confirm it; empty when it is settled.
    link : a web or mail address; empty when there is none.
    page : address of a page of the dashboard that says more; empty when there is none.
    """

    id: str
    label: str
    text: str = ""
    pending: str = ""
    link: str = ""
    page: str = ""


@dataclass(frozen=True)
class Section:
    """A question that a reader asks, and what answers it."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Contact:
    """To whom a person writes; `link` is a web or mail address."""

    name: str
    address: str
    link: str


@dataclass(frozen=True)
class Privacy:
    """All that the privacy page says; `contact` is also whom to ask for access to the pages of the team."""

    title: str
    summary: str
    contact: Contact
    sections: tuple[Section, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """Return the items of all sections, in order."""
        return tuple(item for section in self.sections for item in section.items)

    @property
    def pending(self) -> tuple[Item, ...]:
        """Return the items that somebody must still complete or confirm."""
        return tuple(item for item in self.items if item.pending)


@cache
def load_privacy(path: Path = PATH, retention: Retention | None = None) -> Privacy:
    """Return what the privacy page says, read from `path`.

    Parameters
    ----------
    path
        A TOML file such as data/privacy.toml.
    retention
        The delays that texts may name; those of data/retention.toml by default.

    Raises
    ------
    PrivacyError
        When the file cannot be read, lacks what a reader is owed, says nothing and asks nobody to complete it, names
        an unknown delay or none of a configured one, holds a telephone number or a link of another kind.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        contact = Contact(**content["contact"])
        sections = [
            (section["title"], [Item(**item) for item in section["item"]]) for section in content.get("section", ())
        ]
        title, summary = content["title"], content["summary"]
    except tomllib.TOMLDecodeError as error:
        raise _fault(f"n’est pas un fichier TOML lisible ({error})") from error
    except KeyError as error:
        raise _fault(f"il manque le champ {error}") from error
    except TypeError as error:
        raise _fault(f"un champ manque ou est inconnu ({error})") from error
    delays = _delays(retention or load_retention())
    _check(content, [item for _, items in sections for item in items], contact, set(delays))
    return Privacy(
        title=title,
        summary=summary,
        contact=contact,
        sections=tuple(Section(title, tuple(_written(item, delays) for item in items)) for title, items in sections),
    )


def _check(content: dict[str, Any], items: list[Item], contact: Contact, delays: set[str]) -> None:
    known = [item.id for item in items]
    if missing := sorted(OWED - set(known)):
        raise _fault(f"il manque ce que tout lecteur doit savoir\u202f: {', '.join(missing)}")
    if double := sorted({name for name in known if known.count(name) > 1}):
        raise _fault(f"«\u202f{double[0]}\u202f» est dit deux fois")
    for item in items:
        if not item.text and not item.pending:
            raise _fault(
                f"«\u202f{item.id}\u202f» ne dit rien et personne n’est chargé de le compléter («\u202fpending\u202f»)"
            )
        if unknown := sorted(set(DELAY.findall(item.text)) - delays):
            raise _fault(f"«\u202f{item.id}\u202f» nomme une durée inconnue, {{{unknown[0]}}}")
    named = {name for item in items for name in DELAY.findall(item.text)}
    if unsaid := sorted(delays - named):
        raise _fault(f"aucun texte ne dit la durée {{{unsaid[0]}}}, configurée dans data/retention.toml")
    for link in (contact.link, *(item.link for item in items if item.link)):
        if not link.startswith(("https://", "mailto:")):
            raise _fault("un lien doit commencer par https:// ou mailto:")
    if any(TELEPHONE.search(text) for text in _texts(content)):
        raise _fault("aucun numéro de téléphone ne doit y figurer\u202f: donnez une adresse")


def _texts(content: Any) -> list[str]:
    if isinstance(content, dict):
        return [text for value in content.values() for text in _texts(value)]
    if isinstance(content, list):
        return [text for value in content for text in _texts(value)]
    return [content] if isinstance(content, str) else []


def _delays(retention: Retention) -> dict[str, str]:
    days = {delay.name: getattr(retention, delay.name) for delay in fields(retention)}
    return {name: f"{count} jour{'s' if count > 1 else ''}" for name, count in days.items()}


def _written(item: Item, delays: dict[str, str]) -> Item:
    text = DELAY.sub(lambda found: delays[found[1]], item.text)
    return Item(**{**vars(item), "text": text})


def _fault(what: str) -> PrivacyError:
    return PrivacyError(f"data/privacy.toml\u202f: {what}.")
