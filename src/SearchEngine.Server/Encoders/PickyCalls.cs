using System.Globalization;
using SearchEngine.Rpc;

namespace SearchEngine.Server.Encoders;

/// <summary>
/// Calls that an encoder refuses as a whole for single texts, naming each: made again without those, so that a bad text is its own fault. The
/// encoder tells the facts of one bad text, and place and reason in words of the others.
/// </summary>
internal static class PickyCalls
{
    /// <param name="count">Texts.</param>
    /// <param name="list">The field of the request that holds them, as in "texts".</param>
    /// <param name="call">Makes the call for the texts at these places.</param>
    /// <param name="refuse">Told each bad text's place and error; its field is the text itself.</param>
    public static async Task RunAsync(int count, string list, Func<int[], Task> call, Action<int, RpcException> refuse)
    {
        int[] pending = [.. Enumerable.Range(0, count)];
        while (pending.Length > 0)
        {
            try
            {
                await call(pending).ConfigureAwait(false);
                return;
            }
            catch (RpcException refused) when (BadOnes(refused, list, pending.Length) is { Count: > 0 } bad)
            {
                foreach ((int at, string description) in bad)
                {
                    refuse(pending[at], OwnError(refused, list, at, description));
                }
                pending = [.. pending.Where((_, at) => !bad.ContainsKey(at))];
            }
        }
    }

    /// <summary>Those to blame, by their place in the call, with what is wrong with each; none where the call itself is.</summary>
    private static Dictionary<int, string> BadOnes(RpcException refused, string list, int count)
    {
        var bad = new Dictionary<int, string>();
        if (refused.Code != StatusCode.InvalidArgument)
        {
            return bad;
        }
        foreach (Google.Rpc.BadRequest.Types.FieldViolation violation in refused.FieldViolations)
        {
            if (PlaceOf(violation.Field, list) is { } at && at < count)
            {
                bad[at] = violation.Description;
            }
        }
        return bad;
    }

    private static RpcException OwnError(RpcException refused, string list, int at, string description)
    {
        bool hasFacts = PlaceOf(refused.Facts.GetValueOrDefault(Refusal.FieldFact, ""), list) == at;
        RpcException own = new RpcException(refused.Code, hasFacts ? refused.Message : description, refused.Reason, refused).With(Refusal.FieldFact, "");
        foreach ((string key, string value) in refused.Facts)
        {
            if (key is Refusal.FixFact or EncoderErrors.EncoderFact or Refusal.LimitFact || (hasFacts && key != Refusal.FieldFact))
            {
                own.With(key, value);
            }
        }
        return own.Field("", description);
    }

    /// <summary>3 for "texts[3]" and what is below it.</summary>
    private static int? PlaceOf(string field, string list)
    {
        int begin = list.Length + 1, end = field.IndexOf(']', StringComparison.Ordinal);
        return end > begin && field[list.Length] == '[' && field.StartsWith(list, StringComparison.Ordinal)
            && int.TryParse(field.AsSpan(begin, end - begin), CultureInfo.InvariantCulture, out int at) && at >= 0 ? at : null;
    }
}
