using Edge.Fleet.Protocol;
using Edge.Runtime.Configuration;
using Edge.Runtime.Reporting;
using Edge.Runtime.Sources;
using Edge.Runtime.Sources.Http;

namespace Edge.Runtime.Health;

/// <summary>Posts metrics to an OpenTelemetry collector, once an interval, on a thread of its own. A collector that is away is told once.</summary>
internal sealed class OtlpExporter : IDisposable
{
    private readonly OtlpConfig _config;
    private readonly string _device;
    private readonly Func<HealthMessage?> _health;
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private bool _isAway;

    internal OtlpExporter(OtlpConfig config, string device, Func<HealthMessage?> health)
    {
        (_config, _device, _health) = (config, device, health);
        _thread = new Thread(Run) { IsBackground = true, Name = "otlp" };
        _thread.Start();
    }

    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join(TimeSpan.FromSeconds(2));
        _stop.Dispose();
    }

    /// <summary>Where metrics are posted: an address without a path gets the usual one.</summary>
    internal static Uri Endpoint(string url)
    {
        var uri = new Uri(url);
        return uri.AbsolutePath == "/" ? new Uri(uri, "/v1/metrics") : uri;
    }

    private void Run()
    {
        while (!_stop.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(_config.IntervalSeconds)))
        {
            if (_health() is { } health)
            {
                Post(OtlpMetrics.Write(health, _device));
            }
        }
    }

    private void Post(byte[] metrics)
    {
        try
        {
            var request = new HttpRequest
            {
                Url = Endpoint(_config.Url),
                Json = metrics,
                CaFile = _config.CaFile,
                Authorization = _config.AuthorizationFile is { } file ? SecretFile.Read(file) : null,
            };
            using HttpResponse response = HttpResponse.Open(request, _stop.Token);
            if (_isAway)
            {
                Log.Info($"otlp: {request.Label} takes metrics again");
            }
            _isAway = false;
        }
        catch (Exception e) when (!_stop.IsCancellationRequested)
        {
            if (!_isAway)
            {
                Log.Warning($"otlp: {Failure.Describe(e)}: metrics are lost until it takes them");
            }
            _isAway = true;
        }
        catch (Exception e)
        {
            Log.Debug($"otlp: ended: {e.Message}");
        }
    }
}
