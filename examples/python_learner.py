#!/usr/bin/env python3
"""A foreign learner: receives transitions over the link, imitates the executed actions, publishes policies that the edge verifies and flies.

Written from docs/formats/{link,transition,bundle}.md. Needs pyzmq, msgpack and torch (Debian: python3-zmq, python3-msgpack, python3-torch).
usage: python_learner.py [--bind tcp://127.0.0.1:5750] [--rate 100] [--every 500] [--device cpu|cuda] [--keys FOLDER]
It keeps transitions in memory and says so: `persisted` repeats `ingested`. A real learner writes them to disk and syncs before it says so.
Checksums of incoming frames are left to TCP here; outgoing frames carry theirs, because the edge insists.
"""
import argparse, hashlib, json, struct
import msgpack, numpy as np, torch, zmq

HELLO, WELCOME, DATA, PROGRESS, ANNOUNCE, REQUEST, CHUNK, HEARTBEAT, REPLY = 1, 2, 4, 5, 7, 8, 9, 10, 11
MESSAGEPACK = 1  # the encoding this learner asks for
TABLE = []
for byte in range(256):
    for _ in range(8):
        byte = (byte >> 1) ^ (0x82F63B78 if byte & 1 else 0)
    TABLE.append(byte)


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
        self.frame, self.privileged, self.action, self.history, self.images, _, self.task = struct.unpack_from("<6iQ", description)
        self.last, self.past, self.episode = 0, None, None
        self.observations, self.actions = [], []

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


