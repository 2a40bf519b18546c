using Edge.Testing;

namespace Edge.Mqtt.Tests;

public sealed class MqttClientOptionsTests
{
    private static readonly MqttClientOptions Good = new() { Host = "broker", ClientId = "kitchen" };

    [Fact]
    public void Validate_Defaults_Passes() => Good.Validate();

    public static TheoryData<MqttClientOptions, string> Bad => new()
    {
        { Good with { Host = "" }, "MQTT: host is empty: give one" },
        { Good with { ClientId = "" }, "MQTT: client id is empty: give one" },
        { Good with { ClientId = "a\nb" }, "MQTT: client id holds U+000A: take it out" },
        { Good with { Port = 0 }, "MQTT: port 0: give 1 to 65535" },
        { Good with { Port = 65536 }, "MQTT: port 65536: give 1 to 65535" },
        { Good with { KeepAlive = TimeSpan.FromSeconds(1) }, "MQTT: keep-alive 00:00:01: give 5 seconds to 18 hours" },
        { Good with { InFlightLimit = 0 }, "MQTT: in-flight limit 0: give 1 to 10000" },
        { Good with { BackoffMinimum = TimeSpan.FromHours(1) }, "MQTT: back-off 01:00:00 to 00:01:00: the minimum must be above zero and at most the maximum, the maximum at most a day" },
        { Good with { Password = "x" }, "MQTT: a password without a user name: give the user name" },
        { Good with { UserName = "u", Password = "x", PasswordFile = "y" }, "MQTT: more than one of password, password file and password variable are given: keep one" },
        { Good with { UserName = "u", PasswordFile = "/nowhere/secret" }, "password file /nowhere/secret: cannot be read: check the path and its permissions" },
        { Good with { Tls = new MqttTlsOptions { CaFile = "/nowhere/ca.pem" } }, "TLS CA file /nowhere/ca.pem: cannot be read: check the path and its permissions" },
        { Good with { MaximumReceivedBytes = 1 }, "MQTT: maximum received bytes 1: give 256 to 268435455" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Validate_BadOption_SaysWhatInOneLine(MqttClientOptions options, string message) =>
        Assert.Equal(message, Assert.Throws<MqttException>(options.Validate).Message);

    [Fact]
    public void ToString_WithPassword_DoesNotShowIt()
    {
        string text = (Good with { UserName = "me", Password = "swordfish" }).ToString();
        Assert.Contains("me", text, StringComparison.Ordinal);
        Assert.DoesNotContain("swordfish", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadPassword_FileWithLineEnd_LeavesItOut()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["secret"], "swordfish\n");
        Assert.Equal("swordfish", (Good with { UserName = "me", PasswordFile = folder["secret"] }).ReadPassword());
    }

    [Fact]
    public void Validate_PasswordFileTooLong_IsRefused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["secret"], new string('x', 5000));
        MqttException e = Assert.Throws<MqttException>((Good with { UserName = "me", PasswordFile = folder["secret"] }).Validate);
        Assert.Contains("longer than 4096 bytes", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "topic is empty: give at least one character")]
    [InlineData("a/+/b", "topic holds U+002B at character 3: take it out")]
    [InlineData("a/#", "topic holds U+0023 at character 3: take it out")]
    [InlineData("a\0b", "topic holds U+0000 at character 2: take it out")]
    public void MqttTopic_BadName_SaysWhatInOneLine(string name, string message) =>
        Assert.Equal(message, Assert.Throws<MqttException>(() => new MqttTopic(name)).Message);

    [Fact]
    public void MqttTopic_TooLong_IsRefused() => Assert.Throws<MqttException>(() => new MqttTopic(new string('x', 65_536)));

    [Fact]
    public void Version_OfTheLibrary_IsTwoOrLater() => Assert.True(Version.Parse(MqttLibrary.Version) >= new Version(2, 0));
}
