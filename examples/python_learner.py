#!/usr/bin/env python3
"""A foreign learner: receives transitions over the link, imitates the executed actions, publishes policies that the edge verifies and flies.

Written from docs/formats/{link,transition,bundle}.md. Needs pyzmq, msgpack and torch (Debian: python3-zmq, python3-msgpack, python3-torch).
usage: python_learner.py [--bind tcp://127.0.0.1:5750] [--rate STEPS_PER_S] [--every TRANSITIONS] [--device cpu|cuda] [--keys FOLDER]
It keeps transitions in memory and says so: `persisted` repeats `ingested`. A real learner writes them to disk and syncs before it says so.
Checksums of incoming frames are left to TCP here; outgoing frames carry theirs, because the edge insists.
"""
import argparse, hashlib, json, struct
import msgpack, numpy as np, torch, zmq
from zmq.auth.thread import ThreadAuthenticator

HELLO, WELCOME, REFUSE, DATA, PROGRESS, ANNOUNCE, REQUEST, CHUNK, HEARTBEAT, REPLY = 1, 2, 3, 4, 5, 7, 8, 9, 10, 11
MESSAGEPACK, RUN, EPOCH = 1, 0x507974686F6E, 1  # the encoding this learner asks for, and who it is

TABLE = list(range(256))
for _ in range(8):
    TABLE = [(entry >> 1) ^ (0x82F63B78 if entry & 1 else 0) for entry in TABLE]

