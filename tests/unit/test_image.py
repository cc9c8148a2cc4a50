"""The Dockerfile, read: it could not be built where it was written."""

import ast
import re
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

DOCKERFILE = Path("deploy/image/Dockerfile")
LINES = re.sub(r"\\\n", " ", DOCKERFILE.read_text()).splitlines()
INSTRUCTIONS = [line.split(maxsplit=1) for line in LINES if line and not line.startswith("#")]
MODULES = re.findall(r"python -m (\S+)", "\n".join(LINES))


def test_it_runs_modules() -> None:
    assert "deploy.image.weights" in MODULES


@pytest.mark.parametrize("module", MODULES)
def test_every_module_that_it_runs_does_something_when_it_is_run(module: str) -> None:
    spec = find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    if spec.submodule_search_locations:  # a package of the standard library, like ensurepip
        assert find_spec(f"{module}.__main__") is not None
        return
    body = ast.parse(Path(spec.origin).read_text()).body
    assert any("__name__" in ast.unparse(node.test) for node in body if isinstance(node, ast.If))


def test_every_source_that_it_copies_is_there() -> None:
    stages: set[str] = set()
    for name, *rest in INSTRUCTIONS:
        words = rest[0].split() if rest else []
        if name == "FROM" and "AS" in words:
            stages.add(words[-1])
        if name != "COPY":
            continue
        if words[0].startswith("--from="):
            assert words[0].partition("=")[2] in stages
        else:
            assert all(Path(source).exists() for source in words[:-1])


def test_paths_of_this_repository_that_it_names_are_there() -> None:
    named = re.findall(r"deploy/[\w./-]*\w", "\n".join(LINES))
    assert named
    assert [path for path in named if not Path(path).exists()] == []


def test_volumes_of_ours_are_the_users() -> None:
    """An empty volume takes the owner of the image's folder, and else is root's: nobody writes."""
    compose = yaml.safe_load(Path("deploy/compose/compose.yaml").read_text())
    services = compose["services"].values()
    ours = [one for one in services if one["image"].startswith("lahstats:")]
    mounts = [mount for one in ours for mount in one.get("volumes", [])]
    folders = {mount.rpartition(":")[2] for mount in mounts if not mount.endswith(":ro")}
    assert len(folders) == 3
    (made,) = re.findall(r"install -d -o 10001 -g 10001 (.*)", "\n".join(LINES))
    assert folders < set(made.split())
