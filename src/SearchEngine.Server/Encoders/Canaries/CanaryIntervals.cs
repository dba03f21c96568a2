using SearchEngine.Collections;
using SearchEngine.Collections.Schema;
using SearchEngine.Server.Collections;

namespace SearchEngine.Server.Encoders.Canaries;

/// <summary>How often the canaries of a vector are checked: as its collection states, else as all are.</summary>
/// <param name="store">Knows whose the vectors are.</param>
/// <param name="settings">What collections state.</param>
/// <param name="usual">For those that state nothing.</param>
internal sealed class CanaryIntervals(CollectionStore store, SettingsShelf settings, TimeSpan usual)
{
    /// <param name="vector">As the schema of its collection has it now. Asked for every text, while few collections state anything.</param>
    public TimeSpan Of(VectorSchema vector)
    {
        foreach ((string name, Wire.CollectionSettings stated) in settings.Watched)
        {
            if (stated.HasCanaryIntervalMicros && store.TryGet(name)?.Schema.Vectors.Any(v => ReferenceEquals(v, vector)) == true)
            {
                return TimeSpan.FromMicroseconds((long)stated.CanaryIntervalMicros);
            }
        }
        return usual;
    }
}
