#!/usr/bin/env python3
"""Values and gradients of the losses that compare distributions and shape attention, by PyTorch in
float64: writes losses.json beside itself. Needs python3-torch."""

import json
import os

import torch
import torch.nn.functional as F

torch.manual_seed(1)
HERE = os.path.dirname(os.path.abspath(__file__))


def flat(tensor):
    return tensor.detach().reshape(-1).tolist()


def gradient(loss, of):
    (found,) = torch.autograd.grad(loss, [of])
    return flat(found)


def distillation():
    logits = torch.randn(2, 3, 5, dtype=torch.float64, requires_grad=True)
    teacher = torch.randn(2, 3, 5, dtype=torch.float64)
    mask = torch.tensor([[1, 1, 1], [1, 1, 0]], dtype=torch.bool)
    t = 2.0
    # KL(q || p) of torch, plus the entropy of q, is the cross-entropy.
    q = F.softmax(teacher / t, dim=2)
    kl = F.kl_div(F.log_softmax(logits / t, dim=2), q, reduction="none").sum(2)
    entropy = torch.distributions.Categorical(probs=q).entropy()
    loss = t * t * ((kl + entropy) * mask).sum()
    return dict(logits=flat(logits), teacher=flat(teacher), temperature=t, loss=loss.item(),
                gradient=gradient(loss, logits))


def r_drop():
    logits = torch.randn(4, 3, 5, dtype=torch.float64, requires_grad=True)
    mask = torch.tensor([[1, 1, 1], [1, 1, 0]], dtype=torch.bool)
    p, q = (torch.distributions.Categorical(logits=half) for half in logits.chunk(2))
    both = torch.distributions.kl_divergence(p, q) + torch.distributions.kl_divergence(q, p)
    loss = 0.5 * (both * mask).sum()
    return dict(logits=flat(logits), loss=loss.item(), gradient=gradient(loss, logits))


def attention():
    energies = torch.randn(2, 3, 4, dtype=torch.float64)
    weights = F.softmax(energies, dim=2).requires_grad_()
    mask = torch.tensor([[1, 1, 1], [1, 1, 0]], dtype=torch.bool)
    coverage = torch.zeros((), dtype=torch.float64)
    for b in range(2):
        seen = torch.zeros(4, dtype=torch.float64)
        for i in range(3):
            if mask[b, i]:
                coverage = coverage + torch.minimum(weights[b, i], seen).sum()
            seen = seen + weights[b, i]
    entropy = (torch.special.entr(weights).sum(2) * mask).sum()
    return dict(weights=flat(weights), coverage=coverage.item(),
                coverage_gradient=gradient(coverage, weights), entropy=entropy.item(),
                entropy_gradient=gradient(entropy, weights))


def expected_costs():
    """Shen et al. 2016, equations 11 and 12, sentence by sentence; the second has two candidates."""
    log_probs = torch.randn(2, 3, dtype=torch.float64) * 4 - 20
    log_probs[1, 2] = -float("inf")
    log_probs.requires_grad_()
    costs = torch.rand(2, 3, dtype=torch.float64)
    alpha = 0.3
    risks = []
    for b, count in enumerate([3, 2]):
        p = [log_probs[b, k].exp() ** alpha for k in range(count)]
        risks.append(sum(p[k] / sum(p) * costs[b, k] for k in range(count)))
    loss = risks[0] + 2 * risks[1]
    return dict(log_probs=[[*flat(log_probs[0])], flat(log_probs[1, :2])], costs=flat(costs), sharpness=alpha,
                loss=loss.item(), gradient=gradient(loss, log_probs))


with open(os.path.join(HERE, "losses.json"), "w") as file:
    json.dump(dict(distillation=distillation(), r_drop=r_drop(), attention=attention(),
                   expected_costs=expected_costs()), file, indent=1)
    file.write("\n")
