# SPDX-License-Identifier: Apache-2.0
"""The result as text, as JSON, and as the tables of doc/performance.md.

All three are made from one dictionary, so that a table can be made again
from a JSON file alone."""
import json
import statistics
import time

from . import subjects
from .peers import TOOLS

BUSY = 0.5


def collect(options, machine, rounds, results, best, profile):
    return {
        'when': time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime()),
        'kind': 'smoke' if options.smoke else 'quick' if options.quick
                else 'full',
        'rounds': options.rounds,
        'machine': machine,
        'subjects': {s.name: s.what for s in rounds.subjects},
        'samples': rounds.samples,
        'missing': rounds.missing,
        'failed': rounds.why_not,
        'ratios': [{'name': g.name, 'what': g.what, 'uses': list(g.uses),
                    'value': value, 'goal': g.text(), 'verdict': verdict,
                    'digits': g.digits(), 'at_best': best.get(g.name)}
                   for g, value, verdict in results],
        'profile': profile,
    }


def spread(samples, key, scale=1.0, digits=2):
    """The median, and the least and greatest when there are several."""
    values = sorted(s[key] * scale for s in samples)
    text = f'{statistics.median(values):.{digits}f}'
    if len(values) > 1:
        text += f' ({values[0]:.{digits}f}-{values[-1]:.{digits}f})'
    return text


def notes(samples):
    """What the columns do not say."""
    s = samples[0]
    words = []
    if 'scaled_by' in s:
        words.append(f"extrapolated: {s['scaled_by']:.1f} times what was "
                     'measured')
    if 'bytes' in s:
        words.append(f"{s['bytes'] / 1e6:.1f} MB written")
    if 'rate' in s:
        words.append(f"{statistics.median(x['rate'] for x in samples):.0f}"
                     ' blocks/s')
    served = statistics.median(x.get('server_cpu', 0) for x in samples)
    if served > 0.05:
        words.append(f'{served:.2f} CPU s for the server')
    if s.get('blocks') and 'record_bytes' not in s:
        words.append(f"{s['blocks']} blocks listed")
    return ', '.join(words)


def rows(result):
    """(name, what, cpu, wall, peak, notes) for what has samples."""
    for name, what in result['subjects'].items():
        samples = result['samples'].get(name)
        if samples:
            yield (name, what, spread(samples, 'cpu'),
                   spread(samples, 'wall'),
                   spread(samples, 'peak_kib', 1 / 1024, 0), notes(samples))


def reasons(result):
    """One line for each subject that could not be measured."""
    for name, programs in result['missing'].items():
        how = '; '.join(f'{p} ({TOOLS[p]})' for p in programs)
        yield f'missing {name}: needs {how}'
    for name, why in result['failed'].items():
        yield f'failed {name}: {why}'


def value_text(ratio):
    if ratio['value'] is None:
        return ratio['verdict']
    return f"{ratio['value']:.{ratio['digits']}f}"


def machine_text(result):
    m = result['machine']
    return (f"{m['cpu']}, {m['cpus']} CPUs, {m['memory_gib']} GiB; "
            f"{m['system']}, Linux {m['kernel']}; output on "
            f"{m['output_on']}")


def warnings(result):
    if result['kind'] == 'smoke':
        yield 'a smoke test: the figures mean nothing'
    load = result['machine']['load_at_start']
    if load > BUSY:
        yield (f'load {load:.1f} at the start: other programs were at work, '
               'and the figures are worse for it')


# ---------------------------------------------------- the parts of one run

PARTS = (
    ('fetch-floor', 'fetch over TLS (libcurl alone)'),
    ('openssl-sha256', "SHA-256 of each block (openssl)"),
    ('openssl-md5', 'MD5 (openssl)'),
    ('openssl-sha1', 'SHA-1 (openssl)'),
    ('openssl-sha256', 'SHA-256 (openssl)'),
    ('igzip', 'deflate (igzip -2)'),
)


def parts(result):
    """(what, seconds): the parts of an E01 measured alone, their sum, and
    the whole; nothing when one of them is not there."""
    s = result['samples']
    if any(name not in s for name, _ in PARTS + (('e01', ''),)):
        return []

    def cpu(name):
        return statistics.median(x['cpu'] for x in s[name])

    table = [(what, cpu(name)) for name, what in PARTS]
    table.append(('all of these, one after the other',
                  sum(t for _, t in table)))
    table.append(('ebsimg acquire, all of it', cpu('e01')))
    return table


