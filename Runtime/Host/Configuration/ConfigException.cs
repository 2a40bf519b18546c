using Edge.Foundation;

namespace Edge.Runtime.Configuration;

/// <summary>The configuration is wrong. One line: the file, the field's path, what is wrong and what to do.</summary>
internal sealed class ConfigException(string message, Exception? innerException = null)
    : InputException(message, innerException);
