#!/bin/sh
# Generates the contract's classes, compiles the tour, and prints the class path to run it with.
# Cached by content: the folder is named by a hash of every source, so a second run only prints.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH= cd -- "$here/../../.." && pwd)
apt="apt-get install -y default-jdk-headless libgrpc-java libnetty-java libprotobuf-java libperfmark-java libgeronimo-annotation-1.3-spec-java protobuf-compiler-grpc-java-plugin"
for tool in java javac protoc grpc_java_plugin; do
    command -v "$tool" >/dev/null || { echo "$tool is missing: $apt" >&2; exit 3; }
done
# Debian's jars; elsewhere the same come from Maven: io.grpc:grpc-netty, grpc-protobuf, grpc-stub.
path=
for jar in grpc-api grpc-context grpc-core grpc-netty grpc-protobuf grpc-protobuf-lite grpc-stub protobuf guava \
    netty-buffer netty-codec netty-codec-http netty-codec-http2 netty-common netty-handler netty-handler-proxy netty-resolver netty-transport perfmark-api geronimo-annotation-1.3-spec; do
    file="/usr/share/java/$jar.jar"
    [ -e "$file" ] || { echo "$file is missing: $apt" >&2; exit 3; }
    path="$path:$file"
done
key=$({ javac --version; protoc --version
        cd "$root"
        find tests/Clients/java protos src/SearchEngine.Rpc/Protos/google -type f ! -name '*.md' | LC_ALL=C sort | xargs sha256sum
      } | sha256sum | cut -c1-16)
made="${INTEROP_BUILD_DIR:-$root/.build/clients}/java-$key"
mkdir -p "$made"
# One builder at a time: a second caller waits and then finds the finished classes.
exec 9>"$made/lock"
flock 9
if [ ! -e "$made/complete" ]; then
    mkdir -p "$made/generated" "$made/classes"
    (cd "$root/protos" && protoc -I. -I"$root/src/SearchEngine.Rpc/Protos" --java_out="$made/generated" \
        --plugin=protoc-gen-grpc-java="$(command -v grpc_java_plugin)" --grpc-java_out="$made/generated" \
        searchengine/v1/*.proto google/rpc/status.proto google/rpc/error_details.proto)
    find "$made/generated" "$here" -name '*.java' > "$made/sources"
    javac -nowarn -proc:none -Xlint:none -cp "$path" -d "$made/classes" @"$made/sources" >&2
    touch "$made/complete"
fi
echo "$made/classes$path"
