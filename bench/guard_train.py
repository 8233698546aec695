"""Train the classifier of the text guard, the same every time: make guard-train (ARGS="--across").

Reads the marked lines of tests/clients/lines/train and writes data/model.npz of the guard: some networks
learn from the lines, and one more from what they say together. Takes ten minutes of a processor. With
`--across` it writes nothing: it trains as often as there are files (or for the files named), each time
without one, and says how the guard does on the lines of that one, which is the honest figure for lines of
somebody else.
"""

import argparse
import json
import math
import pickle
import random
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import numpy as np
import torch
from _guard_data import Example, examples, kept, rows
from _guard_vary import Vary
from torch import Tensor, nn

from wijkapp.clients.screening import features, model

MODEL = Path(model.__file__).parent / "data" / "model.npz"
NAMES = Path(__file__).parent.parent / ".venv" / "guard" / "names.pickle"
OUTCOMES = len(model.OUTCOMES)
WORDS, HIDDEN = 48, 96
ROUNDS, ROUNDS_TAUGHT, AT_ONCE, PACE = 12, 16, 48, 4e-3
UNSURE, DROPPED = 0.02, 0.3
TEACHERS, TAUGHT = 4, 0.8  # how much weighs what they say, beside the marks
FAR_BELOW = -9  # less than any word is: what is no word is never the most of a text


