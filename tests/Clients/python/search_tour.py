#!/usr/bin/env python3
"""A tour of the search API against a running `searchengine serve`: every step checks what it did and prints one line.

    searchengine serve --port 7700 &
    /usr/bin/python3 tests/Clients/python/search_tour.py --server localhost:7700
"""

import argparse
import random
import sys
import time

import grpc

from search import refusals, stubs, uploads  # noqa: F401 (stubs makes the generated modules importable)
from search.films import COUNT, DIMENSION, FILMS, GENRES, Film, cosine, matrix, nearest, numbers, vector

from searchengine.v1 import collections_pb2, collections_pb2_grpc, common_pb2 as v1
from searchengine.v1 import points_pb2, points_pb2_grpc, search_pb2, search_pb2_grpc

SECONDS = 30  # Every call has a deadline: a server that hangs is a failed step, not a hung tour.
ROUNDS, PAUSE = 100, 0.1  # How often, and after how many seconds, a busy server is asked again.
SPACE = "tour/films@16"  # Who made the vectors. The server refuses vectors that come from elsewhere.
DOCUMENT = v1.VectorOrigin(space=SPACE, side=v1.SIDE_DOCUMENT)
QUERY = v1.VectorOrigin(space=SPACE, side=v1.SIDE_QUERY)
EXACT = search_pb2.Accuracy(exact=search_pb2.Exact())
ROUNDING = 2e-3  # Vectors are stored as float16.


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def refused(call):
    """The refusal of a call that has to fail."""
    try:
        call()
    except grpc.RpcError as error:
        return refusals.read(error)
    raise AssertionError("the call was expected to fail")


def equals(attribute, value):
    return points_pb2.Condition(equal_to=points_pb2.EqualToCondition(attribute=attribute, value=v1.Value(keyword_value=value)))


def since(year):
    return points_pb2.Condition(range=points_pb2.RangeCondition(attribute="year", at_least=v1.Value(integer_value=year)))


