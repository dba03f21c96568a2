#!/usr/bin/env python3
"""Judgements, metrics and diagnoses against a running `searchengine serve`: every step checks what it did and prints one line.

    searchengine serve --port 7700 &
    /usr/bin/python3 tests/Clients/python/evaluation_tour.py --server localhost:7700
"""

import argparse
import sys

import grpc

from search import stubs  # noqa: F401 (makes the generated modules importable)

from searchengine.v1 import collections_pb2, collections_pb2_grpc, common_pb2 as v1, evaluation_pb2, evaluation_pb2_grpc
from searchengine.v1 import points_pb2, points_pb2_grpc, search_pb2, search_pb2_grpc

SECONDS = 60
TEXTS = {"boil": "water boils at a hundred degrees", "freeze": "water freezes at zero degrees", "bread": "bread rises with yeast", "rust": "iron rusts in wet air"}
QUESTIONS = {"q1": ("boiling water degrees hundred", "boil"), "q2": ("yeast", "bread"), "q3": ("why does metal turn red", "rust")}


def check(condition, what):
    if not condition:
        raise AssertionError(what)


class Tour:
    def __init__(self, channel, name):
        self.collections = collections_pb2_grpc.CollectionsStub(channel)
        self.points = points_pb2_grpc.PointsStub(channel)
        self.searching = search_pb2_grpc.SearchStub(channel)
        self.evaluation = evaluation_pb2_grpc.EvaluationStub(channel)
        self.header = v1.RequestHeader(collection=name)

    def write(self):
        config = collections_pb2.CollectionConfig(texts=[collections_pb2.TextSchema(name="body", index=collections_pb2.TEXT_INDEX_BM25)])
        self.collections.Create(collections_pb2.CreateCollectionRequest(header=self.header, config=config), timeout=SECONDS)
        self.points.Upsert(points_pb2.UpsertRequest(
            header=self.header, points=[points_pb2.Point(id=v1.Id(text=key), texts={"body": text}) for key, text in TEXTS.items()]), timeout=SECONDS)
        return f"{len(TEXTS)} texts"

    def load_judgements(self):
        frame = evaluation_pb2.LoadJudgementsRequest
        frames = [
            frame(header=evaluation_pb2.JudgementsHeader(header=self.header, name="tour")),
            frame(queries=evaluation_pb2.JudgedQueries(queries=[
                evaluation_pb2.JudgedQuery(query_id=key, text=text, groups=["easy" if key != "q3" else "hard"]) for key, (text, _) in QUESTIONS.items()])),
            frame(judgements=evaluation_pb2.JudgementList(judgements=[
                evaluation_pb2.Judgement(query_id=key, id=v1.Id(text=right), grade=1) for key, (_, right) in QUESTIONS.items()])),
        ]
        summary = self.evaluation.LoadJudgements(iter(frames), timeout=SECONDS).summary
        check((summary.queries, summary.judgements, summary.unknown_ids) == (3, 3, 0), f"the summary is {summary}")
        return f"{summary.judgements} judgements"

    def evaluate(self):
        words = search_pb2.SearchRequest(query=search_pb2.Query(lexical=search_pb2.LexicalQuery()))
        request = evaluation_pb2.EvaluateRequest(
            header=self.header, judgements="tour", configurations=[evaluation_pb2.Configuration(name="words", search=words)],
            metrics=[evaluation_pb2.MetricAt(metric=evaluation_pb2.QUALITY_METRIC_RECALL, k=1)])
        frames = list(self.evaluation.Evaluate(request, timeout=SECONDS))
        check(frames[-1].WhichOneof("frame") == "summary", "the last frame is no summary")
        report = frames[-1].summary.reports[0]
        recall = {group.group: group.values[0].value for group in report.groups}
        check(recall["easy"] == 1 and recall["hard"] == 0 and abs(recall[""] - 2 / 3) < 1e-6, f"recall is {recall}")
        check(any(w.kind == v1.WARNING_KIND_FEW_QUERIES for w in frames[-1].summary.header.warnings), "nobody says that three queries are few")
        return f"recall@1 {recall['']:.3f}"

    def diagnose(self):
        def item(text, right):
            query = search_pb2.Query(lexical=search_pb2.LexicalQuery(text=text))
            return search_pb2.DiagnoseItem(search=search_pb2.SearchRequest(query=query, k=1), expected=v1.Id(text=right))
        items = [item(*QUESTIONS["q1"]), item(*QUESTIONS["q3"]), item("yeast", "nowhere")]
        reply = self.searching.Diagnose(search_pb2.DiagnoseRequest(header=self.header, items=items), timeout=SECONDS)
        causes = [finding.diagnosis.cause for finding in reply.findings]
        check(causes == [0, search_pb2.MISS_CAUSE_MODEL, search_pb2.MISS_CAUSE_NOT_IN_CORPUS], f"the causes are {causes}")
        return reply.findings[1].diagnosis.evidence

    def clean_up(self):
        self.evaluation.DeleteJudgements(evaluation_pb2.DeleteJudgementsRequest(header=self.header, name="tour"), timeout=SECONDS)
        self.collections.Delete(collections_pb2.DeleteCollectionRequest(header=self.header), timeout=SECONDS)
        return "gone"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--server", required=True, help="host:port")
    options = parser.parse_args()
    with grpc.insecure_channel(options.server) as channel:
        tour = Tour(channel, "evaluation-tour")
        for step in (Tour.write, Tour.load_judgements, Tour.evaluate, Tour.diagnose, Tour.clean_up):
            try:
                print(f"PASS {step.__name__}: {step(tour)}", flush=True)
            except Exception as failure:  # The report says which step failed; the others would only repeat it.
                print(f"FAIL {step.__name__}: {failure}", flush=True)
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
