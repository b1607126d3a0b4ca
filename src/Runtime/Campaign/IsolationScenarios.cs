using System.Buffers.Binary;
using Robotics.Core;
using Robotics.Drivers;
using Robotics.Drivers.Serial.Mavlink;
using Robotics.Runtime.Memory;
using Robotics.Safety;

namespace Robotics.Runtime.Campaign;

/// <summary>R32 to R35 and R37: what may break around the loop without reaching it.</summary>
internal static class IsolationScenarios
{
    public static IEnumerable<Scenario> All =>
        [
            new("R32", "a lost, slow or flooding learner changes no command", 0, false, LearnerFloods),
            new("R33", "a full record path changes no command and refuses the next arming", 0, false, DiskFull),
            new("R34", "clock steps and standstills: no burst, nothing stale applied", 1, false, ClockJumps),
            new("R35", "damaged bytes never become a command; in step again within two frames", 2, false, DamagedBytes),
            new("R37", "unsigned, repeated, forged and old frames are dropped", 0, false, Authenticity),
        ];

    // The same flight twice, once with the mailbox from the agent flooded: equal bit for bit.
    private static CaseOutcome LearnerFloods(CampaignRigs rigs, Choices draw)
    {
        CampaignRig rig = rigs.Quad;
        using SharedRegion region = SharedRegion.Private(Mailbox.SizeFor(4096));
        Mailbox mailbox = Mailbox.Attach(region, 0, 4096);
        byte[] weights = new byte[1 + draw.Pick(4095)];
        float[] wishes = [.. Enumerable.Range(0, 60).Select(_ => (float)draw.Uniform(0.735, 0.765))];
        ulong quiet = Fly(rig, wishes, null, weights);
        ulong flooded = Fly(rig, wishes, mailbox, weights);
        return CaseOutcome.When(quiet == flooded, "a command differs");
    }

    private static ulong Fly(CampaignRig rig, float[] wishes, Mailbox? mailbox, byte[] weights)
    {
        rig.Begin();
        ulong hash = 14695981039346656037UL; // FNV-1a
        foreach (float wish in wishes)
        {
            for (int k = 0; mailbox is not null && k < 3; k++)
                mailbox.TryPut(weights);
            rig.Propose(wish, wish, wish, wish);
            rig.Tick();
            foreach (float u in rig.Emitted)
                hash = (hash ^ BitConverter.SingleToUInt32Bits(u)) * 1099511628211UL;
        }
        return hash;
    }

    private static CaseOutcome DiskFull(CampaignRigs rigs, Choices draw)
    {
        CampaignRig rig = rigs.Checked;
        rig.Supervisor.Confirm((ArmingChecks)uint.MaxValue, true);
        rig.Begin();
        rig.Run(20); // the rotors have come up within their rate
        using SharedRegion region = SharedRegion.Private(RecordRing.SizeFor(4096));
        RecordRing ring = RecordRing.Attach(region, 0, 4096); // nobody reads: the disk stands still
        for (int k = 0; k < 60 + draw.Pick(30); k++)
        {
            float wish = (float)draw.Uniform(0.73, 0.76);
            rig.Propose(wish, wish, wish, wish);
            if (ring.TryReserve(100, out _))
                ring.Commit(100);
            else
                rig.Supervisor.Report(SafetyCauses.RecorderFull);
            SafetyAction action = rig.Tick();
            if (action > SafetyAction.Warn || rig.Emitted[0] != wish)
                return CaseOutcome.Fail($"{action}: emitted {rig.Emitted[0]} for {wish}");
        }
        rig.Supervisor.Confirm(ArmingChecks.Recorder, ring.Dropped == 0);
        rig.Supervisor.Disarm();
        bool refused = !rig.Supervisor.TryArm(out ArmingChecks missing) && missing == ArmingChecks.Recorder;
        return CaseOutcome.When(refused && ring.Dropped > 0 && (rig.Supervisor.Causes & SafetyCauses.RecorderFull) != 0, $"dropped {ring.Dropped}, refused {refused} ({missing})");
    }

