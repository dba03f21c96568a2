using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Segments;

namespace SearchEngine.Collections.Views;

/// <summary>The next view in the making: the current one and what a group of writes changes. Nothing is seen of it until it is
/// published.</summary>
internal sealed class ViewBuilder
{
    private readonly View _from;
    private readonly HashSet<uint>[] _killed;
    private readonly ViewSource _active;

    public ViewBuilder(View from)
    {
        _from = from;
        _killed = [.. from.Sources.Select(_ => new HashSet<uint>())];
        _active = from.Sources[^1];
        // A group that failed left rows behind its view's bound: they must never come alive.
        for (uint orphan = (uint)_active.Rows; orphan < (uint)Live.Count; orphan++)
        {
            _killed[^1].Add(orphan);
        }
    }

    public View From => _from;

    /// <summary>The live segment that takes writes.</summary>
    public LiveDocuments Live => _active.Live!;

    /// <summary>Finds the living row of a document as the group so far has left it.</summary>
    public bool TryLocate(DocumentId id, out RowAddress row)
    {
        for (int source = _from.Sources.Count - 1; source >= 0; source--)
        {
            if (TryFind(source, id, out uint ordinal))
            {
                row = new RowAddress(source, ordinal);
                return true;
            }
        }
        row = default;
        return false;
    }

    public ViewSource SourceOf(RowAddress row) => _from.Sources[row.Source];

    public void Kill(RowAddress row) => _killed[row.Source].Add(row.Ordinal);

    /// <param name="sequence">Of the last write in it.</param>
    public View Build(ulong sequence)
    {
        var sources = new ViewSource[_from.Sources.Count];
        for (int i = 0; i < sources.Length; i++)
        {
            ViewSource source = _from.Sources[i];
            bool active = i == sources.Length - 1;
            sources[i] = _killed[i].Count == 0 && !active
                ? source
                : source.With(active ? Live.Count : source.Rows, source.Dead.With(_killed[i]));
        }
        return new View(_from.Number + 1, sequence, _from.Schema, sources);
    }

    private bool TryFind(int at, DocumentId id, out uint ordinal)
    {
        ViewSource source = _from.Sources[at];
        if (at < _from.Sources.Count - 1)
        {
            return source.TryFind(id, out ordinal) && !_killed[at].Contains(ordinal);
        }
        int below = Live.Count;
        while (Live.TryFind(id, below, out ordinal))
        {
            if (!source.Dead.Contains(ordinal) && !_killed[at].Contains(ordinal))
            {
                return true;
            }
            below = (int)ordinal;
        }
        return false;
    }
}
