#!/usr/bin/env python3
"""WordNet's glosses and Debian's package descriptions as one corpus.jsonl; the same inputs give the same bytes."""
import json
import os
import re
import sys

WORDNET_PARTS = ("noun", "verb", "adj", "adv")
LICENCE_LINE = "  "  # WordNet's files begin with its licence, indented.
ADJECTIVE_MARK = re.compile(r"\((?:a|p|ip)\)$")
SHORTEST_DESCRIPTION = 60  # Characters; shorter ones only repeat the headline.
SAME_PACKAGE = re.compile(r"^(.*?)(-(dev|doc|dbg|data|common|bin|utils|tools|examples|tests?|l10n.*|i18n.*)|[0-9.]+)*$")


def glosses(folder):
    for part in WORDNET_PARTS:
        with open(os.path.join(folder, "data." + part), encoding="utf-8") as lines:
            for line in lines:
                if line.startswith(LICENCE_LINE):
                    continue
                entry, gloss = line.split(" | ", 1)
                fields = entry.split()
                count = int(fields[3], 16)
                words = [ADJECTIVE_MARK.sub("", word).replace("_", " ") for word in fields[4:4 + 2 * count:2]]
                yield {"_id": f"wordnet-{part}-{fields[0]}", "title": ", ".join(words), "text": gloss.strip()}


def descriptions(path):
    """One description of each source-like group of packages: variants of a package say the same."""
    seen = set()
    with open(path, encoding="utf-8") as file:
        for record in file.read().split("\n\n"):
            lines = record.splitlines()
            if len(lines) < 3 or not lines[0].startswith("Package: "):
                continue
            name = lines[0][len("Package: "):]
            start = next((i for i, line in enumerate(lines) if line.startswith("Description-en: ")), None)
            if start is None:
                continue
            title = lines[start][len("Description-en: "):].strip()
            text = " ".join(line.strip() for line in lines[start + 1:] if line.strip() != ".")
            group = SAME_PACKAGE.match(name).group(1)
            key = text[:80]
            if len(text) < SHORTEST_DESCRIPTION or group in seen or key in seen or "transitional" in title:
                continue
            seen.update((group, key))
            yield {"_id": f"debian-{name}", "title": title, "text": text}


def main(wordnet, translations, output):
    with open(output, "w", encoding="utf-8") as file:
        for passage in list(glosses(wordnet)) + sorted(descriptions(translations), key=lambda passage: passage["_id"]):
            file.write(json.dumps(passage, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
