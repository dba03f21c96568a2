import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import searchengine.v1.Id;
import searchengine.v1.Point;
import searchengine.v1.Value;
import searchengine.v1.Vector;

/** A point of the tour: a made-up film with a made-up vector, the same in every run. */
record Film(long number, String genre, int year, float[] values) {
    static final int DIMENSION = 16;
    static final List<String> GENRES = List.of("drama", "comedy", "crime", "nature", "space");
    static final List<Film> ALL = IntStream.rangeClosed(1, 10_000).mapToObj(Film::make).toList();

    record Scored(double score, Film film) {}

    Point point() {
        return Point.newBuilder()
            .setId(Id.newBuilder().setNumber(number))
            .setVector(vector(values))
            .putAttributes("genre", Value.newBuilder().setKeywordValue(genre).build())
            .putAttributes("year", Value.newBuilder().setIntegerValue(year).build())
            .putTexts("title", "Film " + number)
            .build();
    }

    /** A vector as the contract has it: little-endian floats. */
    static Vector vector(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) bytes.putFloat(value);
        return Vector.newBuilder().setData(ByteString.copyFrom(bytes.flip())).build();
    }

    static float[] numbers(Random random) {
        float[] values = new float[DIMENSION];
        for (int i = 0; i < values.length; i++) values[i] = (float) random.nextGaussian();
        return values;
    }

    /** The k films closest to the query, by the definition. */
    static List<Scored> nearest(float[] query, int k, Predicate<Film> matches) {
        return ALL.stream().filter(matches)
            .map(film -> new Scored(cosine(query, film.values), film))
            .sorted(Comparator.comparingDouble(Scored::score).reversed())
            .limit(k).toList();
    }

    private static Film make(int number) {
        return new Film(number, GENRES.get(number % GENRES.size()), 1950 + number % 70, numbers(new Random(number)));
    }

    private static double cosine(float[] a, float[] b) {
        double dot = 0, aa = 0, bb = 0;
        for (int i = 0; i < a.length; i++) {
            dot += a[i] * b[i];
            aa += a[i] * a[i];
            bb += b[i] * b[i];
        }
        return dot / Math.sqrt(aa * bb);
    }
}
