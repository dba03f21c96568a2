import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.StatusRuntimeException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import searchengine.v1.*;

/**
 * A tour of the search API against a running {@code searchengine serve}: every step checks what it did and prints one line.
 *
 * <pre>java -cp "$(tests/Clients/java/build.sh)" SearchTour --server localhost:7700</pre>
 */
final class SearchTour {
    private static final int SECONDS = 30; // Every call has a deadline: a server that hangs is a failed step, not a hung tour.
    private static final int K = 10;
    private static final int FRAME_POINTS = 500; // Calls have a size limit; uploads of any size stream, as the Python tour shows.
    private static final double ROUNDING = 2e-3; // Vectors are stored as float16.
    private static final String COLLECTION = "films-java";
    private static final String SPACE = "tour/films@16"; // Who made the vectors; the server refuses those that come from elsewhere.
    private static final VectorOrigin DOCUMENT = VectorOrigin.newBuilder().setSpace(SPACE).setSide(Side.SIDE_DOCUMENT).build();
    private static final VectorOrigin QUERY = VectorOrigin.newBuilder().setSpace(SPACE).setSide(Side.SIDE_QUERY).build();
    private static final RequestHeader HEADER = RequestHeader.newBuilder().setCollection(COLLECTION).build();

    private final CollectionsGrpc.CollectionsBlockingStub collections;
    private final PointsGrpc.PointsBlockingStub points;
    private final SearchGrpc.SearchBlockingStub search;
    private final Random random = new Random(20_000);

    private SearchTour(ManagedChannel channel) {
        collections = CollectionsGrpc.newBlockingStub(channel);
        points = PointsGrpc.newBlockingStub(channel);
        search = SearchGrpc.newBlockingStub(channel);
    }

    private String create() {
        CollectionConfig config = CollectionConfig.newBuilder()
            .addVectors(VectorSchema.newBuilder().setDimension(Film.DIMENSION)
                .setSpace(SpaceBinding.newBuilder().setDeclared(SPACE).setSidedness(Sidedness.SIDEDNESS_ASYMMETRIC)))
            .addAttributes(AttributeSchema.newBuilder().setName("genre").setType(AttributeType.ATTRIBUTE_TYPE_KEYWORD))
            .addAttributes(AttributeSchema.newBuilder().setName("year").setType(AttributeType.ATTRIBUTE_TYPE_INTEGER))
            .addTexts(TextSchema.newBuilder().setName("title"))
            .build();
        CreateCollectionReply reply = collections.withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
            .create(CreateCollectionRequest.newBuilder().setHeader(HEADER).setConfig(config).build());
        check(reply.getCollection().getState() == CollectionState.COLLECTION_STATE_READY, "the collection is not ready");
        return reply.getCollection().getName() + " in space " + SPACE;
    }

    private String upsert() {
        int written = 0;
        for (int from = 0; from < Film.ALL.size(); from += FRAME_POINTS) {
            UpsertRequest.Builder request = UpsertRequest.newBuilder().setHeader(HEADER).setOrigin(DOCUMENT);
            Film.ALL.subList(from, from + FRAME_POINTS).forEach(film -> request.addPoints(film.point()));
            written += points.withDeadlineAfter(SECONDS, TimeUnit.SECONDS).upsert(request.build()).getWritten();
        }
        check(written == Film.ALL.size(), written + " points were written");
        return written + " points, acknowledged when they were safe";
    }

    private String refuseTheWrongSide() throws Exception {
        UpsertRequest request = UpsertRequest.newBuilder().setHeader(HEADER).setOrigin(QUERY)
            .addPoints(Film.ALL.get(0).point()).build();
        try {
            points.withDeadlineAfter(SECONDS, TimeUnit.SECONDS).upsert(request);
        } catch (StatusRuntimeException error) {
            Refusal refusal = Refusal.read(error);
            check(refusal.reason().equals("SIDE_MISMATCH") && refusal.field().equals("origin.side"), refusal.toString());
            check(refusal.facts().get("expected").equals("DOCUMENT") && refusal.facts().get("actual").equals("QUERY"), refusal.toString());
            return refusal.reason() + ": " + refusal.fix();
        }
        throw new IllegalStateException("a query vector was taken as a document");
    }

    private String searchExactly() {
        float[] query = Film.numbers(random);
        SearchReply reply = find(request(query).build());
        same(reply.getHitsList(), Film.nearest(query, K, film -> true));
        check(reply.getComplete() && reply.getRecall().getBasis() == RecallBasis.RECALL_BASIS_EXACT, "an exact search is complete");
        check(reply.getFingerprint().getSpace().equals(SPACE), "the hits are of space " + reply.getFingerprint().getSpace());
        Hit best = reply.getHits(0);
        return "%s at %.3f".formatted(best.getPoint().getTextsOrThrow("title"), best.getScore());
    }

