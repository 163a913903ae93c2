# SPDX-License-Identifier: LGPL-2.1-or-later
# Generators, what they make, and linker scripts.

nodist_shim_libprivtmp_la_SOURCES = shim/gen/calls.c shim/gen/gates.h shim/gen/have.h shim/gen/versions.h
nodist_tools_privtmp_SOURCES = shim/gen/covered.c

# The wrappers of the plain functions: one row of calls.def each, as far as the
# target's libc has the function.
BUILT_SOURCES += shim/gen/calls.c shim/gen/gates.h shim/gen/have.h shim/gen/versions.h
EXTRA_DIST += \
	shim/gen/coverage.ld \
	shim/gen/covered.h \
	shim/gen/gen-calls.awk \
	shim/gen/gen-covered.awk \
	shim/gen/gen-gates.awk \
	shim/gen/gen-versions.awk \
	shim/gen/layout.ld \
	shim/gen/libc-symbols \
	shim/gen/reviewed.list \
	shim/gen/rows.awk
CLEANFILES += shim/gen/have.txt shim/gen/have.h shim/gen/calls.c shim/gen/covered.c shim/gen/gates.h \
	shim/gen/versions.h shim/gen/versions.map

shim/gen/have.txt: $(srcdir)/shim/gen/libc-symbols config.status
	$(AM_V_at)$(MKDIR_P) shim/gen
	$(AM_V_GEN)CC='$(CC)' CFLAGS='$(CFLAGS)' LDFLAGS='$(LDFLAGS)' NM='$(NM_TOOL)' \
		$(SHELL) $(srcdir)/shim/gen/libc-symbols >$@.tmp && mv -f $@.tmp $@

# The same for the wrappers that are written by hand: HAVE_name.
shim/gen/have.h: shim/gen/have.txt
	$(AM_V_GEN)$(SED) -n 's/^[A-Za-z_][A-Za-z0-9_]*$$/#define HAVE_& 1/p' shim/gen/have.txt >$@.tmp && mv -f $@.tmp $@

shim/gen/calls.c: $(srcdir)/shim/wrap/calls.def $(srcdir)/shim/gen/rows.awk $(srcdir)/shim/gen/gen-calls.awk \
		shim/gen/have.txt
	$(AM_V_GEN)$(AWK) -f $(srcdir)/shim/gen/rows.awk -f $(srcdir)/shim/gen/gen-calls.awk -v have=shim/gen/have.txt \
		$(srcdir)/shim/wrap/calls.def >$@.tmp && mv -f $@.tmp $@

# The same rows once more, for system calls by number.
shim/gen/gates.h: $(srcdir)/shim/wrap/calls.def $(srcdir)/shim/gen/rows.awk $(srcdir)/shim/gen/gen-gates.awk \
		$(srcdir)/shim/syscall/table.c
	$(AM_V_at)$(MKDIR_P) shim/gen
	$(AM_V_GEN)$(AWK) -f $(srcdir)/shim/gen/rows.awk -f $(srcdir)/shim/gen/gen-gates.awk \
		-v hand=$(srcdir)/shim/syscall/table.c $(srcdir)/shim/wrap/calls.def >$@.tmp && mv -f $@.tmp $@

# Where libc has two versions of a function that differ, so has the shim.
shim/gen/versions.h: $(srcdir)/shim/gen/gen-versions.awk shim/gen/have.txt
	$(AM_V_GEN)$(AWK) -f $(srcdir)/shim/gen/gen-versions.awk -v want=header \
		shim/gen/have.txt >$@.tmp && mv -f $@.tmp $@
shim/gen/versions.map: $(srcdir)/shim/gen/gen-versions.awk shim/gen/have.txt
	$(AM_V_GEN)$(AWK) -f $(srcdir)/shim/gen/gen-versions.awk -v want=map \
		shim/gen/have.txt >$@.tmp && mv -f $@.tmp $@

# For the tool that says what is covered; asked of the library itself.
shim/gen/covered.c: shim/libprivtmp.la $(srcdir)/shim/gen/gen-covered.awk \
		$(srcdir)/shim/gen/reviewed.list $(srcdir)/tests/census/abi/glibc.list
	$(AM_V_GEN)$(NM_TOOL) -D --defined-only shim/.libs/libprivtmp.so | \
		$(AWK) -f $(srcdir)/shim/gen/gen-covered.awk -v have=shim/gen/have.txt \
		-v abi=$(srcdir)/tests/census/abi/glibc.list \
		$(srcdir)/shim/gen/reviewed.list - >$@.tmp && mv -f $@.tmp $@
