using System.Text.Json;
using Edge.Fleet.Protocol;
using Edge.Fleet.Store;

namespace Edge.Fleet.Setup;

/// <summary>The signed change of keys that a fleet's folder may hold.</summary>
public static class TrustFile
{
    private const int MaximumBytes = 1 << 20;

    /// <summary>Reads the file that <c>fleet.json</c> names.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>The change; null where none is named.</returns>
    /// <exception cref="FleetException">It cannot be read.</exception>
    public static SignedBytes? Read(FleetFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (folder.Config.Trust is not { } name)
        {
            return null;
        }
        string path = folder.Full(name);
        try
        {
            if (new FileInfo(path).Length > MaximumBytes)
            {
                throw new FleetException($"{path}: larger than {MaximumBytes} bytes: is it the right file?");
            }
            return JsonSerializer.Deserialize<SignedBytes>(File.ReadAllBytes(path), FleetJson.Options) ?? throw new JsonException();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new FleetException($"{path}: not a change of keys: make one with `edge fleet trust`", e);
        }
    }

    /// <summary>Writes a change.</summary>
    /// <param name="path">The file.</param>
    /// <param name="change">The signed change.</param>
    public static void Write(string path, SignedBytes change) =>
        Foundation.AtomicFile.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(change, FleetJson.Indented));
}
