using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Robotics.Core;
using Robotics.Teleop;

namespace Robotics.Cli.Teleop;

/// <summary>Serves the teleoperation page over HTTPS and carries its frames to a <see cref="BrowserDevice"/>.</summary>
/// <remarks>Whoever has the token in the address may steer; one page at a time. Everything runs on the web server's threads; the device is
/// the only thing shared with the node's loop.</remarks>
internal sealed class BrowserServer : IAsyncDisposable
{
    private const int StateIntervalMs = 50; // 20 Hz: the page repeats its time in frames, so this is part of a frame's proven age
    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private readonly WebApplication _app;
    private readonly BrowserDevice _device;
    private readonly byte[] _token;
    private readonly byte[] _page = BrowserPage.Read();
    private readonly CancellationTokenSource _stop = new();
    private TeleopReport? _report;
    private int _connected;

    private BrowserServer(WebApplication app, BrowserDevice device, string token)
    {
        _app = app;
        _device = device;
        _token = Encoding.UTF8.GetBytes(token);
    }

    /// <summary>Port it listens at.</summary>
    public int Port => new Uri(_app.Urls.First()).Port;

    /// <summary>Listens at <paramref name="address"/>; port 0 takes any free one.</summary>
    /// <exception cref="IOException">The port is taken or not allowed.</exception>
    public static async Task<BrowserServer> StartAsync(IPAddress address, int port, X509Certificate2 certificate, string token, BrowserDevice device)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, SilentLifetime>();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Limits.MaxConcurrentConnections = 32;
            kestrel.Limits.MaxConcurrentUpgradedConnections = 4;
            kestrel.Listen(address, port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1; // one page and one WebSocket: nothing to multiplex
                listen.UseHttps(certificate);
            });
        });
        WebApplication app = builder.Build();
        var server = new BrowserServer(app, device, token);
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(5) });
        app.Run(server.ServeAsync);
        await app.StartAsync();
        return server;
    }

    /// <summary>What pages are told from now on.</summary>
    public void Publish(TeleopReport report) => Volatile.Write(ref _report, report);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _app.DisposeAsync();
        _stop.Dispose();
    }

    private async Task ServeAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(context.Request.Query["token"].ToString()), _token))
        {
            response.StatusCode = StatusCodes.Status403Forbidden;
            await response.WriteAsync("open the address that robotics teleop printed: its token is missing or wrong\n", context.RequestAborted);
        }
        else if (context.Request.Path == "/ws" && context.WebSockets.IsWebSocketRequest)
        {
            using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
            await TalkAsync(socket);
        }
        else if (context.Request.Path == "/")
        {
            response.ContentType = "text/html; charset=utf-8";
            response.Headers.CacheControl = "no-store";
            response.Headers["Referrer-Policy"] = "no-referrer"; // the address holds the token
            response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self' wss:";
            await response.Body.WriteAsync(_page, context.RequestAborted);
        }
        else
        {
            response.StatusCode = StatusCodes.Status404NotFound;
        }
    }

    private async Task TalkAsync(WebSocket socket)
    {
        if (Interlocked.CompareExchange(ref _connected, 1, 0) != 0)
        {
            await socket.CloseAsync(WebSocketCloseStatus.PolicyViolation, "another page is connected", _stop.Token);
            return;
        }
        _device.Connect();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        Task telling = TellAsync(socket, over.Token);
        try
        {
            await ListenAsync(socket, over.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // The page has gone, however: what it held is let go below.
        }
        finally
        {
            await over.CancelAsync();
            await telling;
            _device.Connect();
            Volatile.Write(ref _connected, 0);
        }
    }

    private async Task ListenAsync(WebSocket socket, CancellationToken cancellation)
    {
        var buffer = new byte[BrowserDevice.FrameBytes + 1]; // one more than a frame: a longer message is seen to be one
        while (true)
        {
            ValueWebSocketReceiveResult received = await socket.ReceiveAsync(buffer.AsMemory(), cancellation);
            if (received.MessageType == WebSocketMessageType.Close)
                return;
            if (received.MessageType == WebSocketMessageType.Binary && received.EndOfMessage)
                _device.Receive(buffer.AsSpan(0, received.Count), MonotonicClock.Instance.NowNs);
        }
    }

    private async Task TellAsync(WebSocket socket, CancellationToken cancellation)
    {
        try
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(StateIntervalMs));
            do
            {
                if (Volatile.Read(ref _report) is { } report)
                {
                    byte[] text = JsonSerializer.SerializeToUtf8Bytes(report with { T = MonotonicClock.Instance.NowNs * 1e-6 }, s_json);
                    await socket.SendAsync(text, WebSocketMessageType.Text, endOfMessage: true, cancellation);
                }
            } while (await timer.WaitForNextTickAsync(cancellation));
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // The page has gone; the listening side ends the conversation.
        }
    }
}
