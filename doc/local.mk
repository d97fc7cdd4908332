# SPDX-License-Identifier: Apache-2.0
# Manual pages, the formats, shell completion.

dist_man_MANS += \
	doc/ebsimg.1 \
	doc/ebsimg-acquire.1 \
	doc/ebsimg-chain.1 \
	doc/ebsimg-diff.1 \
	doc/ebsimg-events.1 \
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
	doc/ebsimg-custody.1 \
	doc/ebsimg-verify.1

dist_doc_DATA += \
	doc/chain-format.md \
	doc/diff-format.md \
	doc/events-format.md \
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
	doc/custody-format.md \
	doc/testing.md \
	doc/verdicts.md

# Each shell looks for a name of its own: bash for the program's, zsh for one
# with an underscore.
bashcompletion_DATA = doc/completion/ebsimg
zshcompletion_DATA = doc/completion/_ebsimg
dist_fishcompletion_DATA = doc/completion/ebsimg.fish
CLEANFILES += $(bashcompletion_DATA) $(zshcompletion_DATA)
EXTRA_DIST += doc/completion/ebsimg.bash doc/completion/ebsimg.zsh

doc/completion/ebsimg: doc/completion/ebsimg.bash
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	$(INSTALL_DATA) $(srcdir)/doc/completion/ebsimg.bash $@

doc/completion/_ebsimg: doc/completion/ebsimg.zsh
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	$(INSTALL_DATA) $(srcdir)/doc/completion/ebsimg.zsh $@
