using SearchEngine.Collections.Calibrations;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Search;

public sealed class RareVectorCalibrationTests
{
    private const int With = 30, Without = 60;

    [Fact]
    public async Task Calibration_measures_alone_the_segment_with_most_living_vectors_not_the_one_with_most_documents()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        using var directory = new TempDirectory();
        using CollectionStore store = CollectionStore.Open(directory.Path, static _ => new CollectionSettings { DiskReserveBytes = 0 });
        Collection collection = store.Create("rare", new CollectionSchema { Vectors = [new VectorSchema { Dimension = 8, IsRequired = false }] });
        var random = new Random(11);
        await collection.WriteAsync([.. Enumerable.Range(0, With).Select(i => Put(i, Vector(random)))], cancel: cancel);
        await collection.FlushAsync(cancel);
        // More documents, but the one that has the vector dies after it was flushed.
        await collection.WriteAsync([.. Enumerable.Range(With, Without).Select(i => Put(i, i == With ? Vector(random) : null))], cancel: cancel);
        await collection.FlushAsync(cancel);
        await collection.WriteAsync([new WriteOperation.Delete(new DocumentId((ulong)With))], cancel: cancel);

        VectorCalibration calibration = await collection.CalibrateAsync(new CalibrationRequest { Made = 20, Counts = [5] }, cancel: cancel);

        Assert.Equal(With, calibration.LargestRows);
        Assert.All(
            calibration.Curves.Concat(calibration.SegmentCurves).SelectMany(static c => c.Points),
            static p => Assert.True(p.Recall is >= 0 and <= 1, $"recall {p.Recall} at margin {p.Margin}: a segment without living vectors was measured"));
    }

    private static WriteOperation.Put Put(int number, float[]? vector)
    {
        var vectors = new Dictionary<string, ReadOnlyMemory<float>>();
        if (vector is not null)
        {
            vectors[VectorSchema.DefaultName] = vector;
        }
        return new WriteOperation.Put(new Document { Id = new DocumentId((ulong)number), Vectors = vectors });
    }

    private static float[] Vector(Random random) => [.. Enumerable.Range(0, 8).Select(_ => (float)random.NextDouble() - 0.5f)];
}
