#!/bin/sh
# Builds the C++ interoperability client and server and the search tour, and prints the folder they are in.
# Cached by content: the folder is named by a hash of every source, so a second run only prints.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH= cd -- "$here/../../.." && pwd)
for tool in cmake protoc grpc_cpp_plugin c++ pkg-config; do
    command -v "$tool" >/dev/null || { echo "$tool is missing: apt-get install -y cmake g++ pkg-config libgrpc++-dev protobuf-compiler-grpc" >&2; exit 3; }
done
pkg-config --exists grpc++ || { echo "libgrpc++-dev is missing: apt-get install -y libgrpc++-dev" >&2; exit 3; }
key=$({ pkg-config --modversion grpc++ protobuf; c++ --version
        cd "$root"
        find tests/Clients/cpp tests/Clients/protos tests/SearchEngine.Rpc.Interop/Protos protos src/SearchEngine.Rpc/Protos/google -type f ! -name '*.md' | LC_ALL=C sort | xargs sha256sum
      } | sha256sum | cut -c1-16)
made="${INTEROP_BUILD_DIR:-$root/.build/clients}/cpp-$key"
mkdir -p "$made"
# One builder at a time: a second caller waits and then finds the finished programs.
exec 9>"$made/lock"
flock 9
if [ ! -e "$made/complete" ]; then
    generator=
    command -v ninja >/dev/null && generator=-GNinja
    cmake -S "$here" -B "$made" $generator -DCMAKE_BUILD_TYPE= >&2
    cmake --build "$made" --parallel "$(nproc)" >&2
    touch "$made/complete"
fi
echo "$made"
