namespace SearchEngine.Models.Tokenizers;

/// <summary>
/// The tokens of a text: parallel arrays that are kept from call to call, so that a sequence used again allocates nothing.
/// One thread at a time.
/// </summary>
public sealed class TokenSequence
{
    private const int InitialLength = 128;

    private int[] _ids = new int[InitialLength];
    private int[] _starts = new int[InitialLength];
    private int[] _ends = new int[InitialLength];
    private byte[] _typeIds = new byte[InitialLength];
    private byte[] _specialMask = new byte[InitialLength];

    public int Count { get; private set; }

    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, Count);

    /// <summary>Where each token begins in its text, in UTF-8 bytes; 0 for special tokens put around it.</summary>
    public ReadOnlySpan<int> Starts => _starts.AsSpan(0, Count);

    /// <summary>Where each token ends. Tokens that share a character share its range.</summary>
    public ReadOnlySpan<int> Ends => _ends.AsSpan(0, Count);

    /// <summary>Segment of each token, as models like BERT want it.</summary>
    public ReadOnlySpan<byte> TypeIds => _typeIds.AsSpan(0, Count);

    /// <summary>1 for tokens the post-processor put around the text, else 0.</summary>
    public ReadOnlySpan<byte> SpecialMask => _specialMask.AsSpan(0, Count);

    /// <summary>UTF-8 bytes of the text; of a pair, of its document.</summary>
    public int TextLength { get; internal set; }

    /// <summary>What was cut. Not meaningful for sequences without their special tokens.</summary>
    public TruncationReport Truncation { get; internal set; }

    internal Span<int> MutableStarts => _starts.AsSpan(0, Count);

    internal Span<int> MutableEnds => _ends.AsSpan(0, Count);

    internal void Clear()
    {
        Count = 0;
        TextLength = 0;
        Truncation = default;
    }

    internal void Truncate(int count) => Count = count;

    internal void Add(int id, int start, int end)
    {
        if (Count == _ids.Length)
        {
            Reserve(1);
        }
        _ids[Count] = id;
        _starts[Count] = start;
        _ends[Count] = end;
        _typeIds[Count] = 0;
        _specialMask[Count++] = 0;
    }

    internal void AddSpecial(int id, byte typeId)
    {
        Add(id, 0, 0);
        _typeIds[Count - 1] = typeId;
        _specialMask[Count - 1] = 1;
    }

    internal void Append(TokenSequence source, int start, int count, byte typeId)
    {
        Reserve(count);
        source._ids.AsSpan(start, count).CopyTo(_ids.AsSpan(Count));
        source._starts.AsSpan(start, count).CopyTo(_starts.AsSpan(Count));
        source._ends.AsSpan(start, count).CopyTo(_ends.AsSpan(Count));
        _typeIds.AsSpan(Count, count).Fill(typeId);
        _specialMask.AsSpan(Count, count).Clear();
        Count += count;
    }

    private void Reserve(int more)
    {
        var needed = checked(Count + more);
        if (needed > _ids.Length)
        {
            var capacity = (int)Math.Min(Array.MaxLength, Math.Max(needed, 2L * _ids.Length));
            Array.Resize(ref _ids, capacity);
            Array.Resize(ref _starts, capacity);
            Array.Resize(ref _ends, capacity);
            Array.Resize(ref _typeIds, capacity);
            Array.Resize(ref _specialMask, capacity);
        }
    }
}
