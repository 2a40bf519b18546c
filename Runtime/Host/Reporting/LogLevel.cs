namespace Edge.Runtime.Reporting;

/// <summary>How much the log says.</summary>
internal enum LogLevel
{
    Error,
    Warning,
    Info,
    Debug,
    Trace,
}
