using SearchEngine.Collections;
using SearchEngine.Collections.Schema;
using SearchEngine.Rpc.Operations;
using SearchEngine.Server.Spaces;

namespace SearchEngine.Server.Encoders;

/// <summary>
/// Says at the readiness board which collections write texts that nobody can encode at the moment. It is a note: vectors are written and
/// searched all the same, and a server that went out of service with its encoder would take that away.
/// </summary>
internal sealed class EncoderReadiness : IDisposable
{
    private const string Part = "encoder";
    private const int MostNamed = 3;

    private readonly CollectionStore _store;
    private readonly EncoderPool _pool;
    private readonly ReadinessBoard _board;

    public EncoderReadiness(CollectionStore store, EncoderPool pool, ReadinessBoard board)
    {
        _store = store;
        _pool = pool;
        _board = board;
        pool.Refreshed += Tell;
        Tell();
    }

    public void Dispose() => _pool.Refreshed -= Tell;

    private void Tell()
    {
        string[] missing = [.. _store.Names.Where(Misses)];
        if (missing.Length == 0)
        {
            _board.Clear(Part);
            return;
        }
        string more = missing.Length > MostNamed ? $" and {missing.Length - MostNamed} more" : "";
        _board.Note(Part, $"texts of {string.Join(", ", missing.Take(MostNamed))}{more} cannot be encoded: {Why()}");
    }

    private bool Misses(string name)
    {
        try
        {
            return _store.TryGet(name)?.Schema.Vectors.Any(vector => vector.Source is not null && !IsServed(vector)) == true;
        }
        catch (CollectionException)
        {
            // Closed or too damaged to be opened: it says so to whoever asks for it.
            return false;
        }
    }

    private bool IsServed(VectorSchema vector) => BoundSpace.Of(vector) is { } bound
        && _pool.Connections.Any(c => c.Failure is null && c.Models.Any(model => model.Encodes && model.Space == bound.Id));

    private string Why() => _pool.Connections.Count == 0
        ? "the server is connected to no encoder (--encoder)"
        : string.Join("; ", _pool.Connections.Select(static c => $"{c.Name}: {c.Failure ?? $"has {string.Join(", ", c.Models.Select(static m => m.Name).DefaultIfEmpty("no model yet"))}"}"));
}
