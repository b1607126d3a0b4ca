using Robotics.Core;
using Robotics.Drivers.Ros2;
using Robotics.Drivers.Ros2.Messages.DiagnosticMsgs;
using Robotics.Drivers.Ros2.Messages.RclInterfaces;
using Robotics.Drivers.Ros2.Messages.StdSrvs;
using Robotics.Tests.Shared;
using StdMsgs = Robotics.Drivers.Ros2.Messages.StdMsgs;

namespace Robotics.Ros2.Tests;

public sealed class RuntimeNodeTests
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Services_EmergencyStopArmDisarm_ReachTheControlThreadAndAreAnswered()
    {
        using RosContext context = Ros.Context();
        int stops = 0;
        using var node = new RuntimeNode(Ros.Options, "robotics", "/quad", MonotonicClock.Instance, () => Interlocked.Increment(ref stops), []);
        node.RefusalText = missing => $"missing check {missing}";
        using RosNode user = context.CreateNode("user");
        using RosClient<TriggerRequest, TriggerResponse> stop = user.CreateClient<TriggerRequest, TriggerResponse>("/quad/robotics/emergency_stop");
        using RosClient<TriggerRequest, TriggerResponse> arm = user.CreateClient<TriggerRequest, TriggerResponse>("/quad/robotics/arm");

        Task<TriggerResponse> armed = arm.CallAsync(new TriggerRequest(), s_timeout);
        OperatorRequest request = OperatorRequest.None;
        Ros.Await(() => node.TryTakeRequest(out request), "arm request");
        Assert.Equal(OperatorRequest.Arm, request);
        TriggerResponse stopped = await stop.CallAsync(new TriggerRequest(), s_timeout); // answered while the arm request is still open
        Assert.True(stopped.Success);
        Assert.Equal(1, stops);
        node.Answer(ok: false, refusal: 32);
        TriggerResponse refused = await armed;
        Assert.False(refused.Success);
        Assert.Equal("missing check 32", refused.Message);

        TriggerResponse unanswered = await arm.CallAsync(new TriggerRequest(), s_timeout); // nobody takes it
        Assert.False(unanswered.Success);
        Assert.Contains("does not answer", unanswered.Message, StringComparison.Ordinal);
        Assert.False(node.TryTakeRequest(out _)); // withdrawn: it cannot arm the robot later
    }

    [Fact]
    public void Topics_StateChanges_AreLatchedAndDiagnosed()
    {
        using RosContext context = Ros.Context();
        using var node = new RuntimeNode(Ros.Options, "robotics", "/", MonotonicClock.Instance, () => { }, [], () => [new("driver", "fine")]);
        var state = new RuntimeState { IsArmed = true, Action = SafetyAction.Baseline, Causes = SafetyCauses.StaleSample, Policy = new PolicyIdentity(1, 2, 3, 4), Source = ActionSource.Human };
        node.Post(in state);
        using RosNode late = context.CreateNode("late");
        bool armed = false, intervention = false;
        string action = "", policy = "";
        DiagnosticStatus? status = null;
        late.CreateSubscription<StdMsgs.Bool>("/robotics/armed", m => armed = m.Data, QosProfile.Latched);
        late.CreateSubscription<StdMsgs.Bool>("/robotics/intervention", m => intervention = m.Data, QosProfile.Latched);
        late.CreateSubscription<StdMsgs.String>("/robotics/safety_action", m => action = m.Data, QosProfile.Latched);
        late.CreateSubscription<StdMsgs.String>("/robotics/policy", m => policy = m.Data, QosProfile.Latched);
        late.CreateSubscription<DiagnosticArray>("/diagnostics", m => status = m.Status[0] with { });
        Ros.Await(() => armed && intervention && action.Length > 0 && policy.Length > 0 && status is not null, "topics");
        Assert.Equal("Baseline: StaleSample", action);
        Assert.Equal(state.Policy.ToString(), policy);
        Assert.Equal(DiagnosticStatus.WARN, status!.Level);
        Assert.Contains(status.Values, v => v is { Key: "driver", Value: "fine" });
        AllocationGuard.AssertNone(() =>
        {
            node.Post(in state);
            node.TryTakeRequest(out _);
        });
    }

    [Fact]
    public async Task Parameters_ListGetSetDescribe_BehaveAsRosUsersExpect()
    {
        using RosContext serverContext = Ros.Context();
        using RosContext userContext = Ros.Context();
        using RosNode server = serverContext.CreateNode("tuned");
        var parameters = new ParameterServer(server, new RosTime(MonotonicClock.Instance, false),
        [
            new ParameterDeclaration("gain", 0.5, "Loop gain.", Minimum: 0, Maximum: 2),
            new ParameterDeclaration("limits.count", 3L, "How many.", OnSet: v => (long)v == 13 ? "unlucky" : null),
            new ParameterDeclaration("robot", "quad", "Name.", ReadOnly: true),
        ]);
        using RosNode user = userContext.CreateNode("user");
        var events = new List<string>();
        user.CreateSubscription<ParameterEvent>("/parameter_events", m => events.AddRange(m.ChangedParameters.Select(p => p.Name)), QosProfile.Parameters);
        using var list = user.CreateClient<ListParametersRequest, ListParametersResponse>("/tuned/list_parameters");
        using var get = user.CreateClient<GetParametersRequest, GetParametersResponse>("/tuned/get_parameters");
        using var set = user.CreateClient<SetParametersRequest, SetParametersResponse>("/tuned/set_parameters");
        using var atomically = user.CreateClient<SetParametersAtomicallyRequest, SetParametersAtomicallyResponse>("/tuned/set_parameters_atomically");
        using var describe = user.CreateClient<DescribeParametersRequest, DescribeParametersResponse>("/tuned/describe_parameters");

        ListParametersResponse names = await list.CallAsync(new(), s_timeout);
        Assert.Equal(["gain", "limits.count", "robot"], names.Result.Names);
        Assert.Equal(["limits"], names.Result.Prefixes);

        SetParametersResponse results = await set.CallAsync(
            new() { Parameters = [Number("gain", 1.5), Number("gain", 3), Number("absent", 1), Text("robot", "x"), Text("gain", "x"), Whole("limits.count", 13)] }, s_timeout);
        Assert.Equal([true, false, false, false, false, false], results.Results.Select(r => r.Successful));
        Assert.Contains("outside [0, 2]", results.Results[1].Reason, StringComparison.Ordinal);
        Assert.Contains("unlucky", results.Results[5].Reason, StringComparison.Ordinal);
        Assert.Equal(1.5, parameters["gain"]);

        SetParametersAtomicallyResponse both = await atomically.CallAsync(new() { Parameters = [Number("gain", 0.1), Number("gain", 9)] }, s_timeout);
        Assert.False(both.Result.Successful);
        Assert.Equal(1.5, parameters["gain"]);

        GetParametersResponse values = await get.CallAsync(new() { Names = ["gain", "absent", "limits.count"] }, s_timeout);
        Assert.Equal([1.5, null, 3L], values.Values.Select(ParameterValues.FromRos));
        DescribeParametersResponse described = await describe.CallAsync(new() { Names = ["gain", "robot"] }, s_timeout);
        Assert.Equal(2, described.Descriptors[0].FloatingPointRange[0].ToValue);
        Assert.True(described.Descriptors[1].ReadOnly);
        Ros.Await(() => events.Contains("gain"), "parameter event");
    }

    private static Parameter Number(string name, double value) => new() { Name = name, Value = ParameterValues.ToRos(value) };

    private static Parameter Whole(string name, long value) => new() { Name = name, Value = ParameterValues.ToRos(value) };

    private static Parameter Text(string name, string value) => new() { Name = name, Value = ParameterValues.ToRos(value) };
}
