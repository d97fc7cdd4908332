# Unit tests (cmocka) and integration tests (shell); both speak TAP.

LDADD = $(ebsimg_libs) $(CMOCKA_LIBS)
AM_CPPFLAGS += -I$(top_srcdir)/tests/unit

unit_tests = \
	tests/unit/test-aws \
	tests/unit/test-backoff \
	tests/unit/test-blockmap \
	tests/unit/test-changed \
	tests/unit/test-clock \
	tests/unit/test-cloudtrail \
	tests/unit/test-compare \
	tests/unit/test-credentials \
	tests/unit/test-deflate \
	tests/unit/test-delta \
	tests/unit/test-digest \
	tests/unit/test-ec2 \
	tests/unit/test-endpoint \
	tests/unit/test-ewf \
	tests/unit/test-hash \
	tests/unit/test-http \
	tests/unit/test-http-fault \
	tests/unit/test-http-header \
	tests/unit/test-lineage \
	tests/unit/test-listing \
	tests/unit/test-log \
	tests/unit/test-manifest \
	tests/unit/test-number \
	tests/unit/test-option \
	tests/unit/test-pipeline \
	tests/unit/test-profile \
	tests/unit/test-rate \
	tests/unit/test-raw \
	tests/unit/test-reader \
	tests/unit/test-settings \
	tests/unit/test-sigv4 \
	tests/unit/test-stage \
	tests/unit/test-sums \
	tests/unit/test-text \
	tests/unit/test-verdict \
	tests/unit/test-zip

EXTRA_DIST += \
	tests/unit/aws-files.h \
	tests/unit/scratch.h \
	tests/unit/sigv4-cases.h \
	tests/unit/toy-server.h \
	tests/unit/volume.h \
	tests/lib.sh \
	tests/data

if HAVE_CMOCKA
check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
endif

# Helpers of the shell tests.
check_PROGRAMS += \
	tests/unit/image-writer \
	tests/unit/make-records \
	tests/unit/sparse-cmp
tests_unit_sparse_cmp_LDADD =

integration_tests = \
	tests/integration/acquire-chain.test \
	tests/integration/acquire-faults.test \
	tests/integration/acquire-images.test \
	tests/integration/bad-input.test \
	tests/integration/chain.test \
	tests/integration/completion.test \
	tests/integration/diff.test \
	tests/integration/fault-mix.test \
	tests/integration/formats.test \
	tests/integration/image-judges.test \
	tests/integration/verify.test

dist_check_SCRIPTS += $(integration_tests) tests/integration/docs.test
TESTS += tests/integration/docs.test
if HAVE_MICROHTTPD
TESTS += $(integration_tests)
endif
