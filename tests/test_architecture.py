"""Imports point one way: what ARCHITECTURE.md says of the folders holds in the code."""

import ast
from pathlib import Path

import pytest

SOURCE = Path("src/inkdigits")
MAY_USE = {
    "data": set(),
    "networks": set(),
    "pictures": set(),
    "inference": {"data", "pictures"},
    "training": {"data", "networks", "inference"},
    "interfaces": {"data", "networks", "pictures", "inference", "training"},
}
WITHOUT_TORCH = [*SOURCE.glob("inference/*.py"), *SOURCE.glob("pictures/*.py")]


def imported(path: Path) -> set[str]:
    """The modules that a file imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


@pytest.mark.parametrize("folder", MAY_USE)
def test_a_folder_uses_only_what_stands_before_it(folder):
    for path in SOURCE.glob(f"{folder}/**/*.py"):
        used = {name.split(".")[1] for name in imported(path) if name.startswith("inkdigits.")}
        assert used & set(MAY_USE) <= MAY_USE[folder] | {folder}, path


def test_reading_needs_no_torch():
    assert len(WITHOUT_TORCH) > 8
    for path in WITHOUT_TORCH:
        roots = {name.split(".")[0] for name in imported(path)}
        assert not roots & {"torch", "scipy", "pandas", "sklearn", "matplotlib", "onnx"}, path


def test_every_folder_is_in_the_table():
    folders = {path.name for path in SOURCE.iterdir() if (path / "__init__.py").exists()}
    assert folders == set(MAY_USE)
    table = Path("ARCHITECTURE.md").read_text()
    assert all(f"`{folder}/`" in table for folder in folders)
