using System.Numerics;
using SearchEngine.Collections.Attributes;
using SearchEngine.Collections.Documents;

namespace SearchEngine.Collections.Filters;

/// <summary>A condition on the values of one attribute; without a test: that it has a value.</summary>
internal sealed class AttributeNode(int position, ValueTest? test) : FilterNode
{
    private const double NanosPerIndexedRow = 1;
    private const double NanosPerIndexedWord = 0.3;
    private const double NanosPerBody = 150;

    /// <summary>Of the attribute in the schema.</summary>
    public int Position => position;

    public ValueTest? Test => test;

    public override RowSet Evaluate(in FilterSource source, RowSet? among)
    {
        RowSet rows = RowSet.None(source.Rows);
        try
        {
            AttributeColumn? column = source.Attributes.Column(position);
            if (column is null)
            {
                Scan(source, among, rows);
            }
            else if (test is null)
            {
                column.AddExisting(rows);
            }
            else
            {
                column.AddMatches(test, rows);
            }
            return rows;
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    public override MatchEstimate Estimate(in FilterSource source)
    {
        AttributeColumn? column = source.Attributes.Column(position);
        return column is null ? MatchEstimate.Unknown(source.Rows)
            : test is null ? column.EstimateExisting(source.Rows)
            : column.EstimateMatches(test, source.Rows);
    }

    public override double Cost(in FilterSource source) => source.Attributes.Column(position) is null
        ? source.Rows * NanosPerBody
        : Estimate(source).Likely * NanosPerIndexedRow + source.Rows / 64 * NanosPerIndexedWord;

    protected override void WriteTo(BinaryWriter writer)
    {
        writer.Write((byte)(test is null ? 'e' : 'a'));
        writer.Write(position);
        test?.WriteTo(writer);
    }

    private void Scan(in FilterSource source, RowSet? among, RowSet rows)
    {
        for (int w = 0; w < RowSet.WordsFor(source.Rows); w++)
        {
            ulong word = among is null ? ulong.MaxValue : among.Words[w];
            for (; word != 0; word &= word - 1)
            {
                int row = w * 64 + BitOperations.TrailingZeroCount(word);
                if (row >= source.Rows)
                {
                    break;
                }
                if (DocumentBody.Attributes(source.Bodies((uint)row)).TryFind(position, out BodyAttribute attribute)
                    && (test is null ? attribute.Count > 0 : test.HoldsForAny(attribute)))
                {
                    rows.Add((uint)row);
                }
            }
        }
    }
}
