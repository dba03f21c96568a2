namespace SearchEngine.Collections.Views;

/// <summary>
/// A resource that several views hold: freed with the last of them. Counted, not by epochs: a scroll may hold its view for
/// minutes, and then must hold up nothing but what it reads.
/// </summary>
internal sealed class Shared<T>(T value, Action<T> free)
    where T : class
{
    private int _holders = 1;

    public T Value { get; } = value;

    public Shared<T> Acquire()
    {
        if (Interlocked.Increment(ref _holders) <= 1)
        {
            throw new InvalidOperationException($"{typeof(T).Name} was acquired after it had been freed.");
        }
        return this;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            free(Value);
        }
    }
}
