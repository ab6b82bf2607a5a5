"""What is said of the columns of a file: those that are not read, and those that the questionnaire expects in vain.

Nothing is decided here; the columns were sorted by `mapping`.
"""

from lib.survey.issues import Findings
from lib.survey.normalisation import normalise
from lib.survey.questionnaire import OTHER, Codebook, Question
from lib.survey.reading.headings import split_heading
from lib.survey.reading.mapping import Mapping
from lib.survey.reading.questions import Questions
from lib.survey.reading.table import Table


def report_columns(table: Table, mapping: Mapping, codebook: Codebook, repeated: list[int], findings: Findings) -> None:
    """Report each column that is not read, and why."""
    questions = Questions(codebook)
    read = {
        normalise(heading)
        for heading, target in zip(table.headings, mapping.columns, strict=True)
        if target.role in ("answer", "joined", "metadata")
    }
    for position, (heading, target) in enumerate(zip(table.headings, mapping.columns, strict=True)):
        problem = ""
        if target.role == "contact":
            if any(table.column(position)):
                problem = "Colonne de contact, mise à part\u202f: son contenu n’est pas conservé."
        elif target.role == "comment":
            if any(table.column(position)):
                problem = "Commentaire d’une réponse\u202f: le questionnaire ne le garde pas, il n’a pas été lu."
        elif target.role == "ignored" and target.by == "person":
            problem = f"La colonne n° {position + 1} n’a pas été lue, à votre demande."
        elif position in repeated:
            problem = f"L’intitulé figure plusieurs fois\u202f: la colonne n° {position + 1} n’a pas été lue."
        elif target.role == "unknown":
            problem = _unknown(questions, heading, position, read)
        if problem:
            findings.add(table.header_line, heading, "", problem)


def _unknown(questions: Questions, heading: str, position: int, read: set[str]) -> str:
    if not normalise(heading):
        return f"La colonne n° {position + 1} n’a pas d’intitulé\u202f: elle n’a pas été lue."
    if normalise(heading) in read:
        return f"L’intitulé figure plusieurs fois\u202f: la colonne n° {position + 1} n’a pas été lue."
    stems = [parts[0] for parts in split_heading(heading)]
    if any(questions.by_wording(stem) or (len(stems) > 1 and questions.by_code(stem)) for stem in stems):
        return f"Cette option n’est pas dans le questionnaire\u202f: la colonne n° {position + 1} n’a pas été lue."
    return f"La colonne n° {position + 1} n’est pas dans le questionnaire\u202f: elle n’a pas été lue."


def report_missing(table: Table, codebook: Codebook, found: set[str], findings: Findings) -> None:
    """Report each question, and each column of a question, that the file does not have."""
    for question in codebook.questions:
        missing = [key for key in question.columns if key not in found]
        if len(missing) == len(question.columns):
            problem = "La question manque dans le fichier\u202f: elle est comptée comme non posée."
            findings.add(table.header_line, question.text, "", problem)
            continue
        for key in missing:
            # A lone « Autre » carries both the option and its text: neither is missing.
            if key in (question.other_column, f"{question.id}/{OTHER}") and question.other:
                continue
            label = _column_label(question, key)
            problem = f"La colonne «\u202f{label}\u202f» manque\u202f: elle est comptée comme non posée."
            findings.add(table.header_line, question.text, "", problem)


def _column_label(question: Question, key: str) -> str:
    labels = {**question.labels, **question.row_labels}
    return " – ".join(labels.get(part, part) for part in key.split("/")[1:])
