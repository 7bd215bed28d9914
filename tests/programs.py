"""Programs and packages of others that tests need: there, or the test says what to install."""

import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

import pytest

__all__ = ["lacking", "need_module", "need_program", "node_modules"]


def lacking(reason: str) -> NoReturn:
    """Skip the test; where CI is set, where all must run, fail it."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def need_program(name: str, package: str = "") -> None:
    """Skip or fail the test unless there is such a program; Debian has it in `package`."""
    if not shutil.which(name):
        lacking(f"{name} is not installed (apt install {package or name})")


def need_module(name: str) -> None:
    """Skip or fail the test unless there is such a Python module."""
    if not find_spec(name):
        lacking(f"{name} is not installed (pip install {name})")


def node_modules(folder: Path) -> Path:
    """Where the packages in the package-lock.json of `folder` are; they are installed if need be.

    Skips or fails the test where they cannot be.
    """
    found = folder / "node_modules"
    if (found / ".package-lock.json").exists():  # npm writes it last
        return found
    need_program("npm")
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, check=False, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        lacking(f"npm ci --prefix {folder} fails: {done.stderr}")
    return found
