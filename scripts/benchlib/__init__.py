# SPDX-License-Identifier: Apache-2.0
"""What scripts/bench is made of, one idea a file:

  main      from the command line to the report
  options   the command line
  build     an optimized tree to measure
  peers     the other programs: where they are, how they are installed
  data      the volumes, and the snapshots made of them
  trail     files of CloudTrail
  inodes    a file system of many inodes
  triage    what is looked into while it is served
  servers   the emulator and nginx, started when needed
  measure   one run of one command: CPU, wall, peak memory
  bench     what all subjects share: paths, servers, settings
  subjects  the table of what is measured
  goals     the table of ratios and their goals
  rounds    runs subjects in turn and keeps the samples
  profile   where the time goes, by perf
  report    text, JSON and the table in doc/performance.md

It needs Python 3 alone, nothing from a package index.
"""
