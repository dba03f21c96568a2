#!/usr/bin/env python3
"""A tour of the encoder against a running `searchengine encode`: every step checks what it did and prints one line.

    searchengine encode --model MODEL_DIR --port 7701 &
    /usr/bin/python3 tests/Clients/python/encoder_tour.py --server localhost:7701
"""

import argparse
import array
import math
import queue
import sys

import grpc

from search import refusals, stubs  # noqa: F401 (stubs makes the generated modules importable)

from searchengine.v1 import common_pb2 as v1, encoder_pb2, encoder_pb2_grpc

SECONDS = 30  # Every call has a deadline: a server that hangs is a failed step, not a hung tour.
TEXTS = ("a cat sits on the house", "the dog runs", "green tree. blue tree.")
STREAMED = 2_000


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def floats(vector):
    """The elements of a vector that came as little-endian float32."""
    values = array.array("f")
    values.frombytes(vector.data)
    if sys.byteorder == "big":
        values.byteswap()
    return values


def cosine(a, b):
    return sum(x * y for x, y in zip(a, b)) / math.sqrt(sum(x * x for x in a) * sum(y * y for y in b))


class Tour:
    def __init__(self, channel):
        self.encoder = encoder_pb2_grpc.EncoderStub(channel)
        self.model = None

    def options(self, side=v1.SIDE_DOCUMENT, **more):
        return encoder_pb2.EncodeOptions(side=side, **more)

    def encode(self, *texts, **options):
        request = encoder_pb2.EncodeRequest(texts=texts, options=self.options(**options))
        return self.encoder.Encode(request, timeout=SECONDS)

    # The tour, in its order.

    def describe(self):
        reply = self.encoder.Describe(encoder_pb2.DescribeEncoderRequest(), timeout=SECONDS)
        self.model = reply.models[0]
        check(self.model.self_test_passed, "the model has not passed its self-test")
        return f"{self.model.model} in space {self.model.fingerprint.space}, {self.model.encoder.dimension} dimensions on {self.model.providers[0]}"

    def encode_texts(self):
        reply = self.encode(*TEXTS)
        check(reply.fingerprint == self.model.fingerprint, "the vectors come from another model")
        for text, item in zip(TEXTS, reply.items, strict=True):
            vector = floats(item.dense)
            check(len(vector) == self.model.encoder.dimension and abs(sum(x * x for x in vector) - 1) < 1e-4, f"{text}: no unit vector")
            check(cosine(vector, floats(self.encode(text).items[0].dense)) > 0.99999, f"{text}: another vector alone than in company")
        return f"{len(TEXTS)} vectors in {reply.batch.batches} batches, {reply.batch.padding_share:.0%} padding"

    def tell_the_sides_apart(self):
        query, document = (floats(self.encode(TEXTS[0], side=side).items[0].dense) for side in (v1.SIDE_QUERY, v1.SIDE_DOCUMENT))
        if self.model.encoder.sidedness != v1.SIDEDNESS_ASYMMETRIC:
            return "the model does not"
        check(cosine(query, document) < 0.9999, "query and document have the same vector")
        try:
            self.encode(TEXTS[0], side=v1.SIDE_UNSPECIFIED)
        except grpc.RpcError as error:
            refusal = refusals.read(error)
            check((refusal.code, refusal.reason, refusal.field) == ("INVALID_ARGUMENT", "INPUT_TYPE_REQUIRED", "options.side"), f"{refusal}")
            return f"{refusal.reason}: {refusal.fix}"
        raise AssertionError("a text without a side was encoded")

    def tell_what_was_cut(self):
        text = " ".join(["cat"] * 2 * self.model.encoder.max_tokens)
        try:
            self.encode(text)
            raise AssertionError("a text that is too long was encoded in silence")
        except grpc.RpcError as error:
            refusal = refusals.read(error)
            check((refusal.reason, refusal.bad_fields) == ("TEXT_TOO_LONG", ("texts[0]",)), f"{refusal}")
        use = self.encode(text, truncation=v1.TRUNCATION_HEAD).items[0].text_use
        check(use.truncated and use.cut.end == len(text), f"{use}")
        chunks = self.encode(text, truncation=v1.TRUNCATION_CHUNK, chunking=encoder_pb2.ChunkOptions(max_tokens=32, overlap_tokens=0)).items[0].chunks
        check("".join(text[c.span.start:c.span.end] for c in chunks) == text, "the chunks do not make the text")
        return f"{use.tokens_used} of {use.tokens_in} tokens were read, or all of them in {len(chunks)} chunks"

    def stream(self):
        texts = [" ".join(["dog"] * (1 + i % 30)) for i in range(STREAMED)]
        outgoing, answered, sent = queue.SimpleQueue(), {}, 0
        replies = self.encoder.EncodeStream(iter(outgoing.get, None), timeout=SECONDS)
        outgoing.put(encoder_pb2.EncodeStreamRequest(header=encoder_pb2.EncodeStreamHeader(options=self.options())))
        items = tokens = 0
        for reply in replies:
            match reply.WhichOneof("frame"):
                case "started":
                    items, tokens = reply.started.credits.items, reply.started.credits.tokens
                case "credits":
                    items, tokens = items + reply.credits.items, tokens + reply.credits.tokens
                case "items":
                    for each in reply.items.items:
                        check(each.sequence not in answered and each.WhichOneof("outcome") == "item", f"{each.sequence}: {each.error}")
                        answered[each.sequence] = each.item
                case "summary":
                    check(reply.summary.encoded == STREAMED == len(answered), f"{len(answered)} texts were answered")
                    return f"{STREAMED} texts in {reply.summary.batch.batches} batches, {reply.summary.batch.padding_share:.0%} padding"
            # A client that does not tokenize counts one token per 3 bytes.
            frame = []
            while sent + len(frame) < STREAMED and items > 0 and (cost := (len(texts[sent + len(frame)]) + 2) // 3) <= tokens:
                frame.append(texts[sent + len(frame)])
                items, tokens = items - 1, tokens - cost
            if frame:
                outgoing.put(encoder_pb2.EncodeStreamRequest(items=encoder_pb2.EncodeStreamItems(first_sequence=sent, texts=frame)))
                sent += len(frame)
                if sent == STREAMED:
                    outgoing.put(None)  # Half-close: the server answers what is under way, then the summary.
        raise AssertionError("the stream ended without a summary")

    def score(self):
        reply = self.encoder.Score(encoder_pb2.ScoreRequest(query="a cat", documents=TEXTS), timeout=SECONDS)
        check(reply.score_kind == v1.SCORE_KIND_SIGMOID and all(0 < score < 1 for score in reply.scores), f"{reply.scores}")
        check(reply.query_use.tokens_used > 0, f"of the query was read: {reply.query_use}")
        pairs = [encoder_pb2.TextPair(query="a cat", document=text) for text in TEXTS]
        logits = self.encoder.Score(encoder_pb2.ScoreRequest(pairs=pairs, score_kind=v1.SCORE_KIND_LOGIT), timeout=SECONDS).scores
        for score, logit in zip(reply.scores, logits, strict=True):
            check(abs(score - 1 / (1 + math.exp(-logit))) < 1e-4, f"{score} is not the sigmoid of {logit}")
        return ", ".join(f"{score:.3f}" for score in reply.scores)

    def classify(self):
        item = self.encoder.Classify(encoder_pb2.ClassifyRequest(texts=[TEXTS[0]]), timeout=SECONDS).items[0]
        check(abs(sum(each.probability for each in item.classes) - 1) < 1e-4, "the probabilities do not sum up to 1")
        check({each.label for each in item.classes} == set(self.model.labels), f"{item.classes}")
        return f"{item.classes[0].label} at {item.classes[0].probability:.0%}"

    def tokenize(self):
        text = TEXTS[0]
        item = self.encoder.Tokenize(encoder_pb2.TokenizeRequest(texts=[text]), timeout=SECONDS).items[0]
        check(" ".join(text[start:end] for start, end in zip(item.starts, item.ends) if start < end) == text, "the tokens do not make the text")
        tokens = self.encoder.Tokenize(encoder_pb2.TokenizeRequest(texts=[text], side=v1.SIDE_DOCUMENT), timeout=SECONDS).items[0].ids
        request = encoder_pb2.EncodeRequest(tokens=[encoder_pb2.TokenSequence(ids=tokens)], options=self.options())
        vector = floats(self.encoder.Encode(request, timeout=SECONDS).items[0].dense)
        check(cosine(vector, floats(self.encode(text).items[0].dense)) > 0.99999, "the tokens have another vector than the text")
        return f"{len(item.ids)} tokens, {len(tokens)} with the template of a document"


STEPS = (
    Tour.describe, Tour.encode_texts, Tour.tell_the_sides_apart, Tour.tell_what_was_cut, Tour.stream, Tour.score, Tour.classify, Tour.tokenize,
)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", default="localhost:7701", help="host:port of `searchengine encode`")
    options = parser.parse_args()
    with grpc.insecure_channel(options.server) as channel:
        tour = Tour(channel)
        for step in STEPS:
            try:
                print(f"PASS {step.__name__}: {step(tour)}", flush=True)
            except (AssertionError, ValueError) as wrong:
                print(f"FAIL {step.__name__}: {wrong}")
                return 1
            except grpc.RpcError as error:
                print(f"FAIL {step.__name__}: {error.code().name} {error.details()}")
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
