"""One step of stream-AC(lambda) in PyTorch: the peer of `robotics bench stream`. Usage: stream_torch.py

32 observed values, 8 actions, 128-128 LeakyReLU with LayerNorm (no gain), overshooting-bounded steps; written from the paper's formulas
(Elsayed et al. 2024, arXiv:2410.14606). One thread; the step acts, normalises, and learns."""
import torch
from torch import nn

from peer import serve

OBS, ACT, WIDTH = 32, 8, 128
GAMMA, LAMBDA, ENTROPY, KAPPA_ACTOR, KAPPA_CRITIC = 0.99, 0.9, 0.01, 3.0, 2.0
torch.set_num_threads(1)
torch.manual_seed(1)


def network(outputs):
    return nn.Sequential(
        nn.Linear(OBS, WIDTH), nn.LayerNorm(WIDTH, elementwise_affine=False), nn.LeakyReLU(),
        nn.Linear(WIDTH, WIDTH), nn.LayerNorm(WIDTH, elementwise_affine=False), nn.LeakyReLU(), nn.Linear(WIDTH, outputs))


actor, critic = network(2 * ACT), network(1)
weights = {"actor": list(actor.parameters()), "critic": list(critic.parameters())}
traces = {name: [torch.zeros_like(p) for p in ps] for name, ps in weights.items()}
count, mean, squares = 0, torch.zeros(OBS), torch.zeros(OBS)
state = torch.zeros(OBS)


def normalise(x):
    global count
    count += 1
    d = x - mean
    mean.add_(d / count)
    squares.addcmul_(d, x - mean)
    return (x - mean) / torch.sqrt(squares / max(1, count - 1) + 1e-8)


@torch.no_grad()
def bounded_step(name, gradients, error, kappa):
    torch._foreach_mul_(traces[name], GAMMA * LAMBDA)
    torch._foreach_add_(traces[name], gradients)
    size = sum(z.abs().sum() for z in traces[name]).item()
    bound = kappa * max(abs(error), 1.0) * size
    torch._foreach_add_(weights[name], traces[name], alpha=error / max(bound, 1.0))


def head(x):
    mu, raw = actor(x).chunk(2)
    return torch.distributions.Normal(mu, nn.functional.softplus(raw))


def step():
    global state
    with torch.no_grad():
        action = head(state).sample()
    following = normalise(torch.randn(OBS))
    reward = torch.randn(1).item()
    with torch.no_grad():
        bootstrap = critic(following).item()
    value = critic(state)
    error = reward + GAMMA * bootstrap - value.item()
    value_gradients = torch.autograd.grad(value, weights["critic"])
    policy = head(state)
    objective = policy.log_prob(action).sum() + ENTROPY * (1 if error > 0 else -1) * policy.entropy().sum()
    policy_gradients = torch.autograd.grad(objective, weights["actor"])
    bounded_step("critic", value_gradients, error, KAPPA_CRITIC)
    bounded_step("actor", policy_gradients, error, KAPPA_ACTOR)
    state = following


serve(torch, 1, step, warmup=100)
