"""The files of `deploy/` agree with the code and with each other, and systemd finds no fault with its units."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deployment.site import DEPLOY, ROOT

UNITS = sorted((DEPLOY / "systemd").iterdir())
EXPOSED = 20
"""How exposed a unit may be to systemd's eyes, out of 100: half of what is left is the network, which it needs."""
READ = re.compile(r"""["'](NUMERIQUE_[A-Z_]+|DATABASE_URL)["']""")
NAMED = re.compile(r"^#?((?:NUMERIQUE|STREAMLIT)_[A-Z_]+|DATABASE_URL)=", re.MULTILINE)


def sources() -> str:
    return "".join(path.read_text(encoding="utf-8") for path in [ROOT / "app.py", *ROOT.glob("lib/**/*.py")])


def ports_of(name: str, pattern: str) -> list[str]:
    return re.findall(pattern, (DEPLOY / name).read_text(encoding="utf-8"))


def test_example_of_the_environment_names_every_variable_and_no_other():
    named = set(NAMED.findall((DEPLOY / "environment.example").read_text(encoding="utf-8")))
    ours = {name for name in named if not name.startswith("STREAMLIT_")}
    assert ours == set(READ.findall(sources()))


def test_variables_of_streamlit_in_the_example_are_settings_that_it_has():
    from streamlit import config

    named = set(NAMED.findall((DEPLOY / "environment.example").read_text(encoding="utf-8")))
    known = {template.env_var for template in config._config_options_template.values()}
    assert {name for name in named if name.startswith("STREAMLIT_")} <= known


def test_replicas_are_the_same_everywhere():
    ports = ["8501", "8502", "8503"]
    assert ports_of("nginx.conf", r"server 127\.0\.0\.1:(\d+) max_fails") == ports
    assert ports_of("systemd/numerique.target", r"numerique@(\d+)\.service") == ports
    assert ports_of("compose.yaml", r"\n  replica-(\d+):\n") == ports
    assert ports_of("compose.yaml", r'PORT: "(\d+)", NUMERIQUE_REPLIQUE: "\1"'.replace(r"\1", r"\d+")) == ports
    assert ports_of("update", r"NUMERIQUE_PORTS:-([\d ]+)\}")[0].split() == ports


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """Give the units with the paths of this machine: systemd looks whether what they start is there."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed on this machine; on Debian: apt-get install systemd")
    shutil.copytree(DEPLOY / "systemd", tmp_path / "units")
    program = shutil.which("true")
    for unit in (tmp_path / "units").iterdir():
        text = unit.read_text(encoding="utf-8").replace("/opt/numerique/current/.venv/bin/python", str(program))
        unit.write_text(text.replace("/opt/numerique/current", str(ROOT)), encoding="utf-8")
    # A template is verified by one of its replicas.
    (tmp_path / "units" / "numerique@8501.service").symlink_to("numerique@.service")
    return tmp_path / "units"


def test_systemd_finds_no_fault_with_the_units(units: Path):
    names = [name for unit in units.iterdir() if "@." not in (name := unit.name)]
    assert len(names) == len(UNITS)
    command = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *sorted(names)]
    checked = subprocess.run(command, cwd=units, capture_output=True, text=True, env={"SYSTEMD_UNIT_PATH": f"{units}:"})
    said = [line for line in checked.stderr.splitlines() if "numerique" in line]
    assert said == []


@pytest.mark.parametrize("name", [unit.name for unit in UNITS if unit.suffix == ".service"])
def test_units_are_hardened(units: Path, name: str):
    command = [
        "systemd-analyze",
        "security",
        "--offline=true",
        "--no-pager",
        f"--threshold={EXPOSED}",
        str(units / name),
    ]
    checked = subprocess.run(command, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout[-400:] + checked.stderr


def test_update_is_a_script_without_fault():
    subprocess.run(["bash", "-n", str(DEPLOY / "update")], check=True)


def test_what_the_image_takes_is_there_and_is_not_ignored():
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    taken = [
        name for line in re.findall(r"^COPY (?!--from)(.*)$", text, re.MULTILINE) for name in shlex.split(line)[:-1]
    ]
    assert "requirements.txt" in taken
    assert [name for name in taken if not (ROOT / name).exists()] == []
    ignored = (DEPLOY / "Containerfile.dockerignore").read_text(encoding="utf-8").split()
    assert ignored[0] == "**"
    assert {f"!{name}" for name in taken} <= set(ignored)
    # All that the application reads is in it.
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    folders = {path.split("/")[0] for path in tracked if path}
    assert folders - set(taken) <= {
        ".ci", ".gitattributes", ".gitignore", "CONTRIBUTING.md", "DECISIONS.md", "deploy", "requirements-dev.txt",
        "tests", "uv.lock",
    }  # fmt: skip


def test_files_of_the_composition_are_named_in_git_or_are_secrets():
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    mounted = re.findall(r"- \./([\w.-]+):", text)
    given = {"tls"}
    assert [name for name in mounted if name not in given and not (DEPLOY / name).exists()] == []
    kept_out = (ROOT / ".gitignore").read_text(encoding="utf-8")
    for secret in ("environment", "secrets.toml", "database-password", "tls/"):
        assert f"/deploy/{secret}" in kept_out, secret
