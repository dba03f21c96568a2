using System.Runtime.InteropServices;
using SearchEngine.Testing.Vectors;

namespace SearchEngine.Benchmarks.Serve;

/// <summary>The collection that is searched, and the queries beside it.</summary>
internal static class ServeData
{
    public const string Name = "serve";

    public static string QueriesOf(string directory) => Path.Combine(directory, "queries.f32");

    public static void WriteQueries(string directory, FloatMatrix queries) =>
        File.WriteAllBytes(QueriesOf(directory), MemoryMarshal.AsBytes(queries.Values.AsSpan()).ToArray());

    public static float[][] ReadQueries(string directory, int dimension)
    {
        ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(QueriesOf(directory)));
        var queries = new float[values.Length / dimension][];
        for (int i = 0; i < queries.Length; i++)
        {
            queries[i] = values.Slice(i * dimension, dimension).ToArray();
        }
        return queries;
    }
}
