using System.Globalization;
using System.Text.Json;
using SearchEngine.Cli.Output;
using SearchEngine.Cli.Remote;

namespace SearchEngine.Cli.Transfer;

/// <summary>What an import came to.</summary>
internal sealed record ImportReport(string Collection, string ResumeKey, UploadState End, TimeSpan Time)
{
    public void Show(OutputForm form)
    {
        if (form == OutputForm.Json)
        {
            Screen.Line(JsonSerializer.Serialize(new
            {
                collection = Collection,
                resume_key = ResumeKey,
                records = End.Acknowledged,
                done_before = End.Before,
                refused = End.Refused,
                texts_cut = End.TextsCut,
                streams_broken = End.Breaks,
                seconds = Time.TotalSeconds,
            }));
            return;
        }
        ulong now = End.Acknowledged - End.Before;
        Screen.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{now:N0} records in {Time.TotalSeconds:F1} s ({now / Math.Max(Time.TotalSeconds, 0.001):N0} a second); {End.Refused:N0} refused, {(End.Breaks > 0 ? "at least " : "")}{End.TextsCut:N0} texts longer than the model reads."));
        if (End.Before > 0) Screen.Line(string.Create(CultureInfo.InvariantCulture, $"{End.Before:N0} were there from an earlier run of this import; --again would write them anew."));
        if (End.Breaks > 0) Screen.Line(string.Create(CultureInfo.InvariantCulture, $"The connection broke {End.Breaks} times; nothing was lost."));
        foreach (Wire.RefusedItem refused in End.Refusals)
        {
            Screen.Line($"  refused {PointMap.Show(refused.Id)}: {refused.Error.Reason}: {refused.Error.Message}");
        }
        if (End.Refused > (ulong)End.Refusals.Count) Screen.Line($"  and {End.Refused - (ulong)End.Refusals.Count} more.");
    }
}
