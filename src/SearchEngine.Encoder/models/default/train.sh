#!/usr/bin/env bash
# Trains the default models from text of Debian 12's packages: about five minutes on two cores. Run as root, or with sudo.
# Writes encoder/ and reranker/ beside this file; work (the texts, the checkpoint) goes to the folder given, or to a fresh one.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=${1:-$(mktemp -d)}
release=bookworm
wordnet=wordnet-base=1:3.0-37

sudo=""
[ "$(id -u)" = 0 ] || sudo=sudo
# Images of Debian often leave descriptions out of their package lists.
$sudo apt-get update -q -o Acquire::Languages=en
$sudo apt-get install -y -q --no-install-recommends python3
(cd "$work" && apt-get download -q "$wordnet" && dpkg -x wordnet-base_*.deb wordnet)
lists=(/var/lib/apt/lists/*_debian_dists_${release}_main_i18n_Translation-en*)
/usr/lib/apt/apt-helper cat-file "${lists[0]}" > "$work/descriptions"
python3 "$here/make-corpus.py" "$work/wordnet/usr/share/wordnet" "$work/descriptions" "$work/corpus.jsonl"
echo "f35803234dc37814ebd6f64d7fb36e5341bf2aef8df347ad070f58a7a5416e5c  $work/corpus.jsonl" | sha256sum --check --status \
  || echo "train.sh: the texts are not those of the committed models (another point release of Debian?); the models will differ" >&2

cd "$here/../../../.."
dotnet run -c Release --project src/SearchEngine.Cli -- train --corpus "$work/corpus.jsonl" --out "$work/models" \
  --vocab 12000 --dim 256 --seed 1 --steps 1500 --purpose General --name searchengine-default
for folder in encoder reranker; do
  rm -rf "${here:?}/$folder"
  cp -r "$work/models/$folder" "$here/$folder"
done
