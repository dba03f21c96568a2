"""Makes `searchengine.v1` importable: import this module before any of its generated ones.

With pip, the three lines of protos/README.md do the same; here it is done with Debian's protoc at run time.
"""

import shutil
import subprocess
import sys

import generated

CONTRACT = generated.REPOSITORY / "protos"
# google.rpc, in which errors carry their details. `pip install grpcio-status` brings it as well.
DETAILS = generated.REPOSITORY / "src" / "SearchEngine.Rpc" / "Protos"
SOURCES = generated.sources(CONTRACT) + [(DETAILS, path) for path in sorted(DETAILS.glob("google/rpc/*.proto"))]


def _generate(folder):
    plugin = shutil.which("grpc_python_plugin")
    if plugin is None:
        raise SystemExit("grpc_python_plugin is missing: apt-get install -y protobuf-compiler-grpc")
    subprocess.run([
        "protoc", f"-I{CONTRACT}", f"-I{DETAILS}",
        f"--plugin=protoc-gen-grpc_python={plugin}", f"--python_out={folder}", f"--grpc_python_out={folder}",
        *(str(path.relative_to(root)) for root, path in SOURCES),
    ], check=True)


sys.path.insert(0, str(generated.folder("searchengine-python", SOURCES, _generate)))
