namespace SearchEngine.Cli.Transfer;

/// <summary>How far an upload is.</summary>
internal sealed class UploadState
{
    /// <summary>Refused records that are shown; all are counted.</summary>
    public const int ShownRefusals = 10;

    private readonly List<Wire.RefusedItem> _refusals = [];

    public bool HasStarted { get; private set; }

    /// <summary>What the server had before this run.</summary>
    public ulong Before { get; private set; }

    public ulong Acknowledged { get; set; }

    /// <summary>By streams that ended well; what a broken one wrote is acknowledged and not counted here.</summary>
    public ulong Written { get; set; }

    public ulong Refused { get; private set; }

    public ulong TextsCut { get; set; }

    /// <summary>Streams that broke.</summary>
    public int Breaks { get; set; }

    /// <summary>Why the last one did, until the next is open.</summary>
    public string? Trouble { get; set; }

    public IReadOnlyList<Wire.RefusedItem> Refusals => _refusals;

    public void Begin(ulong acknowledged)
    {
        if (!HasStarted) Before = acknowledged;
        (HasStarted, Acknowledged, Trouble) = (true, acknowledged, null);
    }

    public void Refuse(IReadOnlyCollection<Wire.RefusedItem> refused)
    {
        Refused += (ulong)refused.Count;
        _refusals.AddRange(refused.Take(ShownRefusals - _refusals.Count));
    }
}
