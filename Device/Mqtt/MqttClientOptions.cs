using System.Buffers;
using System.Text;

namespace Edge.Mqtt;

/// <summary>How to reach a broker, and what a client may use.</summary>
public sealed record MqttClientOptions
{
    /// <summary>The longest password file, in bytes.</summary>
    private const int MaximumPasswordBytes = 4096;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>The broker's name or address.</summary>
    public required string Host { get; init; }

    /// <summary>The broker's port, 1 to 65535.</summary>
    public int Port { get; init; } = 1883;

    /// <summary>The name by which the broker knows this client; two clients with one name push each other out.</summary>
    public required string ClientId { get; init; }

    /// <summary>The user, where the broker asks for one.</summary>
    public string? UserName { get; init; }

    /// <summary>The user's password. It appears in no message and not in <see cref="object.ToString"/>.</summary>
    public string? Password { get; init; }

    /// <summary>A file that holds the password (its trailing line end is left out); read once, when the client is made.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>The name of an environment variable that holds the password; read once, when the client is made.</summary>
    public string? PasswordVariable { get; init; }

    /// <summary>The version of MQTT.</summary>
    public MqttProtocol Protocol { get; init; } = MqttProtocol.Automatic;

    /// <summary>How long the broker keeps this client's subscriptions, and messages for them, after the connection is lost; zero for not at all. MQTT 5 only, in whole seconds.</summary>
    public TimeSpan SessionExpiry { get; init; }

    /// <summary>How many messages of QoS 1 and 2 the broker may have on their way to this client, 1 to 65535.</summary>
    public int ReceiveMaximum { get; init; } = 20;

    /// <summary>A shared key in place of certificates, or null; not together with <see cref="Tls"/>.</summary>
    public MqttPsk? Psk { get; init; }

    /// <summary>TLS, or null for a plain connection.</summary>
    public MqttTlsOptions? Tls { get; init; }

    /// <summary>The longest silence on the connection before it is tested, 5 seconds to 18 hours.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the broker may take to greet once the connection stands.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What the broker publishes if this client vanishes without a farewell.</summary>
    public MqttPublication? Will { get; init; }

