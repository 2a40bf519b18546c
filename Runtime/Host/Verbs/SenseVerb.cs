using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Edge.Foundation;
using Edge.Hardware.Sensors;
using Edge.Runtime.Service;
using Edge.Runtime.Sources;

namespace Edge.Runtime.Verbs;

/// <summary><c>edge-runtime sense KIND PLACE</c>: reads a sensor again and again, to see whether it is wired right.</summary>
internal static class SenseVerb
{
    internal static Command Create()
    {
        var kind = new Argument<string>("KIND") { Description = $"the kind: {string.Join(", ", SensorCatalog.Kinds)}" };
        var place = new Argument<string>("PLACE") { Description = "bus and address (i2c-1:0x76), or part of the name of a kernel's device" };
        var count = new Option<int>("--count") { Description = "how often; 0 until it is ended", DefaultValueFactory = _ => 1 };
        var interval = new Option<double>("--interval") { Description = "seconds from one reading to the next", DefaultValueFactory = _ => 1 };
        var json = new Option<bool>("--json") { Description = "print JSON, one line a reading" };
        var command = new Command("sense", "Reads a sensor and prints what it measures, how old that is, and what went wrong.") { kind, place, count, interval, json };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(kind), parsed.GetRequiredValue(place), parsed.GetValue(count), parsed.GetValue(interval), parsed.GetValue(json)));
        return command;
    }

    /// <returns>0 if the last reading was good, otherwise 1.</returns>
    private static int Run(string kind, string place, int count, double interval, bool json)
    {
        using var stop = new StopSignal();
        using ISensor sensor = SensorCatalog.Open(kind, place);
        var reading = new SensorReading(sensor);
        var clock = new FrameClock(interval > 0 ? 1 / interval : 0);
        bool isGood = false;
        for (int i = 0; (count == 0 || i < count) && clock.WaitForNext(stop.Token); i++)
        {
            isGood = sensor.TryRead(reading);
            Console.Out.WriteLine(json ? Json(sensor, reading) : Text(sensor, reading));
        }
        return isGood ? ExitCode.Success : ExitCode.Failure;
    }

    private static string Text(ISensor sensor, SensorReading reading)
    {
        var text = new StringBuilder($"{sensor.Name}:");
        for (int i = 0; i < sensor.Channels.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $" {sensor.Channels[i].Name} {Math.Round(reading.Values[i], 6)} {sensor.Channels[i].Unit}");
        }
        if (reading.Status != SensorStatus.Ok)
        {
            string age = reading.Age is { } old ? string.Create(CultureInfo.InvariantCulture, $"{old.TotalSeconds:0.0} s old") : "never read";
            text.Append(CultureInfo.InvariantCulture, $" ({age}: {reading.Status})");
        }
        return text.ToString();
    }

    private static string Json(ISensor sensor, SensorReading reading)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("sensor", sensor.Name);
            writer.WriteString("status", JsonNamingPolicy.CamelCase.ConvertName(reading.Status.ToString()));
            if (reading.Age is { } age)
            {
                writer.WriteNumber("ageSeconds", age.TotalSeconds);
                writer.WriteStartObject("values");
                for (int i = 0; i < sensor.Channels.Count; i++)
                {
                    writer.WriteNumber(sensor.Channels[i].Name, reading.Values[i]);
                }
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