    private static CaseOutcome ClockJumps(CampaignRigs rigs, Choices draw)
    {
        CampaignRig rig = rigs.Quad;
        rig.Begin();
        rig.Run(5 + draw.Pick(50));
        bool device = draw.Pick(2) == 0;
        if (device) // the sensor's clock is set back or forward by up to an hour
        {
            double step = (draw.Pick(2) == 0 ? -1 : 1) * draw.Uniform(1, 3600);
            rig.Load(new FaultEvent(FaultKind.ClockStep, [.. Enumerable.Range(0, 13)], 0, long.MaxValue, step, 1));
            int reaction = rig.Until(SafetyAction.Baseline, 10);
            return CaseOutcome.When(reaction == 2, $"tripped at sample {reaction + 1}", 0);
        }
        // The process stood still for a second: the proposal of before is late, and one tick gives one command.
        rig.ProposeHover();
        rig.Proposal.DeadlineNs = rig.Now + (2 * rig.PeriodNs);
        rig.Clock.Advance(1_000_000_000);
        long before = rig.Supervisor.Tick;
        SafetyAction first = rig.Filter();
        return CaseOutcome.When(first >= SafetyAction.Baseline && rig.Supervisor.Tick == before + 1, $"{first}, {rig.Supervisor.Tick - before} commands");
    }

    private static CaseOutcome DamagedBytes(CampaignRigs rigs, Choices draw)
    {
        var random = new SeededRandom((ulong)(draw.Uniform(0, 1) * long.MaxValue), "bytes");
        var scanner = new MavlinkScanner();
        var noise = new byte[2048];
        for (int i = 0; i < noise.Length; i++)
            noise[i] = (byte)random.NextInt(256);
        int falsely = Feed(scanner, noise);
        scanner.Clear();
        var encoder = new MavlinkEncoder(1, 1);
        var stream = new List<byte>();
        const int frames = 12;
        int damagedByte = -1;
        Span<byte> payload = stackalloc byte[9];
        for (int k = 0; k < frames; k++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(payload, (uint)random.NextUInt64() | 1);
            payload[8] = 3; // heartbeat: MAVLink version, so that nothing is cut
            ReadOnlySpan<byte> frame = encoder.Encode(0, payload);
            if (k == 3)
                damagedByte = stream.Count + random.NextInt(frame.Length);
            stream.AddRange(frame);
        }
        byte[] bytes = [.. stream];
        if (draw.Pick(2) == 0)
            bytes[damagedByte] ^= (byte)(1 << random.NextInt(8));
        else
            bytes = [.. bytes[..damagedByte], .. bytes[(damagedByte + 1)..]]; // a byte was lost
        int heard = Feed(scanner, bytes);
        int lost = frames - heard;
        return CaseOutcome.When(falsely == 0 && lost is >= 0 and <= 3, $"{falsely} frames out of noise, {lost} lost around one damaged byte", Math.Max(0, lost - 1));
    }

    private static int Feed(MavlinkScanner scanner, ReadOnlySpan<byte> bytes)
    {
        int frames = 0;
        while (!bytes.IsEmpty)
        {
            Span<byte> free = scanner.Free;
            int n = Math.Min(Math.Min(free.Length, bytes.Length), 64);
            bytes[..n].CopyTo(free);
            scanner.Commit(n);
            bytes = bytes[n..];
            while (scanner.TryNext(out MavlinkFrame _))
                frames++;
        }
        return frames;
    }

    private static CaseOutcome Authenticity(CampaignRigs rigs, Choices draw)
    {
        byte[] key = [.. Enumerable.Range(0, 32).Select(i => (byte)(i * 7))];
        byte[] other = [.. key.Select(b => (byte)(b ^ 0x55))];
        const long now = 100_000_000_000;
        var receiver = new MavlinkSigner(key, 1, now);
        var sender = new MavlinkEncoder(1, 1);
        int fault = draw.Pick(5);
        long age = fault == 4 ? 6_000_001 + (long)draw.Uniform(0, 1e8) : 0; // over one minute, in 10 µs
        sender.Signer = fault switch
        {
            1 => null,
            2 => new MavlinkSigner(other, 1, now),
            _ => new MavlinkSigner(key, 1, now - age),
        };
        byte[] frame = [.. sender.Encode(0, [1, 2, 3, 4, 5, 6, 7, 8, 9])];
        bool first = Accept(receiver, frame);
        bool second = Accept(receiver, frame); // the same frame again
        bool expected = fault is 0 or 3;
        return CaseOutcome.When(first == expected && !second, $"fault {fault}: accepted {first}, its replay {second}");
    }

    private static bool Accept(MavlinkSigner receiver, ReadOnlySpan<byte> bytes)
    {
        var scanner = new MavlinkScanner();
        bytes.CopyTo(scanner.Free);
        scanner.Commit(bytes.Length);
        return scanner.TryNext(out MavlinkFrame frame) && receiver.Accept(frame);
    }
}
