"""Sequences of views shown in a workshop: the shipped one, in data/atelier.toml, and any other written the same way.

What is wrong in one is said in French, step by step; whether a figure exists is known to the pages alone, and saved
sequences belong to `lib.survey.store.sequences`.
"""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast, get_args
from urllib.parse import urlencode

from lib.survey import sequence_fields as fields
from lib.survey.sequence_fields import Fault, refuse
from lib.survey.settings import SettingsError, fault_place, read_settings
from lib.territory.region_folder import data_file

PATH = data_file("atelier.toml")

Guess = Literal["", "part", "choix"]
"""What the room guesses before a figure is shown: nothing, the share of a row, or which row comes first."""
GUESSES = get_args(Guess)[1:]
"""How a person asks for a guess."""

MOST_STEPS = 60
MOST_CHARACTERS = 300_000
"""Characters of a whole text: more than the longest sequence that is accepted."""

_FIELDS = ("id", "titre", "sous_titre", "etape")
_STEP_FIELDS = ("titre", "vue", "figure", "question", "devinette", "ligne", "texte", "notes")
_ID = re.compile(r"[a-z0-9-]{1,40}")
_FIGURE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]*")
_HEADER = re.compile(r"^[ \t]*\[\[[ \t]*etape[ \t]*\]\]", re.MULTILINE)


class SequenceError(SettingsError):
    """A sequence that cannot be shown: a French sentence for each fault, a line each, which says where it is."""

    @property
    def faults(self) -> tuple[str, ...]:
        """The sentences."""
        return tuple(str(self).splitlines())


@dataclass(frozen=True)
class Step:
    """One screen.

    Attributes
    ----------
    title : what the room reads first.
    page : address of a page of the dashboard (« strategies »), empty for the first one.
    query : parameters of the page's address, as pairs; a name may come back.
    figure : name of a figure of that page; empty for a screen of `lines`.
    question, notes : to the room, and for the presenter alone.
    guess : one of `GUESSES`, or empty.
    guess_row : label of the row whose share is guessed; empty for the first one.
    lines : text of a screen without a figure.
    """

    title: str
    page: str = ""
    query: tuple[tuple[str, str], ...] = ()
    figure: str = ""
    question: str = ""
    notes: str = ""
    guess: Guess = ""
    guess_row: str = ""
    lines: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """« /strategies?groupe=taille »: what follows the address of the dashboard."""
        query = urlencode(self.query, safe=":/")
        return f"/{self.page}{f'?{query}' if query else ''}"


@dataclass(frozen=True)
class Sequence:
    """Steps in their order, under a title."""

    id: str
    title: str
    steps: tuple[Step, ...]
    subtitle: str = ""


def load_sequence(pages: Collection[str] | None = None, path: Path = PATH) -> Sequence:
    """Return the shipped sequence, read once.

    Parameters
    ----------
    pages
        Addresses of the pages that a step may name; None for any.

    Raises
    ------
    SequenceError
        When the file is missing, is not TOML, or does not describe a sequence.
    """
    return _loaded(None if pages is None else frozenset(pages), path)


@cache
def _loaded(pages: frozenset[str] | None, path: Path) -> Sequence:
    content = read_settings(path, SequenceError)
    return _Reader(pages, _headers(path.read_text(encoding="utf-8")), f"data/{path.name}, ").sequence(content)


def parse(text: str | bytes, pages: Collection[str] | None = None) -> Sequence:
    """Return the sequence that a text or a file describes, written as data/atelier.toml is; `pages` as above.

    Raises
    ------
    SequenceError
        With every fault that was found, one for each step.
    """
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise SequenceError("Le fichier n’est pas un texte en UTF-8\u202f: enregistrez-le ainsi.") from error
    text = text.removeprefix("\ufeff")
    if len(text) > MOST_CHARACTERS:
        raise SequenceError("Le fichier est trop long pour une séquence\u202f: vérifiez que c’est le bon.")
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SequenceError(
            f"L’écriture est fautive {fault_place(error)}\u202f: un guillemet, un crochet ou un signe «\u202f=\u202f» "
            "y manque ou y est de trop, ou un nom y est donné deux fois."
        ) from error
    except (ValueError, RecursionError) as error:
        raise SequenceError("Le fichier n’est pas une séquence écrite en TOML\u202f: prenez-en une autre.") from error
    return _Reader(pages, _headers(text)).sequence(content)


def sequence_from(content: Mapping[str, Any], pages: Collection[str] | None = None) -> Sequence:
    """Return the sequence of entries named as in the TOML; SequenceError, with each fault, where they make none."""
    return _Reader(pages).sequence(content)


def written(sequence: Sequence) -> str:
    """Return a sequence as TOML, from which `parse` reads the same."""
    head = {"id": sequence.id, "titre": sequence.title, "sous_titre": sequence.subtitle}
    blocks = [[f"{name} = {_quoted(value)}" for name, value in head.items() if value]]
    for step in sequence.steps:
        entries = entry(step)
        texts = [f"{name} = {_quoted(value)}" for name, value in entries.items() if isinstance(value, str)]
        lines = [f"    {_quoted(line)}," for line in step.lines]
        blocks.append(["[[etape]]", *texts, *(["texte = [", *lines, "]"] if lines else [])])
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def entry(step: Step) -> dict[str, str | list[str]]:
    """Return a step by the names of its TOML, without what it leaves empty."""
    seen = step.figure or step.page or step.query
    entries: dict[str, str | list[str]] = {
        "titre": step.title, "vue": step.address if seen else "", "figure": step.figure, "question": step.question,
        "devinette": step.guess, "ligne": step.guess_row, "texte": list(step.lines), "notes": step.notes,
    }  # fmt: skip
    return {name: value for name, value in entries.items() if value}


