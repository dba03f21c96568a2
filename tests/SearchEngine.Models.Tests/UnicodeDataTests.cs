using System.Text;
using Xunit;

namespace SearchEngine.Models.Tests;

public sealed class UnicodeDataTests
{
    [Fact]
    public void Normalize_of_a_combining_accent_composes_so_Unicode_data_is_loaded()
    {
        var composed = "e\u0301".Normalize(NormalizationForm.FormC);
        Assert.True(composed == "\u00e9", "string.Normalize returned its input: Unicode data (libicu) is missing");
    }
}
