"""The JSON Schema of a questionnaire file, made from the dataclasses that hold a questionnaire.

It lets an editor complete and check the TOML; what ties fields to each other is checked by `codebook` alone.
"""

from dataclasses import MISSING, fields
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from lib.survey.questionnaire import KINDS, UNITS, Condition, Option, Parts, Question

_PLAIN = {str: "string", int: "integer", bool: "boolean"}
_CHOICES = {"kind": KINDS, "unit": UNITS}


def codebook_schema() -> dict[str, Any]:
    """Return the schema (draft 2020-12), ready for JSON."""
    options = {"type": "array", "items": {"$ref": "#/$defs/Option"}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Questionnaire",
        "type": "object",
        "required": ["id", "title", "parts", "questions"],
        "additionalProperties": False,
        "properties": {
            "id": {"type": "string", "minLength": 1},
            "title": {"type": "string", "minLength": 1},
            "parts": {"$ref": "#/$defs/Parts"},
            "lists": {"type": "object", "additionalProperties": options},
            "questions": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Question"}},
        },
        "$defs": {one.__name__: _object(one) for one in (Option, Condition, Question, Parts)},
    }


def _object(described: type[Any]) -> dict[str, Any]:
    hints = get_type_hints(described)
    return {
        "type": "object",
        "required": [field.name for field in fields(described) if field.default is MISSING],
        "additionalProperties": False,
        "properties": {name: _field(name, hint) for name, hint in hints.items()},
    }


def _field(name: str, hint: Any) -> dict[str, Any]:
    if name in _CHOICES:
        return {"enum": list(_CHOICES[name])}
    if hint in _PLAIN:
        return {"type": _PLAIN[hint]}
    if get_origin(hint) is tuple:
        items = {"type": "array", "items": _field("", get_args(hint)[0])}
        # Options may be named by one of the lists.
        return {"anyOf": [{"type": "string"}, items]} if get_args(hint)[0] is Option else items
    (known, *_) = [one for one in get_args(hint) or (hint,) if one is not NoneType]
    return {"$ref": f"#/$defs/{known.__name__}"}
