using System.Runtime.InteropServices;

namespace Edge.Foundation;

/// <summary>
/// The process environment as native libraries see it. .NET on Linux keeps a copy of its own,
/// so <see cref="Environment.SetEnvironmentVariable(string, string)"/> does not reach them.
/// </summary>
public static class NativeEnvironment
{
    /// <summary>Sets a variable for native code; call it before the library that reads it is loaded.</summary>
    /// <param name="name">The variable's name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="overwrite">False leaves a value that the user has set.</param>
    /// <exception cref="InvalidOperationException">The C library refused (no memory, bad name).</exception>
    public static void Set(string name, string value, bool overwrite = true)
    {
        if (Libc.SetEnv(name, value, overwrite ? 1 : 0) != 0)
        {
            throw new InvalidOperationException($"setenv {name} failed: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <summary>What native code would read now.</summary>
    /// <param name="name">The variable's name.</param>
    /// <returns>The value, or null if it is not set.</returns>
    public static string? Get(string name) => Marshal.PtrToStringUTF8(Libc.GetEnv(name));
}
