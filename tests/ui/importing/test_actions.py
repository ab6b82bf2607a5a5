"""Nothing of the import page is written, or read, for a visitor who is not of the team."""

import ast
import inspect
import os
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib.ui.importing import actions

PUBLIC = [name for name, one in vars(actions).items() if inspect.isfunction(one) and one.__module__ == actions.__name__]
WRITING = [name for name in PUBLIC if not name.startswith("_")]
SOURCE = ast.parse(Path(actions.__file__).read_text(encoding="utf-8"))


def first_statement(function):
    """Return the first statement of a function after its docstring, as source."""
    body = [one for one in function.body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))]
    return ast.unparse(body[0])


def test_each_function_that_writes_asks_first_who_asks():
    functions = {one.name: one for one in SOURCE.body if isinstance(one, ast.FunctionDef)}
    assert set(WRITING) <= set(functions)
    assert {name: first_statement(one) for name, one in functions.items()} == dict.fromkeys(
        functions, "access.require_staff()"
    )


def refused(call):
    """Run one line of Python as a visitor, and return the name of the error it ends with."""

    def script(call):
        import pandas as pd
        import streamlit as st

        from lib.ui.importing import actions, opened

        known = {"actions": actions, "opened": opened, "pd": pd}
        try:
            eval(call, known)
        except Exception as error:
            st.session_state["error"] = type(error).__name__

    return AppTest.from_function(script, args=(call,)).run().session_state["error"]


@pytest.mark.parametrize(
    "call",
    [
        "actions.start(b'a', None, None, False, print)",
        "actions.delete_draft(1)",
        "actions.choose_targets(None, {})",
        "actions.choose_options(None, {})",
        "actions.save_codebook(None, '')",
        "actions.remember(pd.DataFrame(), 2026)",
        "actions.forget('commune', 'x')",
        "actions.finish_and_publish(None, None, print)",
        "actions.publish(1, None)",
        "actions.roll_back('x', None)",
        "actions.withdraw('x', None)",
        "actions.delete_respondent('x', 'y')",
        "opened.store()",
        "opened.aliases()",
        "opened.read(None)",
        "opened.report(None)",
    ],
)
def test_a_visitor_is_refused(call, monkeypatch, tmp_path):
    monkeypatch.setenv("NUMERIQUE_DEPOT", str(tmp_path / "depot"))
    assert refused(call) == "PermissionError"
    assert not os.path.exists(tmp_path / "depot")


def test_every_function_that_writes_is_tried():
    tried = {
        *("start", "delete_draft", "choose_targets", "choose_options", "save_codebook", "remember", "forget"),
        *("finish_and_publish", "publish", "roll_back", "withdraw", "delete_respondent"),
    }
    assert set(WRITING) == tried