    /// <summary>The back-off after the first failed attempt; it doubles with each further one.</summary>
    public TimeSpan BackoffMinimum { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest back-off.</summary>
    public TimeSpan BackoffMaximum { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many messages may be on their way and unacknowledged, 1 to 10,000: it bounds memory where the broker is slow.</summary>
    public int InFlightLimit { get; init; } = 256;

    /// <summary>The largest packet this client receives, in bytes; the broker is told and keeps larger ones back.</summary>
    public int MaximumReceivedBytes { get; init; } = 256 * 1024;

    /// <summary>The clock of the back-off.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Checks every option, files included.</summary>
    /// <exception cref="MqttException">An option is out of range, or a file cannot be read.</exception>
    public void Validate()
    {
        CheckText(Host, "host", 253);
        CheckText(ClientId, "client id", 256);
        Require(Port is >= 1 and <= 65535, $"port {Port}: give 1 to 65535");
        Require(KeepAlive >= TimeSpan.FromSeconds(5) && KeepAlive <= TimeSpan.FromSeconds(65535), $"keep-alive {KeepAlive}: give 5 seconds to 18 hours");
        Require(ConnectTimeout > TimeSpan.Zero && ConnectTimeout <= TimeSpan.FromMinutes(10), $"connect timeout {ConnectTimeout}: give up to 10 minutes");
        Require(BackoffMinimum > TimeSpan.Zero && BackoffMinimum <= BackoffMaximum && BackoffMaximum <= TimeSpan.FromHours(24),
            $"back-off {BackoffMinimum} to {BackoffMaximum}: the minimum must be above zero and at most the maximum, the maximum at most a day");
        Require(InFlightLimit is >= 1 and <= 10_000, $"in-flight limit {InFlightLimit}: give 1 to 10000");
        Require(MaximumReceivedBytes is >= 256 and <= 268_435_455, $"maximum received bytes {MaximumReceivedBytes}: give 256 to 268435455");
        Require((Password is null ? 0 : 1) + (PasswordFile is null ? 0 : 1) + (PasswordVariable is null ? 0 : 1) <= 1, "more than one of password, password file and password variable are given: keep one");
        Require(SessionExpiry >= TimeSpan.Zero && SessionExpiry <= TimeSpan.FromDays(3650), $"session expiry {SessionExpiry}: give zero to ten years");
        Require(ReceiveMaximum is >= 1 and <= 65535, $"receive maximum {ReceiveMaximum}: give 1 to 65535");
        Require(Tls is null || Psk is null, "both TLS certificates and a shared key are given: keep one");
        Require(UserName is not null || (Password is null && PasswordFile is null && PasswordVariable is null), "a password without a user name: give the user name");
        if (UserName is not null)
        {
            CheckText(UserName, "user name", 4096);
        }
        _ = ReadPassword();
        if (Psk is not null)
        {
            CheckText(Psk.Identity, "identity of the shared key", 256);
            _ = ReadPsk();
        }
        if (Tls is not null)
        {
            CheckFile(Tls.CaFile, "CA file");
            CheckFile(Tls.CertificateFile, "certificate file");
            CheckFile(Tls.KeyFile, "key file");
            Require(Tls.CertificateFile is null == Tls.KeyFile is null, "TLS: the certificate file and the key file belong together: give both or neither");
        }
    }

    /// <summary>The password from wherever it is kept.</summary>
    /// <exception cref="MqttException">The password file cannot be read, is too long, or holds a zero byte.</exception>
    internal string? ReadPassword()
    {
        if (PasswordVariable is not null)
        {
            string? value = Environment.GetEnvironmentVariable(PasswordVariable);
            Require(!string.IsNullOrEmpty(value), $"password variable {PasswordVariable}: is not set: set it in the environment of the program");
            return value;
        }
        return PasswordFile is null ? Password : ReadSecret(PasswordFile, "password file");
    }

    /// <summary>The shared key in hexadecimal digits.</summary>
    /// <exception cref="MqttException">The key file cannot be read, or holds something else.</exception>
    internal string ReadPsk()
    {
        string key = ReadSecret(Psk!.KeyFile, "key file");
        bool isKey = key.Length is >= 2 and <= 512 && key.Length % 2 == 0 && !key.AsSpan().ContainsAnyExcept(HexDigits);
        Require(isKey, $"key file {Psk.KeyFile}: holds no key: write 2 to 512 hexadecimal digits, an even number");
        return key;
    }

    private static string ReadSecret(string path, string what)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            byte[] bytes = new byte[MaximumPasswordBytes + 1];
            int length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            Require(length <= MaximumPasswordBytes, $"{what} {path}: longer than {MaximumPasswordBytes} bytes: is it the right file?");
            string text = Encoding.UTF8.GetString(bytes, 0, length).TrimEnd('\r', '\n');
            Require(!text.Contains('\0', StringComparison.Ordinal), $"{what} {path}: holds a zero byte: write plain text");
            return text;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MqttException($"{what} {path}: cannot be read: check the path and its permissions", e);
        }
    }

    private static void CheckText(string text, string what, int maximum)
    {
        Require(!string.IsNullOrEmpty(text), $"{what} is empty: give one");
        Require(text.Length <= maximum, $"{what} is longer than {maximum} characters: shorten it");
        foreach (char c in text)
        {
            Require(!char.IsControl(c), $"{what} holds U+{(int)c:X4}: take it out");
        }
    }

    private static void CheckFile(string? path, string what)
    {
        if (path is null)
        {
            return;
        }
        try
        {
            using FileStream stream = File.OpenRead(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MqttException($"TLS {what} {path}: cannot be read: check the path and its permissions", e);
        }
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new MqttException($"MQTT: {message}");
        }
    }

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append("Host = ").Append(Host).Append(", Port = ").Append(Port).Append(", ClientId = ").Append(ClientId);
        builder.Append(", UserName = ").Append(UserName).Append(", Tls = ").Append(Tls is not null);
        return true;
    }
}
