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
                _time += TimeSpan.FromMinutes(_random.Below(8) == 0 ? 60 * _random.Below(12) : _random.Below(15));
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
            case < 61:
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
        if (_retained[i] is { } message && device.Receive(message.Assignment, message.Counter))
        {
            Report(i);
            return;
        }
        if (device.IsUnderWay)
        {
            device.Step(ref _random, Release);
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
        (int i, DeviceReport report) = _channel[at];
        if (_random.Below(16) > 0)
        {
            _channel.RemoveAt(at);
        }
        Hear(i, report);
    }

    private void Hear(int i, DeviceReport report, bool mayCrash = true)
    {
        _lastRunning[i] = report.Running;
        if (_joined[i])
        {
            Take(new RolloutEvent.Reported(_devices[i].Name, _flaw == Flaw.BelievesOldReports ? report with { Answers = long.MaxValue } : report), mayCrash);
        }
        else if (_inGroup[i])
        {
            Join(i);
        }
    }

    private void Join(int i)
    {
        Candidate candidate = CandidateOf(i);
        _joined[i] = true;
        Take(new RolloutEvent.Joined([candidate]), mayCrash: false);
    }

    private void Measure(int i)
    {
        bool isNew = _devices[i].Running == Release;
        double latency = isNew && _plan.Id[^1] is '0' or '5' ? 30 : 10 + _random.Below(2);
        if (_joined[i])
        {
            Take(new RolloutEvent.Measured(_devices[i].Name, isNew, new HealthFigures(0, latency, null)));
        }
    }

    private void Operate(int i)
    {
        string name = _devices[i].Name;
        switch (_random.Below(32))
        {
            case < 3:
                Take(new RolloutEvent.PauseOrdered(), mayCrash: false);
                break;
            case < 8:
                Take(new RolloutEvent.ResumeOrdered(), mayCrash: false);
                break;
            case < 9:
                Take(new RolloutEvent.AbortOrdered("ordered"), mayCrash: false);
                break;
            case < 10:
                Take(new RolloutEvent.CancelOrdered(), mayCrash: false);
                break;
            case < 14 when _joined[i] && _inGroup[i]:
                _excluded[i] = true;
                if (_flaw != Flaw.IgnoresExclusions)
                {
                    Take(new RolloutEvent.Excluded(name), mayCrash: false);
                }
                break;
            case < 18 when _excluded[i] && _inGroup[i]:
                _excluded[i] = false;
                Join(i);
                break;
            case < 20 when _joined[i] && _inGroup[i]:
                PinDevice(i);
                break;
            case < 22 when _pinned[i] && _inGroup[i]:
                _pinned[i] = false;
                Join(i);
                break;
            case < 25 when _joined[i] && !_pinned[i]:
                _inGroup[i] = !_inGroup[i];
                if (_inGroup[i])
                {
                    Join(i);
                }
                else
                {
                    Take(new RolloutEvent.Left(name), mayCrash: false);
                }
                break;
            case < 29:
                _inGroup[i] = _inGroup[i] || !_joined[i];
                break;
            case 29 when _random.Below(4) == 0:
                _oldWithdrawn = true;
                Take(new RolloutEvent.Withdrawn(Old), mayCrash: false);
                break;
            case 30 when _random.Below(4) == 0:
                _newWithdrawn = true;
                Take(new RolloutEvent.Withdrawn(Release), mayCrash: false);
                break;
            default:
                break;
        }
    }

    private void PinDevice(int i)
    {
        _pinned[i] = true;
        _pinAttempts[i]++;
        if (_flaw == Flaw.IgnoresPins)
        {
            _sequence++;
            Assign(i, new Assignment(_devices[i].Name, Pin, _pinAttempts[i], true));
            Publish(MaximumDevices);
            return;
        }
        Take(new RolloutEvent.Pinned(_devices[i].Name, Pin, _pinAttempts[i]), mayCrash: false);
    }

    /// <summary>Nothing breaks any more: everybody who is left finishes what there is to finish.</summary>
    private void Quiesce()
    {
        Restart();
        _channel.Clear();
        if (_state.Phase == RolloutPhase.Paused && _random.Below(2) == 0)
        {
            Take(new RolloutEvent.ResumeOrdered(), mayCrash: false);
        }
        for (int i = 0; i < _count; i++)
        {
            _devices[i].IsOnline = _random.Below(8) > 0;
            Notice(i);
            Hear(i, _devices[i].Report, mayCrash: false);
        }
        for (int quiet = 0, round = 0; quiet < 7 && round < 200 && _failure is null; round++, quiet++)
        {
            long before = _sequence;
            for (int i = 0; i < _count; i++)
            {
                SimDevice device = _devices[i];
                if (!device.IsOnline)
                {
                    continue;
                }
                bool isNews = _retained[i] is { } message && device.Receive(message.Assignment, message.Counter);
                while (device.IsUnderWay)
                {
                    device.Step(ref _random, Release);
                    isNews = true;
                }
                if (isNews)
                {
                    Hear(i, device.Report, mayCrash: false);
                }
            }
            _time += TimeSpan.FromHours(5);
            Take(Tick, mayCrash: false);
            quiet = _sequence == before + 1 && _lastStepWasQuiet ? quiet : -1;
        }
    }
}