class Network(nn.Module):
    """What `model.Model` is at run time."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.EmbeddingBag(features.ROWS, WORDS + OUTCOMES, mode="sum")
        nn.init.normal_(self.table.weight, 0, 0.02)
        self.first = nn.Conv1d(WORDS, HIDDEN, 7, padding=3)
        self.first_whole = nn.Linear(2 * WORDS, HIDDEN, bias=False)
        self.second = nn.Conv1d(HIDDEN, HIDDEN, 5, padding=2)
        self.second_whole = nn.Linear(2 * HIDDEN, HIDDEN, bias=False)
        self.out = nn.Linear(WORDS + 2 * HIDDEN, OUTCOMES)
        self.drop = nn.Dropout(DROPPED)

    def forward(self, flat: Tensor, begins: Tensor, places: Tensor) -> Tensor:
        there = (places >= 0).float().unsqueeze(-1)
        summed = self.table(flat, begins)[places.clamp(min=0)] * there
        words, straight = self.drop(summed[..., :WORDS]), summed[..., WORDS:]
        about = self.first_whole(_whole(words, there))
        near = self.drop(torch.relu(_convolve(self.first, words) + about) * there)
        about = self.second_whole(_whole(near, there))
        far = self.drop(torch.relu(_convolve(self.second, near) + about))
        scores: Tensor = self.out(torch.cat([words, near, far], -1)) + straight
        return scores[places >= 0]


def _whole(words: Tensor, there: Tensor) -> Tensor:
    """What a text is about: the mean and the most of its words."""
    mean = words.sum(1) / there.sum(1).clamp(min=1)
    most = (words + FAR_BELOW * (1 - there)).max(1).values
    return torch.cat([mean, most], -1).unsqueeze(1)


def _convolve(layer: nn.Conv1d, words: Tensor) -> Tensor:
    result: Tensor = layer(words.transpose(1, 2)).transpose(1, 2)
    return result


def train(lines: Sequence[Example], names: Sequence[Sequence[str]]) -> Network:
    """One network that says what several say together: they differ most where one of them would be wrong."""
    teachers = [learn(lines, names, seed) for seed in range(1, TEACHERS + 1)]
    return learn(lines, names, 0, teachers)


def learn(
    lines: Sequence[Example], names: Sequence[Sequence[str]], seed: int, teachers: Sequence[Network] = ()
) -> Network:
    torch.manual_seed(seed)
    chance, vary = random.Random(seed), Vary(names, lines, seed)
    drop, network, lines = np.random.default_rng(seed), Network(), list(lines)
    rounds = ROUNDS_TAUGHT if teachers else ROUNDS
    steps = rounds * math.ceil(len(lines) / AT_ONCE)
    learner = torch.optim.AdamW(network.parameters(), lr=PACE, weight_decay=0.02, fused=True)
    pace = torch.optim.lr_scheduler.OneCycleLR(learner, PACE, total_steps=steps, pct_start=0.15)
    for _ in range(rounds):
        chance.shuffle(lines)
        for at in range(0, len(lines), AT_ONCE):
            some = [line for line in map(vary, lines[at : at + AT_ONCE]) if line.words]
            seen = [rows(line.words, line.flags) for line in some]
            marked = torch.tensor([outcome for line in some for outcome in line.outcomes])
            wanted = _wanted(marked, teachers, seen)
            loss = nn.functional.cross_entropy(network(*_batch(seen, drop)), wanted)
            learner.zero_grad()
            loss.backward()
            learner.step()
            pace.step()
    return network.eval()


def _wanted(marked: Tensor, teachers: Sequence[Network], seen: Sequence[Sequence[Sequence[int]]]) -> Tensor:
    """What should come out: what is marked, not quite sure; or mostly what the teachers say."""
    marks = nn.functional.one_hot(marked, OUTCOMES).float()
    if not teachers:
        return marks * (1 - UNSURE) + UNSURE / OUTCOMES
    with torch.no_grad():
        batch = _batch(seen)
        said = torch.stack([torch.softmax(teacher(*batch), -1) for teacher in teachers]).mean(0)
    return TAUGHT * said + (1 - TAUGHT) * marks


def _batch(
    lines: Sequence[Sequence[Sequence[int]]], drop: np.random.Generator | None = None
) -> tuple[Tensor, Tensor, Tensor]:
    """Rows of all words after one another, where each word begins, and where each line has its words."""
    words = [word for line in lines for word in line]
    owner = np.repeat(np.arange(len(words)), [len(word) for word in words])
    flat = np.fromiter(chain.from_iterable(words), dtype=np.int64)
    if drop:
        stays = kept(flat, drop)
        flat, owner = flat[stays], owner[stays]
    places = torch.full((len(lines), max(map(len, lines))), -1, dtype=torch.long)
    at = 0
    for number, line in enumerate(lines):
        places[number, : len(line)] = torch.arange(at, at + len(line))
        at += len(line)
    begins = np.searchsorted(owner, np.arange(len(words)))
    return torch.from_numpy(flat), torch.from_numpy(begins), places


def pack(network: Network) -> dict[str, np.ndarray]:
    """As `model.load` reads it: the table in one byte per number."""
    table = network.table.weight.detach().numpy()
    scale = np.abs(table).max(axis=0) / 127 + 1e-9
    packed = {"table": np.round(table / scale).astype(np.int8), "scale": scale.astype(np.float32)}
    for name in ("first", "second"):
        layer = getattr(network, name)
        weights = layer.weight.detach().numpy()
        packed[name] = weights.transpose(2, 1, 0).reshape(-1, HIDDEN)
        packed[f"{name}_bias"] = layer.bias.detach().numpy()
        packed[f"{name}_whole"] = getattr(network, f"{name}_whole").weight.detach().numpy().T
    packed["out"] = network.out.weight.detach().numpy().T
    packed["out_bias"] = network.out.bias.detach().numpy()
    return packed


def across(lines: Sequence[Example], names: Sequence[Sequence[str]], sources: Sequence[str]) -> None:
    """For each file: the guard, trained on the others, on its lines."""
    for source in sources or sorted({one.line.source for one in lines}):
        network = train([one for one in lines if one.line.source != source], names)
        left_out = [one for one in lines if one.line.source == source]
        scores = [(one, _score(network, one)) for one in left_out]
        clean = sorted((score for one, score in scores if one.line.is_clean), reverse=True)
        for alarms in (0.01, 0.02, 0.05):
            bar = clean[int(alarms * len(clean))]
            dirty = [score > bar for one, score in scores if not one.line.is_clean]
            said = {"name": f"guard.across.{source}", "alarms": alarms, "recall": sum(dirty) / len(dirty)}
            print(json.dumps({**said, "bar": bar}), flush=True)


def _score(network: Network, one: Example) -> float:
    with torch.no_grad():
        likelihoods = torch.softmax(network(*_batch([rows(one.words, one.flags)])), -1)
    return float(1 - likelihoods[:, 0].min())


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--across", nargs="*", help="tell how it does on lines of somebody else")
    sources = asked.parse_args().across
    torch.set_num_threads(1)
    lines = [one for one in examples("train") if one.words]
    names = pickle.loads(NAMES.read_bytes())
    if sources is not None:
        across(lines, names, sources)
        return
    np.savez_compressed(MODEL, **pack(train(lines, names)))
    print(json.dumps({"name": "guard.model", "value": MODEL.stat().st_size, "unit": "bytes"}))


if __name__ == "__main__":
    main()
