"""The command line of the editions, `python -m lib.survey`: its words, its errors, what it prints.

Each command is carried out by `files` (a file is looked at), `editions` (the store is changed) or `respondents`.
"""

import argparse
import getpass
import re
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from lib.survey.codebook import CodebookError
from lib.survey.command import editions, files, respondents
from lib.survey.command.declared import TYPES
from lib.survey.reading.table import SurveyFileError
from lib.survey.store.opening import StoreError

DONE, REFUSED, MISUSED = 0, 1, 2
"""Exit status: done; refused, with a French sentence on the error output; command badly written."""

_FRENCH = (
    (r"the following arguments are required: (.*)", r"il manque\u202f: \1"),
    (r"unrecognized arguments: (.*)", r"arguments inconnus\u202f: \1"),
    (r"argument (.*?): expected one argument", r"\1 attend une valeur"),
    (r"argument (.*?): invalid choice: (.*?) \(choose from (.*)\)", r"\1\u202f: \2 ne convient pas (choix\u202f: \3)"),
    (r"argument (.*?): invalid .* value: (.*)", r"\1\u202f: la valeur \2 ne convient pas"),
    (r"argument (.*?): (.*)", r"\1\u202f: \2"),
    (r"ambiguous option: (.*) could match (.*)", r"option ambiguë\u202f: \1 (\2)"),
)


