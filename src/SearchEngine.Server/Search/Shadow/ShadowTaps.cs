using System.Collections.Immutable;
using SearchEngine.Server.Calls;

namespace SearchEngine.Server.Search.Shadow;

/// <summary>Where answered searches are shown to comparisons. Without one, a search pays a look at an empty list.</summary>
internal sealed class ShadowTaps
{
    private ImmutableArray<ShadowTap> _open = [];

    public void Show(SearchAnswer answer, CallContext context)
    {
        foreach (ShadowTap tap in _open)
        {
            tap.Show(answer, context);
        }
    }

    /// <param name="share">Of the collection's searches, above 0 to 1.</param>
    public ShadowTap Open(string collection, double share)
    {
        var tap = new ShadowTap(collection, share);
        ImmutableInterlocked.Update(ref _open, static (open, tap) => open.Add(tap), tap);
        return tap;
    }

    public void Close(ShadowTap tap) => ImmutableInterlocked.Update(ref _open, static (open, tap) => open.Remove(tap), tap);
}