class Tour:
    def __init__(self, channel, name):
        self.collections = collections_pb2_grpc.CollectionsStub(channel)
        self.points = points_pb2_grpc.PointsStub(channel)
        self.search_service = search_pb2_grpc.SearchStub(channel)
        self.name, self.restored_name, self.alias = name, name + "-restored", name + "-live"
        self.tokens_name = name + "-tokens"
        self.random = random.Random("tour")

    # What requests have in common.

    def header(self, collection=None):
        return v1.RequestHeader(collection=collection or self.name)

    def query(self, values):
        return search_pb2.Query(vector=vector(values), origin=QUERY)

    def request(self, values=None, **more):
        return search_pb2.SearchRequest(header=self.header(), query=self.query(values or numbers(self.random)), **more)

    def find(self, request):
        return self.search_service.Search(request, timeout=SECONDS)

    def count(self, *must, collection=None):
        request = points_pb2.CountRequest(header=self.header(collection), filter=points_pb2.Filter(must=must))
        return self.points.Count(request, timeout=SECONDS).count

    # The tour, in its order.

    def create(self):
        config = collections_pb2.CollectionConfig(
            vectors=[collections_pb2.VectorSchema(dimension=DIMENSION, space=collections_pb2.SpaceBinding(
                declared=SPACE, sidedness=v1.SIDEDNESS_ASYMMETRIC))],
            attributes=[
                collections_pb2.AttributeSchema(name="genre", type=collections_pb2.ATTRIBUTE_TYPE_KEYWORD),
                collections_pb2.AttributeSchema(name="year", type=collections_pb2.ATTRIBUTE_TYPE_INTEGER)],
            texts=[collections_pb2.TextSchema(name="title")])
        reply = self.collections.Create(
            collections_pb2.CreateCollectionRequest(header=self.header(), config=config), timeout=SECONDS)
        check(reply.collection.state == collections_pb2.COLLECTION_STATE_READY, "the collection is not ready")
        check(not reply.header.warnings, f"warnings: {reply.header.warnings}")
        return f"{reply.collection.name} in space {reply.collection.vectors[0].fingerprint.space}"

    def upload(self):
        header = points_pb2.UploadHeader(header=self.header(), origin=DOCUMENT, resume_key="films")
        points = [film.point() for film in FILMS]
        broken = uploads.upload(self.points, header, points, stop_after=COUNT // 3)
        summary = uploads.upload(self.points, header, points)
        check(summary.acknowledged_through == COUNT, f"acknowledged through {summary.acknowledged_through}")
        check(summary.written <= COUNT - broken.through_sequence, "points that were acknowledged were written again")
        check(self.count() == COUNT, f"{self.count()} points are counted")
        return f"broken off behind {broken.through_sequence}, continued to {COUNT}, written then: {summary.written}"

    def refuse_the_wrong_side(self):
        request = points_pb2.UpsertRequest(header=self.header(), points=[FILMS[0].point()], origin=QUERY)
        refusal = refused(lambda: self.points.Upsert(request, timeout=SECONDS))
        check((refusal.code, refusal.reason) == ("FAILED_PRECONDITION", "SIDE_MISMATCH"), f"{refusal}")
        check((refusal.field, refusal.facts["expected"], refusal.facts["actual"]) == ("origin.side", "DOCUMENT", "QUERY"), f"{refusal}")
        return f"{refusal.reason}: {refusal.fix}"

    def search(self):
        query = numbers(self.random)
        reply = self.find(self.request(query, accuracy=EXACT, fields=points_pb2.ReturnFields(attributes=["*"], texts=["title"])))
        for hit, (score, number) in zip(reply.hits, nearest(query, 10), strict=True):
            check(abs(hit.score - score) < ROUNDING, f"film {number} scores {score}, the hit in its place {hit.score}")
            check(hit.point.texts["title"] == f"Film {hit.id.number}", "a hit carries the text of another one")
        check(reply.complete and reply.recall.basis == search_pb2.RECALL_BASIS_EXACT, "an exact search is complete")
        check(reply.fingerprint.space == SPACE, f"the hits are of space {reply.fingerprint.space}")
        approximate = self.find(self.request(query))
        shared = {hit.id.number for hit in reply.hits} & {hit.id.number for hit in approximate.hits}
        check(len(shared) >= 8, f"the default search finds {len(shared)} of the 10 best")
        return f"{reply.hits[0].point.texts['title']} at {reply.hits[0].score:.3f}, {reply.header.cost.rows_rescored} rows scored exactly"

    def search_stream(self):
        request = search_pb2.SearchStreamRequest(search=self.request(accuracy=EXACT))
        proved, revisions = [], 0
        for frame in self.search_service.SearchStream(request, timeout=SECONDS):
            match frame.WhichOneof("frame"):
                case "result":
                    revisions += 1
                    if frame.result.final_basis == search_pb2.FINAL_BASIS_PROVED:
                        proved = [hit.id.number for hit in frame.result.whole.hits[:frame.result.final_prefix]]
                case "reply":
                    reply = frame.reply
        unary = self.find(request.search)
        check(list(reply.hits) == list(unary.hits), "the closing frame differs from the unary reply")
        check(proved == [hit.id.number for hit in reply.hits[:len(proved)]], "a proved prefix changed")
        return f"{revisions} revisions, the last {len(proved)} hits proved before the end"

    def search_pipeline(self):
        requests = {number: self.request(k=5, accuracy=EXACT) for number in range(1, 101)}
        answered, order, rounds = {}, [], 0
        while len(answered) < len(requests):
            rounds += 1
            check(rounds <= ROUNDS, f"{len(requests) - len(answered)} searches were refused {ROUNDS} times")
            sent = [search_pb2.PipelineRequest(call_id=number, search=request) for number, request in requests.items() if number not in answered]
            for reply in self.search_service.SearchPipeline(iter(sent), timeout=SECONDS):
                if reply.WhichOneof("frame") == "reply":
                    check(reply.call_id not in answered, f"search {reply.call_id} was answered twice")
                    answered[reply.call_id] = reply.reply
                    order.append(reply.call_id)
                elif reply.WhichOneof("frame") == "error":
                    # A busy server refuses what would wait too long; it is asked again.
                    check(reply.error.reason == v1.ERROR_REASON_OVERLOADED, f"search {reply.call_id} failed: {reply.error}")
            time.sleep(PAUSE)
        for number, reply in answered.items():
            check(list(reply.hits) == list(self.find(requests[number]).hits), f"search {number} has the hits of another")
        return f"{len(order)} searches answered, {sum(a > b for a, b in zip(order, order[1:]))} before an earlier one"

    def search_batch(self):
        queries = [numbers(self.random) for _ in range(50)]
        shared = search_pb2.SearchRequest(k=3, accuracy=EXACT, query=search_pb2.Query(origin=QUERY))
        rows = v1.MultiVector(data=b"".join(vector(values).data for values in queries), dimension=DIMENSION)
        reply = self.search_service.SearchBatch(
            search_pb2.SearchBatchRequest(header=self.header(), shared=shared, queries=rows), timeout=SECONDS)
        for values, item in zip(queries, reply.items, strict=True):
            check(list(item.reply.hits) == list(self.find(self.request(values, k=3, accuracy=EXACT)).hits), "a row has other hits alone")
        # One bad search does not spoil the others.
        mixed = [search_pb2.SearchRequest(query=self.query(values)) for values in (queries[0], queries[1][:3])]
        good, bad = self.search_service.SearchBatch(
            search_pb2.SearchBatchRequest(header=self.header(), searches=mixed), timeout=SECONDS).items
        check(len(good.reply.hits) == 10 and bad.error.reason == v1.ERROR_REASON_DIMENSION_MISMATCH, f"{bad.error}")
        return f"{len(queries)} queries in one matrix; a bad one among good ones: {bad.error.fix}"

    def search_by_words(self):
        request = search_pb2.SearchRequest(header=self.header(), query=search_pb2.Query(lexical=search_pb2.LexicalQuery(text="film 17")))
        reply = self.find(request)
        check(reply.hits[0].id.number == 17, f"film {reply.hits[0].id.number} has the rare word")
        check(reply.score_kind == v1.SCORE_KIND_BM25 and reply.plan.strategy == search_pb2.STRATEGY_POSTINGS, f"{reply.plan}")
        check(len(reply.hits) == 10 and reply.complete, "all films have the common word")
        request.query.lexical.match = search_pb2.WORD_MATCH_ALL
        both = self.find(request).hits
        check([hit.id.number for hit in both] == [17], "only one film has both words")
        return f"film 17 at {reply.hits[0].score:.2f} before {reply.hits[1].score:.2f}"

    def search_hybrid(self):
        values = numbers(self.random)
        lexical = search_pb2.Query(lexical=search_pb2.LexicalQuery(text="film 17 or 23"))
        lists = {"dense": self.find(self.request(values, k=100, accuracy=EXACT)).hits,
                 "lexical": self.find(search_pb2.SearchRequest(header=self.header(), query=lexical, k=100)).hits}
        expected = {}
        for hits in lists.values():
            for rank, hit in enumerate(hits, start=1):
                expected[hit.id.number] = expected.get(hit.id.number, 0) + 1 / (60 + rank)
        reply = self.find(search_pb2.SearchRequest(header=self.header(), accuracy=EXACT, hybrid=search_pb2.HybridQuery(
            components=[search_pb2.Component(query=self.query(values)), search_pb2.Component(query=lexical)])))
        best = sorted(expected.values(), reverse=True)[:10]
        for hit, score in zip(reply.hits, best, strict=True):
            check(abs(hit.score - score) < 1e-6 and abs(expected[hit.id.number] - score) < 1e-6, f"film {hit.id.number} scores {hit.score}, not {score}")
            for part in hit.components:
                check(lists[part.name][part.rank - 1].id.number == hit.id.number, f"film {hit.id.number} is told another rank by {part.name}")
        check(reply.score_kind == v1.SCORE_KIND_RECIPROCAL_RANK and len(reply.plan.components) == 2, f"{reply.plan}")
        return f"{len(reply.hits)} hits, the first by {' and '.join(part.name for part in reply.hits[0].components)}"

    def late_interaction(self):
        # Passages with a vector per token, in a collection of their own.
        header = self.header(self.tokens_name)
        space = collections_pb2.SpaceBinding(declared=SPACE, sidedness=v1.SIDEDNESS_ASYMMETRIC)
        self.collections.Create(collections_pb2.CreateCollectionRequest(header=header, config=collections_pb2.CollectionConfig(vectors=[
            collections_pb2.VectorSchema(dimension=DIMENSION, space=space),
            collections_pb2.VectorSchema(name="tokens", kind=collections_pb2.VECTOR_KIND_MULTI, dimension=DIMENSION, space=space)])), timeout=SECONDS)
        passages = {number: [numbers(self.random) for _ in range(1 + number % 9)] for number in range(1, 201)}
        points = [points_pb2.Point(id=v1.Id(number=number), vector=vector(rows[0]), vectors={"tokens": v1.AnyVector(multi=matrix(rows))})
                  for number, rows in passages.items()]
        self.points.Upsert(points_pb2.UpsertRequest(header=header, points=points, origin=DOCUMENT), timeout=SECONDS)
        query = [numbers(self.random) for _ in range(4)]
        best = sorted((sum(max(cosine(row, token) for token in rows) for row in query) for rows in passages.values()), reverse=True)
        by_tokens = search_pb2.Query(multi=matrix(query), origin=QUERY)
        every = self.find(search_pb2.SearchRequest(header=header, query=by_tokens))
        late = search_pb2.LateInteraction(query=matrix(query), origin=QUERY, candidates=len(passages))
        staged = self.find(search_pb2.SearchRequest(header=header, query=self.query(query[0]), accuracy=EXACT, late_interaction=late))
        for reply in (every, staged):
            check(reply.score_kind == v1.SCORE_KIND_MAX_SIM, f"{reply.score_kind}")
            for hit, score in zip(reply.hits, best[:10], strict=True):
                check(abs(hit.score - score) < len(query) * ROUNDING, f"a hit scores {hit.score}, the definition {score}")
        self.collections.Delete(collections_pb2.DeleteCollectionRequest(header=header), timeout=SECONDS)
        return f"passage {every.hits[0].id.number} at {every.hits[0].score:.3f}, {every.header.cost.rows_rescored} token vectors scored"

    def search_sparse(self):
        """A collection with a dense and a learned sparse vector: each alone, and both fused."""
        name, space = self.name + "-sparse", "tour/splade"
        config = collections_pb2.CollectionConfig(vectors=[
            collections_pb2.VectorSchema(dimension=DIMENSION, space=collections_pb2.SpaceBinding(declared=SPACE)),
            collections_pb2.VectorSchema(name="splade", kind=collections_pb2.VECTOR_KIND_SPARSE, space=collections_pb2.SpaceBinding(
                declared=space, sidedness=v1.SIDEDNESS_ASYMMETRIC))])
        self.collections.Create(collections_pb2.CreateCollectionRequest(header=self.header(name), config=config), timeout=SECONDS)

        def weights(number):
            return {index: round(1 + number % (index + 2) / 8, 3) for index in range(number % 3, 30, 3 + number % 4)}

        def sparse(entries):
            return v1.SparseVector(indices=entries.keys(), values=entries.values())

        def origins(side):
            return {"splade": v1.VectorOrigin(space=space, side=side)}

        points = [points_pb2.Point(id=v1.Id(number=film.number), vector=vector(film.values)) for film in FILMS[:200]]
        for point in points:
            point.vectors["splade"].sparse.CopyFrom(sparse(weights(point.id.number)))
        upsert = points_pb2.UpsertRequest(header=self.header(name), points=points, origin=DOCUMENT, vector_origins=origins(v1.SIDE_QUERY))
        refusal = refused(lambda: self.points.Upsert(upsert, timeout=SECONDS))
        check((refusal.reason, refusal.field) == ("SIDE_MISMATCH", "vector_origins.splade.side"), f"{refusal}")
        upsert.vector_origins["splade"].side = v1.SIDE_DOCUMENT
        check(self.points.Upsert(upsert, timeout=SECONDS).written == 200, "not all points were written")

        asked = {3: 1.5, 7: -0.5, 12: 2.0}
        expected = {}
        for film in FILMS[:200]:
            shared = asked.keys() & weights(film.number).keys()
            if shared:
                expected[film.number] = sum(asked[index] * weights(film.number)[index] for index in shared)
        query = search_pb2.Query(sparse=sparse(asked), origin=v1.VectorOrigin(space=space, side=v1.SIDE_QUERY))
        reply = self.find(search_pb2.SearchRequest(header=self.header(name), query=query, k=20, fields=points_pb2.ReturnFields(vectors=["splade"])))
        for hit, score in zip(reply.hits, sorted(expected.values(), reverse=True)[:20], strict=True):
            check(abs(hit.score - score) < 1e-4 and abs(expected[hit.id.number] - score) < 1e-4, f"film {hit.id.number} scores {hit.score}, not {score}")
            stored = hit.point.vectors["splade"].sparse
            check(set(stored.indices) == weights(hit.id.number).keys(), f"film {hit.id.number} comes back with other weights")
        check(reply.score_kind == v1.SCORE_KIND_SPARSE_DOT and reply.complete, f"{reply.plan}")
        dense = search_pb2.Query(vector=vector(numbers(self.random)), origin=QUERY)
        fused = self.find(search_pb2.SearchRequest(header=self.header(name), hybrid=search_pb2.HybridQuery(
            components=[search_pb2.Component(query=dense), search_pb2.Component(query=query)])))
        parts = {part.name for hit in fused.hits for part in hit.components}
        check(parts == {"dense", "sparse"} and len(fused.hits) == 10, f"fused of {parts}")
        self.collections.Delete(collections_pb2.DeleteCollectionRequest(header=self.header(name)), timeout=SECONDS)
        return f"{len(expected)} of 200 share a dimension, film {reply.hits[0].id.number} first with {reply.hits[0].score:.2f}"

    def search_grouped(self):
        query = numbers(self.random)
        reply = self.find(self.request(query, k=4, accuracy=EXACT, grouping=search_pb2.Grouping(attribute="year", hits_per_group=2)))
        expected = {}
        for hit in self.find(self.request(query, k=1000, accuracy=EXACT)).hits:
            expected.setdefault(1950 + hit.id.number % 70, []).append(hit.id.number)
        check(len(reply.hits) == 0 and reply.complete, "a grouped reply has hits beside its groups")
        for group, (year, films) in zip(reply.grouped.groups, list(expected.items())[:4], strict=True):
            check(group.value.integer_value == year, f"a group of {group.value.integer_value} where that of {year} belongs")
            check([hit.id.number for hit in group.hits] == films[:2], f"the group of {year} has other hits than the whole ranking")
        return f"the best two films of {', '.join(str(group.value.integer_value) for group in reply.grouped.groups)}"

    def search_diverse(self):
        query = numbers(self.random)
        plain = {hit.id.number: hit.score for hit in self.find(self.request(query, k=40, accuracy=EXACT)).hits}
        diversity = search_pb2.Diversity(strength=0.6, candidates=40)
        chosen = []
        for hit in self.find(self.request(query, k=8, accuracy=EXACT, diversity=diversity)).hits:
            # The definition: close to the query, unlike what was chosen before.
            worth = {number: 0.4 * score - 0.6 * max((cosine(FILMS[number - 1].values, FILMS[other - 1].values) for other in chosen), default=0)
                     for number, score in plain.items() if number not in chosen}
            check(worth[hit.id.number] > max(worth.values()) - ROUNDING, f"film {hit.id.number} is not the best choice after {chosen}")
            check(hit.score == plain[hit.id.number], f"film {hit.id.number} has another score than in the plain order")
            chosen.append(hit.id.number)
        check(len(chosen) == 8 and chosen != list(plain)[:8], "the hits are those of the plain order")
        return f"films {', '.join(map(str, chosen))}"

    def search_with_filter(self):
        query = numbers(self.random)
        request = self.request(query, accuracy=EXACT, filter=points_pb2.Filter(
            must=[equals("genre", "crime")], must_not=[since(1960)]), fields=points_pb2.ReturnFields(attributes=["*"]))
        reply = self.find(request)
        expected = nearest(query, 10, lambda film: film.genre == "crime" and film.year < 1960)
        for hit, (score, _) in zip(reply.hits, expected, strict=True):
            check(abs(hit.score - score) < ROUNDING, "a filtered search has other hits than the definition")
            check(hit.point.attributes["genre"].keyword_value == "crime", "a hit does not match the filter")
        matching = sum(film.genre == "crime" and film.year < 1960 for film in FILMS)
        check(reply.plan.match_count == matching, f"{matching} films match, the plan says {reply.plan.match_count}")
        return f"{len(reply.hits)} of {matching} that match, by {search_pb2.Strategy.Name(reply.plan.strategy)}"

    def scroll(self):
        request = points_pb2.ScrollRequest(
            header=self.header(), filter=points_pb2.Filter(must=[equals("genre", "space")]), batch_size=300,
            fields=points_pb2.ReturnFields(attributes=["year"]),
            order=points_pb2.ScrollOrder(attribute="year", direction=points_pb2.DIRECTION_DESCENDING))
        first = next(self.points.Scroll(request, timeout=SECONDS))
        # A cursor stays with the state that the scroll began on, whatever is written meanwhile.
        late = Film(COUNT + len(GENRES) - 1)
        self.points.Upsert(points_pb2.UpsertRequest(header=self.header(), points=[late.point()], origin=DOCUMENT), timeout=SECONDS)
        request.cursor = first.cursor
        read = list(first.points)
        for frame in self.points.Scroll(request, timeout=SECONDS):
            read.extend(frame.points)
        self.points.Delete(points_pb2.DeleteRequest(
            header=self.header(), points=points_pb2.PointSelector(ids=v1.IdSet(numbers=[late.number]))), timeout=SECONDS)
        years = [point.attributes["year"].integer_value for point in read]
        check(years == sorted(years, reverse=True), "the points do not come in the order of the year")
        check({point.id.number for point in read} == {film.number for film in FILMS if film.genre == "space"}, "points are missing or new")
        return f"{len(read)} points, the newest of {years[0]}, continued from a cursor"

    def explain(self):
        request = self.request(filter=points_pb2.Filter(must=[since(2000)]))
        third = self.find(request).hits[2]
        reply = self.search_service.Explain(search_pb2.ExplainRequest(search=request, id=third.id), timeout=SECONDS)
        check(reply.rank == 3 and abs(reply.hit.score - third.score) < ROUNDING, f"rank {reply.rank}, score {reply.hit.score}")
        check([verdict.met for verdict in reply.conditions] == [True], "a hit meets its filter")
        excluded = next(film.number for film in FILMS if film.year < 2000)
        miss = self.search_service.Explain(search_pb2.ExplainRequest(search=request, id=v1.Id(number=excluded)), timeout=SECONDS)
        check(miss.miss_cause == search_pb2.MISS_CAUSE_FILTER, f"an excluded film is explained by {miss.miss_cause}")
        return f"third behind {reply.outranked_by.id.number}, exactly it ranks {reply.exact_rank}; film {excluded} is kept out by the filter"

    def calibrate(self):
        request = collections_pb2.CalibrateRequest(header=self.header(), source=collections_pb2.QUERY_SOURCE_POINTS, queries=100, ks=[10])
        *progress, last = self.collections.Calibrate(request, timeout=SECONDS)
        curve = last.report.curve
        check(all(frame.HasField("progress") for frame in progress), "a frame before the last is no progress")
        check(curve.points == COUNT and curve.source == collections_pb2.QUERY_SOURCE_POINTS, f"the curve is of {curve.points} points")
        check([point.k for point in curve.curve] == [10] * len(curve.curve) and curve.curve[-1].recall > 0.99, f"{curve.curve}")
        described = self.collections.Describe(collections_pb2.DescribeCollectionRequest(header=self.header()), timeout=SECONDS)
        check(described.collection.vectors[0].curve == curve, "another curve is in force")
        return f"recall {curve.curve[0].recall:.3f} at breadth {curve.curve[0].breadth}, from {curve.queries} queries"

    def snapshot(self):
        request = collections_pb2.SnapshotRequest(header=self.header(), name="as-uploaded")
        *_, last = self.collections.Snapshot(request, timeout=SECONDS)
        check(last.report.snapshot.points == COUNT, f"the snapshot has {last.report.snapshot.points} points")
        return f"{last.report.snapshot.points} points, {last.report.snapshot.disk_bytes} bytes"

    def update_attributes(self):
        request = points_pb2.UpdateAttributesRequest(
            header=self.header(), points=points_pb2.PointSelector(filter=points_pb2.Filter(must=[equals("genre", "nature")])),
            attributes={"genre": v1.Value(keyword_value="documentary")})
        updated = self.points.UpdateAttributes(request, timeout=SECONDS).updated
        check(updated == COUNT // len(GENRES), f"{updated} points were updated")
        check(self.count(equals("genre", "documentary")) == updated and self.count(equals("genre", "nature")) == 0, "the counts differ")
        reply = self.points.Get(points_pb2.GetRequest(
            header=self.header(), ids=[v1.Id(number=3)], fields=points_pb2.ReturnFields(texts=["*"], details=[points_pb2.DETAIL_VERSION])), timeout=SECONDS)
        check((reply.points[0].texts["title"], reply.points[0].version) == ("Film 3", 2), f"{reply.points}")
        return f"{updated} points, nothing else of them changed"

    def delete(self):
        request = points_pb2.DeleteRequest(header=self.header(), points=points_pb2.PointSelector(filter=points_pb2.Filter(must=[since(1960)])))
        deleted = self.points.Delete(request, timeout=SECONDS).deleted
        left = self.count()
        check(deleted + left == COUNT, f"{deleted} were deleted, {left} are left")
        reply = self.find(self.request(k=100, fields=points_pb2.ReturnFields(attributes=["year"])))
        check(all(hit.point.attributes["year"].integer_value < 1960 for hit in reply.hits), "a deleted point was found")
        return f"{deleted} points, {left} are left"

    def restore(self):
        request = collections_pb2.RestoreRequest(
            header=self.header(self.restored_name), snapshot=collections_pb2.SnapshotName(collection=self.name, name="as-uploaded"))
        *_, last = self.collections.Restore(request, timeout=SECONDS)
        check(last.report.collection.live_points == COUNT, f"{last.report.collection.live_points} points came back")
        check(self.count(equals("genre", "nature"), collection=self.restored_name) > 0, "the snapshot has what was changed after it")
        return f"{last.report.collection.name} with {last.report.collection.live_points} points"

    def switch_alias(self):
        answered = []
        for target in (self.name, self.restored_name):
            action = collections_pb2.AliasAction(alias=self.alias, collection=target)
            self.collections.SwitchAliases(collections_pb2.SwitchAliasesRequest(actions=[action]), timeout=SECONDS)
            request = self.request()
            request.header.collection = self.alias
            answered.append(self.find(request).header.collection)
        check(answered == [self.name, self.restored_name], f"{self.alias} was answered by {answered}")
        aliases = self.collections.ListAliases(collections_pb2.ListAliasesRequest(), timeout=SECONDS).aliases
        check([alias.previous_collection for alias in aliases if alias.name == self.alias] == [self.name], "the way back is not told")
        return f"{self.alias} moved from {answered[0]} to {answered[1]} in one step"

    def clean_up(self):
        self.collections.DeleteSnapshot(collections_pb2.DeleteSnapshotRequest(header=self.header(), name="as-uploaded"), timeout=SECONDS)
        for name in (self.name, self.restored_name):
            self.collections.Delete(collections_pb2.DeleteCollectionRequest(
                header=self.header(name), aliases=collections_pb2.ALIAS_POLICY_REMOVE), timeout=SECONDS)
        left = self.collections.List(collections_pb2.ListCollectionsRequest(prefix=self.name), timeout=SECONDS).collections
        check(not left, f"{[each.name for each in left]} are left")
        return "nothing is left"


STEPS = (
    Tour.create, Tour.upload, Tour.refuse_the_wrong_side, Tour.search, Tour.search_stream, Tour.search_pipeline, Tour.search_batch,
    Tour.search_by_words, Tour.search_hybrid, Tour.search_sparse, Tour.late_interaction, Tour.search_grouped, Tour.search_diverse,
    Tour.search_with_filter, Tour.scroll, Tour.explain, Tour.calibrate, Tour.snapshot, Tour.update_attributes, Tour.delete, Tour.restore,
    Tour.switch_alias, Tour.clean_up,
)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", default="localhost:7700", help="host:port of `searchengine serve`")
    parser.add_argument("--collection", default="films", help="made by the tour and deleted at its end")
    options = parser.parse_args()
    with grpc.insecure_channel(options.server) as channel:
        tour = Tour(channel, options.collection)
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
