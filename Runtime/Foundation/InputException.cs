namespace Edge.Foundation;

/// <summary>
/// Something from outside (a file, a message, a configuration, an argument) is wrong and the user can mend it.
/// The message is one line: what is wrong, where, and what to do. Programs print it and exit with code 2.
/// </summary>
/// <param name="message">One line: what, where, what to do.</param>
/// <param name="innerException">The failure underneath, if there is one.</param>
public abstract class InputException(string message, Exception? innerException = null)
    : Exception(message, innerException);
