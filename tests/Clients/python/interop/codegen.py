"""Generates the message classes at run time, so that no generated file is ever committed or out of date."""

import hashlib
import importlib
import os
import pathlib
import subprocess
import sys
import tempfile

REPOSITORY = pathlib.Path(__file__).resolve().parents[4]
ROOTS = (
    REPOSITORY / "tests" / "SearchEngine.Rpc.Interop" / "Protos",
    REPOSITORY / "tests" / "Clients" / "protos",
)


def _sources():
    return sorted((root, path) for root in ROOTS for path in root.rglob("*.proto"))


def _folder(sources):
    """A folder named by what it is made from: a changed proto or another protoc gets another folder."""
    digest = hashlib.sha256(subprocess.run(["protoc", "--version"], check=True, capture_output=True).stdout)
    for root, path in sources:
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    build = pathlib.Path(os.environ.get("INTEROP_BUILD_DIR", REPOSITORY / ".build" / "clients"))
    return build / ("python-" + digest.hexdigest()[:16])


def _generate(folder, sources):
    # Written aside and renamed: two clients that start together must not read each other's half-written modules.
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = pathlib.Path(tempfile.mkdtemp(prefix="python-", dir=folder.parent))
    names = [str(path.relative_to(root)) for root, path in sources]
    subprocess.run(["protoc", *("-I" + str(root) for root in ROOTS), "--python_out=" + str(aside), *names], check=True)
    # The generated modules live in a package of their own: "grpc" is the name of the library.
    for module in aside.rglob("*_pb2.py"):
        text = module.read_text()
        module.write_text(text.replace("from grpc.testing import", "from interop_messages.testing import"))
    (aside / "grpc").rename(aside / "interop_messages")
    try:
        aside.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise


class Messages:
    """The generated modules, by the short names that the scenarios use."""

    def __init__(self):
        sources = _sources()
        folder = _folder(sources)
        if not folder.is_dir():
            _generate(folder, sources)
        sys.path.insert(0, str(folder))
        self.empty = importlib.import_module("interop_messages.testing.empty_pb2")
        self.testing = importlib.import_module("interop_messages.testing.messages_pb2")
        self.test = importlib.import_module("interop_messages.testing.test_pb2")
        self.health = importlib.import_module("interop_messages.health.v1.health_pb2")
        self.reflection = {
            "v1": importlib.import_module("interop_messages.reflection.v1.reflection_pb2"),
            "v1alpha": importlib.import_module("interop_messages.reflection.v1alpha.reflection_pb2"),
        }
