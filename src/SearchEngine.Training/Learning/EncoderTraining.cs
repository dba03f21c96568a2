namespace SearchEngine.Training.Learning;

/// <summary>What a training ended with.</summary>
/// <param name="Parameters">Of the best judgement; of the last step where nothing was held out.</param>
/// <param name="BestStep">When that was.</param>
/// <param name="Steps">Steps made.</param>
/// <param name="RanOutOfTime">Whether the time limit ended it: such a model is not the same on every machine.</param>
internal sealed record EncoderTraining(EncoderParameters Parameters, int BestStep, int Steps, bool RanOutOfTime);
