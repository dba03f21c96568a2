namespace SearchEngine.Encoder;

/// <summary>The encoder cannot serve what it was asked to: the message names the folder and what is wrong with it.</summary>
public sealed class EncoderStartException(string message, Exception? cause = null) : Exception(message, cause);
