# SPDX-License-Identifier: Apache-2.0
"""The command line."""
import argparse

from . import goals

ABOUT = """\
Measures ebsimg and its peers side by side on one machine, and compares them
as ratios: absolute times of two machines say nothing about two programs.

Makes its data (an ext4 file system filled from /usr, random bytes, holes),
serves it from the emulator over TLS, and from nginx too where that is
installed, runs every subject in turn for several rounds, and prints medians
with the least and the greatest: CPU seconds of the client alone, wall clock,
peak memory.  Then one line for each goal,

  ratio NAME VALUE GOAL pass|miss|missing|failed

where `missing' names a peer that is not installed, which is no pass."""

HINTS = """\
A whole run takes about a quarter of an hour and 8 GiB in DIR; what is in DIR
is used again.  Other programs at work make the figures worse; the report says
how busy the machine was.  doc/performance.md explains the ratios."""


def parse(argv):
    p = argparse.ArgumentParser(
        prog='scripts/bench', description=ABOUT, epilog=HINTS,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    what = p.add_argument_group('what to measure')
    what.add_argument('--quick', action='store_true',
                      help='less data and fewer rounds: under three minutes')
    what.add_argument('--smoke', action='store_true',
                      help='next to no data, one round, to test this script: '
                           'the figures mean nothing')
    what.add_argument('--only', nargs='+', metavar='GOAL', default=[],
                      help='only these goals: numbers, or beginnings of '
                           'names (--list)')
    what.add_argument('--rounds', type=int, metavar='N',
                      help='rounds (3; --quick and --smoke: 1)')
    what.add_argument('--profile', action='store_true',
                      help='also where the time of an acquisition goes, by '
                           'perf')
    where = p.add_argument_group('where')
    where.add_argument('--dir', metavar='DIR',
                       help='data, servers, peers (build-bench/bench)')
    where.add_argument('--out', metavar='DIR',
                       help='where the measured programs write (/dev/shm '
                            'when it has room, so that no disk is measured; '
                            'else in --dir)')
    where.add_argument('--build', metavar='DIR',
                       help='measure this finished build (default: build in '
                            'build-bench)')
    where.add_argument('--install', action='store_true',
                       help='first install peers and tools that are missing: '
                            'packages, coldsnap by cargo, dsnap by pip into '
                            '--dir')
    result = p.add_argument_group('what to do with the result')
    result.add_argument('--json', metavar='FILE',
                        help='every sample and ratio, as JSON')
    result.add_argument('--table', metavar='FILE',
                        help='measure nothing: print the tables of such a '
                             'JSON file as Markdown')
    result.add_argument('--into', metavar='FILE',
                        help='with --table: put them into FILE, between its '
                             'marks')
    result.add_argument('--list', action='store_true',
                        help='measure nothing: print the goals')
    o = p.parse_args(argv)
    check(p, o)
    return o


def check(parser, o):
    if o.quick and o.smoke:
        parser.error('--quick and --smoke exclude each other')
    if o.into and not o.table:
        parser.error('--into goes with --table')
    if o.rounds is None:
        o.rounds = 1 if o.quick or o.smoke else 3
    if o.rounds < 1:
        parser.error('--rounds: at least 1')
    o.goals = [g for g in goals.GOALS if goals.wanted(g, o.only)]
    for word in o.only:
        if not any(goals.wanted(g, [word]) for g in goals.GOALS):
            parser.error(f'--only: there is no goal {word!r}; see --list')
