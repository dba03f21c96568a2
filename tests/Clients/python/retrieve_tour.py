#!/usr/bin/env python3
"""A tour of two-stage retrieval, texts in and reranked passages out: every step checks what it did and prints one line.

    searchengine encode --model MODEL --port 7701 &
    searchengine serve --port 7700 --encoder localhost:7701 &
    /usr/bin/python3 tests/Clients/python/retrieve_tour.py --server localhost:7700 --encoder localhost:7701

The encoder has to have a model that encodes and one that scores. The tour asks it directly only to check what the search server made of
the texts: a client of the search server needs no encoder.
"""

import argparse
import sys

import grpc

from search import refusals, stubs  # noqa: F401 (stubs makes the generated modules importable)

from searchengine.v1 import collections_pb2, collections_pb2_grpc, common_pb2 as v1
from searchengine.v1 import encoder_pb2, encoder_pb2_grpc, points_pb2, points_pb2_grpc
from searchengine.v1 import rerank_pb2, rerank_pb2_grpc, search_pb2, search_pb2_grpc

SECONDS = 30  # Every call has a deadline: a server that hangs is a failed step, not a hung tour.
ROUNDING = 2e-3  # Vectors are stored as float16.
QUESTION = "the cat sits on the house"
ANIMALS, PLACES, MOODS = ("cat", "dog"), ("house", "tree", "the red house", "the green tree"), ("fast", "slow", "day", "night")
BODIES = [f"the {animal} {verb} on {place} {mood}" for animal in ANIMALS for verb in ("sits", "runs") for place in PLACES for mood in MOODS]


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def near(left, right):
    return abs(left - right) < ROUNDING


