using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Robotics.Core;

namespace Robotics.Integration.Tests.Teleop;

/// <summary>Debian's chromium without a window, driven over the DevTools protocol.</summary>
internal sealed class HeadlessChromium : IDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[1 << 22]; // a screenshot is one message
    private string _session = "";
    private int _id;
    private bool _disposed;

    private HeadlessChromium(Process process) => _process = process;

    /// <summary>Where chromium is; skips the calling test where it is not installed.</summary>
    public static string Require()
    {
        string? path = ((string[])["/usr/bin/chromium", "/usr/bin/chromium-browser"]).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, "needs Debian's chromium: apt-get install chromium (scripts/setup.sh test does)");
        return path!;
    }

    /// <summary>Opens <paramref name="url"/> in a window of <paramref name="width"/> by <paramref name="height"/>; a self-made certificate is accepted.</summary>
    public static async Task<HeadlessChromium> OpenAsync(string chromium, string profile, string url, int width, int height)
    {
        var start = new ProcessStartInfo(chromium) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (string argument in (string[])
            ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--ignore-certificate-errors", "--remote-debugging-port=0",
                $"--window-size={width},{height}", $"--user-data-dir={profile}", url])
        {
            start.ArgumentList.Add(argument);
        }
        var browser = new HeadlessChromium(Process.Start(start)!);
        await browser.ConnectAsync();
        await browser.AttachAsync();
        return browser;
    }

    /// <summary>Evaluates <paramref name="expression"/> in the page.</summary>
    public async Task<JsonNode?> EvaluateAsync(string expression)
    {
        JsonNode? answer = await CallAsync("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["returnByValue"] = true, ["awaitPromise"] = true });
        return answer?["result"]?["value"];
    }

    /// <summary>Waits until <paramref name="expression"/> is true in the page.</summary>
    public async Task AwaitAsync(string what, string expression)
    {
        long deadline = MonotonicClock.Instance.NowNs + (long)s_deadline.TotalMilliseconds * 1_000_000;
        while (await EvaluateAsync(expression) is not JsonValue v || !v.TryGetValue(out bool yes) || !yes)
        {
            if (MonotonicClock.Instance.NowNs > deadline)
                Assert.Fail($"no {what} within {s_deadline.TotalSeconds} s; the page says: {await EvaluateAsync("document.body.innerText")}");
            await EvaluateAsync("new Promise(r => setTimeout(r, 20))"); // the page's own time
        }
    }

    /// <summary>Presses or lets go of a key, as a person would.</summary>
    public Task KeyAsync(bool down, string code, string key) =>
        CallAsync("Input.dispatchKeyEvent", new JsonObject { ["type"] = down ? "rawKeyDown" : "keyUp", ["code"] = code, ["key"] = key });

    /// <summary>Puts a finger on the page, moves it, or (where <paramref name="type"/> is touchEnd) lifts it.</summary>
    public Task TouchAsync(string type, params (double X, double Y)[] points) =>
        CallAsync("Input.dispatchTouchEvent", new JsonObject
        {
            ["type"] = type,
            ["touchPoints"] = new JsonArray([.. points.Select((p, i) => (JsonNode)new JsonObject { ["x"] = p.X, ["y"] = p.Y, ["id"] = i })]),
        });

    /// <summary>Centre of the element <paramref name="id"/>, CSS pixels.</summary>
    public async Task<(double X, double Y)> CentreAsync(string id)
    {
        JsonNode? box = await EvaluateAsync($"(() => {{ const b = document.getElementById('{id}').getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; }})()");
        return (box![0]!.GetValue<double>(), box[1]!.GetValue<double>());
    }

    /// <summary>Writes a picture of the page to <paramref name="path"/>.</summary>
    public async Task ScreenshotAsync(string path)
    {
        JsonNode? answer = await CallAsync("Page.captureScreenshot", new JsonObject { ["format"] = "png" });
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path, Convert.FromBase64String(answer!["data"]!.GetValue<string>()));
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _socket.Dispose();
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task ConnectAsync()
    {
        using var late = new CancellationTokenSource(s_deadline);
        while (await _process.StandardError.ReadLineAsync(late.Token) is { } line)
        {
            int at = line.IndexOf("ws://", StringComparison.Ordinal);
            if (at < 0)
                continue;
            await _socket.ConnectAsync(new Uri(line[at..].Trim()), late.Token);
            _ = DrainAsync(_process.StandardError);
            _ = DrainAsync(_process.StandardOutput);
            return;
        }
        Assert.Fail("chromium ended before it listened");
    }

    private static async Task DrainAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is not null)
        {
        }
    }

    // The window that chromium opened by itself: a target made by hand would lie behind it, where timers are slowed down.
    private async Task AttachAsync()
    {
        long deadline = MonotonicClock.Instance.NowNs + (long)s_deadline.TotalMilliseconds * 1_000_000;
        while (true)
        {
            JsonNode? targets = await CallAsync("Target.getTargets", []);
            JsonNode? page = targets!["targetInfos"]!.AsArray().FirstOrDefault(t => t!["type"]!.GetValue<string>() == "page" && t["url"]!.GetValue<string>().StartsWith("https:", StringComparison.Ordinal));
            Assert.True(page is not null || MonotonicClock.Instance.NowNs < deadline, $"chromium opened no page: {targets!.ToJsonString()}");
            if (page is null)
                continue;
            JsonNode? attached = await CallAsync("Target.attachToTarget", new JsonObject { ["targetId"] = page["targetId"]!.GetValue<string>(), ["flatten"] = true });
            _session = attached!["sessionId"]!.GetValue<string>();
            return;
        }
    }

    private async Task<JsonNode?> CallAsync(string method, JsonObject parameters)
    {
        using var late = new CancellationTokenSource(s_deadline);
        int id = ++_id;
        var call = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        if (_session.Length > 0)
            call["sessionId"] = _session;
        await _socket.SendAsync(Encoding.UTF8.GetBytes(call.ToJsonString()), WebSocketMessageType.Text, true, late.Token);
        while (true)
        {
            JsonNode? message = await ReceiveAsync(late.Token);
            if (message?["id"]?.GetValue<int>() != id)
                continue; // an event
            string error = message["error"]?.ToJsonString() ?? "";
            if (error.Contains("navigated", StringComparison.Ordinal) || error.Contains("context", StringComparison.Ordinal))
                return null; // asked while the page was still loading: whoever waits asks again
            Assert.True(error.Length == 0, $"{method}: {error}");
            return message["result"];
        }
    }

    private async Task<JsonNode?> ReceiveAsync(CancellationToken cancellation)
    {
        int length = 0;
        while (true)
        {
            ValueWebSocketReceiveResult received = await _socket.ReceiveAsync(_buffer.AsMemory(length), cancellation);
            length += received.Count;
            if (received.EndOfMessage)
                return JsonNode.Parse(_buffer.AsSpan(0, length));
        }
    }
}
