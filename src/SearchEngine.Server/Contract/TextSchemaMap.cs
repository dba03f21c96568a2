using System.Globalization;
using SearchEngine.Collections.Schema;

namespace SearchEngine.Server.Contract;

/// <summary>Declarations of text fields, both ways.</summary>
internal static class TextSchemaMap
{
    private const string Analyzer = "standard";

    public static TextSchema Read(Wire.TextSchema declared, string path)
    {
        Names.Check(declared.Name, Names.MaxPartBytes, $"{path}.name");
        if (declared.Index == Wire.TextIndex.None)
        {
            string said = declared.Analyzer.Length > 0 ? "analyzer" : declared.HasSaturation ? "saturation" : declared.HasLengthWeight ? "length_weight" : "";
            return said.Length == 0
                ? new TextSchema { Name = declared.Name }
                : throw Refusal.Invalid($"{path}.{said}", "The text field has no index that it could be about.", "Leave it unset, or declare the index BM25.");
        }
        if (declared.Index is not (Wire.TextIndex.Unspecified or Wire.TextIndex.Bm25))
        {
            throw Refusal.Invalid($"{path}.index", "There is no such index.", "Use a value of TextIndex.", Refusal.Number((int)declared.Index));
        }
        if (declared.Analyzer is not ("" or Analyzer))
        {
            throw Refusal.Invalid(
                $"{path}.analyzer", $"The server has no analyzer \"{Refusal.Shown(declared.Analyzer)}\".", $"Use \"{Analyzer}\", or leave it unset.", declared.Analyzer, Analyzer);
        }
        return new TextSchema
        {
            Name = declared.Name,
            Index = TextIndex.Bm25,
            Saturation = declared.HasSaturation ? Within(declared.Saturation, TextSchema.MaxSaturation, $"{path}.saturation") : TextSchema.DefaultSaturation,
            LengthWeight = declared.HasLengthWeight ? Within(declared.LengthWeight, 1, $"{path}.length_weight") : TextSchema.DefaultLengthWeight,
        };
    }

    public static Wire.TextSchema Write(TextSchema text) => text.Index == TextIndex.None
        ? new Wire.TextSchema { Name = text.Name, Index = Wire.TextIndex.None }
        : new Wire.TextSchema
        {
            Name = text.Name,
            Index = Wire.TextIndex.Bm25,
            Analyzer = Analyzer,
            Saturation = (float)text.Saturation,
            LengthWeight = (float)text.LengthWeight,
        };

    // Written so that NaN is refused.
    private static double Within(float value, double most, string path) => value >= 0 && value <= most
        ? value
        : throw Refusal.Invalid(
            path, "The value lies outside what is possible.", "Leave it unset for the default.", value.ToString(CultureInfo.InvariantCulture),
            $"0 to {most.ToString(CultureInfo.InvariantCulture)}");
}
