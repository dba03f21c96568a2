using SearchEngine.Training.Corpus;
using SearchEngine.Training.Numerics;

namespace SearchEngine.Training.Cooccurrence;

/// <summary>
/// Which pieces stand near which, as positive pointwise mutual information: ln(n(i,j) * N / (n(i) * n'(j))) where it is positive,
/// contexts smoothed by a power of 0.75 (Levy, Goldberg and Dagan 2015). Each row is counted by itself from the places of its
/// piece, so threads share nothing.
/// </summary>
internal static class PieceCooccurrence
{
    private const double ContextPower = 0.75;

    /// <summary>Cells of a row that are kept: the strongest. Only very frequent pieces have more.</summary>
    private const int MostCells = 3000;

    /// <summary>Places of a piece that are counted; more of a frequent piece change its row no longer.</summary>
    private const int MostPlaces = 50_000;

    /// <param name="passages">Texts by piece.</param>
    /// <param name="vocabulary">Number of pieces.</param>
    /// <param name="window">Places to either side that count, the weight falling off linearly.</param>
    /// <param name="workers">Threads.</param>
    public static SparseRows Of(IReadOnlyList<TokenizedPassage> passages, int vocabulary, int window, Workers workers)
    {
        int[][] texts = [.. passages.Select(passage => passage.Whole(int.MaxValue))];
        var places = Places(texts, vocabulary);
        var columns = new int[vocabulary][];
        var counts = new float[vocabulary][];
        var totals = new double[vocabulary];
        workers.For(vocabulary, () => new RowCounter(vocabulary), (piece, counter) =>
        {
            (columns[piece], counts[piece]) = counter.Count(texts, places[piece], window);
            foreach (var count in counts[piece])
                totals[piece] += count;
        });
        var contexts = new double[vocabulary];
        var all = 0.0;
        for (var piece = 0; piece < vocabulary; piece++)
        {
            contexts[piece] = Math.Pow(totals[piece], ContextPower);
            all += contexts[piece];
        }
        workers.For(vocabulary, piece =>
            (columns[piece], counts[piece]) = Informative(columns[piece], counts[piece], totals[piece], contexts, all));
        return new SparseRows(columns, counts);
    }

    private static (int Text, int Place)[][] Places(int[][] texts, int vocabulary)
    {
        var places = new List<(int Text, int Place)>?[vocabulary];
        for (var text = 0; text < texts.Length; text++)
        {
            for (var place = 0; place < texts[text].Length; place++)
                (places[texts[text][place]] ??= []).Add((text, place));
        }
        return [.. places.Select(Sampled)];
    }

    /// <summary>Evenly spaced places where there are very many.</summary>
    private static (int Text, int Place)[] Sampled(List<(int Text, int Place)>? places)
    {
        if (places == null)
            return [];
        if (places.Count <= MostPlaces)
            return [.. places];
        return [.. Enumerable.Range(0, MostPlaces).Select(i => places[(int)((long)i * places.Count / MostPlaces)])];
    }

    private static (int[] Columns, float[] Values) Informative(
        int[] columns, float[] counts, double total, double[] contexts, double all)
    {
        var kept = new List<(int Column, float Value)>();
        for (var i = 0; i < columns.Length; i++)
        {
            var information = Math.Log(counts[i] / total * all / contexts[columns[i]]);
            if (information > 0)
                kept.Add((columns[i], (float)information));
        }
        if (kept.Count > MostCells)
            kept = [.. kept.OrderByDescending(cell => cell.Value).ThenBy(cell => cell.Column).Take(MostCells).OrderBy(cell => cell.Column)];
        return ([.. kept.Select(cell => cell.Column)], [.. kept.Select(cell => cell.Value)]);
    }

    /// <summary>Counts of one row, in memory that is used for row after row.</summary>
    private sealed class RowCounter(int vocabulary)
    {
        private readonly float[] _counts = new float[vocabulary];
        private readonly List<int> _touched = [];

        public (int[] Columns, float[] Counts) Count(int[][] texts, (int Text, int Place)[] places, int window)
        {
            foreach (var (text, place) in places)
            {
                var tokens = texts[text];
                for (var other = Math.Max(0, place - window); other <= Math.Min(tokens.Length - 1, place + window); other++)
                {
                    if (other == place)
                        continue;
                    ref var count = ref _counts[tokens[other]];
                    if (count == 0)
                        _touched.Add(tokens[other]);
                    count += (float)(window + 1 - Math.Abs(other - place)) / window;
                }
            }
            _touched.Sort();
            var result = (_touched.ToArray(), _touched.Select(column => _counts[column]).ToArray());
            foreach (var column in _touched)
                _counts[column] = 0;
            _touched.Clear();
            return result;
        }
    }
}
