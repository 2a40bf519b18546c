using System.Text;
using Edge.Mqtt.Spool;
using Edge.Testing;

namespace Edge.Mqtt.Tests;

public sealed class HeldMessagesTests : IDisposable
{
    private readonly Outbox _outbox = new(null, _ => { });
    private readonly OutboxStream _stream;

    public HeldMessagesTests() => _stream = _outbox.Open(new MqttTopic("t"), isEvent: false);

    [Fact]
    public void Hold_ReleasedAtOnce_OnePlaceIsEnoughAndAllocatesOnce()
    {
        var held = new HeldMessages(1024);
        byte[] payload = new byte[300];
        held.Release(held.Hold(_stream, payload));
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int i = 0; i < 2000; i++)
            {
                int place = held.Hold(_stream, payload);
                if (place != 1)
                {
                    throw new InvalidOperationException($"place {place}");
                }
                held.Release(place);
            }
        }));
    }

    [Fact]
    public void Hold_MoreThanFit_ReturnsZeroUntilOneIsReleased()
    {
        var held = new HeldMessages(3);
        int[] places = [.. Enumerable.Range(0, 3).Select(_ => held.Hold(_stream, "x"u8))];
        Assert.Equal([1, 2, 3], places.Order());
        Assert.Equal(0, held.Hold(_stream, "x"u8));
        Assert.Equal(0, held.Release(places[1]));
        Assert.Equal(0, held.Release(places[1]));
        Assert.Equal(2, held.Count);
        Assert.Equal(places[1], held.Hold(_stream, "x"u8));
        held.Clear();
        Assert.Equal(0, held.Count);
        Assert.Equal([1, 2, 3], Enumerable.Range(0, 3).Select(_ => held.Hold(_stream, "x"u8)).Order());
    }

    [Fact]
    public void WriteDown_PlacesUsedAgain_OldestMessageComesFirstAndEachOnce()
    {
        var held = new HeldMessages(4);
        int first = held.Hold(_stream, "1"u8);
        held.Hold(_stream, "2"u8);
        held.Release(first);
        held.Hold(_stream, "3"u8);
        held.Hold(_stream, "4"u8);
        var written = new List<string>();
        long Write(OutboxStream stream, ReadOnlyMemory<byte> payload)
        {
            written.Add(Encoding.ASCII.GetString(payload.Span));
            return written.Count;
        }
        held.WriteDown(Write);
        held.WriteDown(Write);
        Assert.Equal(["2", "3", "4"], written);
        held.Unwrite(2);
        held.WriteDown(Write);
        Assert.Equal(["2", "3", "4", "3", "4"], written);
    }

    public void Dispose() => _outbox.Dispose();
}
