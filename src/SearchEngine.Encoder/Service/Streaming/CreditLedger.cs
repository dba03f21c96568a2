using SearchEngine.Rpc;

namespace SearchEngine.Encoder.Service.Streaming;

/// <summary>
/// What a client may still send: it bounds what a stream holds. A client counts tokens, or a token per 3 bytes: the lesser is taken off
/// and the greater given back, so neither kind is refused or starved by the other's count. The balance of tokens may so grow beyond the
/// first grant; what bounds a stream in any case is the balance of texts, which is exact.
/// </summary>
internal sealed class CreditLedger
{
    public const int Items = 1_024;

    /// <summary>Enough for the longest document by the guess, and for some thousand passages.</summary>
    public const int Tokens = 400_000;

    private const int BytesPerToken = 3;

    private readonly Lock _gate = new();
    private long _items = Items;
    private long _tokens = Tokens;

    public static Wire.EncodeCredits First => new() { Items = Items, Tokens = Tokens };

    /// <summary>What a client that does not tokenize counts.</summary>
    public static int Guess(int bytes) => (bytes + BytesPerToken - 1) / BytesPerToken;

    /// <summary>Takes the texts of a frame off; one beyond what was granted ends the stream.</summary>
    public void SpendItems(int items)
    {
        lock (_gate)
        {
            if (items > _items)
                throw Beyond($"{items} texts", $"{_items} texts");
            _items -= items;
        }
    }

    /// <summary>Takes the tokens of one text off.</summary>
    public void SpendTokens(int tokens)
    {
        lock (_gate)
        {
            if (tokens > _tokens)
                throw Beyond($"{tokens} tokens", $"{_tokens} tokens");
            _tokens -= tokens;
        }
    }

    public void Grant(int items, long tokens)
    {
        lock (_gate)
        {
            _items += items;
            // All that the client is told: a balance held down here would end a stream that keeps to its grants.
            _tokens += tokens;
        }
    }

    private static RpcException Beyond(string came, string left) => Refusal.Of(
        Wire.ErrorReason.Credits, "items", $"A frame with {came} came, granted are {left}.", "Wait for EncodeCredits before sending more.",
        $"at most {left}", came, left);
}
