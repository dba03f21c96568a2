using SearchEngine.Collections.Reading;

namespace SearchEngine.Server.Points;

/// <summary>A scroll that cursors lead to. One stream at a time reads it.</summary>
internal sealed class OpenScroll(Scroll scroll, string caller, string meaning) : IDisposable
{
    public Guid Id { get; } = CursorShelf.NewId();

    public Scroll Scroll { get; } = scroll;

    /// <summary>Name of who began it.</summary>
    public string Caller { get; } = caller;

    /// <summary>Collection, caller, filter, order and slice: what has to be the same in every call with its cursors.</summary>
    public string Meaning { get; } = meaning;

    public SemaphoreSlim OneReader { get; } = new(1);

    /// <summary>Streams that hold it. Guarded by the shelf.</summary>
    public int Users { get; set; }

    public long LastUse { get; set; }

    /// <summary>All of it was sent. Guarded by the shelf.</summary>
    public bool IsEnded { get; set; }

    public void Dispose()
    {
        Scroll.Dispose();
        OneReader.Dispose();
    }
}
