namespace SearchEngine.Models.Tokenizers.Text;

/// <summary>Growing arrays of the models, kept between calls.</summary>
internal sealed class ModelScratch
{
    private const int InitialLength = 64;

    /// <summary>Symbols of a BPE word or nodes of a Unigram lattice.</summary>
    public Symbol[] Symbols { get; private set; } = new Symbol[InitialLength];

    public LatticeNode[] Nodes { get; private set; } = new LatticeNode[InitialLength];

    public PriorityQueue<Merge, long> Merges { get; } = new();

    public Symbol[] ReserveSymbols(int count)
    {
        if (Symbols.Length < count)
        {
            Symbols = new Symbol[Math.Max(count, 2 * Symbols.Length)];
        }
        return Symbols;
    }

    public LatticeNode[] ReserveNodes(int count)
    {
        if (Nodes.Length < count)
        {
            Nodes = new LatticeNode[Math.Max(count, 2 * Nodes.Length)];
        }
        return Nodes;
    }

    /// <summary>A BPE symbol: its token and its stretch of the word, linked to its neighbours; -1 ends the chain.</summary>
    internal record struct Symbol(int Id, int Start, int End, int Previous, int Next);

    /// <summary>Best way to reach a position of a Unigram word.</summary>
    internal record struct LatticeNode(int Id, int From, double Score);

    /// <summary>A merge waiting in a long word: the left symbol and the two tokens it was queued for.</summary>
    internal readonly record struct Merge(int Symbol, int Left, int Right, int Result);
}
