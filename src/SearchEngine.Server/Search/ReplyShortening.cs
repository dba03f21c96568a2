using Google.Protobuf;

namespace SearchEngine.Server.Search;

/// <summary>
/// Keeps a reply under what the client accepts: what was optional is left out, the largest kinds first and for all hits alike, so that
/// a field that is missing never looks like a field that is empty. Ids and scores are never left out.
/// </summary>
internal static class ReplyShortening
{
    /// <summary>No bare hit is larger: an id of 256 bytes, a score, framing.</summary>
    private const int BareHitBytes = 280;

    private const int BareReplyBytes = 4_096;

    private static readonly (string Field, Action<Wire.Hit> Drop)[] Optional =
    [
        ("fields.vectors", static hit =>
        {
            hit.Point?.Vectors.Clear();
            hit.Point?.Vector = null;
        }),
        ("fields.details", static hit => hit.Passage = null),
        ("fields.texts", static hit => hit.Point?.Texts.Clear()),
        ("fields.attributes", static hit => hit.Point = null),
        ("fields.details", static hit => hit.Components.Clear()),
    ];

    /// <exception cref="Rpc.RpcException">MESSAGE_TOO_LARGE: even bare hits do not fit.</exception>
    public static void Fit(Wire.SearchReply reply, int limit)
    {
        if (reply.Grouped is null)
        {
            Fit(reply, reply.Hits, reply.Header, limit);
        }
        else
        {
            // Beside its hits a group has a value, which may be long.
            Shorten(reply, [.. reply.Grouped.Groups.SelectMany(static g => g.Hits)], reply.Header, limit);
        }
    }

    /// <inheritdoc cref="Fit(Wire.SearchReply, int)"/>
    /// <param name="hits">Of the reply.</param>
    /// <param name="header">Of the reply; says what was left out.</param>
    public static void Fit(IMessage reply, IReadOnlyList<Wire.Hit> hits, Wire.ReplyHeader header, int limit)
    {
        bool isBare = hits.Count == 0 || hits[0] is { Point: null, Passage: null, Components.Count: 0 };
        if (!isBare || (long)hits.Count * BareHitBytes + BareReplyBytes > limit)
        {
            Shorten(reply, hits, header, limit);
        }
    }

    private static void Shorten(IMessage reply, IReadOnlyList<Wire.Hit> hits, Wire.ReplyHeader header, int limit)
    {
        int size = reply.CalculateSize();
        foreach ((string field, Action<Wire.Hit> drop) in Optional)
        {
            if (size <= limit)
            {
                break;
            }
            foreach (Wire.Hit hit in hits)
            {
                drop(hit);
            }
            int left = reply.CalculateSize();
            if (left < size)
            {
                header.Warnings.Add(new Wire.Warning
                {
                    Kind = Wire.WarningKind.ReplyShortened,
                    Field = field,
                    Message = $"Left out to stay under {limit} bytes; ask for fewer hits or fields, or raise header.max_reply_bytes.",
                });
                size = reply.CalculateSize();
            }
        }
        if (size > limit)
        {
            throw SearchErrors.ReplyTooLarge(size, limit, hits.Count);
        }
    }
}
