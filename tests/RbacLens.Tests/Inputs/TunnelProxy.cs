using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RbacLens.Tests.Inputs;

/// <summary>An HTTP CONNECT and SOCKS5 proxy on a loopback port that leads every tunnel to one place, and notes where it should have led.</summary>
sealed class TunnelProxy : IDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly int target;

    public TunnelProxy(int target)
    {
        this.target = target;
        listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>The first line of each CONNECT with its login, or the host that SOCKS was asked for.</summary>
    public ConcurrentQueue<string> Tunnels { get; } = new();

    public void Dispose() => listener.Dispose();

    async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                _ = TunnelAsync(await listener.AcceptTcpClientAsync());
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    async Task TunnelAsync(TcpClient client)
    {
        using (client)
        {
            var near = client.GetStream();
            var buffer = new byte[4096];
            var read = await near.ReadAsync(buffer);
            Tunnels.Enqueue(buffer[0] == 5 ? await SocksAsync(near) : await ConnectAsync(near, Encoding.ASCII.GetString(buffer, 0, read)));
            using var far = new TcpClient();
            await far.ConnectAsync(IPAddress.Loopback, target);
            await Task.WhenAny(near.CopyToAsync(far.GetStream()), far.GetStream().CopyToAsync(near));
        }
    }

    static async Task<string> ConnectAsync(NetworkStream near, string request)
    {
        await near.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray());
        var lines = request.Split("\r\n");
        return string.Join(' ', lines.Where((line, i) => i == 0 || line.StartsWith("Proxy-Authorization", StringComparison.Ordinal)));
    }

    static async Task<string> SocksAsync(NetworkStream near)
    {
        await near.WriteAsync(new byte[] { 5, 0 });
        var request = new byte[512];
        var read = await near.ReadAsync(request);
        await near.WriteAsync(new byte[] { 5, 0, 0, 1, 0, 0, 0, 0, 0, 0 });
        return Encoding.ASCII.GetString(request, 5, read - 7);
    }
}
