# Manual pages, the formats, shell completion.

dist_man_MANS += \
	doc/ebsimg.1 \
	doc/ebsimg-acquire.1 \
	doc/ebsimg-chain.1 \
	doc/ebsimg-diff.1 \
	doc/ebsimg-files.1 \
	doc/ebsimg-info.1 \
	doc/ebsimg-policy.1 \
	doc/ebsimg-readers.1 \
	doc/ebsimg-reconcile.1 \
	doc/ebsimg-list.1 \
	doc/ebsimg-plan.1 \
	doc/ebsimg-preflight.1 \
	doc/ebsimg-serve.1 \
	doc/ebsimg-snapshot.1 \
	doc/ebsimg-scan.1 \
	doc/ebsimg-report.1 \
	doc/ebsimg-seal.1 \
	doc/ebsimg-verify.1

dist_doc_DATA += \
	doc/chain-format.md \
	doc/diff-format.md \
	doc/files.md \
	doc/log-format.md \
	doc/manifest-format.md \
	doc/mutants.md \
	doc/performance.md \
	doc/report-format.md \
	doc/resume.md \
	doc/scaling.md \
	doc/scan-format.md \
	doc/scan-rules.md \
	doc/seal-format.md \
	doc/testing.md \
	doc/verdicts.md

# bash looks for a file with the name of the program.
bashcompletion_DATA = doc/completion/ebsimg
CLEANFILES += $(bashcompletion_DATA)
EXTRA_DIST += doc/completion/ebsimg.bash

doc/completion/ebsimg: doc/completion/ebsimg.bash
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	$(INSTALL_DATA) $(srcdir)/doc/completion/ebsimg.bash $@
