using Robotics.Core;
using Robotics.Drivers.Ros2.Messages.DiagnosticMsgs;
using Robotics.Drivers.Ros2.Messages.StdSrvs;

namespace Robotics.Drivers.Ros2;

/// <summary>The control process as a node: its state on topics, e-stop, arm, disarm and acknowledge as services, configuration as parameters.</summary>
/// <remarks>
/// <para>It has a participant and threads of its own, so that nothing here holds up the driver's samples, and lives in the control process,
/// so that it works with the agent dead. The control thread calls <see cref="Post"/> and <see cref="TryTakeRequest"/>, which neither
/// block nor allocate; the rest happens on this node's threads.</para>
/// <para>Topics: <c>~/armed</c>, <c>~/latched</c>, <c>~/intervention</c> (std_msgs/Bool), <c>~/safety_action</c>, <c>~/policy</c>,
/// <c>~/source</c> (std_msgs/String), all latched and sent on change; <c>/diagnostics</c> once a second, or as often as asked. Services (std_srvs/Trigger):
/// <c>~/emergency_stop</c>, <c>~/arm</c>, <c>~/disarm</c>, <c>~/acknowledge</c>.</para>
/// </remarks>
public sealed class RuntimeNode : IDisposable
{
    private const int PublishMs = 50; // a person sees a change within a blink; the tick is not involved
    private const int AnswerMs = 1000; // a control thread that does not answer in a second is dead or stuck
    private readonly RosContext _context;
    private readonly RosNode _node;
    private readonly IClock _clock;
    private readonly Action _emergencyStop;
    private readonly Func<IReadOnlyList<KeyValuePair<string, string>>>? _details;
    private readonly StateBox<RuntimeState> _state = new();
    private readonly OperatorBox _operator = new();
    private readonly RuntimeTopics _topics;
    private readonly Func<ServiceCall, TriggerResponse, bool>[] _reply = new Func<ServiceCall, TriggerResponse, bool>[(int)OperatorRequest.Acknowledge + 1];
    private readonly Publisher<DiagnosticArray> _diagnostics;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _stop = new(false);
    private double _diagnosticsPeriodS = 1; // convention of diagnostic_updater

    /// <summary>Joins the graph.</summary>
    /// <param name="options">The same domain and discovery as the driver's, or the environment's.</param>
    /// <param name="name">Name of the node.</param>
    /// <param name="nodeNamespace">Its namespace.</param>
    /// <param name="clock">Monotonic clock.</param>
    /// <param name="emergencyStop">Called at once, on the receiving thread: must be callable from any thread, as the supervisor's is.</param>
    /// <param name="parameters">Configuration to show.</param>
    /// <param name="details">Further lines for /diagnostics; called on this node's own thread.</param>
    public RuntimeNode(
        RosOptions options,
        string name,
        string nodeNamespace,
        IClock clock,
        Action emergencyStop,
        IEnumerable<ParameterDeclaration> parameters,
        Func<IReadOnlyList<KeyValuePair<string, string>>>? details = null
    )
    {
        _clock = clock ?? throw new ArgumentNullException(nameof(clock));
        _emergencyStop = emergencyStop ?? throw new ArgumentNullException(nameof(emergencyStop));
        _details = details;
        _context = new RosContext(options, clock);
        _node = _context.CreateNode(name, nodeNamespace);
        Time = new RosTime(clock, simulated: false);
        Parameters = new ParameterServer(_node, Time, parameters);
        _topics = new RuntimeTopics(_node);
        _diagnostics = _node.CreatePublisher<DiagnosticArray>("/diagnostics");
        _node.CreateService<TriggerRequest, TriggerResponse>("~/emergency_stop", (_, response) => OnEmergencyStop(response));
        Serve("~/arm", OperatorRequest.Arm);
        Serve("~/disarm", OperatorRequest.Disarm);
        Serve("~/acknowledge", OperatorRequest.Acknowledge);
        _thread = new Thread(Run) { IsBackground = true, Name = "ros2-runtime-node" };
        _thread.Start();
    }

    /// <summary>Time between two messages on /diagnostics, s. Any thread.</summary>
    public double DiagnosticsPeriodS
    {
        get => Volatile.Read(ref _diagnosticsPeriodS);
        set => Volatile.Write(ref _diagnosticsPeriodS, value);
    }

    /// <summary>Its parameters.</summary>
    public ParameterServer Parameters { get; }

    /// <summary>ROS time.</summary>
    public RosTime Time { get; }

    /// <summary>Its participant, for the graph and counters.</summary>
    public RosContext Context => _context;

    /// <summary>Emergency stops that came over the graph.</summary>
    public long EmergencyStops { get; private set; }

    /// <summary>Shows <paramref name="state"/>; newest wins. Control thread; does not block or allocate.</summary>
    public void Post(in RuntimeState state) => _state.Put(in state);

    /// <summary>Takes what somebody asked for. Control thread; does not block or allocate. Answer each with <see cref="Answer"/>.</summary>
    public bool TryTakeRequest(out OperatorRequest request) => _operator.TryTake(out request);

    /// <summary>Answers the request taken last.</summary>
    /// <param name="ok">True where it was done.</param>
    /// <param name="refusal">Why not, as a number the caller of <see cref="RefusalText"/> understands (for arming: the missing checks).</param>
    public void Answer(bool ok, uint refusal = 0) => _operator.Answer(ok, refusal);

    /// <summary>Turns the refusal of <see cref="Answer"/> into text, off the control thread.</summary>
    public Func<uint, string> RefusalText { get; set; } = static refusal => $"refused (0x{refusal:x})";

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
        _context.Dispose();
    }

    private void Serve(string name, OperatorRequest request) =>
        _reply[(int)request] = _node.CreateDeferredService<TriggerRequest, TriggerResponse>(name, (_, call) => OnRequest(request, call));

    private void OnEmergencyStop(TriggerResponse response)
    {
        _emergencyStop();
        EmergencyStops++;
        response.Success = true;
        response.Message = "emergency stop latched";
    }

    private void OnRequest(OperatorRequest request, ServiceCall call)
    {
        if (!_operator.TryAsk(request, call, _clock.NowNs))
            _reply[(int)request](call, new TriggerResponse { Message = "busy with another request; ask again" });
    }

    private void Run()
    {
        long nextDiagnostics = 0;
        while (!_stop.Wait(PublishMs))
        {
            AnswerRequest();
            if (!_state.TryGet(out RuntimeState state))
                continue;
            _topics.Publish(in state);
            if (_clock.NowNs < nextDiagnostics)
                continue;
            nextDiagnostics = _clock.NowNs + (long)(DiagnosticsPeriodS * 1e9);
            _diagnostics.TryPublish(RuntimeDiagnostics.Describe(_node.FullName, in state, Time.NowNs, _details?.Invoke() ?? []));
        }
    }

    private void AnswerRequest()
    {
        if (!_operator.TryFinish(_clock.NowNs, AnswerMs * 1_000_000L, out OperatorAnswer answer))
            return;
        string text = answer.TimedOut ? "the control thread does not answer; use the emergency stop"
            : answer.Ok ? "done"
            : RefusalText(answer.Refusal);
        _reply[(int)answer.Request](answer.Call, new TriggerResponse { Success = answer.Ok, Message = text });
    }
}
