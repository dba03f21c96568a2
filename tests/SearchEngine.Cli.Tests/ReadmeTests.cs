using System.Text.RegularExpressions;
using SearchEngine.Testing.Processes;
using Xunit;

namespace SearchEngine.Cli.Tests;

/// <summary>The README names the tests that hold its promises, commands, and files: all of them have to be there.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(ChildProcess.RepositoryRoot, "README.md"));

    [Fact]
    public void Every_test_that_holds_a_promise_exists()
    {
        string promises = Section("## Promises");
        HashSet<string> files = [.. Directory.EnumerateFiles(Path.Combine(ChildProcess.RepositoryRoot, "tests"), "*Tests.cs", SearchOption.AllDirectories).Select(static file => Path.GetFileNameWithoutExtension(file)!)];
        string[] named = [.. Quoted().Matches(promises).Select(static match => match.Groups["name"].Value)];
        string[] classes = [.. named.Where(static name => name.EndsWith("Tests", StringComparison.Ordinal) && !name.Contains('/', StringComparison.Ordinal))];
        string[] folders = [.. named.Where(static name => name.StartsWith("tests/", StringComparison.Ordinal))];
        Assert.True(classes.Length >= 10 && folders.Length >= 5, "The promises are not found in the README.");
        string[] missing = [.. classes.Where(name => !files.Contains(name)), .. folders.Where(static folder => !Directory.Exists(Path.Combine(ChildProcess.RepositoryRoot, folder)))];
        Assert.True(missing.Length == 0, $"The README's promises name what is not there: {string.Join(", ", missing)}.");
    }

    [Fact]
    public void Every_link_leads_to_a_file_of_the_repository()
    {
        string[] broken =
        [
            .. Link().Matches(Readme).Select(static match => match.Groups["path"].Value)
                .Where(static path => !Path.Exists(Path.Combine(ChildProcess.RepositoryRoot, path))),
        ];
        Assert.True(broken.Length == 0, $"The README links to {string.Join(", ", broken)}, which is not there.");
    }

    [Fact]
    public void Every_command_line_is_one_that_parses()
    {
        string[] lines = [.. Command().Matches(Readme).Select(static match => match.Groups["words"].Value.Trim())];
        Assert.True(lines.Length >= 10, $"Only {lines.Length} command lines are found in the README.");
        foreach (string line in lines)
        {
            var parsed = CommandTree.Create().Parse(line);
            Assert.True(parsed.Errors.Count == 0, $"The README says `searchengine {line}`: {string.Join("; ", parsed.Errors.Select(static e => e.Message))}");
        }
    }

    private static string Section(string heading)
    {
        int start = Readme.IndexOf(heading, StringComparison.Ordinal);
        Assert.True(start >= 0, $"The README has no section \"{heading}\".");
        int end = Readme.IndexOf("\n## ", start, StringComparison.Ordinal);
        return end < 0 ? Readme[start..] : Readme[start..end];
    }

    [GeneratedRegex("`(?<name>[^`]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\]\((?<path>[^)#:]+)(#[^)]*)?\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();

    // At the beginning of a line of code, without what the shell takes (comments, the background); not the program's own words about an error.
    [GeneratedRegex(@"^(\$ )?searchengine (?![a-z-]+:)(?<words>[^#&\n]+)", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Command();
}
