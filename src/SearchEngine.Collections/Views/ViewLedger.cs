namespace SearchEngine.Collections.Views;

/// <summary>The current view, and leases of it.</summary>
internal sealed class ViewLedger(View first) : IDisposable
{
    private View _current = first;
    private int _disposed;

    public View Current => Volatile.Read(ref _current);

    /// <summary>The current view, held until the lease is disposed.</summary>
    public ViewLease Lease()
    {
        while (true)
        {
            View view = Current;
            // Asked first: readers that overlap would keep the last view alive for ever.
            bool closed = Volatile.Read(ref _disposed) != 0;
            if (!closed && view.TryAcquire())
            {
                return new ViewLease(view);
            }
            // Let go between the two lines: then there is a newer one, or none any more.
            if (closed || ReferenceEquals(view, Current))
            {
                throw new CollectionException(CollectionError.Closed, "", "The collection has been closed.", "Open it again.");
            }
        }
    }

    /// <summary>Makes a view the current one. One publisher at a time.</summary>
    public void Publish(View next)
    {
        View last = _current;
        Volatile.Write(ref _current, next);
        last.Release();
    }

    /// <summary>Readers that are left keep what they hold.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            Current.Release();
        }
    }
}
