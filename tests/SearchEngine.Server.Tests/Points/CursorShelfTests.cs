using SearchEngine.Collections.Reading;
using SearchEngine.Server.Points;
using SearchEngine.Server.Tests.Search;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Server.Tests.Points;

public sealed class CursorShelfTests
{
    private const int Most = 4;

    [Fact]
    public async Task Caller_with_many_scrolls_pushes_out_its_own_and_nobody_elses()
    {
        await using SearchHost host = await SearchHost.StartAsync(1);
        var time = new ManualTime();
        using var shelf = new CursorShelf(time, TimeSpan.FromMinutes(10), Most);
        OpenScroll quiet = Open("quiet");
        OpenScroll[] greedy = [.. Enumerable.Range(0, 3 * Most).Select(_ => Open("greedy"))];
        Assert.True(IsKept(quiet), "The only scroll of a caller had to go for those of another one.");
        Assert.Equal([.. Enumerable.Repeat(false, greedy.Length - Most + 1), .. Enumerable.Repeat(true, Most - 1)], greedy.Select(IsKept));

        OpenScroll Open(string caller)
        {
            var scroll = new OpenScroll(host.Collection.Scroll(new ScrollRequest()), caller, caller);
            shelf.Add(scroll);
            time.Advance(TimeSpan.FromSeconds(1));
            shelf.Release(scroll);
            return scroll;
        }

        bool IsKept(OpenScroll scroll)
        {
            try
            {
                shelf.Release(shelf.Take(CursorShelf.Cursor(scroll, 0)).Scroll);
                return true;
            }
            catch (Rpc.RpcException expired) when (expired.Reason == "CURSOR_EXPIRED")
            {
                return false;
            }
        }
    }
}
