# SPDX-License-Identifier: Apache-2.0
# Unit tests (cmocka) and integration tests (shell); both speak TAP.

LDADD = $(ebsimg_libs) $(CMOCKA_LIBS)
AM_CPPFLAGS += -I$(top_srcdir)/tests/unit

unit_tests = \
	tests/unit/test-artefacts \
	tests/unit/test-aws \
	tests/unit/test-backoff \
	tests/unit/test-bar \
	tests/unit/test-blockmap \
	tests/unit/test-changed \
	tests/unit/test-checkpoint \
	tests/unit/test-cache \
	tests/unit/test-kept-set \
	tests/unit/test-choice \
	tests/unit/test-case-log \
	tests/unit/test-case-rules \
	tests/unit/test-cgroup \
	tests/unit/test-clock \
	tests/unit/test-cloudtrail \
	tests/unit/test-compare \
	tests/unit/test-controls \
	tests/unit/test-crc32c \
	tests/unit/test-credentials \
	tests/unit/test-deflate \
	tests/unit/test-delta \
	tests/unit/test-depth \
	tests/unit/test-digest \
	tests/unit/test-discover \
	tests/unit/test-ec2 \
	tests/unit/test-ec2-search \
	tests/unit/test-endpoint \
	tests/unit/test-eta \
	tests/unit/test-err \
	tests/unit/test-failure \
	tests/unit/test-events \
	tests/unit/test-events-store \
	tests/unit/test-evtx \
	tests/unit/test-ewf \
	tests/unit/test-ewf-resume \
	tests/unit/test-folder \
	tests/unit/test-formats \
	tests/unit/test-hash \
	tests/unit/test-http \
	tests/unit/test-http-fault \
	tests/unit/test-http-header \
	tests/unit/test-judge \
	tests/unit/test-journal \
	tests/unit/test-json \
	tests/unit/test-keys-plan \
	tests/unit/test-lineage \
	tests/unit/test-line-ends \
	tests/unit/test-listing \
	tests/unit/test-log \
	tests/unit/test-lvm-text \
	tests/unit/test-owners \
	tests/unit/test-manifest \
	tests/unit/test-nearest \
	tests/unit/test-number \
	tests/unit/test-option \
	tests/unit/test-inlet \
	tests/unit/test-names \
	tests/unit/test-pager \
	tests/unit/test-origin-facts \
	tests/unit/test-partition \
	tests/unit/test-partition-list \
	tests/unit/test-pieces \
	tests/unit/test-pipeline \
	tests/unit/test-policy \
	tests/unit/test-plan \
	tests/unit/test-preflight \
	tests/unit/test-preserve \
	tests/unit/test-profile \
	tests/unit/test-profile-cases \
	tests/unit/test-quota \
	tests/unit/test-rate \
	tests/unit/test-proxy \
	tests/unit/test-raw \
	tests/unit/test-reader \
	tests/unit/test-readers \
	tests/unit/test-recipe \
	tests/unit/test-report \
	tests/unit/test-report-map \
	tests/unit/test-requests \
	tests/unit/test-seal \
	tests/unit/test-secrets \
	tests/unit/test-rows \
	tests/unit/test-run-record \
	tests/unit/test-run-rules \
	tests/unit/test-summary \
	tests/unit/test-settings \
	tests/unit/test-scan-hits \
	tests/unit/test-scan-rules \
	tests/unit/test-sigv4 \
	tests/unit/test-span \
	tests/unit/test-spent \
	tests/unit/test-stage \
	tests/unit/test-stats \
	tests/unit/test-streams \
	tests/unit/test-stream-sink \
	tests/unit/test-sums \
	tests/unit/test-tell \
	tests/unit/test-text \
	tests/unit/test-tokens \
	tests/unit/test-typed \
	tests/unit/test-user \
	tests/unit/test-verdict \
	tests/unit/test-voucher \
	tests/unit/test-window \
	tests/unit/test-zip

EXTRA_DIST += \
	tests/unit/aws-files.h \
	tests/unit/odd-stream.h \
	tests/unit/run-log.h \
	tests/unit/scratch.h \
	tests/unit/sigv4-cases.h \
	tests/unit/toy-server.h \
	tests/unit/volume.h \
	tests/lib.sh \
	tests/identity.sh \
	tests/identity/identity-server \
	tests/identity/keys-of-awscrt \
	tests/identity/keys-of-botocore \
	tests/identity/public_cases.py \
	tests/identity/replay.py \
	tests/identity/run-public-cases \
	tests/identity/surroundings.py \
	tests/tsa.sh \
	tests/tsa/tsa-server \
	tests/chain.sh \
	tests/judges.sh \
	tests/judges/RuleMatches.java \
	tests/judges/accepts-parameters \
	tests/judges/nbd-readers \
	tests/serve.sh \
	tests/judges/athena-counts \
	tests/judges/sigma-finds \
	tests/judges/case-judge \
	tests/judges/report-judge \
	tests/data

