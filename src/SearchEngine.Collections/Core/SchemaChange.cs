using SearchEngine.Collections.Calibrations;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Core;

/// <summary>Changes the schema of a collection that serves. Runs on the upkeep thread: only that writes manifests.</summary>
internal sealed class SchemaChange(CollectionState state)
{
    public CollectionSchema Add(AttributeSchema attribute)
    {
        SchemaCheck.ValidateAddition(state.Schema, attribute);
        return Publish(state.Schema with { Attributes = [.. state.Schema.Attributes, attribute] });
    }

    /// <summary>Puts a calibration in force: for searches that begin later, and after every restart.</summary>
    /// <param name="vector">Position of the vector, which never changes.</param>
    public VectorCalibration Calibrate(int vector, VectorCalibration calibration)
    {
        VectorSchema[] vectors = [.. state.Schema.Vectors];
        vectors[vector] = vectors[vector] with { Calibration = calibration };
        Publish(state.Schema with { Vectors = vectors });
        return calibration;
    }

    /// <param name="spaces">By the names of vectors.</param>
    public CollectionSchema Bind(IReadOnlyDictionary<string, string> spaces) => Publish(state.Schema with
    {
        Vectors = [.. state.Schema.Vectors.Select(v => spaces.TryGetValue(v.Name, out string? space) ? v with { Space = space } : v)],
    });

    private CollectionSchema Publish(CollectionSchema next)
    {
        // First the manifest: no record may be in the log that a restart could not read.
        state.Durable.Publish(state.Durable.Sequence, next, state.Durable.Segments);
        lock (state.Gate)
        {
            View last = state.Views.Current;
            foreach (ViewSource source in last.Sources)
            {
                source.Live?.Extend(next);
            }
            state.Views.Publish(new View(last.Number + 1, last.Sequence, next, last.Sources));
        }
        return next;
    }
}