class Tour:
    def __init__(self, server, encoder, name):
        self.collections = collections_pb2_grpc.CollectionsStub(server)
        self.points = points_pb2_grpc.PointsStub(server)
        self.searching = search_pb2_grpc.SearchStub(server)
        self.reranking = rerank_pb2_grpc.RerankStub(server)
        self.encoder = encoder_pb2_grpc.EncoderStub(encoder)
        self.header = v1.RequestHeader(collection=name)
        self.model = self.scores = None

    def describe(self):
        models = self.encoder.Describe(encoder_pb2.DescribeEncoderRequest(), timeout=SECONDS).models
        self.model = next(model for model in models if encoder_pb2.MODEL_PURPOSE_ENCODE in model.purposes)
        check(self.model.self_test_passed, "the model serves although its self-test failed")
        return f"{self.model.model} gives space {self.model.fingerprint.space}"

    def create(self):
        config = collections_pb2.CollectionConfig(
            vectors=[collections_pb2.VectorSchema(
                dimension=self.model.encoder.dimension, space=collections_pb2.SpaceBinding(model=self.model.model), source_text_field="body")],
            texts=[collections_pb2.TextSchema(name="body", index=collections_pb2.TEXT_INDEX_NONE)])
        reply = self.collections.Create(collections_pb2.CreateCollectionRequest(header=self.header, config=config), timeout=SECONDS)
        bound = reply.collection.vectors[0].fingerprint.space
        check(bound == self.model.fingerprint.space, f"the vector is bound to {bound}")
        space = reply.collection.config.vectors[0].space
        check(space.canaries and space.build == self.model.fingerprint.build, f"{len(space.canaries)} canaries of build {space.build}")
        return "texts of \"body\" become vectors of the model's space"

    def write_texts(self):
        points = [points_pb2.Point(id=v1.Id(number=i + 1), texts={"body": body}) for i, body in enumerate(BODIES)]
        reply = self.points.Upsert(points_pb2.UpsertRequest(header=self.header, points=points), timeout=SECONDS)
        check(reply.written == len(BODIES) and not reply.encoded_texts, f"{reply.written} were written, {len(reply.encoded_texts)} cut")
        return f"{reply.written} points without a vector of their own"

    def search_by_text(self):
        by_text = search_pb2.Query(text=search_pb2.TextQuery(text=QUESTION))
        encoded = self.encoder.Encode(encoder_pb2.EncodeRequest(
            texts=[QUESTION], options=encoder_pb2.EncodeOptions(model=self.model.model, side=v1.SIDE_QUERY)), timeout=SECONDS)
        by_vector = search_pb2.Query(
            vector=encoded.items[0].dense, origin=v1.VectorOrigin(space=encoded.fingerprint.space, side=v1.SIDE_QUERY))
        text, vector = (self.searching.Search(search_pb2.SearchRequest(header=self.header, query=query), timeout=SECONDS) for query in (by_text, by_vector))
        check(all(near(a.score, b.score) for a, b in zip(text.hits, vector.hits)), "text and vector find other scores")
        check(text.text_use.tokens_in > 0 and not text.text_use.truncated, f"{text.text_use}")
        check(text.fingerprint.space == self.model.fingerprint.space, f"{text.fingerprint}")
        return f"as by the query's vector, {text.text_use.tokens_used} tokens were read"

    def refuse_the_wrong_side(self):
        encoded = self.encoder.Encode(encoder_pb2.EncodeRequest(
            texts=[QUESTION], options=encoder_pb2.EncodeOptions(model=self.model.model, side=v1.SIDE_DOCUMENT)), timeout=SECONDS)
        query = search_pb2.Query(vector=encoded.items[0].dense, origin=v1.VectorOrigin(space=encoded.fingerprint.space, side=v1.SIDE_DOCUMENT))
        try:
            self.searching.Search(search_pb2.SearchRequest(header=self.header, query=query), timeout=SECONDS)
        except grpc.RpcError as error:
            refusal = refusals.read(error)
            check(refusal.reason == "SIDE_MISMATCH", f"refused with {refusal.reason}")
            return f"{refusal.reason}: {refusal.fix}"
        raise AssertionError("a document's vector was searched with")

    def rerank(self):
        scores = self.encoder.Score(encoder_pb2.ScoreRequest(query=QUESTION, documents=BODIES), timeout=SECONDS).scores
        self.scores = dict(enumerate(scores, start=1))
        reply = self.reranking.Rerank(self.rerank_request(), timeout=SECONDS)
        check([item.id.number for item in reply.items] == self.best(self.scores), "the order is not the one of all scores")
        check(reply.complete and reply.scored == len(BODIES), f"{reply.scored} were scored")
        check(reply.query_use.tokens_used > 0 and not reply.query_use.truncated, f"of the query was read: {reply.query_use}")
        return f"{reply.scored} stored texts by their ids, the best: \"{BODIES[reply.items[0].id.number - 1]}\""

    def rerank_stream(self):
        frames = list(self.reranking.RerankStream(self.rerank_request(top_n=5), timeout=SECONDS))
        check(frames[0].WhichOneof("frame") == "started" and frames[-1].WhichOneof("frame") == "reply", "frames are out of order")
        rounds = [frame.round for frame in frames[1:-1]]
        check(sum(len(each.items) for each in rounds) == len(BODIES), "a candidate was lost or came twice")
        final = [item.index for item in frames[-1].reply.items]
        check(all(list(each.order[:each.final_prefix]) == final[:each.final_prefix] for each in rounds), "a final place changed")
        check(list(rounds[-1].order) == final, "the last round is not the reply")
        return f"{frames[0].started.predicted_rounds} rounds were foreseen, {rounds[-1].round} were made"

    def retrieve(self):
        frames = list(self.searching.Retrieve(search_pb2.RetrieveRequest(header=self.header, text=QUESTION, candidates=len(BODIES)), timeout=SECONDS))
        check(frames[0].plan.candidates == len(BODIES), f"{frames[0].plan}")
        reply = frames[-1].reply
        check([hit.id.number for hit in reply.hits] == self.best(self.scores)[:10], "the hits are not the best by the rerank model")
        check(reply.complete and not reply.skipped and reply.reranked == len(BODIES), f"skipped: {reply.skipped}")
        for hit in reply.hits:
            check([part.name for part in hit.components] == ["dense", "rerank"], f"{hit.components}")
            check(hit.passage.text == BODIES[hit.id.number - 1], "another passage than the stored text")
        for result in (frame.result for frame in frames[1:-1]):
            shown = [hit.id.number for hit in result.whole.hits[:result.final_prefix]]
            check(shown == [hit.id.number for hit in reply.hits[:result.final_prefix]], "a final place changed")
        split = reply.split
        return f"{split.encode_micros} us to encode, {split.search_micros} to search, {split.rerank_micros} to rerank {reply.reranked}"

    def retrieve_in_a_hurry(self):
        request = search_pb2.RetrieveRequest(
            header=self.header, text=QUESTION, form=search_pb2.STREAM_FORM_FINAL_ONLY, split=search_pb2.BudgetSplit(rerank_micros=1))
        *_, last = self.searching.Retrieve(request, timeout=SECONDS)
        skipped = [(search_pb2.RetrieveStage.Name(each.stage), v1.ErrorReason.Name(each.reason)) for each in last.reply.skipped]
        check(skipped == [("RETRIEVE_STAGE_RERANK", "ERROR_REASON_PREDICTED_LATE")], f"skipped: {skipped}")
        check(not last.reply.complete and len(last.reply.hits) == 10, "the first stage's hits are the answer")
        return "a microsecond for reranking: skipped, and said so"

    def clean_up(self):
        self.collections.Delete(collections_pb2.DeleteCollectionRequest(header=self.header), timeout=SECONDS)
        return "nothing is left"

    def rerank_request(self, **more):
        candidates = [rerank_pb2.RerankCandidate(id=v1.Id(number=i + 1)) for i in range(len(BODIES))]
        return rerank_pb2.RerankRequest(header=self.header, query=QUESTION, candidates=candidates, **more)

    @staticmethod
    def best(scores):
        return sorted(scores, key=lambda number: (-scores[number], number))


STEPS = (
    Tour.describe, Tour.create, Tour.write_texts, Tour.search_by_text, Tour.refuse_the_wrong_side, Tour.rerank, Tour.rerank_stream,
    Tour.retrieve, Tour.retrieve_in_a_hurry, Tour.clean_up,
)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", default="localhost:7700", help="host:port of `searchengine serve`")
    parser.add_argument("--encoder", default="localhost:7701", help="host:port of `searchengine encode`")
    parser.add_argument("--collection", default="houses", help="made by the tour and deleted at its end")
    options = parser.parse_args()
    with grpc.insecure_channel(options.server) as server, grpc.insecure_channel(options.encoder) as encoder:
        tour = Tour(server, encoder, options.collection)
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