    private String searchStream() {
        SearchRequest request = request(Film.numbers(random)).build();
        Iterator<SearchFrame> frames = search.withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
            .searchStream(SearchStreamRequest.newBuilder().setSearch(request).build());
        int revisions = 0;
        List<Hit> proved = List.of();
        SearchReply reply = SearchReply.getDefaultInstance();
        while (frames.hasNext()) {
            SearchFrame frame = frames.next();
            switch (frame.getFrameCase()) {
                case RESULT -> {
                    revisions++;
                    ResultFrame result = frame.getResult();
                    if (result.getFinalBasis() == FinalBasis.FINAL_BASIS_PROVED) {
                        proved = result.getWhole().getHitsList().subList(0, result.getFinalPrefix());
                    }
                }
                case REPLY -> reply = frame.getReply();
                default -> { } // The plan, which comes first.
            }
        }
        check(reply.getHitsList().equals(find(request).getHitsList()), "the closing frame differs from the unary reply");
        for (int i = 0; i < proved.size(); i++) {
            check(proved.get(i).getId().equals(reply.getHits(i).getId()), "a proved prefix changed");
        }
        return revisions + " revisions, the last " + proved.size() + " hits proved before the end";
    }

    private String searchWithFilter() {
        float[] query = Film.numbers(random);
        Filter filter = Filter.newBuilder()
            .addMust(Condition.newBuilder().setEqualTo(EqualToCondition.newBuilder()
                .setAttribute("genre").setValue(Value.newBuilder().setKeywordValue("crime"))))
            .addMustNot(Condition.newBuilder().setRange(RangeCondition.newBuilder()
                .setAttribute("year").setAtLeast(Value.newBuilder().setIntegerValue(1960))))
            .build();
        SearchReply reply = find(request(query).setFilter(filter).build());
        same(reply.getHitsList(), Film.nearest(query, K, film -> film.genre().equals("crime") && film.year() < 1960));
        return reply.getHitsCount() + " of " + reply.getPlan().getMatchCount() + " that match, by " + reply.getPlan().getStrategy();
    }

    private String cleanUp() {
        collections.withDeadlineAfter(SECONDS, TimeUnit.SECONDS).delete(DeleteCollectionRequest.newBuilder().setHeader(HEADER).build());
        return "nothing is left";
    }

    private static SearchRequest.Builder request(float[] values) {
        return SearchRequest.newBuilder().setHeader(HEADER).setK(K)
            .setQuery(Query.newBuilder().setVector(Film.vector(values)).setOrigin(QUERY))
            .setAccuracy(Accuracy.newBuilder().setExact(Exact.getDefaultInstance()))
            .setFields(ReturnFields.newBuilder().addTexts("title"));
    }

    private SearchReply find(SearchRequest request) {
        return search.withDeadlineAfter(SECONDS, TimeUnit.SECONDS).search(request);
    }

    private static void same(List<Hit> hits, List<Film.Scored> expected) {
        check(hits.size() == expected.size(), hits.size() + " hits instead of " + expected.size());
        for (int i = 0; i < hits.size(); i++) {
            check(Math.abs(hits.get(i).getScore() - expected.get(i).score()) < ROUNDING,
                "film " + expected.get(i).film().number() + " scores " + expected.get(i).score() + ", the hit in its place " + hits.get(i).getScore());
        }
    }

    private static void check(boolean condition, String what) {
        if (!condition) throw new IllegalStateException(what);
    }

    public static void main(String[] arguments) throws InterruptedException {
        String server = arguments.length == 2 && arguments[0].equals("--server") ? arguments[1] : "localhost:7700";
        ManagedChannel channel = ManagedChannelBuilder.forTarget(server).usePlaintext().build();
        SearchTour tour = new SearchTour(channel);
        Map<String, Callable<String>> steps = new LinkedHashMap<>();
        steps.put("create", tour::create);
        steps.put("upsert", tour::upsert);
        steps.put("refuse_the_wrong_side", tour::refuseTheWrongSide);
        steps.put("search", tour::searchExactly);
        steps.put("search_stream", tour::searchStream);
        steps.put("search_with_filter", tour::searchWithFilter);
        steps.put("clean_up", tour::cleanUp);
        try {
            for (Map.Entry<String, Callable<String>> step : steps.entrySet()) {
                try {
                    System.out.println("PASS " + step.getKey() + ": " + step.getValue().call());
                } catch (Exception wrong) {
                    System.out.println("FAIL " + step.getKey() + ": " + wrong);
                    System.exit(1);
                }
            }
        } finally {
            channel.shutdownNow().awaitTermination(SECONDS, TimeUnit.SECONDS);
        }
    }
}
