# SPDX-License-Identifier: LGPL-2.1-or-later
# What stands before the wrappers in libprivtmp-audit.so. Uses all the others.

shim_libprivtmp_audit_la_SOURCES += \
	shim/audit/by_number.h \
	shim/audit/descriptors.c \
	shim/audit/exec.c \
	shim/audit/exec_env.c \
	shim/audit/exec_env.h \
	shim/audit/names.c \
	shim/audit/others.c \
	shim/audit/outer.h \
	shim/audit/start.c \
	shim/audit/syscall.c
nodist_shim_libprivtmp_audit_la_SOURCES += shim/gen/traced.c shim/gen/traced.h shim/gen/trace_calls.h shim/gen/trace_numbers.h
EXTRA_DIST += shim/audit/traced.def

# The trace points, their numbers, and whom they stand before: from the same table.
BUILT_SOURCES += shim/gen/traced.c shim/gen/traced.h shim/gen/trace_calls.h shim/gen/trace_numbers.h
CLEANFILES += shim/gen/traced.c shim/gen/traced.h shim/gen/trace_calls.h shim/gen/trace_numbers.h
EXTRA_DIST += shim/gen/gen-trace.awk
gen_trace = $(AWK) -f $(srcdir)/shim/gen/rows.awk -f $(srcdir)/shim/gen/gen-trace.awk \
	-v have=shim/gen/have.txt
trace_tables = $(srcdir)/shim/wrap/calls.def $(srcdir)/shim/audit/traced.def
trace_needs = $(trace_tables) $(srcdir)/shim/gen/rows.awk $(srcdir)/shim/gen/gen-trace.awk shim/gen/have.txt
shim/gen/traced.c: $(trace_needs)
	$(AM_V_GEN)$(gen_trace) -v want=code $(trace_tables) >$@.tmp && mv -f $@.tmp $@
shim/gen/traced.h: $(trace_needs)
	$(AM_V_GEN)$(gen_trace) -v want=names $(trace_tables) >$@.tmp && mv -f $@.tmp $@
shim/gen/trace_calls.h: $(trace_needs)
	$(AM_V_GEN)$(gen_trace) -v want=calls $(trace_tables) >$@.tmp && mv -f $@.tmp $@
shim/gen/trace_numbers.h: $(trace_needs) $(srcdir)/shim/audit/syscall.c
	$(AM_V_GEN)$(gen_trace) -v want=numbers -v hand=$(srcdir)/shim/audit/syscall.c $(trace_tables) >$@.tmp && mv -f $@.tmp $@
