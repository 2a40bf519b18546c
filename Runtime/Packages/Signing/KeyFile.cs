using System.Security.Cryptography;
using System.Text;

namespace Edge.Packages;

/// <summary>What public and private key files share.</summary>
internal static class KeyFile
{
    /// <summary>Reads a small text file.</summary>
    /// <exception cref="PackageException">It cannot be read or is too large for a key.</exception>
    internal static string Read(string path, int maxBytes)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            if (stream.Length > maxBytes)
            {
                throw new PackageException($"{path}: {stream.Length} bytes are too many for a key; give a PEM file");
            }
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return Encoding.Latin1.GetString(bytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new PackageException($"{path}: the key cannot be read ({FileProblem.Describe(exception)})", exception);
        }
    }

    /// <summary>Makes a key object of what <paramref name="import"/> reads; only P-256 passes.</summary>
    /// <exception cref="PackageException">The key cannot be imported or is another kind.</exception>
    internal static ECDsa Import(string name, Action<ECDsa> import)
    {
        var ecdsa = ECDsa.Create();
        try
        {
            import(ecdsa);
            if (ecdsa.ExportParameters(includePrivateParameters: false).Curve.Oid.Value != ECCurve.NamedCurves.nistP256.Oid.Value)
            {
                throw new PackageException($"{name}: not an elliptic-curve key on P-256; make one with `edge keygen`");
            }
            return ecdsa;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            ecdsa.Dispose();
            throw new PackageException($"{name}: not an unencrypted elliptic-curve key on P-256; make one with `edge keygen`", exception);
        }
        catch
        {
            ecdsa.Dispose();
            throw;
        }
    }
}
