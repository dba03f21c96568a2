using SearchEngine.Server.Contract;

namespace SearchEngine.Server.Encoders;

/// <summary>A text to search with, checked.</summary>
/// <param name="Text">As the caller wrote it.</param>
/// <param name="Task">Whose template the encoder applies; empty for the query template.</param>
/// <param name="Truncation">What to do when it is too long; half a query is another query, so nothing is cut unless asked.</param>
/// <param name="Path">Of the text within the request.</param>
internal sealed record QueryText(string Text, string Task, Wire.Truncation Truncation, string Path)
{
    /// <param name="query">Of the request.</param>
    /// <param name="path">Of the query within the request.</param>
    public static QueryText Read(Wire.TextQuery query, string path)
    {
        TextCheck.Query(query.Text, $"{path}.text");
        TextLength.Check(query.Task, EncoderLimits.MaxTaskBytes, $"{path}.task");
        return new QueryText(query.Text, query.Task, TextCheck.Truncation(query.Truncation, $"{path}.truncation"), $"{path}.text");
    }
}
