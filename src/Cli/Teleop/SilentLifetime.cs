using Microsoft.Extensions.Hosting;

namespace Robotics.Cli.Teleop;

/// <summary>Leaves Ctrl-C and SIGTERM to the verb, which ends the web server in its own order.</summary>
internal sealed class SilentLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
