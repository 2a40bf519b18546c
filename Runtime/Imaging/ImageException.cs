using Edge.Foundation;

namespace Edge.Imaging;

/// <summary>
/// An image cannot be read or written: not an image, damaged, too large, or its codec library is missing.
/// The message is one line: the image, what is wrong, and what to do.
/// </summary>
/// <param name="message">One line: where, what, what to do.</param>
/// <param name="innerException">The failure underneath, if there is one.</param>
public sealed class ImageException(string message, Exception? innerException = null)
    : InputException(message, innerException);
