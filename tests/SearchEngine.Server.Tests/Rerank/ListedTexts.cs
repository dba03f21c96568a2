using System.Globalization;
using SearchEngine.Server.Rerank;

namespace SearchEngine.Server.Tests.Rerank;

/// <summary>Candidates whose texts say their index. Often fewer are read than are wanted, as where texts are long.</summary>
internal sealed class ListedTexts(int count) : ICandidateTexts
{
    private const int MostAtOnce = 20;

    public HashSet<int> Missing { get; } = [];

    public static int IndexOf(string text) => int.Parse(text.AsSpan(5), CultureInfo.InvariantCulture);

    public int? LengthOf(int index) => index < count ? 9 : throw new ArgumentOutOfRangeException(nameof(index));

    public IReadOnlyList<CandidateText> Read(int first, int wanted) =>
    [
        .. Enumerable.Range(first, Math.Min(wanted, 1 + first % MostAtOnce)).Select(i => Missing.Contains(i)
            ? new CandidateText(null, Refusal.Of(Wire.ErrorReason.PointUnknown, "id", "There is no such point.", "Write it."))
            : new CandidateText($"text {i:0000}", null)),
    ];
}
