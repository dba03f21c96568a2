using SearchEngine.Collections.Tests.Faults;
using SearchEngine.Collections.Tests.Model;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Core;

/// <summary>A device that cannot read for a moment is no damage: what could not be read is there when it can be read again.</summary>
public sealed class ReadFaultTests
{
    [Fact]
    public async Task A_read_that_fails_when_a_store_is_opened_is_typed_and_loses_nothing()
    {
        using StoreSample sample = await StoreSample.Make(seed: 12);
        var sound = new UnreadableFileLayer(failAt: 0);
        using (CollectionStore store = Open(sample.Root, sound))
        {
            ModelCheck.Whole(store.Get(StoreSample.Name), sample.Model, "without a fault");
        }
        int reads = sound.Reads;
        Assert.True(reads >= 8, $"opening reads only {reads} times through the layer, this test tests little");
        for (int at = 1; at <= reads; at++)
        {
            using TempDirectory copy = sample.Copy(changing: "");
            var layer = new UnreadableFileLayer(at);
            try
            {
                using CollectionStore store = Open(copy.Path, layer);
                if (store.Damage.Count == 0 && store.Get(StoreSample.Name) is { Damage.Count: 0 } collection)
                {
                    ModelCheck.Whole(collection, sample.Model, $"read {at} of {reads} failed ({layer.Failed}), reported by nobody");
                }
            }
            catch (Exception failure) when (failure is CollectionException or IOException)
            {
            }
            using CollectionStore again = Open(copy.Path, new UnreadableFileLayer(failAt: 0));
            string when = $"after read {at} of {reads} failed ({layer.Failed})";
            Assert.True(again.Damage.Count == 0, $"{when}: {string.Join(' ', again.Damage)}");
            Collection whole = again.Get(StoreSample.Name);
            Assert.True(whole.Damage.Count == 0, $"{when}: {string.Join(' ', whole.Damage)}");
            ModelCheck.Whole(whole, sample.Model, when);
        }
    }

    private static CollectionStore Open(string directory, UnreadableFileLayer layer) =>
        CollectionStore.Open(directory, static _ => StoreSample.Settings, TimeProvider.System, layer);
}
