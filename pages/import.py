"""Import: a file of answers becomes an edition that visitors see, step by step; for the team alone."""

import streamlit as st

from lib.ui import access, menu, signin
from lib.ui.importing import (
    columns,
    home,
    opened,
    preview,
    publication,
    report,
    steps,
    territories,
    upload,
    words,
)

st.title("Importer une édition", anchor=False)
if not access.is_staff():
    signin.closed("on y importe, corrige et publie les réponses à l’enquête")
    menu.end_page()

words.news()
publication.link()
draft = opened.asked()
if draft is None:
    if steps.asked_new():
        upload.draw()
    else:
        home.draw()
    menu.end_page()

step = steps.progress()
words.of_draft(draft)
if step == "colonnes":
    columns.draw(draft)
elif step == "territoires":
    territories.draw(draft)
elif step == "qualite":
    report.draw(draft)
elif step == "apercu":
    preview.draw(draft)
else:
    publication.draw(draft)
