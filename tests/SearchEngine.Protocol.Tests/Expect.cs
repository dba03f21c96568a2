using Xunit;

namespace SearchEngine.Protocol.Tests;

/// <summary>Assertions over everything in the contract at once: a failure names every offender, not the first.</summary>
internal static class Expect
{
    public static void None<T>(IEnumerable<T> offenders, Func<T, string> name, string why)
    {
        string[] names = offenders.Select(name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        Assert.True(names.Length == 0, $"{why}: {string.Join(", ", names)}");
    }
}
