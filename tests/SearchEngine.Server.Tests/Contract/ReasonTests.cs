using System.Text.RegularExpressions;
using SearchEngine.Rpc;
using SearchEngine.Server.Contract;
using SearchEngine.Testing.Processes;
using Xunit;

namespace SearchEngine.Server.Tests.Contract;

public sealed partial class ReasonTests
{
    [Fact]
    public void EveryReason_HasTheCodeThatTheContractDocuments()
    {
        string readme = File.ReadAllText(Path.Combine(ChildProcess.RepositoryRoot, "protos", "README.md"));
        var documented = Row().Matches(readme).ToDictionary(static m => m.Groups[1].Value, static m => m.Groups[2].Value, StringComparer.Ordinal);
        Assert.True(documented.Count > 60, $"The table of protos/README.md was not understood: {documented.Count} rows.");
        foreach (Wire.ErrorReason reason in Enum.GetValues<Wire.ErrorReason>().Where(static r => r != Wire.ErrorReason.Unspecified))
        {
            string name = Reasons.NameOf(reason);
            Assert.True(documented.TryGetValue(name, out string? code), $"{name} is not in the table of protos/README.md.");
            Assert.True(CodeName(Reasons.CodeOf(reason)) == code, $"{name} is documented as {code}, the server answers {Reasons.CodeOf(reason)}.");
            Assert.Equal(reason, Reasons.Of(name));
        }
    }

    [Fact]
    public void EveryErrorOfTheEngine_HasAReasonOfTheContract()
    {
        foreach (SearchEngine.Collections.CollectionError error in Enum.GetValues<SearchEngine.Collections.CollectionError>())
        {
            RpcException mapped = ErrorMap.ToRpc(new SearchEngine.Collections.CollectionException(error, "a.b", "What.", "Fix."), "points[3]");
            Assert.True(Reasons.Of(mapped.Reason) != 0, $"{error} gives the reason {mapped.Reason}, which the contract does not have.");
            Assert.Equal("points[3].a.b", mapped.Facts[Refusal.FieldFact]);
            Assert.Equal("Fix.", mapped.Facts[Refusal.FixFact]);
        }
    }

    [Fact]
    public void Facts_RepeatWhatCameShortenedTo64Bytes()
    {
        foreach (string text in (string[])["short", new string('x', 500), string.Concat(Enumerable.Repeat("\U0001F600", 40))])
        {
            string shown = Refusal.Of(Wire.ErrorReason.FieldInvalid, "f", "What.", "Fix.", actual: text).Facts[Refusal.ActualFact];
            Assert.True(System.Text.Encoding.UTF8.GetByteCount(shown) <= Refusal.ShownBytes, $"A fact of {shown.Length} characters was sent.");
            Assert.DoesNotContain('\uFFFD', shown);
        }
    }

    private static string CodeName(StatusCode code) =>
        string.Concat(code.ToString().Select(static (c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : $"{char.ToUpperInvariant(c)}"));

    [GeneratedRegex(@"^\| `([A-Z_]+)` \| ([A-Z_]+) \|", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row();
}
