using SearchEngine.Collections.Core;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Multi;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Writes;

/// <summary>Checks and encodes operations on the threads of their callers, so that the one writer has little left to do.</summary>
internal sealed class WritePreparation(CollectionState state)
{
    private static readonly IReadOnlyDictionary<string, string?> NoTexts = new Dictionary<string, string?>();

    private SchemaEncoder? _encoder;

    public PendingBatch Prepare(IReadOnlyList<WriteOperation> operations, WriteOptions options)
    {
        if (operations.Count is 0 or > GroupCommit.MaxBatch)
        {
            throw new CollectionException(
                operations.Count == 0 ? CollectionError.FieldRequired : CollectionError.LimitExceeded, "points",
                $"The batch has {operations.Count} operations, 1 to {GroupCommit.MaxBatch} are possible.",
                operations.Count == 0 ? "Send at least one." : "Split it.");
        }
        CollectionSchema schema = state.Schema;
        BodyEncoder encoder = EncoderOf(schema);
        var writes = new PreparedWrite?[operations.Count];
        var refused = new List<RefusedOperation>();
        using var buffer = new PooledBuffer();
        for (int i = 0; i < writes.Length; i++)
        {
            try
            {
                buffer.Clear();
                writes[i] = Prepare(operations[i], schema, encoder, buffer);
            }
            catch (CollectionException refusal)
            {
                refused.Add(new RefusedOperation(i, refusal));
            }
        }
        if (refused.Count > 0 && options.Items == ItemPolicy.RefuseBatch)
        {
            throw RefusedOperation.All(refused);
        }
        CompiledFilter? guard = options.Guard is { IsEmpty: false } filter
            ? CompiledFilter.Compile(filter, schema, state.Settings.Unindexed, "guard")
            : null;
        return new PendingBatch(writes, refused, options.Items, options.Ack ?? state.Settings.AckLevel, guard);
    }

    private static PreparedWrite Prepare(WriteOperation operation, CollectionSchema schema, BodyEncoder encoder, PooledBuffer buffer)
    {
        switch (operation)
        {
            case WriteOperation.Put put:
                encoder.Encode(put.Document, buffer);
                return new PreparedWrite.Put(
                    put.Document.Id, buffer.Written.ToArray(), Vectors(put.Document, schema),
                    MultiIntake.Encode(put.Document, schema), put.Mode, put.ExpectedVersion);
            case WriteOperation.Patch patch:
                encoder.EncodePatch(patch.Attributes, NoTexts, buffer);
                return new PreparedWrite.Patch(patch.Id, buffer.Written.ToArray(), patch.ExpectedVersion);
            case WriteOperation.Delete delete:
                return new PreparedWrite.Delete(delete.Id, delete.ExpectedVersion);
            default:
                throw new ArgumentException($"Unknown operation {operation.GetType().Name}.", nameof(operation));
        }
    }

    private static ReadOnlyMemory<float>[] Vectors(Document document, CollectionSchema schema)
    {
        var vectors = new ReadOnlyMemory<float>[schema.Vectors.Count];
        int known = 0;
        for (int v = 0; v < vectors.Length; v++)
        {
            VectorSchema declared = schema.Vectors[v];
            string field = "vectors." + declared.Name;
            if (!document.Vectors.TryGetValue(declared.Name, out vectors[v]))
            {
                if (declared.IsRequired)
                {
                    throw new CollectionException(
                        CollectionError.FieldRequired, field,
                        $"Document {document.Id} has no vector \"{declared.Name}\", which is required.",
                        "Send it, or make it optional in the schema.");
                }
                continue;
            }
            known++;
            if (vectors[v].Length != declared.Dimension)
            {
                throw new CollectionException(
                    CollectionError.DimensionMismatch, field,
                    $"Vector \"{declared.Name}\" of document {document.Id} has {vectors[v].Length} dimensions, "
                    + $"the collection has {declared.Dimension}.",
                    "Send vectors of the collection's encoder.");
            }
            VectorCheck.Values(declared.Metric, vectors[v].Span, field);
        }
        if (known < document.Vectors.Count)
        {
            string unknown = document.Vectors.Keys.First(name => schema.VectorAt(name) < 0);
            throw new CollectionException(
                CollectionError.VectorUnknown, "vectors." + unknown, $"The collection has no vector \"{unknown}\".",
                "Use the names of the schema.");
        }
        return vectors;
    }

    private BodyEncoder EncoderOf(CollectionSchema schema)
    {
        SchemaEncoder? known = Volatile.Read(ref _encoder);
        if (known is null || !ReferenceEquals(known.Schema, schema))
        {
            // Two threads may make one each: either is right.
            known = new SchemaEncoder(schema, new BodyEncoder(schema));
            Volatile.Write(ref _encoder, known);
        }
        return known.Encoder;
    }

    private sealed record SchemaEncoder(CollectionSchema Schema, BodyEncoder Encoder);
}
