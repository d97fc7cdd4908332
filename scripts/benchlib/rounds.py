# SPDX-License-Identifier: Apache-2.0
"""Runs the subjects in turn, round after round, and keeps the samples."""
import os
import shutil
import statistics
import sys
import time

from . import measure

LONGEST = 1200  # seconds for one run of one subject


class Medians:
    """What the goals compute with: the median of a subject's samples."""

    def __init__(self, samples):
        self.samples = samples

    def of(self, subject, key):
        return statistics.median(s[key] for s in self.samples[subject])

    def cpu(self, subject):
        return self.of(subject, 'cpu')

    def wall(self, subject):
        return self.of(subject, 'wall')

    def peak(self, subject):
        return self.of(subject, 'peak_kib')


class AtBest(Medians):
    """The same where no processor of this machine is ever idle while one of
    ours runs, which no program of this much work can be better than."""

    def __init__(self, samples, ours, cpus):
        super().__init__(samples)
        self.ours = ours
        self.cpus = cpus

    def wall(self, subject):
        if subject not in self.ours:
            return super().wall(subject)
        return (self.cpu(subject) + self.of(subject, 'server_cpu')) \
            / self.cpus


class Rounds:
    def __init__(self, bench, subjects):
        self.bench = bench
        self.subjects = subjects
        self.samples = {}   # name: [sample]
        self.why_not = {}   # name: why it has no samples
        self.missing = {}   # name: programs that it needs

    def run(self, count):
        for s in self.subjects:
            gone = [n for n in s.needs if not self.bench.has(n)]
            if gone:
                self.missing[s.name] = gone
        for n in range(count):
            for s in self.subjects:
                if s.name not in self.missing and s.name not in self.why_not \
                        and not (s.once and n > 0):
                    self.one(s, n)

    def one(self, subject, n):
        show(f'round {n + 1}: {subject.name}')
        folder = os.path.join(self.bench.out, 'run')
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        try:
            sample = self.sample(subject, folder)
            self.samples.setdefault(subject.name, []).append(sample)
        except measure.Failed as why:
            self.why_not[subject.name] = str(why)
            self.samples.pop(subject.name, None)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def sample(self, subject, folder):
        b = self.bench
        command = subject.command(b, folder)
        url = b.server(subject.server).url if subject.server else None
        began = time.time()
        served = b.servers_cpu()
        sample = measure.run(b.build.tool('measure'), folder, command,
                             b.environment(url), LONGEST)
        sample['began'] = round(began, 3)
        sample['server_cpu'] = round(b.servers_cpu() - served, 3)
        if subject.scale and subject.scale(b) != 1:
            sample['scaled_by'] = subject.scale(b)
            for key in ('user', 'system', 'cpu', 'wall'):
                sample[key] *= sample['scaled_by']
        if subject.after:
            subject.after(b, folder, sample)
        return sample


def show(text):
    print(f'bench: {text}', file=sys.stderr, flush=True)


def at_best(goals, rounds, ours, cpus):
    """{name of a goal: its value} for those that a wall clock decides."""
    m = AtBest(rounds.samples, ours, cpus)
    return {g.name: g.value(m) for g in goals
            if any(u in ours for u in g.uses) and g.sense == '>='
            and all(u in rounds.samples for u in g.uses)}


def evaluate(goals, rounds):
    """[(goal, value or None, verdict)] for every goal."""
    m = Medians(rounds.samples)
    results = []
    for g in goals:
        if any(u in rounds.missing for u in g.uses):
            results.append((g, None, 'missing'))
        elif any(u not in rounds.samples for u in g.uses):
            results.append((g, None, 'failed'))
        else:
            value = g.value(m)
            results.append((g, value, 'pass' if g.met(value) else 'miss'))
    return results
