namespace SearchEngine.Cli.Transfer;

/// <summary>How far an upload is.</summary>
internal sealed class UploadState
{
    /// <summary>Refused records that are shown; all are counted.</summary>
    public const int ShownRefusals = 10;

    private readonly List<Wire.RefusedItem> _refusals = [];

    // A record that is sent again after a break is refused again.
    private readonly HashSet<ulong> _refused = [];

    private bool _hasStarted;

    /// <summary>What the server had before this run.</summary>
    public ulong Before { get; private set; }

    public ulong Acknowledged { get; set; }

    /// <summary>By streams that ended well; what a broken one wrote is acknowledged and not counted here.</summary>
    public ulong Written { get; set; }

    public ulong Refused => (ulong)_refused.Count;

    /// <summary>By streams that ended well: what those that broke have cut is not told.</summary>
    public ulong TextsCut { get; set; }

    /// <summary>Streams that broke.</summary>
    public int Breaks { get; set; }

    /// <summary>Why the last one did, until the next is open.</summary>
    public string? Trouble { get; set; }

    public IReadOnlyList<Wire.RefusedItem> Refusals => _refusals;

    public void Begin(ulong acknowledged)
    {
        if (!_hasStarted) Before = acknowledged;
        (_hasStarted, Acknowledged, Trouble) = (true, acknowledged, null);
    }

    public void Refuse(IReadOnlyCollection<Wire.RefusedItem> refused)
    {
        foreach (Wire.RefusedItem item in refused)
        {
            if (_refused.Add(item.Index) && _refusals.Count < ShownRefusals) _refusals.Add(item);
        }
    }
}
