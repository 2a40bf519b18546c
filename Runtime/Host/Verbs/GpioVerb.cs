using System.CommandLine;
using Edge.Foundation;
using Edge.Hardware.Gpio;
using Edge.Runtime.Service;

namespace Edge.Runtime.Verbs;

/// <summary><c>edge-runtime gpio CHIP LINE</c>: prints the changes of an input as the kernel saw them, or drives an output.</summary>
internal static class GpioVerb
{
    private const int PollMilliseconds = 100;

    internal static Command Create()
    {
        var chip = new Argument<string>("CHIP") { Description = "the chip, as gpiochip0" };
        var line = new Argument<string>("LINE") { Description = "the line's number or name" };
        var count = new Option<int>("--count") { Description = "changes to wait for; 0 until it is ended" };
        var debounce = new Option<double>("--debounce") { Description = "milliseconds that a change must last to count" };
        var activeLow = new Option<bool>("--active-low") { Description = "low means active" };
        var bias = new Option<GpioBias>("--bias") { Description = "what holds the input: AsIs, PullUp, PullDown, None" };
        var set = new Option<bool?>("--set") { Description = "drive the line, true for active, until it is ended" };
        var command = new Command("gpio", "Prints the changes of a line with the kernel's time of each, or drives a line.") { chip, line, count, debounce, activeLow, bias, set };
        command.SetAction(parsed => parsed.GetValue(set) is { } value
            ? Drive(parsed.GetRequiredValue(chip), parsed.GetRequiredValue(line), value, parsed.GetValue(activeLow))
            : Watch(parsed.GetRequiredValue(chip), parsed.GetRequiredValue(line), parsed.GetValue(count), TimeSpan.FromMilliseconds(Math.Max(0, parsed.GetValue(debounce))), parsed.GetValue(bias), parsed.GetValue(activeLow)));
        return command;
    }

    private static int Watch(string chip, string line, int count, TimeSpan debounce, GpioBias bias, bool isActiveLow)
    {
        using var stop = new StopSignal();
        using GpioLine input = GpioLine.OpenInput(chip, line, bias, isActiveLow, debounce);
        Console.Out.WriteLine($"{{\"active\":{(input.Value ? "true" : "false")}}}");
        for (int seen = 0; (count == 0 || seen < count) && !stop.Token.IsCancellationRequested;)
        {
            if (input.WaitForEdge(PollMilliseconds) is { } edge)
            {
                seen++;
                Console.Out.WriteLine($"{{\"active\":{(edge.IsRising ? "true" : "false")},\"nanoseconds\":{edge.Timestamp},\"sequence\":{edge.Sequence}}}");
            }
        }
        return ExitCode.Success;
    }

    private static int Drive(string chip, string line, bool value, bool isActiveLow)
    {
        using var stop = new StopSignal();
        using GpioLine output = GpioLine.OpenOutput(chip, line, value, isActiveLow);
        Console.Out.WriteLine($"{output.Place} is {(output.Value ? "active" : "inactive")}");
        stop.Token.WaitHandle.WaitOne();
        return ExitCode.Success;
    }
}