if HAVE_CMOCKA
check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
endif

# Helpers of the shell tests.
check_PROGRAMS += \
	tests/proxy/faulty-proxy \
	tests/unit/ewf-cmp \
	tests/unit/fs-read \
	tests/unit/image-writer \
	tests/unit/keys-of \
	tests/unit/make-records \
	tests/unit/summary-of \
	tests/unit/volume-read \
	tests/unit/sparse-cmp
tests_unit_sparse_cmp_LDADD =
tests_unit_ewf_cmp_LDADD = $(EWF_LIBS)
tests_proxy_faulty_proxy_LDADD =
if HAVE_NTFS_3G
check_PROGRAMS += tests/unit/ntfs-edit
tests_unit_ntfs_edit_LDADD = $(NTFS_3G_LIBS)
endif

# Shared objects to preload; libtool would be a lot of machinery for them.
# Built without the sanitizers, which must be the first to be loaded.
shims = tests/shim/iofault.so tests/shim/readfault.so tests/shim/kill-at.so \
	tests/shim/failalloc.so tests/shim/poorfs.so
tests/shim/iofault.so: tests/shim/iofault.c tests/shim/where.h
	$(AM_V_CC)$(MKDIR_P) tests/shim && $(CC) -D_GNU_SOURCE -O1 -g -Wall \
	    -Wextra -fPIC -shared -o $@ $(top_srcdir)/tests/shim/iofault.c -ldl
tests/shim/readfault.so: tests/shim/readfault.c
	$(AM_V_CC)$(MKDIR_P) tests/shim && $(CC) -D_GNU_SOURCE -O1 -g -Wall \
	    -Wextra -fPIC -shared -o $@ $(top_srcdir)/tests/shim/readfault.c -ldl
tests/shim/kill-at.so: tests/shim/kill-at.c tests/shim/where.h
	$(AM_V_CC)$(MKDIR_P) tests/shim && $(CC) -D_GNU_SOURCE -O1 -g -Wall \
	    -Wextra -fPIC -shared -o $@ $(top_srcdir)/tests/shim/kill-at.c -ldl
tests/shim/poorfs.so: tests/shim/poorfs.c
	$(AM_V_CC)$(MKDIR_P) tests/shim && $(CC) -D_GNU_SOURCE -O1 -g -Wall \
	    -Wextra -fPIC -shared -o $@ $(top_srcdir)/tests/shim/poorfs.c -ldl
tests/shim/failalloc.so: tests/shim/failalloc.c
	$(AM_V_CC)$(MKDIR_P) tests/shim && $(CC) -D_GNU_SOURCE -O1 -g -Wall \
	    -Wextra -fPIC -shared -o $@ $(top_srcdir)/tests/shim/failalloc.c -ldl
shims += tests/shim/setclock.so
tests/shim/setclock.so: tests/shim/setclock.c
	$(AM_V_CC)$(MKDIR_P) tests/shim && $(CC) -D_GNU_SOURCE -O1 -g -Wall \
	    -Wextra -fPIC -shared -o $@ $(top_srcdir)/tests/shim/setclock.c
EXTRA_DIST += tests/shim/setclock.c
shims += tests/shim/hostile-parser.so
tests/shim/hostile-parser.so: tests/shim/hostile-parser.c
	$(AM_V_CC)$(MKDIR_P) tests/shim && $(CC) -D_GNU_SOURCE -O1 -g -Wall \
	    -Wextra -fPIC -shared -o $@ \
	    $(top_srcdir)/tests/shim/hostile-parser.c -ldl
EXTRA_DIST += tests/shim/hostile-parser.c
check_DATA = $(shims)
CLEANFILES += $(shims)
EXTRA_DIST += tests/shim/iofault.c tests/shim/readfault.c \
	tests/shim/kill-at.c tests/shim/failalloc.c tests/resume.sh \
	tests/shim/poorfs.c tests/shim/where.h \
	tests/readfault.sh

