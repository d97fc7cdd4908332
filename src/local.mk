# The library (not installed) and the program.  `scripts/list-sources' writes
# the list of files.

noinst_LIBRARIES += libebsimg.a
bin_PROGRAMS += ebsimg

ebsimg_libs = libebsimg.a $(CURL_LIBS) $(EWF_LIBS) $(CRYPTO_LIBS) \
	$(ISAL_LIBS) $(ZLIB_LIBS) $(CJSON_LIBS) $(EXPAT_LIBS) -lm

libebsimg_a_CPPFLAGS = $(AM_CPPFLAGS) $(CURL_CFLAGS) $(EWF_CFLAGS) \
	$(CRYPTO_CFLAGS) $(ISAL_CFLAGS) $(ZLIB_CFLAGS) $(CJSON_CFLAGS) \
	$(EXPAT_CFLAGS)

ebsimg_SOURCES = src/main.c
ebsimg_LDADD = $(ebsimg_libs)

libebsimg_a_SOURCES = \
	src/audit/hash.c \
	src/audit/hash.h \
	src/audit/log.c \
	src/audit/log.h \
	src/audit/logcheck.c \
	src/audit/logcheck.h \
	src/audit/manifest-read.c \
	src/audit/manifest-record.c \
	src/audit/manifest-record.h \
	src/audit/manifest.c \
	src/audit/manifest.h \
	src/audit/sums.c \
	src/audit/sums.h \
	src/aws/attempt.c \
	src/aws/aws.c \
	src/aws/aws.h \
	src/aws/backoff.c \
	src/aws/backoff.h \
	src/aws/blame.c \
	src/aws/call.c \
	src/aws/credentials.c \
	src/aws/credentials.h \
	src/aws/endpoint.c \
	src/aws/endpoint.h \
	src/aws/engine.h \
	src/aws/fault-xml.c \
	src/aws/fault-xml.h \
	src/aws/fault.c \
	src/aws/fault.h \
	src/aws/outcome.c \
	src/aws/profile.c \
	src/aws/profile.h \
	src/aws/rate.c \
	src/aws/rate.h \
	src/aws/settings.c \
	src/aws/settings.h \
	src/aws/shared.c \
	src/aws/shared.h \
	src/aws/sigv4.c \
	src/aws/sigv4.h \
	src/aws/verdict.c \
	src/aws/verdict.h \
	src/base/clock.c \
	src/base/clock.h \
	src/base/err.c \
	src/base/err.h \
	src/base/file.c \
	src/base/file.h \
	src/base/interrupt.c \
	src/base/interrupt.h \
	src/base/number.c \
	src/base/number.h \
	src/base/scope.h \
	src/base/stage.c \
	src/base/stage.h \
	src/base/text.c \
	src/base/text.h \
	src/base/thread.c \
	src/base/thread.h \
	src/cmd/acquire.c \
	src/cmd/acquisition.h \
	src/cmd/chain-ask.c \
	src/cmd/chain-probe.c \
	src/cmd/chain-show.c \
	src/cmd/chain-show.h \
	src/cmd/chain-tree.c \
	src/cmd/chain.c \
	src/cmd/chain.h \
	src/cmd/commands.c \
	src/cmd/commands.h \
	src/cmd/evidence.c \
	src/cmd/evidence.h \
	src/cmd/findings.c \
	src/cmd/findings.h \
	src/cmd/host.c \
	src/cmd/host.h \
	src/cmd/info.c \
	src/cmd/journal.c \
	src/cmd/option.c \
	src/cmd/option.h \
	src/cmd/outcome.c \
	src/cmd/outcome.h \
	src/cmd/outputs.c \
	src/cmd/preflight.c \
	src/cmd/progress.c \
	src/cmd/progress.h \
	src/cmd/report.c \
	src/cmd/service.c \
	src/cmd/service.h \
	src/cmd/trail-files.c \
	src/cmd/verify.c \
	src/ebs/blockmap.c \
	src/ebs/blockmap.h \
	src/ebs/changed.c \
	src/ebs/changed.h \
	src/ebs/cloudtrail.c \
	src/ebs/cloudtrail.h \
	src/ebs/ec2.c \
	src/ebs/ec2.h \
	src/ebs/ec2_around.c \
	src/ebs/ec2_around.h \
	src/ebs/fetch.c \
	src/ebs/fetch.h \
	src/ebs/lineage.c \
	src/ebs/lineage.h \
	src/ebs/lineage_graph.h \
	src/ebs/lineage_plan.c \
	src/ebs/lineage_words.c \
	src/ebs/listing.c \
	src/ebs/listing.h \
	src/ebs/page.c \
	src/ebs/page.h \
	src/ebs/requests.c \
	src/ebs/requests.h \
	src/ebs/resource.c \
	src/ebs/resource.h \
	src/ebs/sts.c \
	src/ebs/sts.h \
	src/ebs/xml.c \
	src/ebs/xml.h \
	src/ebs/xmllist.c \
	src/ebs/xmllist.h \
	src/flow/compare.c \
	src/flow/compare.h \
	src/flow/ledger.c \
	src/flow/ledger.h \
	src/flow/pipeline.c \
	src/flow/pipeline.h \
	src/flow/sink.h \
	src/flow/slot.h \
	src/flow/source.h \
	src/flow/window.c \
	src/flow/window.h \
	src/image/deflate.c \
	src/image/deflate.h \
	src/image/ewf.h \
	src/image/ewf_error.c \
	src/image/ewf_error.h \
	src/image/ewf_head.c \
	src/image/ewf_head.h \
	src/image/ewf_info.c \
	src/image/ewf_open.c \
	src/image/ewf_open.h \
	src/image/ewf_reader.c \
	src/image/ewf_seal.c \
	src/image/ewf_seal.h \
	src/image/ewf_segments.c \
	src/image/ewf_segments.h \
	src/image/ewf_sink.c \
	src/image/ewf_sizes.c \
	src/image/ewf_text.c \
	src/image/partition.c \
	src/image/partition.h \
	src/image/raw.h \
	src/image/raw_paths.c \
	src/image/raw_reader.c \
	src/image/raw_sink.c \
	src/image/reader.c \
	src/image/reader.h \
	src/image/reader_base.h \
	src/net/ca.c \
	src/net/ca.h \
	src/net/http-fault.c \
	src/net/http-fault.h \
	src/net/http-header.c \
	src/net/http-setup.c \
	src/net/http-setup.h \
	src/net/http.c \
	src/net/http.h
