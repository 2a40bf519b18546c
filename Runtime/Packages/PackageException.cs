using Edge.Foundation;

namespace Edge.Packages;

/// <summary>
/// A model package, a manifest or a key is wrong. The message is one line:
/// the file, the entry or field in it, what is wrong, and what to do.
/// </summary>
/// <param name="message">One line: where, what, what to do.</param>
/// <param name="innerException">The failure underneath, if there is one.</param>
public sealed class PackageException(string message, Exception? innerException = null)
    : InputException(message, innerException);
