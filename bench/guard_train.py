"""Train the classifier of the text guard, the same every time: make guard-train (ARGS="--across").

Reads the marked lines of tests/clients/lines/train and writes data/model.npz of the guard. With `--across` it
writes nothing: it trains as often as there are files, each time without one, and tells how the guard does on
the lines of that one, which is the honest figure for lines of somebody else.
"""

import argparse
import json
import math
import pickle
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from _guard_data import Example, Vary, dropped, examples, rows
from torch import Tensor, nn

from wijkapp.clients.screening import features, model

MODEL = Path(model.__file__).parent / "data" / "model.npz"
NAMES = Path(__file__).parent.parent / ".venv" / "guard" / "names.pickle"
OUTCOMES = len(model.OUTCOMES)
WORDS, HIDDEN = 32, 64
VOTERS, ROUNDS, AT_ONCE, PACE = 2, 16, 48, 4e-3
UNSURE = 0.02


class Network(nn.Module):
    """What `model.Network` is at run time, with the table of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.EmbeddingBag(features.ROWS, WORDS + OUTCOMES, mode="sum")
        nn.init.normal_(self.table.weight, 0, 0.02)
        self.first = nn.Conv1d(WORDS, HIDDEN, 7, padding=3)
        self.whole = nn.Linear(WORDS, HIDDEN, bias=False)
        self.second = nn.Conv1d(HIDDEN, HIDDEN, 5, padding=2)
        self.out = nn.Linear(WORDS + 2 * HIDDEN, OUTCOMES)
        self.drop = nn.Dropout(0.25)

    def forward(self, flat: Tensor, begins: Tensor, places: Tensor) -> Tensor:
        there = (places >= 0).float().unsqueeze(-1)
        summed = self.table(flat, begins)[places.clamp(min=0)] * there
        words, straight = self.drop(summed[..., :WORDS]), summed[..., WORDS:]
        whole = self.whole(words.sum(1) / there.sum(1).clamp(min=1)).unsqueeze(1)
        near = torch.relu(_convolve(self.first, words) + whole) * there
        near = self.drop(near)
        far = self.drop(torch.relu(_convolve(self.second, near)))
        scores: Tensor = self.out(torch.cat([words, near, far], -1)) + straight
        return scores[places >= 0]


def _convolve(layer: nn.Conv1d, words: Tensor) -> Tensor:
    result: Tensor = layer(words.transpose(1, 2)).transpose(1, 2)
    return result


def train(lines: Sequence[Example], names: Sequence[Sequence[str]], seed: int) -> Network:
    """One voter."""
    torch.manual_seed(seed)
    chance = random.Random(seed)
    vary, network, lines = Vary(names, seed), Network(), list(lines)
    steps = ROUNDS * math.ceil(len(lines) / AT_ONCE)
    learner = torch.optim.AdamW(network.parameters(), lr=PACE, weight_decay=0.02)
    pace = torch.optim.lr_scheduler.OneCycleLR(learner, PACE, total_steps=steps, pct_start=0.15)
    for _ in range(ROUNDS):
        chance.shuffle(lines)
        for at in range(0, len(lines), AT_ONCE):
            some = lines[at : at + AT_ONCE]
            seen = [[dropped(word, chance.random) for word in rows(*vary(one))] for one in some]
            wanted = torch.tensor([outcome for one in some for outcome in one.outcomes])
            loss = nn.functional.cross_entropy(network(*_batch(seen)), wanted, label_smoothing=UNSURE)
            learner.zero_grad()
            loss.backward()
            learner.step()
            pace.step()
    return network.eval()


def _batch(lines: Sequence[Sequence[Sequence[int]]]) -> tuple[Tensor, Tensor, Tensor]:
    """Rows of all words after one another, where each word begins, and where each line has its words."""
    words = [word for line in lines for word in line]
    begins = np.cumsum([0, *(len(word) for word in words[:-1])])
    places = torch.full((len(lines), max(map(len, lines))), -1, dtype=torch.long)
    at = 0
    for number, line in enumerate(lines):
        places[number, : len(line)] = torch.arange(at, at + len(line))
        at += len(line)
    return torch.tensor([row for word in words for row in word]), torch.tensor(begins), places


def pack(networks: Sequence[Network]) -> dict[str, np.ndarray]:
    """As `model.load` reads it: the tables side by side in one byte per number."""
    table = np.concatenate([each.table.weight.detach().numpy() for each in networks], axis=1)
    scale = np.abs(table).max(axis=0) / 127 + 1e-9
    packed = {
        "table": np.round(table / scale).astype(np.int8),
        "scale": scale.astype(np.float32),
        "networks": np.array(len(networks)),
    }
    for at, each in enumerate(networks):
        for name, layer in (("first", each.first), ("second", each.second)):
            weights = layer.weight.detach().numpy()
            packed[f"{name}_{at}"] = weights.transpose(2, 1, 0).reshape(-1, len(weights)).astype(np.float16)
            packed[f"{name}_bias_{at}"] = layer.bias.detach().numpy().astype(np.float16)
        packed[f"whole_{at}"] = each.whole.weight.detach().numpy().T.astype(np.float16)
        packed[f"out_{at}"] = each.out.weight.detach().numpy().T.astype(np.float16)
        packed[f"out_bias_{at}"] = each.out.bias.detach().numpy().astype(np.float16)
    return packed


def across(lines: Sequence[Example], names: Sequence[Sequence[str]]) -> None:
    """For each file: the guard, trained on the others, on its lines."""
    for source in sorted({one.line.source for one in lines}):
        voters = [
            train([one for one in lines if one.line.source != source], names, seed) for seed in range(VOTERS)
        ]
        left_out = [one for one in lines if one.line.source == source]
        scores = [(one, _score(voters, one)) for one in left_out]
        clean = sorted((score for one, score in scores if one.line.is_clean), reverse=True)
        for alarms in (0.01, 0.02, 0.05):
            bar = clean[int(alarms * len(clean))]
            dirty = [score > bar for one, score in scores if not one.line.is_clean]
            said = {"name": f"guard.across.{source}", "alarms": alarms, "recall": sum(dirty) / len(dirty)}
            print(json.dumps({**said, "bar": bar}), flush=True)


def _score(voters: Sequence[Network], one: Example) -> float:
    if not one.words:
        return 0.0
    with torch.no_grad():
        seen = _batch([rows(one.words, one.flags)])
        likelihoods = sum(torch.softmax(each(*seen), -1) for each in voters) / len(voters)
    return float(1 - likelihoods[:, 0].min())


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--across", action="store_true", help="tell how it does on lines of somebody else")
    torch.set_num_threads(1)
    lines, names = examples("train"), pickle.loads(NAMES.read_bytes())
    if asked.parse_args().across:
        across(lines, names)
        return
    voters = [train(lines, names, seed) for seed in range(VOTERS)]
    np.savez_compressed(MODEL, **pack(voters))
    print(json.dumps({"name": "guard.model", "value": MODEL.stat().st_size, "unit": "bytes"}))


if __name__ == "__main__":
    main()
