using System.CommandLine;
using Edge.Foundation;
using Edge.Runtime.Reporting;
using Edge.Runtime.Verbs;

var root = new RootCommand("Runs neural networks on this device and reports over MQTT.");
RootOptions.Apply(root);
root.Subcommands.Add(RunVerb.Create());
root.Subcommands.Add(CheckVerb.Create());
root.Subcommands.Add(SchemaVerb.Create());
root.Subcommands.Add(InferVerb.Create());
root.Subcommands.Add(PreviewVerb.Create());
root.Subcommands.Add(BenchVerb.Create());
root.Subcommands.Add(SenseVerb.Create());
root.Subcommands.Add(GpioVerb.Create());
root.Subcommands.Add(DoctorVerb.Create());
try
{
    ParseResult parsed = root.Parse(args);
    if (parsed.Errors.Count > 0)
    {
        Console.Error.WriteLine($"edge-runtime: {Log.OneLine(parsed.Errors[0].Message)} (see edge-runtime --help)");
        return ExitCode.BadInput;
    }
    RootOptions.Use(parsed);
    return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
}
catch (Exception e)
{
    return Failure.Report(e);
}
