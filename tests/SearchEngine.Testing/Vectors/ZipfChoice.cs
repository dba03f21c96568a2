namespace SearchEngine.Testing.Vectors;

/// <summary>Item i of <c>count</c> with weight (i + 1)^-exponent.</summary>
internal sealed class ZipfChoice
{
    private readonly double[] _cumulative;

    public ZipfChoice(int count, double exponent)
    {
        _cumulative = new double[count];
        double total = 0;
        for (int i = 0; i < count; i++)
        {
            total += Math.Pow(i + 1, -exponent);
            _cumulative[i] = total;
        }

        for (int i = 0; i < count; i++)
        {
            _cumulative[i] *= 1 / total;
        }
    }

    /// <summary>
    /// The item whose share of [0, 1) holds <paramref name="value"/>: the first with a cumulative weight of at least
    /// it.
    /// </summary>
    public int At(double value)
    {
        int low = 0, high = _cumulative.Length - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_cumulative[middle] < value)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
