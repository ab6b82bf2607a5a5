"""Which drafted question names the territory, its type or its code, tells the respondent's role, asks for consent.

These are guesses from wordings and options, for a person to confirm; what a questionnaire must have is checked by
`codebook`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

import pandas as pd

from lib.survey.normalisation import normalise
from lib.survey.questionnaire import OTHER, Option, Parts, Question
from lib.survey.reading.kinds import Drafted
from lib.survey.reading.marks import is_other, only_marks
from lib.survey.reading.naming import unique_names
from lib.survey.reading.profiles import Profile, words
from lib.territory.deciding import OFFICIAL
from lib.territory.matching import match

# Types of structures that the matching of territories knows, by what an option says.
_TYPES = {
    "pays": re.compile(r"\bpays\b|\bpetr\b|pole d equilibre"),
    "syndicat": re.compile(r"\bsyndicats?\b"),
    "epci": re.compile(r"\bepcis?\b|\bcommunautes?\b|intercommunalite|\bmetropole\b|agglomeration|^(cc|ca|cu)\b"),
    "departement": re.compile(r"\bdepartement(al)?s?\b"),
    "commune": re.compile(r"^((une|la|petite|grande) )?(commune|mairie|ville|municipalite)s?\b"),
}

_PLACE = (
    r"(structure|collectivite|commune|territoire|organisme|organisation|etablissement|epci|mairie|intercommunalite"
    r"|institution)(s|es| ou \w+)?"
)
_WORDINGS = {
    "territory_code": (r"\b(insee|siren|siret)\b", r"\bcode (postal|commune|officiel|geographique)\b"),
    "territory_members": (
        r"\b(epci|intercommunalites?|communautes?|collectivites|communes)\b.*\b(couvert|membre|adherent)\w*",
    ),
    "territory_name": (
        rf"\b(nom|denomination|intitule|raison sociale)\b.*\b{_PLACE}\b.*",
        rf"(votre |la |le |l )?{_PLACE}",
        rf"quel(le)? est (votre |la |le |l ){_PLACE}\b.*",
        rf"(de|dans|sur|pour) quel(le)? {_PLACE}\b.*",
    ),
    "role": (
        r"(vous etes|etes vous)\b.*",
        r"(quel(le)? est )?(votre|la|le) (fonction|role|qualite|poste|profil|statut)\b.*",
        r"(fonction|role|poste)( du repondant)?",
        r".*\ben tant que\b.*",
    ),
    "consent": (
        r"\b(accept|autoris|accord|consent|souhait)\w*\b.*\b(publi|diffus|nominati|cite|mention|communiqu)\w*.*",
        r"\b(publi|diffus)\w*\b.*\b(accept|autoris|accord|consent)\w*.*",
        r"^(publier|publication|diffuser|diffusion)\b",
    ),
}
_PATTERNS = {part: [re.compile(one) for one in patterns] for part, patterns in _WORDINGS.items()}
_FIRST_WORDS = 12
"""A territory is asked for in few words: a longer question that speaks of a commune asks about something else."""
_AGREED = re.compile(r"(oui|yes|y|1|vrai|true|j accepte|j autorise|d accord|accepte)\b.*")

_TEXTS = ("territory_code", "territory_members", "territory_name")


_CODE = re.compile(r"\d{5}|2[AB]\d{3}|\d{3} ?\d{3} ?\d{3}", re.IGNORECASE)
_CODED_SHARE = 0.8
_NAMED_SHARE = 0.5
_FEWEST = 3
_TRIED, _MOST_TRIED = 12, 60
_LONGEST_NAME = 80


def guess_parts(questions: Iterable[Drafted], profiles: Sequence[Profile]) -> tuple[Parts, list[Drafted]]:
    """Return the parts that can be guessed ("" for the others), and the questions made what their parts need.

    The question of the type takes as codes the types that the matching knows, and the name of a territory is a
    text even where a few names come back often.
    """
    left = list(questions)
    kept = {one.question.id: one for one in left}
    found: dict[str, str] = {}

    def take(part: str, one: Drafted | None) -> None:
        if one is not None:
            found[part] = one.question.id
            left.remove(one)
            kept[one.question.id] = _adapted(one, part)

    take("territory_type", _type_question(left))
    for part in _TEXTS:
        plain = [
            one for one in left if one.question.kind in ("text", "single", "scale") and not _yes_or_no(one.question)
        ]
        take(part, _worded(part, plain) or _CELLS.get(part, _nothing)(plain, profiles))
    take("role", _worded("role", [one for one in left if one.question.kind == "single"]))
    consents = [one for one in left if one.question.kind == "single" and _agreed(one.question)]
    take("consent", _worded("consent", consents))
    if "consent" in found:
        found["consent_yes"] = _agreed(kept[found["consent"]].question)
    texts = tuple(one.question.id for one in left if one.question.kind == "text")
    parts = Parts(
        **{name: found.get(name, "") for name in Parts.__dataclass_fields__ if name != "free_text"}, free_text=texts
    )
    return parts, list(kept.values())


def _type_question(questions: list[Drafted]) -> Drafted | None:
    """Return the choice of one whose options name most types of structures, two at least."""
    best, most = None, 1
    for one in questions:
        labels = [option.label for option in one.question.options if option.code != OTHER]
        types = [type for type in map(type_of, labels) if type]
        # A few names of territories may hold the words of types too.
        if one.question.kind == "single" and len(set(types)) > most and 2 * len(types) >= len(labels):
            best, most = one, len(set(types))
    return best


def type_of(label: str) -> str:
    """Return the type of structure that a label names (« Communauté de communes » is an `epci`), "" when none."""
    plain = words(label)
    return next((type for type, pattern in _TYPES.items() if pattern.search(plain)), "")


def _yes_or_no(question: Question) -> bool:
    """Tell whether a question is answered by yes or no, as no territory is named."""
    return bool(question.options) and only_marks(option.label for option in question.options)


def _worded(part: str, questions: list[Drafted]) -> Drafted | None:
    for pattern in _PATTERNS[part]:
        for one in questions:
            plain = words(one.question.text)
            short = part in ("consent", "territory_members") or plain.count(" ") < _FIRST_WORDS
            if short and (pattern.search(plain) if part in ("consent", *_TEXTS[:2]) else pattern.match(plain)):
                return one
    return None


def _nothing(_questions: Sequence[Drafted], _profiles: Sequence[Profile]) -> None:
    """Find no question by its cells."""


def _coded(questions: Sequence[Drafted], profiles: Sequence[Profile]) -> Drafted | None:
    """Return the question whose answers look like codes of territories."""
    for one in questions:
        texts = list(profiles[one.columns[0]].counts)
        if len(texts) >= _FEWEST and sum(bool(_CODE.fullmatch(text)) for text in texts) >= _CODED_SHARE * len(texts):
            return one
    return None


def _naming(questions: Sequence[Drafted], profiles: Sequence[Profile]) -> Drafted | None:
    """Return the question most of whose answers are names of territories, where no wording says which it is."""
    asked = [
        (rank, text, type)
        for rank, one in enumerate(questions[:_MOST_TRIED])
        for text in list(profiles[one.columns[0]].counts)[:_TRIED]
        if len(text) < _LONGEST_NAME and not text.strip().isdigit()
        for type in OFFICIAL
    ]
    if not asked:
        return None
    tried = pd.DataFrame(asked, columns=["rank", "nom", "type"]).assign(code="", membres="")
    tried["known"] = match(tried)["territory"].notna()
    by_text = tried.groupby(["rank", "nom"])["known"].any().groupby("rank").agg(["sum", "size", "mean"])
    likely = by_text[(by_text["size"] >= _FEWEST) & (by_text["mean"] >= _NAMED_SHARE)]
    if likely.empty:
        return None
    # A département is named too: the question with most names is the one that names the territory.
    distinct = [(profiles[questions[rank].columns[0]].distinct, -rank) for rank in likely.index]
    return questions[-max(distinct)[1]]


def _agreed(question: Question) -> str:
    return next((option.code for option in question.options if _AGREED.fullmatch(words(option.label))), "")


def _adapted(one: Drafted, part: str) -> Drafted:
    question = one.question
    if part in _TEXTS:
        text = replace(question, kind="text", options=(), required=part == "territory_name")
        return replace(one, question=text, remark="" if question.kind != "text" else one.remark)
    if part == "territory_type":
        options = _typed(question.options)
        return replace(one, question=replace(question, options=options, required=True, unit="respondents"))
    return one


def _typed(options: tuple[Option, ...]) -> tuple[Option, ...]:
    """Return the options under the codes of types; several options of one type become one, under all their names."""
    gathered: dict[str, list[Option]] = {}
    free_code = unique_names()
    for code in (*_TYPES, OTHER):
        free_code(code)
    for option in options:
        type = type_of(option.label) or (OTHER if is_other(normalise(option.label)) else "")
        gathered.setdefault(type or free_code(option.label), []).append(option)
    typed = []
    for code, same in gathered.items():
        first, *others = same
        aliases = (*first.aliases, *(option.label for option in others))
        typed.append(replace(first, code=code, aliases=aliases))
    return tuple(typed)


_CELLS = {"territory_code": _coded, "territory_name": _naming}
