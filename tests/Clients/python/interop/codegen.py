"""Generates the message classes at run time, so that no generated file is ever committed or out of date."""

import importlib
import subprocess
import sys

import generated

ROOTS = (
    generated.REPOSITORY / "tests" / "SearchEngine.Rpc.Interop" / "Protos",
    generated.REPOSITORY / "tests" / "Clients" / "protos",
)
SOURCES = generated.sources(*ROOTS)


def _generate(folder):
    names = [str(path.relative_to(root)) for root, path in SOURCES]
    subprocess.run(["protoc", *("-I" + str(root) for root in ROOTS), "--python_out=" + str(folder), *names], check=True)
    # The generated modules live in a package of their own: "grpc" is the name of the library.
    for module in folder.rglob("*_pb2.py"):
        text = module.read_text()
        module.write_text(text.replace("from grpc.testing import", "from interop_messages.testing import"))
    (folder / "grpc").rename(folder / "interop_messages")


class Messages:
    """The generated modules, by the short names that the scenarios use."""

    def __init__(self):
        sys.path.insert(0, str(generated.folder("python", SOURCES, _generate)))
        self.empty = importlib.import_module("interop_messages.testing.empty_pb2")
        self.testing = importlib.import_module("interop_messages.testing.messages_pb2")
        self.test = importlib.import_module("interop_messages.testing.test_pb2")
        self.health = importlib.import_module("interop_messages.health.v1.health_pb2")
        self.reflection = {
            "v1": importlib.import_module("interop_messages.reflection.v1.reflection_pb2"),
            "v1alpha": importlib.import_module("interop_messages.reflection.v1alpha.reflection_pb2"),
        }
