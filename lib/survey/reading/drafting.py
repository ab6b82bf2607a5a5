"""A draft of the questionnaire that an export answers, to be completed by a person, in the app or as TOML.

Each question is drafted by `kinds`; the parts that questions play are guessed here, and said where they cannot be.
"""

from dataclasses import dataclass, replace

from lib.survey.codebook_writer import write_codebook
from lib.survey.normalisation import normalise
from lib.survey.questionnaire import Codebook, Parts
from lib.survey.reading.grouping import group_columns
from lib.survey.reading.kinds import Drafted, infer
from lib.survey.reading.naming import unique_names
from lib.survey.reading.profiles import Profile, profile
from lib.survey.reading.roles import guess_parts
from lib.survey.reading.table import Table
from lib.survey.reading.tools import Layout

TO_COMPLETE = "À COMPLÉTER"
"""What a comment of a draft begins with where the questionnaire cannot be used as it is."""

_NEW_ID = "nouveau-questionnaire"
_NEW_TITLE = "Nouveau questionnaire"

_REQUIRED = {
    "territory_type": "l’identifiant de la question à choix unique qui dit le type de structure (ses options ont pour "
    "codes commune, epci, departement, pays, syndicat, autre).",
    "territory_name": "l’identifiant de la question à réponse libre où le territoire est nommé.",
}
_OPTIONAL = {
    "territory_code": "question à réponse libre qui demande un code INSEE ou un numéro SIREN, s’il y en a une.",
    "role": "question à choix unique qui demande la fonction du répondant, s’il y en a une.",
    "consent": "question à choix unique qui demande l’accord de publication, s’il y en a une (avec consent_yes, "
    "l’option qui le donne)\u202f: sans elle, aucun territoire n’est nommé.",
}
_CHECK = (
    "Ébauche faite d’après un fichier d’export\u202f: vérifiez chaque question, son genre, ses options et leur ordre, "
    "puis donnez au questionnaire son identifiant et son titre."
)


@dataclass(frozen=True, eq=False)
class Draft:
    """A questionnaire drafted from a file.

    Attributes
    ----------
    codebook : may lack what `parse_codebook` requires.
    questions : each question with its columns; those of `codebook`, in its order.
    remarks : French comments, by question id or name of part, for `write_codebook`.
    without_heading : positions of the columns that no question can be made of.
    profiles : of all the columns of the file, by position.
    """

    codebook: Codebook
    questions: tuple[Drafted, ...]
    remarks: dict[str, str]
    without_heading: tuple[int, ...]
    profiles: tuple[Profile, ...]


def draft_codebook(table: Table, layout: Layout) -> str:
    """Return the TOML of a draft questionnaire, with comments that say what to check.

    Where the schema requires what the file does not tell (the type or the name of the territory), the comment
    begins with « À COMPLÉTER », and `parse_codebook` refuses the draft until it is filled in.
    """
    drafted = draft(table, layout)
    return write_codebook(drafted.codebook, drafted.remarks)


def draft(table: Table, layout: Layout) -> Draft:
    """Return the questionnaire that the headings and the cells suggest, with the columns of each question."""
    profiles = tuple(
        profile(cells, layout.joined, {way[-1] for way in ways if len(way) > 1})
        for cells, ways in zip(table.cells, layout.readings, strict=True)
    )
    groups, without_heading = group_columns(table, layout, profiles)
    free_id = unique_names()
    questions = [one for group in groups for one in infer(group, profiles, free_id)]
    parts, questions = guess_parts(_once_each(questions), profiles)
    remarks = {one.question.id: one.remark for one in questions if one.remark} | _remarks_on_parts(parts)
    codebook = Codebook(_NEW_ID, _NEW_TITLE, parts, tuple(one.question for one in questions))
    return Draft(codebook, tuple(questions), remarks, without_heading, profiles)


def _once_each(questions: list[Drafted]) -> list[Drafted]:
    """Return the questions without those whose wording another one has: a column is recognised by its wording."""
    kept: dict[str, Drafted] = {}
    for one in questions:
        name = normalise(one.question.text)
        first = kept.get(name)
        kept[name] = replace(first, beside=(*first.beside, *one.columns, *one.beside)) if first else one
    return list(kept.values())


def _remarks_on_parts(parts: Parts) -> dict[str, str]:
    remarks = {"": _CHECK}
    for name, what in (_REQUIRED | _OPTIONAL).items():
        if not getattr(parts, name):
            remarks[name] = f"{TO_COMPLETE}\u202f: {what}" if name in _REQUIRED else f"Non trouvé\u202f: {what}"
    return remarks