def bests(result):
    """(name, measured, with no processor idle, goal) of what a wall clock
    decides."""
    return [(r['name'], value_text(r), f"{r['at_best']:.{r['digits']}f}",
             r['goal']) for r in result['ratios'] if r.get('at_best')]


# -------------------------------------------------------------------- text

def text(result):
    out = [f"{result['kind']} run of {result['when']}, "
           f"{result['rounds']} rounds", machine_text(result)]
    out += [f'note: {w}' for w in warnings(result)]
    out += ['', f"{'':19}{'CPU s':>20}{'wall s':>20}{'peak MiB':>18}"]
    for name, what, cpu, wall, peak, more in rows(result):
        out.append(f'{name:19}{cpu:>20}{wall:>20}{peak:>18}  '
                   + what + (f' [{more}]' if more else ''))
    if parts(result):
        out += ['', 'CPU seconds of the parts of an E01, each alone:']
        out += [f'{t:9.2f}  {what}' for what, t in parts(result)]
    if result['profile']:
        out += ['', 'where the time of an E01 goes:']
        out += [f'{share:6.1f} %  {name}' for name, share
                in result['profile']]
    out += ['']
    out += [f"ratio {r['name']} {value_text(r)} {r['goal']} {r['verdict']}"
            for r in result['ratios']]
    out += [f'with no processor idle: {name} {best} instead of {value}'
            for name, value, best, _ in bests(result)]
    out += list(reasons(result))
    return '\n'.join(out)


# ---------------------------------------------------------------- Markdown

def markdown(result):
    out = [f"{result['kind'].capitalize()} run of {result['when']}, "
           f"{result['rounds']} rounds, on: {machine_text(result)}.", '']
    for w in warnings(result):
        out += [f'**Note:** {w}.', '']
    out += ['| ratio | value | goal | |', '|---|---|---|---|']
    out += [f"| `{r['name']}`: {r['what']} | {value_text(r)} | "
            f"{r['goal']} | {r['verdict']} |" for r in result['ratios']]
    if bests(result):
        out += ['', '| decided by the clock | value | with no processor idle '
                '| goal |', '|---|---|---|---|']
        out += [f'| `{name}` | {value} | {best} | {goal} |'
                for name, value, best, goal in bests(result)]
    out += ['', '| subject | CPU s | wall s | peak MiB | |',
            '|---|---|---|---|---|']
    out += [f'| `{name}`: {what} | {cpu} | {wall} | {peak} | {more} |'
            for name, what, cpu, wall, peak, more in rows(result)]
    out += markdown_pairs('a part of an E01, alone', 'CPU s', 2,
                          parts(result))
    out += markdown_pairs('where the time of an E01 goes', '%', 1,
                          result['profile'])
    out += ['']
    out += [f'- {line}' for line in reasons(result)]
    versions = ', '.join(f'{k}: {v}' for k, v
                         in result['machine']['versions'].items() if v)
    out += ['', f'Versions: {versions}.']
    return '\n'.join(out) + '\n'


def markdown_pairs(title, unit, digits, pairs):
    if not pairs:
        return []
    return ['', f'| {title} | {unit} |', '|---|---|'] \
        + [f'| {what} | {n:.{digits}f} |' for what, n in pairs]


BEGIN = '<!-- scripts/bench --table begins -->\n'
END = '<!-- scripts/bench --table ends -->\n'


def put_into(path, table):
    """Replaces what is between the marks in a document."""
    with open(path) as f:
        before, rest = f.read().split(BEGIN)
    after = rest.split(END)[1]
    with open(path, 'w') as f:
        f.write(before + BEGIN + '\n' + table + '\n' + END + after)


def show_table(path, into):
    try:
        with open(path) as f:
            table = markdown(json.load(f))
    except (ValueError, KeyError, TypeError) as why:
        raise RuntimeError(f'{path} is no file that --json wrote') from why
    if into:
        put_into(into, table)
    else:
        print(table, end='')


def order(names):
    return [s for s in subjects.SUBJECTS if s.name in names]