integration_tests = \
	tests/integration/acquire-chain.test \
	tests/integration/acquire-faults.test \
	tests/integration/acquire-images.test \
	tests/integration/at-once.test \
	tests/integration/bad-input.test \
	tests/integration/bounds.test \
	tests/integration/chain-forged.test \
	tests/integration/chain-lies.test \
	tests/integration/chain-reserves.test \
	tests/integration/chain-resume.test \
	tests/integration/chain-whole.test \
	tests/integration/chain.test \
	tests/integration/clock.test \
	tests/integration/chain-vouched.test \
	tests/integration/completion.test \
	tests/integration/completion-fish.test \
	tests/integration/completion-zsh.test \
	tests/integration/copies.test \
	tests/integration/destination.test \
	tests/integration/diff.test \
	tests/integration/e01-memory.test \
	tests/integration/endpoint.test \
	tests/integration/facts.test \
	tests/integration/fault-mix.test \
	tests/integration/files.test \
	tests/integration/files-left-out.test \
	tests/integration/files-lvm.test \
	tests/integration/files-compare.test \
	tests/integration/files-owners.test \
	tests/integration/files-history.test \
	tests/integration/files-windows.test \
	tests/integration/files-unreadable.test \
	tests/integration/files-sandbox.test \
	tests/integration/files-xfs.test \
	tests/integration/folder.test \
	tests/integration/folder-others.test \
	tests/integration/formats.test \
	tests/integration/hardening.test \
	tests/integration/hints.test \
	tests/integration/hostile-evidence.test \
	tests/integration/hostile-text.test \
	tests/integration/image-judges.test \
	tests/integration/identity.test \
	tests/integration/identity-public.test \
	tests/integration/identity-renewal.test \
	tests/integration/identity-shared.test \
	tests/integration/includes.test \
	tests/integration/info.test \
	tests/integration/late-block.test \
	tests/integration/list.test \
	tests/integration/list-many.test \
	tests/integration/lists.test \
	tests/integration/many-segments.test \
	tests/integration/media.test \
	tests/integration/media-mounts.test \
	tests/integration/memory.test \
	tests/integration/network-faults.test \
	tests/integration/peers-faults.test \
	tests/integration/policy.test \
	tests/integration/policy-rights.test \
	tests/integration/names.test \
	tests/integration/odd-size.test \
	tests/integration/plan.test \
	tests/integration/prefix.test \
	tests/integration/kind.test \
	tests/integration/preflight.test \
	tests/integration/progress.test \
	tests/integration/hashing-progress.test \
	tests/integration/read-faults.test \
	tests/integration/report.test \
	tests/integration/renamed-part.test \
	tests/integration/report-case.test \
	tests/integration/report-uco.test \
	tests/integration/resume-other.test \
	tests/integration/readers.test \
	tests/integration/reconcile.test \
	tests/integration/record.test \
	tests/integration/resume.test \
	tests/integration/custody.test \
	tests/integration/acquire-verify.test \
	tests/integration/custody-flips.test \
	tests/integration/seal.test \
	tests/integration/seal-acquire.test \
	tests/integration/seal-flips.test \
	tests/integration/seal-keys.test \
	tests/integration/seal-stamp.test \
	tests/integration/secrets.test \
	tests/integration/serve.test \
	tests/integration/serve-cache.test \
	tests/integration/acquire-cache.test \
	tests/integration/serve-bound.test \
	tests/integration/serve-overlay.test \
	tests/integration/serve-tls.test \
	tests/integration/serve-tools.test \
	tests/integration/serve-boot.test \
	tests/integration/serve-tester.test \
	tests/integration/serve-fio.test \
	tests/integration/serve-faults.test \
	tests/integration/scan.test \
	tests/integration/scan-allocated.test \
	tests/integration/scan-borders.test \
	tests/integration/scan-yara.test \
	tests/integration/scan-ext4.test \
	tests/integration/events.test \
	tests/integration/events-decoders.test \
	tests/integration/events-sandbox.test \
	tests/integration/signals.test \
	tests/integration/snapshot.test \
	tests/integration/stdout.test \
	tests/integration/summary.test \
	tests/integration/targets.test \
	tests/integration/terminal.test \
	tests/integration/unreadable.test \
	tests/integration/verify.test \
	tests/integration/verify-against.test \
	tests/integration/verify-remote.test \
	tests/integration/volume-read.test \
	tests/integration/write-faults.test

# They need no emulator.
reader_tests = \
	tests/integration/lvm.test \
	tests/integration/xfs.test

dist_check_SCRIPTS += $(integration_tests) $(reader_tests) \
	tests/integration/docs.test
TESTS += tests/integration/docs.test $(reader_tests)
if HAVE_MICROHTTPD
TESTS += $(integration_tests)
endif