class _Formatter(argparse.RawDescriptionHelpFormatter):
    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "utilisation\u202f: " if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    """A parser whose own words are French."""

    def __init__(self, **told: Any) -> None:
        super().__init__(add_help=False, allow_abbrev=False, formatter_class=_Formatter, **told)
        self._positionals.title = "arguments"
        self._optionals.title = "options"
        self.add_argument("-h", "--help", "--aide", action="help", help="affiche cette aide")

    def error(self, message: str) -> NoReturn:
        said = message
        for english, french in _FRENCH:
            if re.fullmatch(english, message):
                said = re.sub(english, french.replace(r"\u202f", "\u202f"), message)
                break
        self.print_usage(sys.stderr)
        self.exit(MISUSED, f"{self.prog}\u202f: {said}.\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out one command and return the exit status: `DONE`, `REFUSED` or `MISUSED`.

    What was asked for goes to the output, JSON when `--json` says so; sentences go to the error output. No
    traceback is ever shown.
    """
    for stream in (sys.stdout, sys.stderr):
        # Names hold accents and narrow spaces, whatever the terminal thinks it can write.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    parser = _parser()
    try:
        arguments = parser.parse_args(argv)
    except SystemExit as stop:
        return DONE if not stop.code else MISUSED
    try:
        arguments.run(arguments)
    except (SurveyFileError, CodebookError, StoreError) as refusal:
        return _refused(str(refusal))
    except BrokenPipeError:
        # Who reads has read enough.
        sys.stderr.close()
        return DONE
    except OSError as error:
        name = Path(error.filename).name if isinstance(error.filename, str) else "le fichier"
        return _refused(f"«\u202f{name}\u202f» ne peut pas être lu ou écrit\u202f: vérifiez le chemin et les droits.")
    except KeyboardInterrupt:
        return _refused("Interrompu\u202f: rien n’a été publié.")
    except Exception as error:
        # The class says where to look; a message might quote the file.
        return _refused(f"Erreur imprévue ({error.__class__.__name__})\u202f: signalez-la avec la commande employée.")
    return DONE


def _refused(sentence: str) -> int:
    # A sentence may quote the heading of a file.
    files.say(sentence, aside=True)
    return REFUSED


def _parser() -> _Parser:
    parser = _Parser(
        prog="python -m lib.survey",
        description="Examiner un fichier d’enquête, l’importer, publier une édition, revenir en arrière.",
        epilog="Statut de sortie\u202f: 0 fait, 1 refusé (une phrase dit pourquoi), 2 commande mal écrite.",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMANDE", required=True, title="commandes")

    def command(name: str, run: Callable[[argparse.Namespace], None], help: str) -> _Parser:
        added: _Parser = commands.add_parser(name, help=help, description=help)
        added.set_defaults(run=run)
        return added

    _add_file_commands(command)
    _add_edition_commands(command)
    return parser


Command = Callable[[str, Callable[[argparse.Namespace], None], str], _Parser]


def _add_file_commands(command: Command) -> None:
    inspect = command("inspect", files.inspect_file, "décrit un fichier\u202f: outil, questions, contacts, inconnus")
    _add_file(inspect)
    _add_json(inspect)
    match = command("match", files.match_file, "reconnaît les territoires que nomme un fichier")
    _add_file(match)
    _add_json(match)
    match.add_argument("--type", choices=TYPES, default="", help="type de toutes les structures, si le fichier le tait")
    match.add_argument("--millesime", type=int, metavar="ANNÉE", help="année des territoires (par défaut la dernière)")
    match.add_argument("--csv", type=Path, metavar="FICHIER", help="écrit aussi le rapport dans ce fichier CSV")
    codebook = command("codebook", files.print_codebook, "ébauche en TOML le questionnaire d’un fichier")
    codebook.add_argument("file", type=Path, metavar="FICHIER", help="export de l’outil d’enquête (CSV ou XLSX)")
    command("schema", files.print_schema, "donne le schéma JSON d’un questionnaire")


def _add_file(parser: _Parser) -> None:
    parser.add_argument("file", type=Path, metavar="FICHIER", help="export de l’outil d’enquête (CSV ou XLSX)")
    parser.add_argument(
        "--codebook", type=Path, metavar="TOML", help="questionnaire posé (par défaut celui de l’application)"
    )


def _add_json(parser: _Parser) -> None:
    parser.add_argument("--json", action="store_true", help="donne le résultat en JSON")


def _add_edition_commands(command: Command) -> None:
    add = command("import", editions.import_file, "importe un fichier comme nouvelle révision d’une édition")
    _add_file(add)
    add.add_argument("--id", required=True, help="identifiant de l’édition, par exemple enquete-2026")
    add.add_argument("--title", required=True, metavar="TITRE", help="titre de l’édition")
    add.add_argument("--collected", required=True, metavar="PÉRIODE", help="période de collecte, en toutes lettres")
    add.add_argument("--started", required=True, type=date.fromisoformat, metavar="AAAA-MM-JJ", help="premier jour")
    add.add_argument("--millesime", type=int, metavar="ANNÉE", help="année des territoires (par défaut la dernière)")
    add.add_argument("--simulated", action="store_true", help="dit que les réponses sont inventées")
    add.add_argument(
        "--contacts", choices=("drop", "keep"), default="drop",
        help="supprime les colonnes de contact (drop, par défaut) ou les garde à part, pour un temps (keep)",
    )  # fmt: skip
    add.add_argument("--publish", action="store_true", help="publie la révision aussitôt")
    _add_who(add)
    _add_json(add)

    publish = command("publish", editions.publish_edition, "publie une révision d’une édition")
    publish.add_argument("--revision", type=int, metavar="N", help="numéro de la révision (par défaut la dernière)")
    back = command("rollback", editions.rollback_edition, "revient à la révision publiée auparavant")
    withdraw = command("withdraw", editions.withdraw_edition, "retire une édition\u202f: plus personne ne la voit")
    delete = command(
        "delete-respondent", respondents.delete_respondent_of, "supprime un répondant d’une édition, à sa demande"
    )
    for one in (publish, back, withdraw, delete):
        one.add_argument("edition", metavar="ÉDITION", help="identifiant de l’édition")
        _add_who(one)
    delete.add_argument("respondent", metavar="RÉPONDANT", help="son identifiant, que donne «\u202frespondents\u202f»")
    find = command("respondents", respondents.print_respondents, "cherche les répondants d’un territoire, par son nom")
    find.add_argument("edition", metavar="ÉDITION", help="identifiant de l’édition")
    find.add_argument(
        "asked", metavar="TERRITOIRE", help="partie de son nom, son code, ou l’identifiant d’un répondant"
    )
    _add_json(find)

    _add_json(command("list", editions.list_editions, "liste les éditions et leurs révisions"))
    backup = command("backup", editions.backup_store, "sauvegarde le dépôt des éditions, sans l’arrêter")
    backup.add_argument("folder", type=Path, metavar="DOSSIER", help="où écrire la sauvegarde, datée")
    restore = command("restore", editions.restore_store, "remet une sauvegarde à la place du dépôt")
    restore.add_argument("file", type=Path, metavar="FICHIER", help="sauvegarde faite par «\u202fbackup\u202f»")
    purge = command("purge", editions.purge_store, "supprime ce dont le délai de conservation est passé")
    purge.add_argument(
        "--backups", type=Path, metavar="DOSSIER", help="supprime aussi les sauvegardes échues de ce dossier"
    )
    _add_who(purge)
    command("migrate", editions.migrate_store, "crée le dépôt, ou le met à la version de l’application")


def _add_who(parser: _Parser) -> None:
    parser.add_argument(
        "--who", default=_user(), metavar="NOM", help="qui le fait (par défaut l’utilisateur du système)"
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "ligne de commande"
