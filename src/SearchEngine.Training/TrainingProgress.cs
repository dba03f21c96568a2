namespace SearchEngine.Training;

/// <summary>Where a training stands, told at every judgement.</summary>
/// <param name="Phase">What was done.</param>
/// <param name="Step">Steps so far.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="Loss">Mean loss since the judgement before; 0 where nothing was learned.</param>
/// <param name="HeldOutRecall">Share of held-out texts found among the first ten; null where none are held out.</param>
public sealed record TrainingProgress(string Phase, int Step, int Steps, double Loss, double? HeldOutRecall);
