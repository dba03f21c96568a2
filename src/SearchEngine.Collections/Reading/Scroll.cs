using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Reading;

/// <summary>
/// Reads the matching documents of one view, batch by batch. What is written meanwhile is not seen. It holds the files of its view:
/// dispose it. One caller at a time.
/// </summary>
public sealed class Scroll : IDisposable
{
    private readonly ViewLease _lease;
    private readonly ScrollRequest _request;
    private readonly UnindexedFilter _unindexed;
    private DocumentReader _reader;
    private IEnumerator<RowAddress> _rows;
    private bool _disposed;

    private Scroll(ViewLease lease, ScrollRequest request, UnindexedFilter unindexed)
    {
        _lease = lease;
        _request = request;
        _unindexed = unindexed;
        _reader = new DocumentReader(lease.View, request.Parts);
        _rows = Rows(lease.View, request, unindexed).GetEnumerator();
    }

    /// <summary>Sequence of the newest write it sees.</summary>
    public ulong Sequence => _lease.View.Sequence;

    /// <summary>Documents read so far.</summary>
    public long Position { get; private set; }

    public bool IsAtEnd { get; private set; }

    internal static Scroll Begin(ViewLease lease, ScrollRequest request, UnindexedFilter unindexed)
    {
        try
        {
            return new Scroll(lease, request, unindexed);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <summary>The next documents; fewer than asked for only at the end.</summary>
    public IReadOnlyList<Document> Read(int most)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var documents = new List<Document>(Math.Min(most, 1024));
        while (documents.Count < most && !IsAtEnd)
        {
            if (_rows.MoveNext())
            {
                documents.Add(_reader.Read(_rows.Current));
            }
            else
            {
                IsAtEnd = true;
            }
        }
        Position += documents.Count;
        return documents;
    }

    /// <summary>Goes on behind so many documents of the same view and order: a reader that lost some reads them again.</summary>
    /// <param name="parts">What to read from now on.</param>
    public void MoveTo(long position, DocumentParts parts)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        var reader = new DocumentReader(_lease.View, parts);
        if (position < Position)
        {
            _rows.Dispose();
            _rows = Rows(_lease.View, _request, _unindexed).GetEnumerator();
            (Position, IsAtEnd) = (0, false);
        }
        while (Position < position && !IsAtEnd)
        {
            IsAtEnd = !_rows.MoveNext();
            Position += IsAtEnd ? 0 : 1;
        }
        _reader = reader;
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _rows.Dispose();
            _lease.Dispose();
        }
    }

    private static IEnumerable<RowAddress> Rows(View view, ScrollRequest request, UnindexedFilter unindexed)
    {
        if (request.SliceCount is < 1 or > 256 || request.Slice < 0 || request.Slice >= request.SliceCount)
        {
            throw new CollectionException(
                CollectionError.FieldInvalid, "slice",
                $"Slice {request.Slice} of {request.SliceCount}: there are 1 to 256 slices, numbered from 0.", "Number them from 0.");
        }
        CompiledFilter? filter = request.Filter.IsEmpty ? null : CompiledFilter.Compile(request.Filter, view.Schema, unindexed);
        var slice = new Slice(request.Slice, request.SliceCount);
        return request.OrderBy is null ? InPlace(view, filter, slice) : new OrderedRows(view, filter, slice, request).Read();
    }

    private static IEnumerable<RowAddress> InPlace(View view, CompiledFilter? filter, Slice slice)
    {
        for (int at = 0; at < view.Sources.Count; at++)
        {
            ViewSource source = view.Sources[at];
            using var accept = new SourceAccept(source, filter);
            for (int word = 0; word < accept.Words.Length; word++)
            {
                for (ulong bits = accept.Words[word]; bits != 0; bits &= bits - 1)
                {
                    uint row = (uint)(64 * word + System.Numerics.BitOperations.TrailingZeroCount(bits));
                    if (slice.Has(source.IdOf(row)))
                    {
                        yield return new RowAddress(at, row);
                    }
                }
            }
        }
    }
}
