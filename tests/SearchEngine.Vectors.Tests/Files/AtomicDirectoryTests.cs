using SearchEngine.Testing;
using SearchEngine.Vectors.Files;
using Xunit;

namespace SearchEngine.Vectors.Tests.Files;

public sealed class AtomicDirectoryTests
{
    private static readonly string[] Steps = ["created aside", "synced aside", "renamed", "synced parent"];

    [Fact]
    public void ACrashAfterAnyStepLeavesNothingOrAllAndTheNextAttemptSucceeds()
    {
        foreach (string crashAfter in Steps)
        {
            using var directory = new TempDirectory();
            string target = directory.File("segment");
            Assert.Throws<SimulatedCrashException>(() => AtomicDirectory.Publish(target, Fill, step =>
            {
                if (step == crashAfter)
                {
                    throw new SimulatedCrashException();
                }
            }));
            bool published = Directory.Exists(target);
            Assert.Equal(crashAfter is "renamed" or "synced parent", published);
            if (published)
            {
                Assert.Equal("two", File.ReadAllText(Path.Combine(target, "b")));
                continue;
            }

            AtomicDirectory.Publish(target, Fill);
            Assert.Equal("one", File.ReadAllText(Path.Combine(target, "a")));
            Assert.False(Directory.Exists(target + AtomicDirectory.AsideSuffix), "The aside directory outlived the publication.");
        }
    }

    [Fact]
    public void ACrashWhileFillingLeavesNothingUnderTheName()
    {
        using var directory = new TempDirectory();
        string target = directory.File("segment");
        Assert.Throws<SimulatedCrashException>(() => AtomicDirectory.Publish(target, aside =>
        {
            File.WriteAllText(Path.Combine(aside, "a"), "half");
            throw new SimulatedCrashException();
        }));
        Assert.False(Directory.Exists(target), "A half-filled directory has the published name.");
        AtomicDirectory.Publish(target, Fill);
        Assert.Equal("one", File.ReadAllText(Path.Combine(target, "a")));
    }

    [Fact]
    public void WhatIsPublishedIsNeverReplaced()
    {
        using var directory = new TempDirectory();
        string target = directory.File("segment");
        AtomicDirectory.Publish(target, Fill);
        Assert.Throws<IOException>(() => AtomicDirectory.Publish(target, _ => { }));
        Assert.Equal("one", File.ReadAllText(Path.Combine(target, "a")));
    }

    private static void Fill(string aside)
    {
        File.WriteAllText(Path.Combine(aside, "a"), "one");
        File.WriteAllText(Path.Combine(aside, "b"), "two");
    }

    private sealed class SimulatedCrashException : Exception;
}
