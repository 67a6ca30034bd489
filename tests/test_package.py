"""The package as a whole: its public surface, what it loads when, and its errors."""

import inspect
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import click
import pytest

import inkdigits
from inkdigits import errors
from inkdigits.interfaces.cli.main import COMMANDS

HEAVY = ("torch", "onnxruntime", "cv2", "PIL", "numpy", "rich", "matplotlib", "sklearn", "onnx")


def loaded_by(statement: str) -> set[str]:
    program = f"import sys; {statement}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split()) & set(HEAVY)


def test_every_public_name_is_there():
    for name in inkdigits.__all__:
        assert getattr(inkdigits, name) is not None
    assert set(inkdigits.__all__) <= set(dir(inkdigits))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = inkdigits.nothing


def test_importing_the_package_loads_nothing_heavy():
    assert loaded_by("import inkdigits") == set()


def test_help_loads_nothing_heavy():
    assert loaded_by("from inkdigits.interfaces.cli.main import group; group.get_help") == set()


def test_training_code_is_not_loaded_to_read_a_picture():
    loaded = loaded_by("from inkdigits.inference import Recognizer; import inkdigits.pictures")
    assert not loaded & {"torch", "matplotlib", "sklearn", "onnx", "rich"}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_json_and_described_options(name):
    command = import_module(f"inkdigits.interfaces.cli.{COMMANDS[name][1]}").command
    assert command.help
    options = [p for p in command.params if isinstance(p, click.Option)]
    assert "--json" in {opt for option in options for opt in option.opts}
    assert all(option.help for option in options)


def test_python_m_is_the_command():
    done = subprocess.run(
        [sys.executable, "-m", "inkdigits", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"inkdigits, version {inkdigits.__version__}\n"


def test_every_error_is_of_one_tree_and_knows_its_exit_code():
    for _, error in inspect.getmembers(errors, inspect.isclass):
        assert issubclass(error, errors.InkdigitsError)
        assert error.exit_code in (1, 2, 130)
        assert error.__doc__


def test_the_core_needs_no_training_library():
    project = tomllib.loads(Path("pyproject.toml").read_text())["project"]
    core = " ".join(project["dependencies"])
    assert not [name for name in ("torch", "scipy", "pandas", "scikit-learn") if name in core]


def test_the_tested_torch_is_pinned():
    assert "torch==2.13.0" in Path("constraints.txt").read_text().splitlines()
