"""One SAC update in PyTorch, tuned: the peer of `robotics bench sac`. Usage: sac_torch.py THREADS CRITICS

Observation 32, action 8, 256-256 ReLU, LayerNorm in the critics, batch 256, minimum over all critics. Tuned means: Adam with foreach, no
gradients for the critics' weights in the actor's pass, the log-probability written out, targets moved with foreach, gradients set to None."""
import sys

import torch
from torch import nn

from peer import serve

THREADS, CRITICS = int(sys.argv[1]), int(sys.argv[2])
OBS, ACT, WIDTH, BATCH, STORED = 32, 8, 256, 256, 100_000
GAMMA, TAU = 0.99, 0.005
torch.set_num_threads(THREADS)
torch.manual_seed(1)


def critic():
    return nn.Sequential(
        nn.Linear(OBS + ACT, WIDTH), nn.LayerNorm(WIDTH), nn.ReLU(),
        nn.Linear(WIDTH, WIDTH), nn.LayerNorm(WIDTH), nn.ReLU(), nn.Linear(WIDTH, 1))


critics = [critic() for _ in range(CRITICS)]
targets = [critic() for _ in range(CRITICS)]
for q, t in zip(critics, targets):
    t.load_state_dict(q.state_dict())
actor = nn.Sequential(nn.Linear(OBS, WIDTH), nn.ReLU(), nn.Linear(WIDTH, WIDTH), nn.ReLU(), nn.Linear(WIDTH, 2 * ACT))
critic_weights = [p for q in critics for p in q.parameters()]
target_weights = [p for t in targets for p in t.parameters()]
critic_adam = torch.optim.Adam(critic_weights, lr=1e-3, foreach=True)
actor_adam = torch.optim.Adam(actor.parameters(), lr=3e-4, foreach=True)
log_alpha = torch.zeros(1, requires_grad=True)
alpha_adam = torch.optim.Adam([log_alpha], lr=1e-3)
alpha = 1.0

observations, nexts = torch.randn(STORED, OBS), torch.randn(STORED, OBS)
actions, rewards = torch.rand(STORED, ACT) * 2 - 1, torch.randn(STORED)
continues = (torch.rand(STORED) >= 0.01).float()


def sample(o):
    mean, raw = actor(o).chunk(2, dim=1)
    log_std = -1.5 + 3.5 * torch.tanh(raw)
    noise = torch.randn_like(mean)
    action = torch.tanh(mean + log_std.exp() * noise)
    density = -0.5 * noise * noise - log_std - 0.9189385332 - torch.log(1 - action * action + 1e-6)
    return action, density.sum(1)


def least(networks, o, a):
    x = torch.cat([o, a], 1)
    value = networks[0](x)
    for q in networks[1:]:
        value = torch.minimum(value, q(x))
    return value.squeeze(1)


def step():
    global alpha
    rows = torch.randint(0, STORED, (BATCH,))
    o, n, a, r, c = observations[rows], nexts[rows], actions[rows], rewards[rows], continues[rows]
    with torch.no_grad():
        next_action, next_density = sample(n)
        y = r + GAMMA * c * (least(targets, n, next_action) - alpha * next_density)
    x = torch.cat([o, a], 1)
    loss = sum(nn.functional.mse_loss(q(x).squeeze(1), y) for q in critics)
    critic_adam.zero_grad(set_to_none=True)
    loss.backward()
    critic_adam.step()
    for p in critic_weights:
        p.requires_grad_(False)
    action, density = sample(o)
    actor_loss = (alpha * density - least(critics, o, action)).mean()
    actor_adam.zero_grad(set_to_none=True)
    actor_loss.backward()
    actor_adam.step()
    for p in critic_weights:
        p.requires_grad_(True)
    alpha_loss = (-log_alpha.exp() * (density.detach() - ACT)).mean()
    alpha_adam.zero_grad(set_to_none=True)
    alpha_loss.backward()
    alpha_adam.step()
    alpha = log_alpha.exp().item()
    with torch.no_grad():
        torch._foreach_mul_(target_weights, 1 - TAU)
        torch._foreach_add_(target_weights, critic_weights, alpha=TAU)


serve(torch, THREADS, step, warmup=30)
