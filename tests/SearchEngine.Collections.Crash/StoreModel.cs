using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Writes;

namespace SearchEngine.Collections.Crash;

/// <summary>What a collection must hold: a dictionary. Applies the same operations by their plain meaning.</summary>
public sealed class StoreModel
{
    private readonly Dictionary<DocumentId, Document> _documents = [];

    public IReadOnlyDictionary<DocumentId, Document> Documents => _documents;

    public StoreModel Copy()
    {
        var copy = new StoreModel();
        foreach ((DocumentId id, Document document) in _documents)
        {
            copy._documents.Add(id, document);
        }
        return copy;
    }

    /// <summary>Applies one operation.</summary>
    /// <returns>The error it is refused with, or null.</returns>
    public CollectionError? Apply(WriteOperation operation) => operation switch
    {
        WriteOperation.Put put => Put(put),
        WriteOperation.Patch patch => Patch(patch),
        WriteOperation.Delete delete => Delete(delete),
        _ => throw new ArgumentException($"Unknown operation {operation}."),
    };

    private ulong VersionOf(DocumentId id) => _documents.TryGetValue(id, out Document? document) ? document.Version : 0;

    private CollectionError? Put(WriteOperation.Put put)
    {
        ulong now = VersionOf(put.Document.Id);
        switch (put.Mode)
        {
            case WriteMode.InsertOnly when now > 0:
                return CollectionError.PointExists;
            case WriteMode.UpdateOnly when now == 0:
                return CollectionError.PointUnknown;
            case WriteMode.IfVersion when now != put.ExpectedVersion:
                return CollectionError.VersionConflict;
        }
        _documents[put.Document.Id] = put.Document with { Version = now + 1 };
        return null;
    }

    private CollectionError? Patch(WriteOperation.Patch patch)
    {
        ulong now = VersionOf(patch.Id);
        if (now == 0)
        {
            return CollectionError.PointUnknown;
        }
        if (patch.ExpectedVersion is ulong expected && expected != now)
        {
            return CollectionError.VersionConflict;
        }
        var attributes = new Dictionary<string, AttributeValue>(_documents[patch.Id].Attributes);
        foreach ((string name, AttributeValue value) in patch.Attributes)
        {
            if (value.IsNull)
            {
                attributes.Remove(name);
            }
            else
            {
                attributes[name] = value;
            }
        }
        _documents[patch.Id] = _documents[patch.Id] with { Attributes = attributes, Version = now + 1 };
        return null;
    }

    private CollectionError? Delete(WriteOperation.Delete delete)
    {
        ulong now = VersionOf(delete.Id);
        if (delete.ExpectedVersion is ulong expected && expected != now)
        {
            return CollectionError.VersionConflict;
        }
        _documents.Remove(delete.Id);
        return null;
    }
}
