using SearchEngine.Training.Learning;
using SearchEngine.Training.Vocabulary;

namespace SearchEngine.Training.Export;

/// <summary>
/// An encoder as it is written: embeddings as bytes, heads as halves. <see cref="Rounded"/> is the trainer's own form of exactly
/// these numbers, so that the graph can be held to the trainer's forward pass.
/// </summary>
internal sealed class ExportedEncoder
{
    public ExportedEncoder(EncoderParameters trained)
    {
        Table = ByteTable.Of(trained.Embeddings, trained.Dimension);
        Rounded = new EncoderParameters(trained.Vocabulary, trained.Dimension);
        Heads = [.. trained.Heads.Select(head => head.Select(x => (Half)x).ToArray())];
        for (var side = 0; side < EncoderParameters.Sides; side++)
        {
            trained.LogWeights[side].CopyTo(Rounded.LogWeights[side], 0);
            for (var i = 0; i < Heads[side].Length; i++)
                Rounded.Heads[side][i] = (float)Heads[side][i];
        }
        for (var piece = 0; piece < trained.Vocabulary; piece++)
            Table.CopyRow(piece, Rounded.Row(piece));
    }

    public ByteTable Table { get; }

    public Half[][] Heads { get; }

    public EncoderParameters Rounded { get; }

    /// <summary>What a piece's codes are multiplied by on a side, weight and scale in one; special tokens have no weight.</summary>
    public float FactorOf(Side side, int piece) =>
        piece < VocabularyFile.Reserved ? 0 : MathF.Exp(Rounded.LogWeights[(int)side][piece]) * Table.Scales[piece];
}
