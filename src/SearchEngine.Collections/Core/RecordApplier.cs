using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Multi;
using SearchEngine.Collections.Storage;
using SearchEngine.Collections.Views;
using SearchEngine.Collections.Writes;

namespace SearchEngine.Collections.Core;

/// <summary>Applies a logged operation to the view in the making: the same for a new write and for one that is replayed.</summary>
internal sealed class RecordApplier : IDisposable
{
    private readonly PooledBuffer _body = new();

    /// <summary>Passes over a record that changes or deletes a document that is not there: there is one only behind damage.</summary>
    public void Apply(PreparedWrite write, ulong version, ViewBuilder builder)
    {
        bool exists = builder.TryLocate(write.Id, out RowAddress old);
        switch (write)
        {
            case PreparedWrite.Put put:
                builder.Live.Append(put.Id, version, put.Body.Span, put.Vectors, put.Multis);
                break;
            case PreparedWrite.Patch patch when exists:
                Patch(patch, version, builder, old);
                break;
            default:
                break;
        }
        if (exists)
        {
            builder.Kill(old);
        }
    }

    public void Dispose() => _body.Dispose();

    private void Patch(PreparedWrite.Patch patch, ulong version, ViewBuilder builder, RowAddress old)
    {
        ViewSource source = builder.SourceOf(old);
        _body.Clear();
        DocumentBody.WithPatch(source.BodyOf(old.Ordinal), patch.Delta.Span, _body);
        var vectors = new ReadOnlyMemory<float>[builder.From.Schema.Vectors.Count];
        for (int v = 0; v < vectors.Length; v++)
        {
            var values = new float[builder.From.Schema.Vectors[v].Dimension];
            vectors[v] = source.CopyVector(v, old.Ordinal, values) ? values : default;
        }
        var multis = new ReadOnlyMemory<byte>[builder.From.Schema.MultiVectors.Count];
        for (int m = 0; m < multis.Length; m++)
        {
            multis[m] = MultiLayout.Join(source.MultiOf(m, old.Ordinal));
        }
        builder.Live.Append(patch.Id, version, _body.Written, vectors, multis);
    }
}
