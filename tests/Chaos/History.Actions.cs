using Edge.Fleet.Protocol;
using Edge.Fleet.Rollouts;

namespace Edge.Chaos;

/// <content>What happens, by chance.</content>
internal sealed partial class History
{
    private void Act()
    {
        int i = _random.Below(_count);
        SimDevice device = _devices[i];
        switch (_random.Below(64))
        {
            case < 20:
                Follow(i);
                break;
            case < 44:
                Deliver();
                break;
            case < 52:
                _now += 60 * (_random.Below(8) == 0 ? 60 * _random.Below(12) : _random.Below(15));
                Take(Tick);
                break;
            case < 55:
                device.IsOnline = !device.IsOnline;
                break;
            case < 57:
                Notice(i);
                break;
            case < 58:
                if (device.IsOnline)
                {
                    device.CrashLoop(Release);
                    Report(i);
                }
                break;
            case < 60:
                Measure(i);
                break;
            default:
                Operate(i);
                break;
        }
    }

    /// <summary>A device looks at its desired state, and goes on.</summary>
    private void Follow(int i)
    {
        SimDevice device = _devices[i];
        if (!device.IsOnline)
        {
            return;
        }
        bool isTold = _retained[i] is { } message && device.Receive(message.Manifest, message.Attempt, message.Counter);
        if (!isTold && device.IsUnderWay)
        {
            device.Step(ref _random, Release);
            isTold = true;
        }
        if (isTold)
        {
            Report(i);
        }
    }

    private void Report(int i)
    {
        // Lost on the way: the broker has the next one, or this one again when somebody subscribes.
        if (_random.Below(8) > 0)
        {
            _channel.Add((i, _devices[i].Report));
        }
    }

    /// <summary>A report arrives: mostly the oldest, sometimes another one, sometimes not for the last time.</summary>
    private void Deliver()
    {
        if (_channel.Count == 0)
        {
            Report(_random.Below(_count));
            return;
        }
        int at = _random.Below(4) == 0 ? _random.Below(_channel.Count) : 0;
        (int i, RolloutEvent.Reported report) = _channel[at];
        if (_random.Below(16) > 0)
        {
            _channel.RemoveAt(at);
        }
        Hear(i, report);
    }

    private void Hear(int i, RolloutEvent.Reported report, bool mayCrash = true)
    {
        _lastRunning[i] = report.Running;
        _said = report;
        if (!_hasJoined[i] && !_isOut[i])
        {
            Join(i);
        }
        if (_flaw == Flaw.BelievesOldReports)
        {
            report = report with { Attempt = _rows[i]?.Attempt ?? 0 };
        }
        else if (_flaw == Flaw.HidesFailures && report.Phase is UpdatePhase.Failed or UpdatePhase.RolledBack)
        {
            report = report with { Phase = UpdatePhase.Downloading };
        }
        Take(report, mayCrash);
    }

    private void Measure(int i)
    {
        bool isNew = _devices[i].Running == Release;
        double latency = isNew && _plan.Id[^1] is '0' or '5' ? 30 : 10 + _random.Below(2);
        Take(new RolloutEvent.Measured(_devices[i].Name, _devices[i].Running, new HealthSample(0, latency, 0)));
    }

    private void Operate(int i)
    {
        switch (_random.Below(24))
        {
            case < 3:
                Take(new RolloutEvent.Pause("ordered"), mayCrash: false);
                break;
            case < 8:
                Take(new RolloutEvent.Resume(), mayCrash: false);
                break;
            case < 9:
                Take(new RolloutEvent.Abort("ordered"), mayCrash: false);
                break;
            case < 10:
                Take(new RolloutEvent.Cancel(), mayCrash: false);
                break;
            case < 14 when !_isOut[i]:
                Leave(i, _random.Below(2) == 0);
                break;
            case < 19 when _isOut[i]:
                (_isOut[i], _isPinned[i]) = (false, false);
                if (_header.Status is RolloutStatus.Running or RolloutStatus.Paused or RolloutStatus.Completed)
                {
                    Join(i);
                }
                Renew(i);
                Publish(MaximumDevices);
                break;
            default:
                break;
        }
    }

    /// <summary>An operator excludes a device or pins it, or its tags are others.</summary>
    private void Leave(int i, bool isPin)
    {
        _isOut[i] = true;
        _isPinned[i] = isPin;
        _pins++;
        if (_flaw != Flaw.IgnoresLeaving)
        {
            Take(new RolloutEvent.Left(_devices[i].Name), mayCrash: false);
        }
        Renew(i);
        Publish(MaximumDevices);
    }

    /// <summary>Nothing breaks any more: everybody who is left finishes what there is to finish.</summary>
    private void Quiesce()
    {
        Restart();
        _channel.Clear();
        if (_header.Status == RolloutStatus.Paused && _random.Below(2) == 0)
        {
            Take(new RolloutEvent.Resume(), mayCrash: false);
        }
        for (int i = 0; i < _count; i++)
        {
            _devices[i].IsOnline = _random.Below(8) > 0;
            Notice(i);
            Hear(i, _devices[i].Report, mayCrash: false);
        }
        for (int quiet = 0, round = 0; quiet < 7 && round < 200 && _failure is null; round++)
        {
            bool isQuiet = true;
            for (int i = 0; i < _count; i++)
            {
                isQuiet &= !Finish(i);
            }
            _now += 5 * 3600;
            Take(Tick, mayCrash: false);
            quiet = isQuiet && _lastStepWasQuiet ? quiet + 1 : 0;
        }
    }

    private bool Finish(int i)
    {
        SimDevice device = _devices[i];
        if (!device.IsOnline)
        {
            return false;
        }
        bool isNews = _retained[i] is { } message && device.Receive(message.Manifest, message.Attempt, message.Counter);
        while (device.IsUnderWay)
        {
            device.Step(ref _random, Release);
            isNews = true;
        }
        if (isNews)
        {
            Hear(i, device.Report, mayCrash: false);
        }
        return isNews;
    }
}
