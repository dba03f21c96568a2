using SearchEngine.Training.Numerics;

namespace SearchEngine.Training.Export;

/// <summary>Rows of floats as signed bytes with a scale for each row: a quarter of the size, an error of 1/254 of a row's greatest
/// element.</summary>
/// <param name="Codes">Row after row.</param>
/// <param name="Scales">What a row's codes are multiplied by.</param>
internal sealed record ByteTable(sbyte[] Codes, float[] Scales)
{
    private const int Greatest = 127;

    public int Width => Codes.Length / Scales.Length;

    public static ByteTable Of(ReadOnlySpan<float> rows, int width)
    {
        var table = new ByteTable(new sbyte[rows.Length], new float[rows.Length / width]);
        for (var row = 0; row < table.Scales.Length; row++)
        {
            var values = rows.Slice(row * width, width);
            var most = 0f;
            foreach (var value in values)
                most = MathF.Max(most, MathF.Abs(value));
            table.Scales[row] = most / Greatest;
            for (var i = 0; most > 0 && i < width; i++)
                table.Codes[row * width + i] = (sbyte)MathF.Round(values[i] / most * Greatest);
        }
        return table;
    }

    /// <summary>The values that the codes stand for.</summary>
    public void CopyRow(int row, Span<float> values)
    {
        for (var i = 0; i < Width; i++)
            values[i] = Codes[row * Width + i] * Scales[row];
    }

    /// <summary>One over the length of each row's first codes, codes taken as numbers; 0 for a row without any.</summary>
    public float[] InverseLengths(int prefix)
    {
        var lengths = new float[Scales.Length];
        var values = new float[prefix];
        for (var row = 0; row < lengths.Length; row++)
        {
            for (var i = 0; i < prefix; i++)
                values[i] = Codes[row * Width + i];
            var length = Lanes.Length(values);
            lengths[row] = length > 0 ? 1 / length : 0;
        }
        return lengths;
    }
}
