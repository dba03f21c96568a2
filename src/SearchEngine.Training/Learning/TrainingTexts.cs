using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SearchEngine.Training.Corpus;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Training.Learning;

/// <summary>
/// What there is to learn from and what is held out to judge by. A held-out passage is retrieved by its title (by its first
/// sentence where it has none), which no pair of the training then shows.
/// </summary>
internal sealed class TrainingTexts
{
    /// <summary>One of this many passages is held out, up to <see cref="MostHeldOut"/>.</summary>
    private const int HeldOutOneOf = 10;

    private const int MostHeldOut = 500;

    private readonly bool[] _isHeldOut;

    public TrainingTexts(IReadOnlyList<TokenizedPassage> passages, IReadOnlyList<LabelledPair> labelled, ulong seed)
    {
        (Passages, Labelled) = (passages, labelled);
        _isHeldOut = new bool[passages.Count];
        TwinOf = Twins(passages);
        Learned = [.. Enumerable.Range(0, passages.Count).Where(i => TwinOf[i] == i && passages[i].Title.Length + passages[i].Text.Length > 1)];
        HeldOut = Choose(seed);
    }

    public IReadOnlyList<TokenizedPassage> Passages { get; }

    public IReadOnlyList<LabelledPair> Labelled { get; }

    /// <summary>The first passage with the same pieces: equal passages answer the same queries, so they are no negatives.</summary>
    public int[] TwinOf { get; }

    /// <summary>Passages that pairs are made from: one of each kind, with something to say.</summary>
    public IReadOnlyList<int> Learned { get; }

    /// <summary>Passages that are retrieved to judge.</summary>
    public IReadOnlyList<int> HeldOut { get; }

    public bool IsHeldOut(int passage) => _isHeldOut[passage];

    /// <summary>The title, unless it is what the passage is to be found by.</summary>
    public int[] TitleOf(int passage) => _isHeldOut[passage] ? [] : Passages[passage].Title;

    /// <summary>BM25's inverse document frequency of each piece; a little for those in every document.</summary>
    public float[] RarityOfPieces(int vocabulary)
    {
        const float Least = 0.02f;
        var documents = new int[vocabulary];
        foreach (var passage in Passages)
        {
            foreach (var piece in passage.Title.Concat(passage.Text).Distinct())
                documents[piece]++;
        }
        return [.. documents.Select(count => MathF.Max(Least, (float)Math.Log(1 + (Passages.Count - count + 0.5) / (count + 0.5))))];
    }

    private static int[] Twins(IReadOnlyList<TokenizedPassage> passages)
    {
        var first = new Dictionary<UInt128, int>();
        var twins = new int[passages.Count];
        for (var i = 0; i < twins.Length; i++)
        {
            int[] pieces = [.. passages[i].Title, .. passages[i].Text];
            var hash = SHA256.HashData(MemoryMarshal.AsBytes<int>(pieces));
            var key = MemoryMarshal.Read<UInt128>(hash);
            twins[i] = first.TryAdd(key, i) ? i : first[key];
        }
        return twins;
    }

    private List<int> Choose(ulong seed)
    {
        int[] able = [.. Learned.Where(i => Passages[i].Title.Length > 1 && Passages[i].Text.Length > 1)];
        var random = new SplitMix(SplitMix.Mix(seed + 0x4e1d));
        var most = Math.Min(MostHeldOut, able.Length / HeldOutOneOf);
        for (var i = 0; i < most; i++)
        {
            var other = i + random.Next(able.Length - i);
            (able[i], able[other]) = (able[other], able[i]);
            _isHeldOut[able[i]] = true;
        }
        return [.. able.Take(most).Order()];
    }
}
