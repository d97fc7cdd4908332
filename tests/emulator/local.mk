# SPDX-License-Identifier: Apache-2.0
# The emulator: a local EBS service for the tests, the demo and the
# benchmark.  It shares no code with src/.

emulator_sources = \
	tests/emulator/answer.c \
	tests/emulator/answer.h \
	tests/emulator/blocks.c \
	tests/emulator/blocks.h \
	tests/emulator/bytes.c \
	tests/emulator/bytes.h \
	tests/emulator/codec.c \
	tests/emulator/codec.h \
	tests/emulator/command.h \
	tests/emulator/constraint.c \
	tests/emulator/constraint.h \
	tests/emulator/data.c \
	tests/emulator/data.h \
	tests/emulator/delay.c \
	tests/emulator/delay.h \
	tests/emulator/denial.c \
	tests/emulator/denial.h \
	tests/emulator/describe.c \
	tests/emulator/describe.h \
	tests/emulator/digest.c \
	tests/emulator/digest.h \
	tests/emulator/ec2_create.c \
	tests/emulator/ec2_delete.c \
	tests/emulator/ec2_details.c \
	tests/emulator/ec2_others.c \
	tests/emulator/ec2_snapshots.c \
	tests/emulator/ec2filter.c \
	tests/emulator/ec2filter.h \
	tests/emulator/ec2tags.c \
	tests/emulator/ec2tags.h \
	tests/emulator/effect.h \
	tests/emulator/entry.c \
	tests/emulator/entry.h \
	tests/emulator/fail.c \
	tests/emulator/fail.h \
	tests/emulator/fault.c \
	tests/emulator/fault.h \
	tests/emulator/http.c \
	tests/emulator/http.h \
	tests/emulator/import.c \
	tests/emulator/journal.c \
	tests/emulator/journal.h \
	tests/emulator/keyring.c \
	tests/emulator/keyring.h \
	tests/emulator/main.c \
	tests/emulator/op.c \
	tests/emulator/op.h \
	tests/emulator/op_changed.c \
	tests/emulator/op_get.c \
	tests/emulator/op_list.c \
	tests/emulator/op_put.c \
	tests/emulator/op_start.c \
	tests/emulator/option.c \
	tests/emulator/option.h \
	tests/emulator/page.c \
	tests/emulator/page.h \
	tests/emulator/params.c \
	tests/emulator/params.h \
	tests/emulator/repeat.c \
	tests/emulator/repeat.h \
	tests/emulator/request.c \
	tests/emulator/request.h \
	tests/emulator/rule.c \
	tests/emulator/rule.h \
	tests/emulator/ruleword.c \
	tests/emulator/ruleword.h \
	tests/emulator/scope.h \
	tests/emulator/serve.c \
	tests/emulator/server.h \
	tests/emulator/sigv4check.c \
	tests/emulator/sigv4check.h \
	tests/emulator/snapshot.c \
	tests/emulator/snapshot.h \
	tests/emulator/store.c \
	tests/emulator/store.h \
	tests/emulator/sts.c \
	tests/emulator/synth.c \
	tests/emulator/token.c \
	tests/emulator/token.h \
	tests/emulator/upload.c \
	tests/emulator/upload.h \
	tests/emulator/when.c \
	tests/emulator/when.h \
	tests/emulator/wire.c \
	tests/emulator/wire.h \
	tests/emulator/xml.c \
	tests/emulator/xml.h

if HAVE_MICROHTTPD
noinst_PROGRAMS += tests/emulator/ebs-emulator
endif
tests_emulator_ebs_emulator_SOURCES = $(emulator_sources)
tests_emulator_ebs_emulator_CPPFLAGS = $(MICROHTTPD_CFLAGS) \
	$(CRYPTO_CFLAGS) $(CJSON_CFLAGS)
tests_emulator_ebs_emulator_LDADD = $(MICROHTTPD_LIBS) $(CRYPTO_LIBS) \
	$(CJSON_LIBS)

emulator_tests = \
	tests/integration/emulator-answers.test \
	tests/integration/emulator-awscli.test \
	tests/integration/emulator-import.test \
	tests/integration/emulator-rules.test \
	tests/integration/emulator-sigv4.test

dist_check_SCRIPTS += $(emulator_tests)
if HAVE_MICROHTTPD
TESTS += $(emulator_tests)
endif