def bundle(model, stream, run, counter, rate):
    """The policy as a file of docs/formats/bundle.md; returns it and its content hash."""
    layers, tensors, offset = [], {}, 0
    weights = b""
    linear = [m for m in model if isinstance(m, torch.nn.Linear)]
    for n, m in enumerate(linear):
        layers.append({"kind": "dense", "inputs": m.in_features, "outputs": m.out_features,
                       "activation": "identity" if m is linear[-1] else "tanh"})
        for name, tensor in (("weight", m.weight), ("bias", m.bias)):
            data = tensor.detach().cpu().numpy().astype("<f4").tobytes()
            tensors["layers.%d.%s" % (n, name)] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, offset + len(data)]}
            weights, offset = weights + data, offset + len(data)
    header = json.dumps(tensors).encode()
    weights = struct.pack("<Q", len(header)) + header + weights
    identity = lambda c: {"run": "%016x" % run, "epoch": 1, "counter": c, "content": "0" * 16}
    manifest = json.dumps({
        "name": "python", "identity": identity(counter), "parent": dict(identity(0), run="0" * 16, epoch=0), "created": "1970-01-01T00:00:00Z",
        "schema": "%016x" % stream.task, "policy_rate_hz": rate, "exploration_std": 0.0, "data_first_step": min(1, int(stream.last)), "data_last_step": int(stream.last),
        "score": None, "network": {"head": "deterministic", "clamp": True, "layers": layers}}).encode()
    seen = torch.randn(8, linear[0].in_features, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        acted = model.cpu()(seen).clamp(-1, 1)
    golden = struct.pack("<4i", 8, seen.shape[1], acted.shape[1], 0) + seen.numpy().astype("<f4").tobytes() + acted.numpy().astype("<f4").tobytes()
    content = b"RPBUNDLE" + struct.pack("<HHIQII", 1, 0, len(manifest), len(weights), len(golden), 0) + manifest + weights + golden
    digest = hashlib.sha256(content).digest()
    return content + digest + struct.pack("<I", 0), digest[:8]


def secure(socket, context, folder):
    """CURVE with the key folder of `robotics config keys`: own pair and allow-list."""
    from zmq.auth.thread import ThreadAuthenticator
    allowed = {line.split()[0].encode() for line in open(folder + "/allowed") if line.strip() and line[0] != "#"}
    authenticator = ThreadAuthenticator(context)
    authenticator.start()
    authenticator.configure_curve_callback("robotics", type("Allowed", (), {"callback": lambda self, domain, key: key in allowed})())
    public, secret = open(folder + "/learner.key").read().split()
    socket.curve_server, socket.zap_domain = True, b"robotics"
    socket.curve_publickey, socket.curve_secretkey = public.encode(), secret.encode()
    return authenticator


def train(stream, model, device, steps=200):
    x = torch.tensor(np.array(stream.observations), device=device)
    y = torch.tensor(np.array(stream.actions), device=device)
    model.to(device)
    optimiser = torch.optim.Adam(model.parameters(), 1e-3)
    for _ in range(steps):
        pick = torch.randint(len(x), (256,), device=device)
        loss = ((model(x[pick]) - y[pick]) ** 2).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return loss.item()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bind", default="tcp://127.0.0.1:5750")
    parser.add_argument("--rate", type=float, default=100.0)
    parser.add_argument("--every", type=int, default=500, help="transitions between two policies")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--keys")
    args = parser.parse_args()
    torch.manual_seed(1)
    context = zmq.Context()
    socket = context.socket(zmq.ROUTER)
    guard = secure(socket, context, args.keys) if args.keys else None
    socket.bind(args.bind)
    print("listening", socket.getsockopt(zmq.LAST_ENDPOINT).rstrip(b"\0").decode(), flush=True)
    streams, sessions, policies, model, trained, counter, run = {}, {}, {}, None, 0, 0, 0x507974686F6E
    announce = b""

    def publish(stream):
        content, identity = bundle(model, stream, run, counter, args.rate)
        name = hashlib.sha256(content).digest()
        policies[name] = content
        return struct.pack("<QII", run, 1, counter) + identity + struct.pack("<I", len(content)) + name

    while True:
        peer, data = socket.recv_multipart()
        if len(data) < 20 or data[:6] != b"RBTL\x02\x00":
            continue
        kind, body = data[6], data[16:-4]
        session, = struct.unpack_from("<I", data, 8)
        send = lambda kind, body: socket.send_multipart([peer, frame(kind, session, body)])
        progress = lambda s: struct.pack("<QQQ", s.last, s.last, 2**64 - 1)
        if kind == HELLO:
            robot, boot, nonce = struct.unpack_from("<QQQ", body)
            stream = sessions[peer] = streams.setdefault((robot, boot), Stream(body[58:-1]))
            session = len(streams)
            send(WELCOME, struct.pack("<QQ", nonce, boot) + progress(stream) + struct.pack("<QIB", run, 1, MESSAGEPACK))
            if model is None:  # nothing moves before a verified policy: the fresh network is one
                inputs = stream.frame + stream.history * stream.action
                model = torch.nn.Sequential(torch.nn.Linear(inputs, 64), torch.nn.Tanh(), torch.nn.Linear(64, stream.action))
                announce = publish(stream)
            send(ANNOUNCE, announce)
        elif peer not in sessions:
            send(3, struct.pack("<QHH", 0, 4, 9) + b"say hello")
        elif kind == HEARTBEAT:
            send(REPLY, body)
            send(PROGRESS, progress(sessions[peer]))
        elif kind == REQUEST:
            offset, = struct.unpack_from("<I", body, 32)
            send(CHUNK, body[:36] + policies[body[:32]][offset:offset + 65536])
        elif kind == DATA and struct.unpack_from("<Q", body)[0] <= sessions[peer].last:
            stream = sessions[peer]
            stream.ingest(body[12:])
            send(PROGRESS, progress(stream))
            if stream.last - trained >= args.every:
                trained, counter = stream.last, counter + 1
                loss = train(stream, model, args.device)
                announce = publish(stream)
                send(ANNOUNCE, announce)
                print("policy", counter, "after", stream.last, "transitions, loss %.4f" % loss, flush=True)


if __name__ == "__main__":
    main()
