# SPDX-License-Identifier: Apache-2.0
# What scripts/bench measures with; doc/performance.md says what for.

check_PROGRAMS += \
	tests/bench/audit-cost \
	tests/bench/fetch-floor \
	tests/bench/list-volume \
	tests/bench/measure

tests_bench_fetch_floor_CPPFLAGS = $(AM_CPPFLAGS) $(CURL_CFLAGS)
tests_bench_fetch_floor_LDADD = $(CURL_LIBS)
tests_bench_measure_LDADD =

bench_tests = \
	tests/integration/bench.test \
	tests/integration/fleet.test

dist_check_SCRIPTS += $(bench_tests)
if HAVE_MICROHTTPD
TESTS += $(bench_tests)
endif
