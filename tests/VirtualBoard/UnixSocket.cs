using System.Net.Sockets;
using Edge.Testing;

namespace Edge.VirtualBoard.Tests;

/// <summary>Connections to a virtual machine that is just starting.</summary>
internal static class UnixSocket
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Connects as soon as somebody listens.</summary>
    /// <param name="path">The socket's file.</param>
    internal static Socket Connect(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        string trouble = "";
        bool TryConnect()
        {
            try
            {
                socket.Connect(new UnixDomainSocketEndPoint(path));
                return true;
            }
            catch (SocketException e)
            {
                trouble = e.Message;
                return false;
            }
        }
        Wait.Until(TryConnect, Patience, () => $"the virtual machine does not start: {trouble}");
        return socket;
    }
}
