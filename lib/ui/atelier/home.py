"""The page Atelier: the choice of a sequence, what it holds, how to present it and how to take it away.

The presentation itself is at its own address (`lib.ui.presenting`); sequences are written in `editing`.
"""

import streamlit as st

from lib.analysis.selection import Selection
from lib.display.formats import NARROW, counted, plain, quoted
from lib.display.player import document as player
from lib.display.player import qr
from lib.survey.edition import Edition
from lib.survey.sequences import GUESSES, Sequence
from lib.ui import access, blocks, filters, menu, origin, presenting, shows, takeaway
from lib.ui.atelier import editing, sequences

GUESS = {GUESSES[0]: "la salle devine la part", GUESSES[1]: "la salle devine ce qui arrive en tête"}


def chosen() -> Sequence:
    """Draw the choice of the sequence, when there are several; return it."""
    titles = sequences.titles()
    name = filters.choice(sequences.PARAMETER, "Séquence", titles) if len(titles) > 1 else next(iter(titles))
    found = sequences.known(name) or sequences.known(next(iter(titles)))
    assert found is not None, "the shipped sequence is always known"
    return found


def summary(edition: Edition, selection: Selection, sequence: Sequence) -> None:
    """Draw what the sequence is, and whose answers it will show."""
    figures = sum(bool(step.figure) for step in sequence.steps)
    screens = f"{counted(len(sequence.steps), 'écran')}, dont {counted(figures, 'figure')}"
    held = "Les filtres choisis ici valent pour tous les écrans, hors ceux qu’une étape fixe elle-même."
    blocks.answer(edition, selection, f"{quoted(sequence.title)}{NARROW}: {screens}. {held}")


def launch(edition: Edition, sequence: Sequence) -> None:
    """Draw the way to the presentation, and what can be taken away; neither of a draft."""
    if takeaway.kept_back(edition):
        return
    parameters = filters.link_parameters(edition)
    base = origin.base()
    st.link_button(
        "Présenter en plein écran", presenting.address(base, sequence.id, parameters), type="primary",
        icon=":material/slideshow:", help="S’ouvre dans un nouvel onglet. Touche F pour le plein écran.",
    )  # fmt: skip
    st.markdown(f"Ou emporter la séquence, pour une salle sans réseau{NARROW}:")
    both, _ = st.columns([5, 3], gap="small")
    with both:
        takeaway.presented(
            f"atelier-{sequence.id}", edition, lambda told: shows.of_sequence(sequence, parameters, base, told)
        )


def steps(edition: Edition, sequence: Sequence) -> None:
    """Draw the list of screens, with the way to the page that each is a view of."""
    carried = filters.link_parameters(edition)
    for place, step in enumerate(sequence.steps, 1):
        text, link = st.columns([4, 1], gap="small", vertical_alignment="center")
        with text:
            guess = f" · :gray[{GUESS[step.guess]}]" if step.guess else ""
            asked = f"  \n:gray[À la salle{NARROW}:] {plain(step.question)}" if step.question else ""
            st.markdown(f"**{place}. {plain(step.title)}**{guess}{asked}")
        if step.figure or step.page:
            with link:
                st.page_link(
                    menu.target(step.page or menu.FIRST), label="Voir la page",
                    query_params=shows.parameters_of(step, carried) or None,
                )  # fmt: skip


def instructions(sequence: Sequence) -> None:
    """Draw the keys, and what to do with the audience's phones and without a network."""
    keys, room = st.columns(2, gap="large")
    with keys:
        st.markdown(
            "\n".join(["| Touche | Effet |", "|---|---|", *(f"| {key} | {effect} |" for key, effect in player.KEYS)])
        )
    with room:
        short = shows.short_address(origin.base(), sequence.id, 1)
        if short:
            st.markdown(
                "Chaque écran donne à la salle une adresse courte et un code QR vers la même vue, à explorer sur son "
                "téléphone. Le premier\u202f:"
            )
            st.image(qr.svg(short), width=132)
            st.text(short)
        else:
            st.markdown(
                f"Aucune adresse n’est donnée à la salle{NARROW}: ce tableau de bord n’est joignable que de cette "
                f"machine. Pour en donner une, renseignez l’adresse publique ({origin.PUBLIC_ADDRESS})."
            )
        st.markdown(
            f"**Sans réseau.** Une fois ouverte, la présentation n’a plus besoin de connexion{NARROW}: elle est reçue "
            "en entier en quelques secondes. Le document HTML fait de même depuis une clé USB, d’un double-clic."
        )


def preparation(sequence: Sequence) -> None:
    """Draw the editor of sequences, for the team alone."""
    if access.is_staff():
        with st.expander("Préparer une séquence (équipe)"):
            editing.edit(sequence)
