"""What a person decided of a mapping, carried to another questionnaire or out of it.

How columns are recognised without a person belongs to `mapping`.
"""

from dataclasses import replace

from lib.survey.questionnaire import Codebook
from lib.survey.reading.mapping import Mapping


def with_choices(mapping: Mapping, before: Mapping, codebook: Codebook) -> Mapping:
    """Return the mapping with what a person had decided, where the questionnaire still holds it."""
    known = {*codebook.columns, *(question.id for question in codebook.questions), ""}
    columns = tuple(
        old if old.by == "person" and (old.role in ("contact", "ignored", "metadata") or old.key in known) else new
        for old, new in zip(before.columns, mapping.columns, strict=True)
    )
    kept = {
        question: {text: code for text, code in chosen.items() if not code or code in codebook[question].labels}
        for question, chosen in before.options.items()
        if question in codebook
    }
    options = {
        question: {**mapping.options.get(question, {}), **kept.get(question, {})}
        for question in {**mapping.options, **kept}
    }
    return replace(mapping, columns=columns, options=options)


def without_questions(
    codebook: Codebook, mapping: Mapping, before: Mapping | None, contacts: list[int]
) -> tuple[Codebook, Mapping]:
    """Return a questionnaire and a mapping without the questions that only columns of contacts answered."""
    read = {target.key.partition("/")[0] for target in mapping.columns if target.role in ("answer", "joined")}
    were = {before.columns[place].key.partition("/")[0] for place in contacts} if before else set()
    gone = were - read - set(codebook.parts.ids)
    kept = tuple(question for question in codebook.questions if question.id not in gone)
    options = {question: chosen for question, chosen in mapping.options.items() if question not in gone}
    return replace(codebook, questions=kept), replace(mapping, options=options)
