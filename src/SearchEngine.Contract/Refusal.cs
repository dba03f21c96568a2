using System.Globalization;
using System.Text;
using SearchEngine.Rpc;

namespace SearchEngine.Contract;

/// <summary>Makes the typed errors of the contract, so that every one carries what its README promises.</summary>
public static class Refusal
{
    public const string FieldFact = "field";
    public const string ExpectedFact = "expected";
    public const string ActualFact = "actual";
    public const string LimitFact = "limit";
    public const string FixFact = "fix";

    /// <summary>What came from a caller is repeated up to this length.</summary>
    public const int ShownBytes = 64;

    /// <param name="field">Path of the offending field; empty when about none.</param>
    /// <param name="what">One sentence for people: what is wrong.</param>
    /// <param name="fix">One sentence: what to do about it.</param>
    public static RpcException Of(
        Wire.ErrorReason reason, string field, string what, string fix, string? expected = null, string? actual = null, string? limit = null)
    {
        StatusCode code = Reasons.CodeOf(reason);
        RpcException refusal = new RpcException(code, $"{what} {fix}", Reasons.NameOf(reason)).With(FixFact, fix);
        if (field.Length > 0)
        {
            refusal.With(FieldFact, field);
            if (code == StatusCode.InvalidArgument)
            {
                refusal.Field(field, what);
            }
        }
        Add(refusal, ExpectedFact, expected);
        Add(refusal, ActualFact, actual);
        Add(refusal, LimitFact, limit);
        return refusal;
    }

    public static RpcException Required(string field, string fix) =>
        Of(Wire.ErrorReason.FieldRequired, field, $"{field} is required.", fix);

    public static RpcException Invalid(string field, string what, string fix, string? actual = null, string? limit = null) =>
        Of(Wire.ErrorReason.FieldInvalid, field, what, fix, actual: actual, limit: limit);

    /// <param name="unit">As in "bytes" or "points".</param>
    public static RpcException Limit(string field, long actual, long limit, string unit, string fix) => Of(
        Wire.ErrorReason.LimitExceeded, field, $"{field} has {Number(actual)} {unit}, at most {Number(limit)} are possible.", fix,
        actual: Number(actual), limit: $"{Number(limit)} {unit}");

    /// <summary>The contract has it and this server does not: never ignored in silence.</summary>
    public static RpcException NotServed(string field, string instead) =>
        Of(Wire.ErrorReason.FieldNotServed, field, $"This server does not serve {field}.", instead);

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A text of the caller's, shortened to what a fact may repeat.</summary>
    public static string Shown(string text, int maxBytes = ShownBytes)
    {
        if (3 * text.Length <= maxBytes || Encoding.UTF8.GetByteCount(text) <= maxBytes)
        {
            return text;
        }
        int kept = Math.Min(text.Length, maxBytes);
        while (Encoding.UTF8.GetByteCount(text.AsSpan(0, kept)) > maxBytes - 3 || char.IsHighSurrogate(text[kept - 1]))
        {
            kept--;
        }
        return string.Concat(text.AsSpan(0, kept), "…");
    }

    private static void Add(RpcException refusal, string fact, string? value)
    {
        if (value is not null)
        {
            refusal.With(fact, Shown(value));
        }
    }
}
