# SPDX-License-Identifier: Apache-2.0
# Fuzz targets.  With --enable-fuzzers libFuzzer drives them (scripts/fuzz),
# else replay.c does, over the corpus (replay.test).

fuzz_targets = \
	tests/fuzz/fuzz-answer \
	tests/fuzz/fuzz-case-log \
	tests/fuzz/fuzz-changed \
	tests/fuzz/fuzz-cloudtrail \
	tests/fuzz/fuzz-events \
	tests/fuzz/fuzz-evtx \
	tests/fuzz/fuzz-ewf \
	tests/fuzz/fuzz-ext \
	tests/fuzz/fuzz-inflate \
	tests/fuzz/fuzz-journal \
	tests/fuzz/fuzz-listing \
	tests/fuzz/fuzz-log \
	tests/fuzz/fuzz-lvm \
	tests/fuzz/fuzz-manifest \
	tests/fuzz/fuzz-nbd \
	tests/fuzz/fuzz-partition \
	tests/fuzz/fuzz-partitions \
	tests/fuzz/fuzz-profile \
	tests/fuzz/fuzz-recipe \
	tests/fuzz/fuzz-record \
	tests/fuzz/fuzz-scan \
	tests/fuzz/fuzz-seal \
	tests/fuzz/fuzz-sums \
	tests/fuzz/fuzz-text \
	tests/fuzz/fuzz-xfs \
	tests/fuzz/fuzz-xml

check_PROGRAMS += $(fuzz_targets) tests/fuzz/make-chunks
tests_fuzz_make_chunks_LDADD = $(ZLIB_LIBS)

if FUZZERS
fuzz_main =
fuzz_flags = -fsanitize=fuzzer
else
fuzz_main = tests/fuzz/replay.c
fuzz_flags =
endif

fuzz_common = tests/fuzz/fuzz.c tests/fuzz/fuzz.h $(fuzz_main)
fuzz_ldflags = $(AM_LDFLAGS) $(fuzz_flags) \
	-Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc \
	-Wl,--wrap=fsync,--wrap=fdatasync

tests_fuzz_fuzz_answer_SOURCES = tests/fuzz/fuzz-answer.c $(fuzz_common)
tests_fuzz_fuzz_answer_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_case_log_SOURCES = tests/fuzz/fuzz-case-log.c $(fuzz_common)
tests_fuzz_fuzz_case_log_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_changed_SOURCES = tests/fuzz/fuzz-changed.c $(fuzz_common)
tests_fuzz_fuzz_changed_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_cloudtrail_SOURCES = tests/fuzz/fuzz-cloudtrail.c $(fuzz_common)
tests_fuzz_fuzz_cloudtrail_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_events_SOURCES = tests/fuzz/fuzz-events.c $(fuzz_common)
tests_fuzz_fuzz_events_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_evtx_SOURCES = tests/fuzz/fuzz-evtx.c $(fuzz_common)
tests_fuzz_fuzz_evtx_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_ewf_SOURCES = tests/fuzz/fuzz-ewf.c $(fuzz_common)
tests_fuzz_fuzz_ewf_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_inflate_SOURCES = tests/fuzz/fuzz-inflate.c $(fuzz_common)
tests_fuzz_fuzz_inflate_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_journal_SOURCES = tests/fuzz/fuzz-journal.c $(fuzz_common)
tests_fuzz_fuzz_journal_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_listing_SOURCES = tests/fuzz/fuzz-listing.c $(fuzz_common)
tests_fuzz_fuzz_listing_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_log_SOURCES = tests/fuzz/fuzz-log.c $(fuzz_common)
tests_fuzz_fuzz_log_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_lvm_SOURCES = tests/fuzz/fuzz-lvm.c $(fuzz_common)
tests_fuzz_fuzz_lvm_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_manifest_SOURCES = tests/fuzz/fuzz-manifest.c $(fuzz_common)
tests_fuzz_fuzz_manifest_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_nbd_SOURCES = tests/fuzz/fuzz-nbd.c $(fuzz_common)
tests_fuzz_fuzz_nbd_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_partition_SOURCES = tests/fuzz/fuzz-partition.c $(fuzz_common)
tests_fuzz_fuzz_partition_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_partitions_SOURCES = tests/fuzz/fuzz-partitions.c $(fuzz_common)
tests_fuzz_fuzz_partitions_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_profile_SOURCES = tests/fuzz/fuzz-profile.c $(fuzz_common)
tests_fuzz_fuzz_profile_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_recipe_SOURCES = tests/fuzz/fuzz-recipe.c $(fuzz_common)
tests_fuzz_fuzz_recipe_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_record_SOURCES = tests/fuzz/fuzz-record.c $(fuzz_common)
tests_fuzz_fuzz_record_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_scan_SOURCES = tests/fuzz/fuzz-scan.c $(fuzz_common)
tests_fuzz_fuzz_scan_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_seal_SOURCES = tests/fuzz/fuzz-seal.c $(fuzz_common)
tests_fuzz_fuzz_seal_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_sums_SOURCES = tests/fuzz/fuzz-sums.c $(fuzz_common)
tests_fuzz_fuzz_sums_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_text_SOURCES = tests/fuzz/fuzz-text.c $(fuzz_common)
tests_fuzz_fuzz_text_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_ext_SOURCES = tests/fuzz/fuzz-ext.c $(fuzz_common)
tests_fuzz_fuzz_ext_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_xfs_SOURCES = tests/fuzz/fuzz-xfs.c $(fuzz_common)
tests_fuzz_fuzz_xfs_LDFLAGS = $(fuzz_ldflags) -Wl,--wrap=crc32c_good
tests_fuzz_fuzz_xml_SOURCES = tests/fuzz/fuzz-xml.c $(fuzz_common)
tests_fuzz_fuzz_xml_LDFLAGS = $(fuzz_ldflags)

EXTRA_DIST += tests/fuzz/corpus tests/fuzz/make-seeds tests/fuzz/sectors tests/fuzz/replay.c \
	tests/fuzz/leaks-of-libewf \
	tests/fuzz/no-overlap
dist_check_SCRIPTS += tests/fuzz/replay.test
TESTS += tests/fuzz/replay.test