def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = (crc >> 8) ^ TABLE[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF

def frame(kind, session, body):
    data = b"RBTL" + struct.pack("<HBBII", 2, kind, 0, session, len(body)) + body
    return data + struct.pack("<I", crc32c(data[:52] if kind == CHUNK else data))

class Stream:
    """One boot of one robot: unpacks its records and rebuilds what the policy saw (frame + executed actions before it)."""
    def __init__(self, description):
        self.frame, _, self.action, self.history, _, _, self.task = struct.unpack_from("<6iQ", description)
        self.last, self.past, self.episode, self.observations, self.actions = 0, None, None, [], []

    def ingest(self, records):
        unpacker = msgpack.Unpacker(max_buffer_size=8 << 20)
        unpacker.feed(records)
        for t in unpacker:
            if t["sequence"] <= self.last:
                continue
            if t["episode"] != self.episode or t["sequence"] != self.last + 1:
                self.past = np.zeros((self.history, self.action), np.float32)  # oldest first
            executed = np.frombuffer(t["executed"], "<f4")
            self.observations.append(np.concatenate([np.frombuffer(t["frame"], "<f4"), self.past.ravel()]))
            self.actions.append(executed)
            self.past = np.vstack([self.past[1:], executed]) if self.history else self.past
            self.last, self.episode = t["sequence"], t["episode"]

def bundle(model, stream, counter, rate):
    """The policy as a file of docs/formats/bundle.md: manifest, safetensors, golden vectors, digest; returns it and its content hash."""
    linear, tensors, data = model[::2], {}, b""  # every second layer is tanh
    layers = [{"kind": "dense", "inputs": m.in_features, "outputs": m.out_features, "activation": "identity" if m is linear[-1] else "tanh"} for m in linear]
    for n, m in enumerate(linear):
        for name, tensor in m.named_parameters():
            values = tensor.detach().cpu().numpy().astype("<f4")
            tensors["layers.%d.%s" % (n, name)] = {"dtype": "F32", "shape": values.shape, "data_offsets": [len(data), len(data) + values.nbytes]}
            data += values.tobytes()
    header = json.dumps(tensors).encode()
    weights = struct.pack("<Q", len(header)) + header + data
    identity = lambda run, epoch, counter: {"run": "%016x" % run, "epoch": epoch, "counter": counter, "content": "0" * 16}
    manifest = json.dumps({"name": "python", "identity": identity(RUN, EPOCH, counter), "parent": identity(0, 0, 0), "created": "1970-01-01T00:00:00Z",
        "schema": "%016x" % stream.task, "policy_rate_hz": rate, "exploration_std": 0.0, "data_first_step": min(1, stream.last), "data_last_step": stream.last,
        "score": None, "network": {"head": "deterministic", "clamp": True, "layers": layers}}).encode()
    seen = torch.randn(8, linear[0].in_features, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        acted = model.cpu()(seen).clamp(-1, 1)
    golden = struct.pack("<4i", 8, seen.shape[1], acted.shape[1], 0) + seen.numpy().tobytes() + acted.numpy().tobytes()
    content = b"RPBUNDLE" + struct.pack("<HHIQII", 1, 0, len(manifest), len(weights), len(golden), 0) + manifest + weights + golden
    digest = hashlib.sha256(content).digest()
    return content + digest + struct.pack("<I", 0), digest[:8]

def train(model, stream, device, steps=200):
    seen, acted = (torch.tensor(np.array(a), device=device) for a in (stream.observations, stream.actions))
    optimiser = torch.optim.Adam(model.to(device).parameters(), 1e-3)
    for _ in range(steps):
        pick = torch.randint(len(seen), (256,), device=device)
        loss = ((model(seen[pick]) - acted[pick]) ** 2).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return loss.item()

def secure(socket, context, folder):
    """CURVE with the key folder of `robotics config keys`: own pair and allow-list. Gives the thread that asks the list."""
    allowed = {line.split()[0].encode() for line in open(folder + "/allowed") if line.strip() and line[0] != "#"}
    guard = ThreadAuthenticator(context)
    guard.start()
    guard.configure_curve_callback("robotics", type("Allowed", (), {"callback": lambda self, domain, key: key in allowed})())
    socket.curve_publickey, socket.curve_secretkey = (key.encode() for key in open(folder + "/learner.key").read().split())
    socket.curve_server, socket.zap_domain = True, b"robotics"
    return guard

def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    for name, default in (("--bind", "tcp://127.0.0.1:5750"), ("--rate", 100.0), ("--every", 500), ("--device", "cpu"), ("--keys", "")):
        parser.add_argument(name, type=type(default), default=default)
    args = parser.parse_args()
    torch.manual_seed(1)
    context, streams, sessions, policies, model, trained, counter, announcement = zmq.Context(), {}, {}, {}, None, 0, 0, b""
    socket = context.socket(zmq.ROUTER)
    guard = secure(socket, context, args.keys) if args.keys else None
    socket.bind(args.bind)
    print("listening", socket.getsockopt(zmq.LAST_ENDPOINT).rstrip(b"\0").decode(), flush=True)

    def publish(stream):
        content, identity = bundle(model, stream, counter, args.rate)
        policies[hashlib.sha256(content).digest()] = content
        return struct.pack("<QII", RUN, EPOCH, counter) + identity + struct.pack("<I", len(content)) + hashlib.sha256(content).digest()

    while True:
        peer, data = socket.recv_multipart()
        if len(data) < 20 or data[:6] != b"RBTL\x02\x00":
            continue
        kind, body, (session,) = data[6], data[16:-4], struct.unpack_from("<I", data, 8)
        send = lambda kind, body: socket.send_multipart([peer, frame(kind, session, body)])
        if kind == HELLO:  # opens the stream of that robot and boot, or goes on behind what is already here
            robot, boot, nonce = struct.unpack_from("<QQQ", body)
            stream = sessions[peer] = streams.setdefault((robot, boot), Stream(body[58:-1]))
            session = len(streams)
            send(WELCOME, struct.pack("<QQQQQQIB", nonce, boot, stream.last, stream.last, 2**64 - 1, RUN, EPOCH, MESSAGEPACK))
            if model is None:  # nothing moves before a verified policy: the fresh network is one
                model = torch.nn.Sequential(torch.nn.Linear(stream.frame + stream.history * stream.action, 64), torch.nn.Tanh(), torch.nn.Linear(64, stream.action))
                announcement = publish(stream)
            send(ANNOUNCE, announcement)
        elif peer not in sessions:
            send(REFUSE, struct.pack("<QHH", 0, 4, 9) + b"say hello")
        elif kind == REQUEST:
            offset, = struct.unpack_from("<I", body, 32)
            send(CHUNK, body[:36] + policies[body[:32]][offset:offset + 65536])
        elif kind in (HEARTBEAT, DATA):
            stream = sessions[peer]
            if kind == HEARTBEAT:
                send(REPLY, body)
            elif struct.unpack_from("<Q", body)[0] <= stream.last:
                stream.ingest(body[12:])
            send(PROGRESS, struct.pack("<QQQ", stream.last, stream.last, 2**64 - 1))
            if stream.last - trained >= args.every:
                trained, counter = stream.last, counter + 1
                loss = train(model, stream, args.device)
                announcement = publish(stream)
                send(ANNOUNCE, announcement)
                print("policy", counter, "after", stream.last, "transitions, loss %.4f" % loss, flush=True)

if __name__ == "__main__":
    main()
