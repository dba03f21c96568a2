namespace SearchEngine.Server.Search.Admission;

/// <summary>How much may run and wait.</summary>
internal sealed record AdmissionSettings
{
    /// <summary>Searches at work at once; more would only take turns.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Interactive work that may wait for each place however long it takes: slow searches also come in twos and threes.</summary>
    public const int LeastWaiters = 4;

    /// <summary>As many while a crowd stands: no place stays empty for want of them.</summary>
    public const int LeastStanding = 2;

    /// <summary>
    /// How long interactive work may have to wait for its turn, as far as can be told when it arrives. About as long as nobody notices, and
    /// some ten times what most searches take.
    /// </summary>
    public long MaxWaitMicros { get; init; } = 25_000;

    /// <summary>
    /// A crowd that has not gone for so long is no burst: that is what the wait is for. Then arrivals find the door at a part of it, and those
    /// let in do not pay for a queue that only stands.
    /// </summary>
    public static readonly TimeSpan Standing = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Nobody came to wait for so long: the crowd has gone. A crowd pauses for moments, and each used to be followed by a burst that waited
    /// the whole time again (2026-11-26: p99 at five times the peak 33 ms, the 25 of a burst and the search).
    /// </summary>
    public static readonly TimeSpan Gone = TimeSpan.FromMilliseconds(20);

    /// <summary>The part of the wait that is left while a crowd stands.</summary>
    public const double StandingShare = 0.2;

    /// <summary>Predicted processor time that may wait in one lane at all.</summary>
    public long MaxQueueMicros { get; init; } = 200_000;

    /// <summary>Share of a lane's queue that one caller may fill while others wait.</summary>
    public double MaxCallerShare { get; init; } = 0.5;

    /// <summary>Share of the machine while both lanes wait, against the other lane's.</summary>
    public double InteractiveWeight { get; init; } = 4;

    public double BulkWeight { get; init; } = 1;

    /// <summary>Time kept back for building and sending the reply.</summary>
    public long SendReserveMicros { get; init; } = 200;
}
