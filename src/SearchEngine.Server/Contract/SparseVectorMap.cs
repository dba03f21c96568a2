using System.Globalization;
using SearchEngine.Collections.Documents;

namespace SearchEngine.Server.Contract;

/// <summary>Sparse vectors, both ways: read into the form they are stored in, ascending and without zeros.</summary>
internal static class SparseVectorMap
{
    private const string Fix = "Look at the encoder that made the vector.";

    public static SparseVector Read(Wire.SparseVector vector, string path)
    {
        if (vector.Indices.Count != vector.Values.Count)
        {
            throw Refusal.Of(
                Wire.ErrorReason.VectorLength, path, $"The sparse vector has {vector.Indices.Count} indices and {vector.Values.Count} values.",
                "Send one value for each index.", Refusal.Number(vector.Indices.Count), Refusal.Number(vector.Values.Count)).With("element_type", "Float32");
        }
        if (vector.Indices.Count > SparseVector.MaxElements)
        {
            throw Refusal.Limit($"{path}.indices", vector.Indices.Count, SparseVector.MaxElements, "indices", "Keep the greatest weights.");
        }
        uint[] indices = [.. vector.Indices];
        float[] values = [.. vector.Values];
        int at = Array.FindIndex(values, static v => !float.IsFinite(v));
        if (at >= 0)
        {
            string shown = values[at].ToString(CultureInfo.InvariantCulture);
            throw Refusal.Of(Wire.ErrorReason.VectorNotFinite, $"{path}.values", $"Value {at} of the sparse vector is {shown}.", Fix, actual: shown)
                .With("index", Refusal.Number(at));
        }
        Array.Sort(indices, values);
        for (int i = 1; i < indices.Length; i++)
        {
            if (indices[i] == indices[i - 1])
            {
                throw Refusal.Invalid($"{path}.indices", $"Index {indices[i]} comes twice.", "Send each index once.", Refusal.Number(indices[i]));
            }
        }
        int[] kept = [.. Enumerable.Range(0, values.Length).Where(i => values[i] != 0)];
        return kept.Length > 0
            ? new SparseVector(Array.ConvertAll(kept, i => indices[i]), Array.ConvertAll(kept, i => values[i]))
            : throw Refusal.Of(
                Wire.ErrorReason.VectorZero, path, "The sparse vector has no element that is not 0, so nothing is close to it.", $"Leave it out. {Fix}");
    }

    public static Wire.SparseVector Write(SparseVector vector)
    {
        var written = new Wire.SparseVector();
        written.Indices.AddRange(vector.Dimensions.ToArray());
        written.Values.AddRange(vector.Weights.ToArray());
        return written;
    }
}
