using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Spaces;

namespace SearchEngine.Server.Points;

/// <summary>Where the vectors of a write come from: checked once for each vector that the write has.</summary>
internal sealed class Origins
{
    private readonly CollectionSchema _schema;
    private readonly Wire.VectorOrigin? _common;
    private readonly IDictionary<string, Wire.VectorOrigin> _byName;
    private readonly HashSet<string> _checked = new(StringComparer.Ordinal);

    private Origins(CollectionSchema schema, Wire.VectorOrigin? common, IDictionary<string, Wire.VectorOrigin> byName)
    {
        _schema = schema;
        _common = common;
        _byName = byName;
    }

    public static Origins Read(CollectionSchema schema, Wire.VectorOrigin? common, IDictionary<string, Wire.VectorOrigin> byName)
    {
        if (byName.Count > PointLimits.MaxOrigins)
        {
            throw Refusal.Limit("vector_origins", byName.Count, PointLimits.MaxOrigins, "origins", "State those that differ from origin.");
        }
        foreach (string name in byName.Keys)
        {
            if (schema.VectorNamed(name) is null)
            {
                throw Names.UnknownVector(name, schema, $"vector_origins.{Refusal.Shown(name)}");
            }
        }
        return new Origins(schema, common, byName);
    }

    /// <summary>Refuses at once what every point of the write would be refused for.</summary>
    public void CheckRequired()
    {
        foreach (IVectorField vector in _schema.AllVectors().Where(static v => v is { IsRequired: true } and not VectorSchema { Source: not null }))
        {
            Check(vector.Name);
        }
    }

    public void Check(Document document)
    {
        foreach (string name in document.Vectors.Keys.Concat(document.SparseVectors.Keys).Concat(document.MultiVectors.Keys))
        {
            Check(name);
        }
    }

    private void Check(string name)
    {
        if (_checked.Contains(name))
        {
            return;
        }
        bool own = _byName.TryGetValue(name, out Wire.VectorOrigin? origin);
        SpaceGuard.CheckDocument(_schema.VectorNamed(name)!, own ? origin : _common, own ? $"vector_origins.{name}" : "origin");
        _checked.Add(name);
    }
}
