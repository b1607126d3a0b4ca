using System.Globalization;
using Robotics.Core;

namespace Robotics.Drivers.Ros2;

/// <summary>Asks the robot's node again and again which robot it is and how long it waits for commands.</summary>
/// <remarks>Runs on the thread pool, never on the tick; what it found can be read from any thread.</remarks>
internal sealed class DeviceWatch : IDisposable
{
    private const long ValidNs = 3_000_000_000; // three missed answers
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);
    private readonly DeviceSettings _settings;
    private readonly IClock _clock;
    private readonly ParameterClient _client;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private long _confirmedNs = long.MinValue;
    private volatile string _diagnosis;

    public DeviceWatch(RosNode node, DeviceSettings settings, IClock clock)
    {
        _settings = settings;
        _clock = clock;
        _diagnosis = $"waiting for node {settings.Node}";
        _client = new ParameterClient(node, settings.Node);
        _loop = Task.Run(WatchAsync);
    }

    public bool IsReady
    {
        get
        {
            long confirmed = Volatile.Read(ref _confirmedNs);
            return confirmed != long.MinValue && _clock.NowNs - confirmed < ValidNs;
        }
    }

    public string Diagnosis => _diagnosis;

    public void Dispose()
    {
        _stop.Cancel();
        _loop.Wait(s_period + s_period);
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await AskAsync().ConfigureAwait(false);
                await Task.Delay(s_period, _stop.Token).ConfigureAwait(false);
            }
            catch (TimeoutException e)
            {
                _diagnosis = e.Message; // one slow answer withdraws nothing: the last one stands until it is ValidNs old
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task AskAsync()
    {
        IReadOnlyList<object?> values = await _client
            .GetAsync([_settings.IdentityParameter, _settings.TimeoutParameter], s_period, _stop.Token)
            .ConfigureAwait(false);
        string? problem = Problem(values[0], values[1]);
        _diagnosis = problem ?? $"{_settings.Node} is {_settings.Identity}, command timeout {values[1]} ms";
        Volatile.Write(ref _confirmedNs, problem is null ? _clock.NowNs : long.MinValue);
    }

    private string? Problem(object? identity, object? timeout)
    {
        if (!string.Equals(identity as string, _settings.Identity, StringComparison.Ordinal))
            return $"{_settings.Node}: parameter {_settings.IdentityParameter} is '{identity ?? "not declared"}', robot.yaml declares '{_settings.Identity}': wrong robot, or wrong file";
        double? ms = timeout switch { double d => d, long l => l, _ => null };
        if (ms is > 0 && ms <= _settings.CommandTimeoutMs)
            return null;
        string found = ms?.ToString(CultureInfo.InvariantCulture) ?? "not declared";
        return $"{_settings.Node}: parameter {_settings.TimeoutParameter} is {found} ms, robot.yaml allows at most {_settings.CommandTimeoutMs} ms: shorten it on the robot";
    }
}
