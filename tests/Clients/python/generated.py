"""Folders of generated code: made at run time and named by what they are made from, so that none is committed or stale."""

import hashlib
import os
import pathlib
import subprocess
import tempfile

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]


def sources(*roots):
    """(root, path) of every proto below the roots."""
    return sorted((root, path) for root in roots for path in root.rglob("*.proto"))


def folder(name, protos, generate):
    """The folder that generate(folder) fills; a changed proto or another protoc gets another one."""
    digest = hashlib.sha256(subprocess.run(["protoc", "--version"], check=True, capture_output=True).stdout)
    for root, path in protos:
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    build = pathlib.Path(os.environ.get("INTEROP_BUILD_DIR", REPOSITORY / ".build" / "clients"))
    target = build / f"{name}-{digest.hexdigest()[:16]}"
    if not target.is_dir():
        build.mkdir(parents=True, exist_ok=True)
        # Written aside and renamed: two clients that start together must not read each other's half-written modules.
        aside = pathlib.Path(tempfile.mkdtemp(prefix=f"{name}-", dir=build))
        generate(aside)
        try:
            aside.rename(target)
        except OSError:
            if not target.is_dir():
                raise
    return target
