using SearchEngine.Collections.Storage;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Storage;

/// <summary>One holder at a time.</summary>
public sealed class StoreLockTests
{
    [Fact]
    public void Second_holder_is_refused_until_the_first_is_gone()
    {
        using var directory = new TempDirectory();
        using (StoreLock.Take(directory.Path))
        {
            CollectionException error = Assert.Throws<CollectionException>(() => StoreLock.Take(directory.Path));
            Assert.Equal(CollectionError.ReadOnly, error.Error);
            Assert.Contains(directory.Path, error.What, StringComparison.Ordinal);
        }

        using StoreLock again = StoreLock.Take(directory.Path);
    }
}
