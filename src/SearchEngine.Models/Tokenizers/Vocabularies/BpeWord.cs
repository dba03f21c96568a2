using SearchEngine.Models.Tokenizers.Text;

namespace SearchEngine.Models.Tokenizers.Vocabularies;

/// <summary>The symbols of a word while they are collected.</summary>
internal ref struct BpeWord(ModelScratch scratch, int length)
{
    /// <summary>A character has at most so many symbols: its bytes.</summary>
    private const int MaxSymbolsPerUnit = 3;

    private readonly ModelScratch.Symbol[] _symbols = scratch.ReserveSymbols(MaxSymbolsPerUnit * length);
    private int _count;
    private int _unknownId = -1;
    private int _unknownStart;
    private int _unknownEnd;

    /// <summary>Whether every symbol starts where the one before ends, so that the ends alone describe the word.</summary>
    public bool IsContiguous { get; private set; } = true;

    public void Add(int id, int start, int end)
    {
        IsContiguous &= start == (_count == 0 ? 0 : _symbols[_count - 1].End);
        _symbols[_count] = new(id, start, end, _count - 1, _count + 1);
        _count++;
    }

    /// <summary>Adds an unknown character, joined with the one that waits.</summary>
    public void AddUnknown(int id, int start, int end)
    {
        if (_unknownId < 0)
        {
            (_unknownId, _unknownStart) = (id, start);
        }
        _unknownEnd = end;
    }

    public void FlushUnknown()
    {
        if (_unknownId >= 0)
        {
            Add(_unknownId, _unknownStart, _unknownEnd);
            _unknownId = -1;
        }
    }

    /// <summary>A character without a token leaves a gap.</summary>
    public void Skip() => IsContiguous = false;

    public readonly Span<ModelScratch.Symbol> Finish()
    {
        if (_count > 0)
        {
            _symbols[_count - 1].Next = -1;
        }
        return _symbols.AsSpan(0, _count);
    }
}
