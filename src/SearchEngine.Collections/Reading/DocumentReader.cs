using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Multi;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Reading;

/// <summary>Reads parts of the documents of a view.</summary>
internal sealed class DocumentReader
{
    private readonly View _view;
    private readonly BodySelection _selection;
    private readonly int[] _vectors;
    private readonly int[] _multis;
    private long _textLeft;

    public DocumentReader(View view, DocumentParts parts)
    {
        _view = view;
        _selection = BodySelection.Of(view.Schema, parts.Attributes, parts.Texts, parts.Vectors);
        _textLeft = parts.MaxTextLength ?? long.MaxValue;
        _vectors = parts.Vectors is null
            ? [.. Enumerable.Range(0, view.Schema.Vectors.Count)]
            : [.. parts.Vectors.Where(name => view.Schema.SparseAt(name) < 0 && view.Schema.MultiAt(name) < 0).Select(Position)];
        _multis = [.. Enumerable.Range(0, view.Schema.MultiVectors.Count)
            .Where(m => parts.Vectors is null || parts.Vectors.Contains(view.Schema.MultiVectors[m].Name))];
    }

    public Document Read(RowAddress row)
    {
        ViewSource source = _view.Sources[row.Source];
        ReadOnlySpan<byte> body = _selection.IsAnything ? source.BodyOf(row.Ordinal) : default;
        var document = new Document { Id = source.IdOf(row.Ordinal), Version = source.VersionOf(row.Ordinal) };
        if (_selection.IsAnything)
        {
            document = document with
            {
                Attributes = DocumentBody.ReadAttributes(body, _view.Schema, _selection),
                Texts = _textLeft < 0 ? document.Texts : DocumentBody.ReadTexts(body, _view.Schema, _selection),
                SparseVectors = DocumentBody.ReadSparseVectors(body, _view.Schema, _selection),
            };
            foreach (string text in document.Texts.Values)
            {
                _textLeft -= text.Length;
            }
        }
        if (_multis.Length > 0)
        {
            document = document with { MultiVectors = MultiVectors(source, row.Ordinal) };
        }
        return _vectors.Length == 0 ? document : document with { Vectors = Vectors(source, row.Ordinal) };
    }

    private Dictionary<string, ReadOnlyMemory<float>> Vectors(ViewSource source, uint ordinal)
    {
        var vectors = new Dictionary<string, ReadOnlyMemory<float>>(StringComparer.Ordinal);
        foreach (int v in _vectors)
        {
            VectorSchema declared = _view.Schema.Vectors[v];
            var values = new float[declared.Dimension];
            if (source.CopyVector(v, ordinal, values))
            {
                vectors.Add(declared.Name, values);
            }
        }
        return vectors;
    }

    private Dictionary<string, MultiVector> MultiVectors(ViewSource source, uint ordinal)
    {
        var vectors = new Dictionary<string, MultiVector>(StringComparer.Ordinal);
        foreach (int m in _multis)
        {
            MultiSchema declared = _view.Schema.MultiVectors[m];
            if (source.MultiOf(m, ordinal) is { IsEmpty: false } rows)
            {
                vectors.Add(declared.Name, new MultiLayout(declared).Decode(rows));
            }
        }
        return vectors;
    }

    private int Position(string name)
    {
        int at = _view.Schema.VectorAt(name);
        return at >= 0 ? at : throw new CollectionException(
            CollectionError.VectorUnknown, "vectors", $"The collection has no vector \"{name}\".", "Use the names of the schema.");
    }
}
