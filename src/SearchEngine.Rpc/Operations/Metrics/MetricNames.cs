using System.Diagnostics.Metrics;

namespace SearchEngine.Rpc.Operations.Metrics;

/// <summary>Instruments' names and units in Prometheus' words: <c>rpc.server.duration</c> in s is <c>rpc_server_duration_seconds</c>.</summary>
internal static class MetricNames
{
    public static FamilyKind KindOf(Instrument instrument)
    {
        // Instruments are generic in their number, so their kind is told by the name of the type.
        string type = instrument.GetType().Name;
        return type.StartsWith("Histogram", StringComparison.Ordinal) ? FamilyKind.Histogram
            : type.StartsWith("Counter", StringComparison.Ordinal) || type.StartsWith("ObservableCounter", StringComparison.Ordinal) ? FamilyKind.Counter
            : FamilyKind.Gauge;
    }

    /// <summary>Whether a measurement is the value itself.</summary>
    public static bool IsGauge(Instrument instrument) => instrument.GetType().Name.StartsWith("Gauge", StringComparison.Ordinal);

    public static string Of(Instrument instrument, FamilyKind kind)
    {
        string name = Label(instrument.Name);
        string unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "ms" => "_milliseconds",
            "By" => "_bytes",
            "1" when kind == FamilyKind.Gauge => "_ratio",
            _ => "",
        };
        if (!name.EndsWith(unit, StringComparison.Ordinal)) name += unit;
        return kind == FamilyKind.Counter && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    /// <summary>A name of letters, digits and underscores that does not begin with a digit.</summary>
    public static string Label(string name)
    {
        string valid = string.Create(name.Length, name, static (to, from) =>
        {
            for (int i = 0; i < to.Length; i++) to[i] = char.IsAsciiLetterOrDigit(from[i]) ? from[i] : '_';
        });
        return valid.Length == 0 || char.IsAsciiDigit(valid[0]) ? "_" + valid : valid;
    }
}