def identifier(title: str) -> str:
    """Return the id made of a title: « atelier-de-la-creuse »; empty where it has neither letter nor digit."""
    plain = unicodedata.normalize("NFKD", title.casefold().replace("œ", "oe").replace("æ", "ae"))
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")[:40].strip("-")


def _quoted(text: str) -> str:
    """Return a basic string of TOML, which is one of JSON but for one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _headers(text: str) -> tuple[int, ...]:
    """Return the number of the line on which each step seems to begin."""
    return tuple(text.count("\n", 0, found.start()) + 1 for found in _HEADER.finditer(text))


@dataclass(frozen=True)
class _Reader:
    """Reading of one content; `name` begins every sentence, `headers` are the lines of the steps where known."""

    pages: Collection[str] | None = None
    headers: tuple[int, ...] = ()
    name: str = ""

    def sequence(self, content: Mapping[str, Any]) -> Sequence:
        faults: list[str] = []
        entries = content.get("etape")
        entries = entries if isinstance(entries, list) else []
        head = steps = None
        try:
            head = self.head(content, len(entries))
        except Fault as fault:
            faults.append(str(fault))
        try:
            steps = self.steps(entries[:MOST_STEPS])
        except Fault as fault:
            faults += str(fault).splitlines()
        if head is None or steps is None:
            told = [re.sub("« | »", lambda sign: sign[0].replace(" ", "\u202f"), fault) for fault in faults]
            begun = [self.name + fault if self.name else fault[:1].upper() + fault[1:] for fault in told]
            raise SequenceError("\n".join(f"{fault}." for fault in begun))
        id, title, subtitle = head
        return Sequence(id, title, steps, subtitle)

    def head(self, content: Mapping[str, Any], count: int) -> tuple[str, str, str]:
        try:
            fields.known(content, _FIELDS)
            title, subtitle = fields.text(content, "titre", needed=True), fields.text(content, "sous_titre")
            id = content.get("id") or identifier(title)
            if not isinstance(id, str) or not _ID.fullmatch(id):
                refuse("« id » s’écrit en minuscules sans accents, chiffres et tirets, 40 au plus")
            if not count:
                refuse("il manque les étapes, chacune sous [[etape]]")
            if count > MOST_STEPS:
                refuse(f"il y a {count} étapes, {MOST_STEPS} au plus\u202f: faites-en deux séquences")
        except Fault as fault:
            raise Fault(f"en tête\u202f: {fault}") from None
        return id, title, subtitle

    def steps(self, entries: list[Any]) -> tuple[Step, ...]:
        steps, faults = [], []
        for rank, given in enumerate(entries, start=1):
            try:
                steps.append(self.step(given))
            except Fault as fault:
                faults.append(f"{self.place(rank, given, len(entries))}\u202f: {fault}")
        if faults:
            raise Fault("\n".join(faults))
        return tuple(steps)

    def place(self, rank: int, given: Any, count: int) -> str:
        title = given.get("titre") if isinstance(given, dict) else None
        # On one line, and short: it may be what is wrong.
        named = fields.BREAKS.sub(" ", title).strip(" ")[:60] if isinstance(title, str) else ""
        where = [f"« {named} »"] if named else []
        if len(self.headers) == count:
            where.append(f"ligne {self.headers[rank - 1]}")
        return f"étape {rank} ({', '.join(where)})" if where else f"étape {rank}"

    def step(self, given: Any) -> Step:
        if not isinstance(given, dict):
            refuse("écrivez-la sous [[etape]], un champ par ligne")
        fields.known(given, _STEP_FIELDS)
        title, figure = fields.text(given, "titre", needed=True), fields.text(given, "figure")
        address = fields.text(given, "vue")
        page, query = fields.view(address, self.pages) if address else ("", ())
        if figure and not address:
            refuse("donnez aussi « vue », l’adresse de la page où se trouve cette figure")
        if figure and not _FIGURE.fullmatch(figure):
            refuse(f"« figure » est un nom tel que « strategies-carte », et non « {figure} »")
        guess, row, lines = fields.text(given, "devinette"), fields.text(given, "ligne"), fields.lines(given)
        if guess and guess not in GUESSES:
            refuse(f"« devinette » est « {GUESSES[0]} » ou « {GUESSES[1]} », et non « {guess} »")
        if guess and not figure:
            refuse("une devinette porte sur une figure\u202f: donnez « figure », ou retirez « devinette »")
        if row and guess != GUESSES[0]:
            refuse(f"« ligne » dit quelle part deviner\u202f: donnez « {GUESSES[0]} » à « devinette », ou retirez-la")
        if figure and lines:
            refuse("une étape montre une figure ou un texte\u202f: retirez « figure » ou « texte »")
        question, notes = fields.text(given, "question"), fields.text(given, "notes")
        return Step(title, page, query, figure, question, notes, cast(Guess, guess), row, lines)
