using SearchEngine.Server.Configuration;
using SearchEngine.Server.Security;
using Xunit;

namespace SearchEngine.Server.Tests.Security;

public sealed class KeyFileTests : IDisposable
{
    private const string Hash = "sha256:AAAAAAAAAAAAAAAAAAAAAA:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private readonly KeyFolder _keys = new();

    public void Dispose() => _keys.Dispose();

    [Fact]
    public void Key_is_found_by_itself_and_by_nothing_else_and_its_file_does_not_hold_it()
    {
        string first = _keys.Add("first", ["read"]), second = _keys.Add("second", ["write"], ["docs"]);
        KeyTable table = KeyFile.Read(_keys.Path);
        for (int round = 0; round < 2; round++)
        {
            Assert.Equal("first", table.Find(first)?.Name);
            Assert.Equal("second", table.Find(second)?.Name);
            foreach (string wrong in (string[])["", first[..^1], first + "x", first.ToUpperInvariant(), Hash, new string('x', 300), new string('é', 200)])
            {
                Assert.Null(table.Find(wrong));
            }
        }
        Assert.DoesNotContain(first, File.ReadAllText(_keys.Path), StringComparison.Ordinal);
        Assert.NotEqual(first, second);
        Assert.True(first.Length >= KeyHash.KeyPrefix.Length + 43, "a key has fewer than 256 bits");
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_keys.Path));
        }
    }

    [Fact]
    public void Text_of_a_filter_stays_the_same_in_another_layout_and_with_another_secret_and_differs_with_the_filter()
    {
        _keys.Add("old", ["read"], filter: Api.Topic("cats"));
        string before = Text();
        _keys.Add("other", ["read"]);
        Assert.Equal(before, Text());
        Assert.NotEmpty(before);
        File.Delete(_keys.Path);
        _keys.Add("old", ["read"], filter: Api.Topic("cats"));
        Assert.Equal(before, Text());
        File.Delete(_keys.Path);
        _keys.Add("old", ["read"], filter: Api.Topic("dogs"));
        Assert.NotEqual(before, Text());

        string Text() => KeyFile.Read(_keys.Path).Entries[0].Caller.InjectedText;
    }

    [Fact]
    public void Added_key_leaves_the_others_and_their_comments_of_the_entry_alone()
    {
        File.WriteAllText(_keys.Path, $$"""{ "keys": [ { "name": "old", "comment": "of 2025", "hash": "{{Hash}}", "permissions": ["read", "admin"], "collections": ["a", "b-*"] } ] }""");
        _keys.Add("new", ["read"], filter: Api.Topic("cats"));
        KeyTable table = KeyFile.Read(_keys.Path);
        Assert.Equal(["old", "new"], table.Entries.Select(e => e.Name));
        Assert.Equal(["a", "b-*"], table.Entries[0].Caller.Collections!.Listed);
        Assert.True(table.Entries[0].Caller.MayUse("b-2026") && table.Entries[0].Caller.MayUse("a") && !table.Entries[0].Caller.MayUse("ab"));
        Assert.NotNull(table.Entries[1].Caller.Injected);
        Assert.Contains("of 2025", File.ReadAllText(_keys.Path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"keys\": [", 1, "no JSON")]
    [InlineData("[]", 1, "array \"keys\"")]
    [InlineData("{ \"keys\": [\n  { \"name\": \"a\", \"hash\": \"H\", \"permissions\": [\"read\"] },\n  { \"name\": \"a\", \"hash\": \"H\", \"permissions\": [\"read\"] } ] }", 3, "two keys are called \"a\"")]
    [InlineData("{ \"keys\": [\n\n  { \"name\": \"a\", \"hash\": \"H\", \"permissions\": [\"reed\"] } ] }", 3, "no permission \"reed\"")]
    [InlineData("{ \"keys\": [ { \"name\": \"a\", \"hash\": \"H\" } ] }", 1, "\"permissions\" names none")]
    [InlineData("{ \"keys\": [ { \"name\": \"a\", \"hash\": \"H\", \"permissions\": [\"read\"], \"colections\": [\"x\"] } ] }", 1, "\"colections\" means nothing")]
    [InlineData("{ \"keys\": [ { \"name\": \"a\", \"hash\": \"H\", \"permissions\": [\"read\"], \"collections\": [] } ] }", 1, "\"collections\" is a list")]
    [InlineData("{ \"keys\": [ { \"name\": \"a\", \"hash\": \"sha256:x:y\", \"permissions\": [\"read\"] } ] }", 1, "\"hash\" is none")]
    [InlineData("{ \"keys\": [ { \"name\": \"a\", \"permissions\": [\"read\"] } ] }", 1, "nobody could use it")]
    [InlineData("{ \"keys\": [ { \"hash\": \"H\", \"permissions\": [\"read\"] } ] }", 1, "\"name\" is missing")]
    [InlineData("{ \"keys\": [ { \"name\": \"a\", \"hash\": \"H\", \"permissions\": [\"read\"], \"filter\": { \"must\": [ { \"equal\": 1 } ] } } ] }", 1, "no Filter")]
    [InlineData("{ \"keys\": [ { \"name\": \"a\", \"hash\": \"H\", \"permissions\": [\"read\"], \"filter\": {} } ] }", 1, "would hide nothing")]
    [InlineData("{ \"keys\": [ { \"name\": \"a\", \"hash\": \"H\", \"permissions\": [\"read\", \"admin\"], \"filter\": { \"must\": [ { \"exists\": { \"attribute\": \"x\" } } ] } } ] }", 1, "cannot have the permission admin")]
    public void File_that_cannot_be_used_is_refused_with_its_line_and_what_is_wrong(string json, int line, string what)
    {
        File.WriteAllText(_keys.Path, json.Replace("\"H\"", $"\"{Hash}\"", StringComparison.Ordinal));
        ConfigurationException refused = Assert.Throws<ConfigurationException>(() => KeyFile.Read(_keys.Path));
        Assert.Equal(line, refused.Line);
        Assert.Contains(what, refused.Message, StringComparison.Ordinal);
        Assert.Contains(_keys.Path, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Key_that_would_spoil_the_file_is_not_written()
    {
        _keys.Add("a", ["read"]);
        string before = File.ReadAllText(_keys.Path);
        Assert.Throws<ConfigurationException>(() => _keys.Add("a", ["write"]));
        Assert.Throws<ConfigurationException>(() => _keys.Add("b", ["everything"]));
        Assert.Equal(before, File.ReadAllText(_keys.Path));
    }
}
