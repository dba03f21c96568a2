using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Writes;
using SearchEngine.Rpc;
using SearchEngine.Server.Contract;

namespace SearchEngine.Server.Points;

/// <summary>The points of one write as operations of the engine, and those that are refused, each by its place in the request.</summary>
internal sealed class PointBatch
{
    private readonly List<WriteOperation> _operations = [];
    private readonly List<int> _places = [];
    private readonly SortedDictionary<int, (DocumentId? Id, RpcException Error)> _refused = [];

    private PointBatch()
    {
    }

    public IReadOnlyList<WriteOperation> Operations => _operations;

    public IReadOnlyCollection<KeyValuePair<int, (DocumentId? Id, RpcException Error)>> Refused => _refused;

    /// <param name="points">Of the request.</param>
    /// <param name="origins">A wrong origin refuses the whole write: it is wrong for every point.</param>
    public static PointBatch Read(IReadOnlyList<Wire.Point> points, CollectionSchema schema, Origins origins, WriteMode mode)
    {
        var batch = new PointBatch();
        for (int i = 0; i < points.Count; i++)
        {
            Document document;
            try
            {
                document = DocumentMap.Read(points[i], schema);
            }
            catch (RpcException refused)
            {
                batch._refused.Add(i, (TryId(points[i]), refused));
                continue;
            }
            origins.Check(document);
            batch.Add(new WriteOperation.Put(document, mode, points[i].Version), i);
        }
        return batch;
    }

    public static WriteMode Mode(Wire.WriteMode mode) => mode switch
    {
        Wire.WriteMode.Unspecified or Wire.WriteMode.Upsert => WriteMode.Upsert,
        Wire.WriteMode.InsertOnly => WriteMode.InsertOnly,
        Wire.WriteMode.UpdateOnly => WriteMode.UpdateOnly,
        Wire.WriteMode.IfVersion => WriteMode.IfVersion,
        _ => throw Refusal.Invalid("mode", "There is no such mode.", "Use a value of WriteMode.", Refusal.Number((int)mode)),
    };

    /// <summary>Place in the request of an operation.</summary>
    public int PlaceOf(int operation) => _places[operation];

    /// <summary>Leaves out operations that are not to be made again.</summary>
    /// <returns>How many.</returns>
    public int LeaveOut(Func<WriteOperation.Put, bool> done)
    {
        int left = 0;
        for (int i = _operations.Count - 1; i >= 0; i--)
        {
            if (done((WriteOperation.Put)_operations[i]))
            {
                _operations.RemoveAt(i);
                _places.RemoveAt(i);
                left++;
            }
        }
        return left;
    }

    /// <summary>Gives a point a vector that was made from its text.</summary>
    public void Give(int operation, string vector, float[] values)
    {
        var put = (WriteOperation.Put)_operations[operation];
        var vectors = new Dictionary<string, ReadOnlyMemory<float>>(put.Document.Vectors, StringComparer.Ordinal) { [vector] = values };
        _operations[operation] = put with { Document = put.Document with { Vectors = vectors } };
    }

    /// <summary>Takes operations out for reasons of their own.</summary>
    public void Refuse(IReadOnlyDictionary<int, RpcException> refused)
    {
        foreach ((int operation, RpcException reason) in refused.OrderByDescending(static r => r.Key))
        {
            _refused[_places[operation]] = (((WriteOperation.Put)_operations[operation]).Document.Id, reason);
            _operations.RemoveAt(operation);
            _places.RemoveAt(operation);
        }
    }

    /// <summary>Takes over what the engine refused.</summary>
    public void Refuse(IReadOnlyList<RefusedOperation> refused)
    {
        foreach (RefusedOperation one in refused)
        {
            DocumentId id = ((WriteOperation.Put)_operations[one.Index]).Document.Id;
            _refused[_places[one.Index]] = (id, ErrorMap.ToRpc(one.Reason).With("id", Refusal.Shown(id.ToString())));
        }
    }

    /// <summary>The refusal of the whole batch: the first one's facts, and every bad field by its path.</summary>
    public RpcException AsRefusal()
    {
        ((int first, (_, RpcException error)), var others) = (_refused.First(), _refused.Skip(1));
        RpcException refusal = ItemErrors.Within(error, $"points[{first}]");
        if (refusal.FieldViolations.Count == 0)
        {
            refusal.Field(refusal.Facts.GetValueOrDefault(Refusal.FieldFact, $"points[{first}]"), error.Message);
        }
        foreach ((int place, (_, RpcException other)) in others)
        {
            string field = other.Facts.GetValueOrDefault(Refusal.FieldFact, "");
            refusal.Field(field.Length == 0 ? $"points[{place}]" : $"points[{place}].{field}", other.Message);
        }
        return refusal;
    }

    /// <param name="first">What the first point of the request counts as: 0, or its sequence number.</param>
    public IEnumerable<Wire.RefusedItem> AsItems(ulong first) => _refused.Select(r => new Wire.RefusedItem
    {
        Index = first + (ulong)r.Key,
        Id = r.Value.Id is { } id ? IdMap.Write(id) : null,
        Error = ItemErrors.ToItem(r.Value.Error),
    });

    private void Add(WriteOperation operation, int place)
    {
        _operations.Add(operation);
        _places.Add(place);
    }

    private static DocumentId? TryId(Wire.Point point)
    {
        try
        {
            return IdMap.Read(point.Id, "id");
        }
        catch (RpcException)
        {
            // Its id is what it was refused for.
            return null;
        }
    }
}
